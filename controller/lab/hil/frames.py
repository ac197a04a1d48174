"""Orders a device that takes set-points only as frames, as a controller of its own would.

Only where nobody else orders it: two who hold the pen would take it from each other again and
again. When the last frame is a while ago, the device's own automatic takes over, as it does when
any controller has gone.
"""

import asyncio
from types import TracebackType
from typing import Self

from controller.control.pen import following
from controller.lab.hil.door import DoorError
from controller.link.background import Background
from drivers.errors import DeviceError, Refused
from drivers.modbus.device import ModbusDevice

EVERY_S = 1.0
WATCHED_S = 3.0
"""So long nobody's heartbeat may have moved; a controller sends one a second."""
HEARTBEATS = 65_536


class FrameHand:
    """Keeps one device's set-points by a frame a second, from the first order to its end."""

    def __init__(self, device: ModbusDevice) -> None:
        assert device.frame is not None, "asked only of devices with a frame"  # noqa: S101
        self._device = device
        self._span = device.profile.frame
        self._frame = device.frame
        self._values: dict[str, float] = {}
        self._epoch: int | None = None
        self._heartbeat = 0
        self._lost = ""
        self._one_at_a_time = asyncio.Lock()
        self._background = Background()

    async def __aenter__(self) -> Self:
        await self._background.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Send no more."""
        await self._background.__aexit__(kind, error, trace)

    def carries(self, tag: str) -> bool:
        """Whether this is a set-point of the frame."""
        return tag in self._frame.tags

    async def take(self) -> None:
        """Take the pen, once; DoorError where a controller has it."""
        if self._lost:
            raise DoorError(self._lost)
        if self._epoch is not None:
            return
        heartbeat, epoch = await self._marks()
        loop = asyncio.get_running_loop()
        until_s = loop.time() + WATCHED_S
        while loop.time() < until_s:
            await asyncio.sleep(EVERY_S / 2.0)
            if (await self._marks())[0] != heartbeat:
                raise DoorError(
                    f"{self._device.name} is ordered by a controller: ask that one (link: or"
                    " opcua:), or stop it first"
                )
        held = await self._device.read("output")
        for tag in self._frame.tags:
            value = held.get(tag)
            if value is None:
                raise DoorError(f"{self._device.name}: {tag} cannot be read, so nothing is ordered")
            self._values[tag] = float(value)
        self._heartbeat, self._epoch = heartbeat, following(epoch)
        await self._send()
        self._background.start(self._keep(), f"frames to {self._device.name}")

    async def order(self, tag: str, value: float) -> None:
        """Order one set-point, with all others as they are."""
        self._values[tag] = float(value)
        await self._send()

    async def _keep(self) -> None:
        while not self._lost:
            await asyncio.sleep(EVERY_S)
            try:
                await self._send()
            except Refused as error:
                self._lost = f"{self._device.name} takes our orders no more: {error}"
            except DeviceError:
                # The next frame is due in a second; what is set is read back by whoever sets it.
                continue

    async def _send(self) -> None:
        async with self._one_at_a_time:
            self._heartbeat = self._heartbeat % (HEARTBEATS - 1) + 1
            assert self._epoch is not None, "the pen was taken"  # noqa: S101
            await self._device.write_frame(
                self._values, heartbeat=self._heartbeat, epoch=self._epoch
            )

    async def _marks(self) -> tuple[int, int]:
        """Heartbeat and epoch of the last frame that the device has accepted."""
        assert self._span is not None, "asked only of devices with a frame"  # noqa: S101
        told: list[int] = []
        for register in (self._span.heartbeat, self._span.epoch):
            name = register.name
            tag = name if name in self._device.tags else f"{self._device.name}.{name}"
            value = (await self._device.read(register.group)).get(tag)
            if value is None:
                raise DoorError(f"{self._device.name} does not show {name}")
            told.append(int(value))
        return told[0], told[1]
