"""A core that takes every wish and remembers it, for tests of the door."""

from dataclasses import dataclass, field

from controller.gateway.desk import Wish
from controller.link.client import LinkError
from controller.link.messages import Verdict


@dataclass
class Core:
    """Takes every wish, unless there is a reason not to."""

    wishes: list[Wish] = field(default_factory=list)
    shown: list[float | None] = field(default_factory=list)
    refusal: str | None = None
    trouble: LinkError | None = None

    async def ask(self, wish: Wish) -> Verdict:
        """Decide."""
        if self.trouble is not None:
            raise self.trouble
        self.wishes.append(wish)
        return Verdict("1", accepted=self.refusal is None, reason=self.refusal or "accepted")

    async def show(self, kw: float | None, _for_s: float) -> None:
        """Remember what a client would read."""
        self.shown.append(kw)
