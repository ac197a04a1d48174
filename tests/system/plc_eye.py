"""An engineer's eye on the PLC: what it shows and holds, read by Modbus beside the controller."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from controller.config.load import load_plant
from controller.config.settings import scan_settings
from controller.field.devices import build_field
from drivers.device import Value
from drivers.modbus.device import ModbusDevice
from tests.system.real_plant import RealPlant


class PlcEye:
    """Reads, and never writes."""

    def __init__(self, device: ModbusDevice) -> None:
        self._device = device

    async def read(self) -> dict[str, Value]:
        """Every input and every order."""
        shown: dict[str, Value] = {}
        for group in ("protective", "normal", "output"):
            shown.update(await self._device.read(group))
        return shown

    async def epoch(self) -> int:
        """The newest epoch that it has accepted."""
        return int((await self.read())["plc.epoch"] or 0)

    async def in_local_automatic(self) -> bool:
        """Whether it runs the water by itself."""
        return (await self._device.read("protective"))["plc.local_automatic"] is True

    async def set_points(self) -> dict[str, float]:
        """The analogue orders in its registers."""
        assert self._device.frame is not None
        held = await self._device.read("output")
        return {tag: float(held[tag] or 0.0) for tag in self._device.frame.tags}


@asynccontextmanager
async def eye_on_the_plc(plant: RealPlant) -> AsyncIterator[PlcEye]:
    """The first device of the site that takes frames."""
    file = load_plant(plant.site.config)
    devices = build_field(file, scan_settings(file)).devices
    device = next(device for device in devices if device.frame is not None)
    yield PlcEye(device)
    await device.close()
