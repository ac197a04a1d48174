"""`link:` what Hearth's core reports, and wishes to it, on the machine where it runs."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from controller.clock.now import real_limit_s
from controller.lab.hil.door import DoorError, Look, Undo
from controller.lab.hil.requests import LONGEST_S, REASON, SOURCE, life, put_back, tags_before
from controller.lab.hil.rig_door import plain
from controller.lab.hil.steps import Role, Value
from controller.link.background import Background
from controller.link.client import LinkClient, LinkError
from controller.link.mirror import Mirror

BEGIN_WITHIN_S = 10.0
AGAIN_AFTER_S = 0.5


class LinkDoor:
    """A mirror of the controller that outlives it: while it is away, nothing is known."""

    def __init__(self, path: Path, role: Role) -> None:
        self.where = str(path.name)
        self._path = path
        self._role = role
        self._background = Background()
        self._client: LinkClient | None = None
        self._mirror: Mirror | None = None
        self._begun = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self._background.__aenter__()
        self._background.start(self._follow_for_ever(), "hil link")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._background.__aexit__(kind, error, trace)

    async def unknown(self, read: Sequence[str], put: Sequence[str]) -> Mapping[str, str]:
        """Tags that core does not report; whether a wish is known, core says when it is asked."""
        del put
        try:
            async with asyncio.timeout(real_limit_s(BEGIN_WITHIN_S)):
                await self._begun.wait()
        except TimeoutError as late:
            raise DoorError(f"no core answers on {self._path}") from late
        mirror = self._mirror
        if mirror is None:
            raise DoorError(f"core on {self._path} has just gone")
        known = {tag.name for tag in mirror.hello.tags}
        known |= {
            f"{unit.name}.{column}" for unit in mirror.hello.units for column in mirror.columns
        }
        there = "see `hearth tags PLANT.toml`"
        return {name: there for name in read if name not in known}

    async def look(self, names: Sequence[str]) -> Look:
        """The newest report; nothing while core is away."""
        mirror = self._mirror
        if mirror is None:
            return {}
        return {name: _value(mirror, name) for name in names}

    async def undo(self, name: str) -> Undo | None:
        """What stood before is asked again, else ours is withdrawn."""
        before = dict(await self.look(tags_before(name)))
        return put_back("link", name, before, self.put)

    async def put(self, name: str, value: Value, life_s: float) -> None:
        """Ask core; DoorError says why it refused."""
        client = self._client
        if client is None:
            raise DoorError(f"link:{name}: core is away")
        try:
            verdict = await client.ask(
                name,
                None if value == "" else value,
                source=SOURCE,
                role=self._role,
                reason=REASON,
                expires_in_s=life(min(life_s, LONGEST_S)),
            )
        except LinkError as error:
            raise DoorError(f"link:{name}: {error}") from error
        if not verdict.accepted:
            raise DoorError(f"link:{name} = {value} was refused: {verdict.reason}")

    async def _follow_for_ever(self) -> None:
        while True:
            with suppress(LinkError):
                await self._follow()
            self._client = self._mirror = None
            await asyncio.sleep(real_limit_s(AGAIN_AFTER_S))

    async def _follow(self) -> None:
        async with LinkClient(self._path) as client:
            mirror = Mirror(client.hello)
            async for report in client.reports():
                mirror.apply(report)
                self._client, self._mirror = client, mirror
                self._begun.set()


def _value(mirror: Mirror, name: str) -> Value | None:
    """A tag, or one unit's place in a column of the fleet."""
    value = mirror.value(name)
    if value is not None:
        return plain(value)
    unit, _, column = name.rpartition(".")
    if column not in mirror.columns:
        return None
    names = [one.name for one in mirror.hello.units]
    if unit not in names:
        return None
    return plain(float(mirror.columns[column][names.index(unit)]))
