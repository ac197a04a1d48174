"""The Modbus devices of the simulated plant, each behind the address that plant.toml gives it."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Literal, assert_never

from simulators.wire.bank import Bank, CommandBank
from simulators.wire.layouts.cdu_plc import CDU_PLC
from simulators.wire.layouts.feeder_panel import FEEDER_PANEL
from simulators.wire.layouts.meters import HEAT_METER, OUTDOOR_SENSOR
from simulators.wire.listen import Address, serve_units
from simulators.wire.serial import serve_serial
from simulators.world import World

Role = Literal["cdu", "heat_meter", "boundary_meter", "outdoor", "feeder_panel"]

NAMES: Mapping[Role, str] = {
    "cdu": "PLC",
    "heat_meter": "heat meter",
    "boundary_meter": "boundary meter",
    "outdoor": "outdoor sensor",
    "feeder_panel": "feeder panel",
}


@dataclass(frozen=True, slots=True)
class RigDevice:
    """One Modbus device: what it is, where it listens, its unit id there, and its framing."""

    role: Role
    address: Address
    unit: int = 1
    serial: bool = False


async def serve_devices(
    doors: AsyncExitStack, world: World, devices: tuple[RigDevice, ...]
) -> None:
    """Listen for all of them; those that share an address are units behind one gateway."""
    banks: dict[Address, dict[int, Bank]] = {}
    names: dict[Address, list[str]] = {}
    serial = {device.address for device in devices if device.serial}
    for device in devices:
        banks.setdefault(device.address, {})[device.unit] = bank_of(world, device.role)
        names.setdefault(device.address, []).append(NAMES[device.role])
    for address, units in banks.items():
        what = " and ".join(names[address])
        serve = serve_serial if address in serial else serve_units
        await doors.enter_async_context(serve(units, address, what))


def bank_of(world: World, role: Role) -> Bank:
    """The registers of one device of this world."""

    def now_s() -> float:
        return world.now_s

    match role:
        case "cdu":
            return CommandBank(CDU_PLC, world.plc, now_s)
        case "heat_meter":
            return Bank(HEAT_METER, world.heat_meter, now_s)
        case "boundary_meter":
            return Bank(HEAT_METER, world.boundary_meter, now_s)
        case "outdoor":
            return Bank(OUTDOOR_SENSOR, world.outdoor, now_s)
        case "feeder_panel":
            return Bank(FEEDER_PANEL, world.feeder_panel, now_s)
        case _:
            assert_never(role)
