"""The Modbus devices of the simulated plant, each behind the address that plant.toml gives it."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Literal, assert_never

from simulators.fault_targets import BOUNDARY_METER, FEEDER_PANEL, HEAT_METER, OUTDOOR, PLC
from simulators.wire.bank import Bank, CommandBank
from simulators.wire.layouts.cdu_plc import CDU_PLC
from simulators.wire.layouts.feeder_panel import FEEDER_PANEL as FEEDER_PANEL_LAYOUT
from simulators.wire.layouts.meters import HEAT_METER as HEAT_METER_LAYOUT
from simulators.wire.layouts.meters import OUTDOOR_SENSOR
from simulators.wire.link import Link
from simulators.wire.listen import Address, serve_units
from simulators.wire.serial import serve_serial
from simulators.world import World

Role = Literal["cdu", "heat_meter", "boundary_meter", "outdoor", "feeder_panel"]

TARGETS: Mapping[Role, str] = {
    "cdu": PLC,
    "heat_meter": HEAT_METER,
    "boundary_meter": BOUNDARY_METER,
    "outdoor": OUTDOOR,
    "feeder_panel": FEEDER_PANEL,
}
"""What each is called where something breaks."""

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
    """Listen for all of them; those that share an address are units behind one gateway.

    Before each address stands a link that breaks as the world's faults say.
    """
    at: dict[Address, list[RigDevice]] = {}
    for device in devices:
        at.setdefault(device.address, []).append(device)
    for address, sharing in at.items():
        banks = {device.unit: bank_of(world, device.role) for device in sharing}
        link = Link(world.faults, {device.unit: TARGETS[device.role] for device in sharing})
        what = " and ".join(NAMES[device.role] for device in sharing)
        serve = serve_serial if any(device.serial for device in sharing) else serve_units
        await doors.enter_async_context(serve(banks, address, what, link))


def bank_of(world: World, role: Role) -> Bank:
    """The registers of one device of this world."""

    def now_s() -> float:
        return world.now_s

    def verb() -> str | None:
        return world.faults.of(TARGETS[role])

    match role:
        case "cdu":
            return CommandBank(CDU_PLC, world.plc, now_s, verb)
        case "heat_meter":
            return Bank(HEAT_METER_LAYOUT, world.heat_meter, now_s, verb)
        case "boundary_meter":
            return Bank(HEAT_METER_LAYOUT, world.boundary_meter, now_s, verb)
        case "outdoor":
            return Bank(OUTDOOR_SENSOR, world.outdoor, now_s, verb)
        case "feeder_panel":
            return Bank(FEEDER_PANEL_LAYOUT, world.feeder_panel, now_s, verb)
        case _:
            assert_never(role)
