"""With a real PLC the simulated water does what that one orders: its outputs are read and followed.

The simulated PLC is then served to nobody; it stands in for terminals and relays alone.
"""

import asyncio

import structlog

from drivers.device import Value
from drivers.errors import DeviceError
from drivers.modbus.device import ModbusDevice
from simulators.names import analogue_outputs, discrete_outputs
from simulators.world import World

EVERY_S = 0.5
UNARMED = 0
"""Heartbeat and epoch of a plain write: the stand-in never waits for a sign of life."""

log = structlog.get_logger()


def has_orders(device: ModbusDevice) -> bool:
    """Whether a device moves anything."""
    return any(register.writable for register in device.tags.values())


async def follow(device: ModbusDevice, world: World) -> None:
    """Follow one PLC until cancelled; while it is silent, its last orders stand."""
    silent = False
    try:
        while True:
            try:
                obey(world, await device.read("output"))
            except DeviceError as error:
                if not silent:
                    log.warning("real plc not followed", device=device.name, why=str(error))
                silent = True
            else:
                if silent:
                    log.info("real plc followed again", device=device.name)
                silent = False
            await asyncio.sleep(EVERY_S)
    finally:
        await device.close()


def obey(world: World, held: dict[str, Value]) -> None:
    """Order what a PLC holds; what it does not tell, or cannot be meant, stays as it is."""
    plc, description = world.plc, world.description
    frame = {
        name: float(plc.command_value(name)) if (order := held.get(name)) is None else float(order)
        for name in analogue_outputs(description)
    }
    plc.take_frame(
        {name: min(max(order, 0.0), 100.0) for name, order in frame.items()}, UNARMED, UNARMED
    )
    for name in discrete_outputs(description):
        switched = held.get(name)
        if isinstance(switched, bool) and switched != plc.command_value(name):
            plc.command(name, switched)
