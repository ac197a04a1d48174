"""The desk at which the doors leave what people wish, to be carried to core."""

from dataclasses import dataclass

from controller.gateway.login import Visitor
from controller.link.client import LinkClient, LinkLost
from controller.link.messages import Verdict


@dataclass(frozen=True)
class Wish:
    """One wish of one person; `source` is the door and the person."""

    name: str
    value: float | bool | str | None
    reason: str
    expires_in_s: float
    door: str
    visitor: Visitor


class Desk:
    """Carries wishes to core, while there is one."""

    def __init__(self) -> None:
        self.core: LinkClient | None = None

    async def ask(self, wish: Wish) -> Verdict:
        """Core's verdict; `LinkLost` without a core, `NoVerdict` from a silent one."""
        if self.core is None:
            raise LinkLost("core is away")
        visitor = wish.visitor
        return await self.core.ask(
            wish.name,
            wish.value,
            source=f"{wish.door}:{visitor.name}@{visitor.address}",
            role=visitor.role,
            reason=wish.reason,
            expires_in_s=wish.expires_in_s,
        )
