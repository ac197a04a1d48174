"""A real PLC moves the simulated water: here it is the PLC of another world, on a socket."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from pymodbus.client import AsyncModbusTcpClient

from controller.config.plant import Device, PlantFile
from controller.config.settings import scan_settings
from controller.field.devices import modbus_device
from controller.lab.description import describe
from controller.lab.plc_twin import follow, has_orders, obey
from controller.lab.rig_devices import RigDevice, serve_devices
from drivers.errors import NoAnswer
from drivers.modbus.device import ModbusDevice
from simulators.world import World
from tests.harness.loopback import FreeLoopback

PLANT = PlantFile.model_validate(
    {
        "container": [{"units": 4, "first_address": "127.9.1.1"}],
        "device": [{"name": "cdu", "profile": "sim_cdu_plc", "host": "127.9.0.1"}],
        "hydraulics": {"primary_flow_max_lpm": 120.0, "district_flow_max_lpm": 60.0},
    }
)


def driver(host: str, port: int, profile: str = "sim_cdu_plc") -> ModbusDevice:
    device = Device(name="cdu", profile=profile, host=host, port=port)
    return modbus_device(device, scan_settings(PLANT))


@pytest.mark.real_sockets
async def test_the_simulated_water_does_what_the_real_plc_orders(
    free_loopback: FreeLoopback,
) -> None:
    address = free_loopback()
    real, world = World(describe(PLANT)), World(describe(PLANT))
    async with AsyncExitStack() as doors, asyncio.timeout(20.0), asyncio.TaskGroup() as group:
        await serve_devices(doors, real, (RigDevice("cdu", address),))
        following = group.create_task(follow(driver(*address), world), name="follow")
        async with AsyncModbusTcpClient(address[0], port=address[1]) as client:
            await client.write_register(2, 3150)
            await client.write_coil(32, value=False)
            for _ in range(100):
                if not world.plc.contactors_closed[0]:
                    break
                await asyncio.sleep(0.05)
                world.step(0.05)
        following.cancel()

    assert world.plc.command_value("pump-1.speed_pct") == 31.5
    assert not world.plc.contactors_closed[0]
    assert world.plc.command_value("container-01.valve_open_command") is True


def test_what_the_plc_does_not_tell_stays_and_what_cannot_be_is_bounded() -> None:
    world = World(describe(PLANT))
    before = world.plc.command_value("pump-2.speed_pct")

    obey(world, {"pump-1.speed_pct": 130.0, "pump-2.speed_pct": None, "somebody.else_kw": 5.0})
    for _ in range(300):
        world.step(0.2)

    assert world.plc.command_value("pump-1.speed_pct") == 100.0
    assert world.plc.command_value("pump-2.speed_pct") == before
    assert world.plc.points()["plc.local_automatic"] is False


def test_a_meter_orders_nothing() -> None:
    assert has_orders(driver("127.9.0.1", 502))
    assert not has_orders(driver("127.9.0.1", 502, "sim_heat_meter"))


async def test_a_plc_that_is_silent_is_asked_again_and_nothing_moves() -> None:
    world = World(describe(PLANT))
    before = world.plc.command_value("pump-1.speed_pct")

    class Silent(ModbusDevice):
        asked = 0

        async def read(self, group: str) -> dict[str, float | bool | None]:
            self.asked += 1
            if self.asked == 3:
                return {"pump-1.speed_pct": 12.0}
            del group
            raise NoAnswer("nobody is there")

    device = Silent("cdu", "127.9.0.1", 502, 1, driver("127.9.0.1", 502).profile)
    async with asyncio.TaskGroup() as group:
        following = group.create_task(follow(device, world), name="follow")
        await asyncio.sleep(0.9)
        silent = world.plc.command_value("pump-1.speed_pct")
        await asyncio.sleep(0.5)
        following.cancel()

    assert (silent, world.plc.command_value("pump-1.speed_pct")) == (before, 12.0)
