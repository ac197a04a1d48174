"""What the devices of a plant let the scan know about themselves before the first reading."""

from collections.abc import Sequence
from dataclasses import replace

from controller.control.outputs import output_kinds
from controller.control.settings import DeviceWatchdog, Settings
from drivers.modbus.device import ModbusDevice


def known_devices(settings: Settings, devices: Sequence[ModbusDevice]) -> Settings:
    """The settings with these devices' watchdogs, and the outputs that none of them takes."""
    taken = {
        tag for device in devices for tag, register in device.tags.items() if register.writable
    }
    (usual,) = settings.watchdogs[:1]
    found = (_watchdog(device, usual.high_s) for device in devices)
    watchdogs = {one.tag: one for one in (usual, *found) if one is not None}
    lacking = frozenset(output_kinds(settings).keys() - taken)
    return replace(settings, watchdogs=tuple(watchdogs.values()), lacking=lacking)


def _watchdog(device: ModbusDevice, longest_s: float) -> DeviceWatchdog | None:
    """The watchdog of a device that takes orders, never longer than the plant allows."""
    known = device.profile.life.watchdog
    tag = None if known is None else device.tag_of(known.register)
    if known is None or tag is None or not any(one.writable for one in device.tags.values()):
        return None
    return DeviceWatchdog(tag, known.low, min(known.high, longest_s), known.disabled)
