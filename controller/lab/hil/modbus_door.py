"""`DEVICE:` the points of one Modbus device, read and written by its profile."""

from collections.abc import Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import Self

from controller.lab.hil.door import DoorError, Look, Undo
from controller.lab.hil.frames import FrameHand
from controller.lab.hil.rig_door import plain
from controller.lab.hil.steps import Value
from drivers.errors import DeviceError
from drivers.modbus.device import ModbusDevice
from drivers.modbus.register import Register

NEAR_ENOUGH = 1e-3
"""Of a register's range, by which a value read back may differ."""


class ModbusDoor:
    """One device; several looks at once and a write stand in line on its one connection."""

    def __init__(self, device: ModbusDevice, where: str) -> None:
        self.where = where
        self._device = device
        self._hand = None if device.frame is None else FrameHand(device)

    async def __aenter__(self) -> Self:
        if self._hand is not None:
            await self._hand.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._hand is not None:
            await self._hand.__aexit__(kind, error, trace)
        await self._device.close()

    def register(self, name: str) -> Register | None:
        """The register of a point, by its name alone or with its equipment."""
        tags = self._device.tags
        return tags.get(name) or tags.get(f"{self._device.name}.{name}")

    def wrong(self, name: str, value: Value | None = None) -> str | None:
        """Why a point is not there or, with a value, cannot be set to it; None: all is well."""
        register = self.register(name)
        if register is None:
            own = self._device.name + "."
            known = ", ".join(tag.removeprefix(own) for tag in self._device.tags)
            return f"profile {self._device.profile.name} has {known}"
        if value is None:
            return None
        if not register.writable:
            return f"profile {self._device.profile.name}: {name} cannot be written"
        try:
            register.encode(_number(value))
        except ValueError as error:
            return str(error)
        return None

    async def unknown(self, read: Sequence[str], put: Sequence[str]) -> Mapping[str, str]:
        """Points that the profile has not; DoorError where another device answers."""
        try:
            await self._device.identify()
        except DeviceError as error:
            raise DoorError(f"{self._device.name}: {error}") from error
        found = {name: self.wrong(name) for name in (*read, *put)}
        return {name: why for name, why in found.items() if why is not None}

    async def look(self, names: Sequence[str]) -> Look:
        """What the device shows and holds now."""
        groups = {self._register(name).group for name in names}
        seen: dict[str, Value | None] = {}
        for group in sorted(groups):
            try:
                seen.update(await self._device.read(group))
            except DeviceError:
                continue
        return {name: plain(seen.get(self._tag(name))) for name in names}

    async def undo(self, name: str) -> Undo | None:
        """Back to what the device held before."""
        before = (await self.look([name]))[name]
        if before is None:
            raise DoorError(f"{self._device.name}:{name} cannot be read, so it is not written")
        point = f"{self._device.name}:{name}"
        return Undo(point, f"{before}", partial(self.put, name, before, 0.0))

    async def put(self, name: str, value: Value, life_s: float) -> None:  # noqa: ARG002 - registers stay
        """Write the point and read it back; a device with a frame is ordered by frames."""
        if (why := self.wrong(name, value)) is not None:
            raise DoorError(f"{self._device.name}:{name}: {why}")
        tag, number = self._tag(name), _number(value)
        try:
            if self._hand is not None:
                await self._hand.take()
            if self._hand is not None and self._hand.carries(tag):
                await self._hand.order(tag, number)
            else:
                await self._device.write({tag: number})
            found = (await self._device.read(self._register(name).group))[tag]
        except DeviceError as error:
            raise DoorError(f"{self._device.name}:{name}: {error}") from error
        if found is None or not self._same(name, number, found):
            raise DoorError(f"{self._device.name}:{name} was written as {value} and reads {found}")

    def _same(self, name: str, wanted: float, found: float) -> bool:
        register = self._register(name)
        span = (register.high or 1.0) - (register.low or 0.0)
        return abs(wanted - found) <= max(abs(register.scale), NEAR_ENOUGH * abs(span))

    def _register(self, name: str) -> Register:
        register = self.register(name)
        assert register is not None, "what is not there was refused before"  # noqa: S101
        return register

    def _tag(self, name: str) -> str:
        return name if name in self._device.tags else f"{self._device.name}.{name}"


def _number(value: Value) -> float | bool:
    """The value as a register takes it; DoorError for words."""
    if isinstance(value, str):
        raise DoorError(f"a register takes a number, true or false, not {value!r}")
    return value
