"""The simulated surroundings as doors: truth and weather, faults, the outside monitor."""

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from controller.clock.shared import FASTEST, SLOWEST
from controller.lab.hil.door import DoorError, Look, Undo
from controller.lab.hil.steps import Value
from controller.lab.rig_client import RigClient, RigError
from simulators.hand import RANGES
from simulators.monitor import RULES

MENDED = "mended"
SPEED = "speed"
SETTABLE = {**RANGES, SPEED: (SLOWEST, FASTEST)}
"""What can be set of the surroundings, and from where to where."""
UNSAFE = "unsafe"

T = TypeVar("T")


class RigPart:
    """What the doors of one rig have in common."""

    def __init__(self, rig: RigClient, where: str) -> None:
        self.where = where
        self._rig = rig

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        """Nothing is held open."""

    async def _ask(self, do: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(do)
        except RigError as error:
            raise DoorError(str(error)) from error


class RigDoor(RigPart):
    """`rig:` the plant's true state; what surrounds it can be set."""

    async def unknown(self, read: Sequence[str], put: Sequence[str]) -> Mapping[str, str]:
        """Figures that the truth has not, settings that the hand has not."""
        truth = await self._ask(self._rig.truth)
        found = {name: f"there are {', '.join(truth)}" for name in read if name not in truth}
        return found | {
            name: f"can be set: {', '.join(SETTABLE)}" for name in put if name not in SETTABLE
        }

    async def look(self, names: Sequence[str]) -> Look:
        """The plant's true state."""
        try:
            truth = await self._ask(self._rig.truth)
        except DoorError:
            return {}
        return {name: plain(truth.get(name)) for name in names}

    async def undo(self, name: str) -> Undo | None:
        """Back to what it was set to."""
        if name == SPEED:
            asked = float((await self._ask(self._rig.clock))["asked_speed"])
            return Undo(f"rig:{name}", f"{asked:g}", partial(self.put, name, asked, 0.0))
        value = (await self._ask(self._rig.settings))[name]
        do = partial(self._ask, partial(self._rig.set, **{name: value}))
        return Undo(f"rig:{name}", f"{value:g}", do)

    async def put(self, name: str, value: Value, life_s: float) -> None:  # noqa: ARG002 - weather stays
        """Change weather, network, room, or the speed of everybody's clock."""
        if isinstance(value, bool | str):
            raise DoorError(f"rig:{name} takes a number, not {value!r}")
        if name == SPEED:
            await self._ask(partial(self._rig.turn, value))
        else:
            await self._ask(partial(self._rig.set, **{name: value}))


class FaultDoor(RigPart):
    """`fault:` what is broken, and how; "mended" when it is not."""

    async def unknown(self, read: Sequence[str], put: Sequence[str]) -> Mapping[str, str]:
        """Targets that this plant has not."""
        known = await self._ask(self._rig.breakable)
        there = ", ".join(name for name in known if not name.startswith("miner-"))
        return {
            name: f"can break: {there} and each miner"
            for name in (*read, *put)
            if name not in known
        }

    async def look(self, names: Sequence[str]) -> Look:
        """The faults that are set."""
        try:
            faults = await self._ask(self._rig.faults)
        except DoorError:
            return {}
        return {name: faults.get(name, MENDED) for name in names}

    async def undo(self, name: str) -> Undo | None:
        """Back to how it was broken, or whole."""
        before = (await self._ask(self._rig.faults)).get(name, MENDED)
        return Undo(f"fault:{name}", before, partial(self.put, name, before, 0.0))

    async def put(self, name: str, value: Value, life_s: float) -> None:  # noqa: ARG002 - faults stay
        """Break it, or mend it."""
        if value == MENDED:
            await self._ask(partial(self._rig.clear_fault, name))
        else:
            await self._ask(partial(self._rig.set_fault, name, str(value)))


class MonitorDoor(RigPart):
    """`monitor:` how often what no controller may cause was caused since the run began."""

    def __init__(self, rig: RigClient, where: str) -> None:
        super().__init__(rig, where)
        self._before: dict[str, int] | None = None

    async def unknown(self, read: Sequence[str], put: Sequence[str]) -> Mapping[str, str]:
        """Rules that there are not; nothing can be set."""
        await self.look(())
        there = f"there are {UNSAFE} (all together), {', '.join(RULES)}"
        found = {name: there for name in read if name not in {UNSAFE, *RULES}}
        return found | dict.fromkeys(put, "nothing of the monitor can be set")

    async def look(self, names: Sequence[str]) -> Look:
        """Counts since the first look."""
        try:
            told = await self._ask(self._rig.monitor)
        except DoorError:
            return {}
        counts = {rule["name"]: int(rule["count"]) for rule in told["rules"]}
        counts[UNSAFE] = sum(counts.values())
        if self._before is None:
            self._before = counts
        return {name: float(counts[name] - self._before[name]) for name in names}

    async def undo(self, name: str) -> Undo | None:
        """What has happened is not undone."""
        raise DoorError(f"monitor:{name} cannot be set")

    async def put(self, name: str, value: Value, life_s: float) -> None:
        """Nothing of it can be set."""
        raise DoorError(f"monitor:{name} cannot be set to {value} for {life_s:g} s")


def plain(value: float | str | None) -> Value | None:
    """A value as it is recorded: numbers are all of one kind, and what is none is no value."""
    if value is None or isinstance(value, bool | str):
        return value
    return float(value) if math.isfinite(value) else None
