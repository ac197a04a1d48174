"""The driver's frame and the simulated PLC's watchdog, over real bytes."""

from collections.abc import AsyncIterator

import pytest

from drivers.errors import Refused
from drivers.modbus.device import ModbusDevice
from drivers.modbus.profile import load_profile
from simulators.wire.bank import CommandBank
from simulators.wire.layouts.cdu_plc import CDU_PLC
from simulators.wire.listen import serve_modbus
from tests.harness.loopback import FreeLoopback
from tests.simulators.lone_plc import LonePlc

pytestmark = pytest.mark.real_sockets


def installed(name: str) -> bool:
    """Whether the small plant of these tests has this point."""
    number = int(name[10:12]) if name.startswith("container-") else 0
    absent = ("exchanger-2", "tank.", "network", "mixing", "booster", "pump-4", "hot-header")
    return number <= 2 and not name.startswith(absent)


@pytest.fixture
def lone() -> LonePlc:
    return LonePlc()


@pytest.fixture
async def device(lone: LonePlc, free_loopback: FreeLoopback) -> AsyncIterator[ModbusDevice]:
    """The driver, connected to the PLC."""
    address = free_loopback()
    bank = CommandBank(CDU_PLC, lone.plc, lambda: lone.now_s)
    profile = load_profile("sim_cdu_plc")
    wanted = [one.name for one in profile.registers if installed(one.name)]
    one = ModbusDevice("cdu", *address, 1, profile, wanted=wanted)
    async with serve_modbus(bank, address, "PLC"):
        yield one
        await one.close()


def frame(device: ModbusDevice, **speeds: float) -> dict[str, float]:
    values = dict.fromkeys(device.frame.tags, 0.0)
    return values | {f"{key.replace('_', '-')}.speed_pct": v for key, v in speeds.items()}


async def test_a_frame_arrives_and_is_read_back(lone: LonePlc, device: ModbusDevice) -> None:
    await device.write_frame(frame(device, pump_1=61.25, district_pump=33.3), heartbeat=1, epoch=9)

    output = await device.read("output")
    protective = await device.read("protective")
    assert output["pump-1.speed_pct"] == 61.25
    assert output["district-pump.speed_pct"] == 33.3
    assert output["hearth.epoch"] == protective["plc.epoch"] == 9.0
    assert protective["plc.controller_age_s"] == 0.0
    assert lone.order("pump-1.speed_pct") == 61.25


@pytest.mark.parametrize(("heartbeat", "epoch"), [(1, 9), (1, 10), (2, 8)])
async def test_an_old_frame_is_refused_and_nothing_of_it_is_taken(
    lone: LonePlc, device: ModbusDevice, heartbeat: int, epoch: int
) -> None:
    await device.write_frame(frame(device, pump_1=61.0), heartbeat=1, epoch=9)

    with pytest.raises(Refused, match="exception 3"):
        await device.write_frame(frame(device, pump_1=20.0), heartbeat=heartbeat, epoch=epoch)

    assert lone.order("pump-1.speed_pct") == 61.0
    assert lone.shows("plc.epoch") == 9.0


async def test_a_controller_that_was_away_is_busy_until_it_takes_the_plant_anew(
    lone: LonePlc, device: ModbusDevice
) -> None:
    await device.write_frame(frame(device), heartbeat=1, epoch=9)
    await device.write({"container-01.contactor_close": True})
    lone.run(11.0)

    with pytest.raises(Refused, match=r"exception 6 \(server device busy\)"):
        await device.write({"container-01.contactor_close": False})
    with pytest.raises(Refused, match="exception 3"):
        await device.write_frame(frame(device), heartbeat=2, epoch=9)
    assert (await device.read("protective"))["plc.local_automatic"] is True

    await device.write_frame(frame(device), heartbeat=3, epoch=10)
    await device.write({"container-01.contactor_close": False})
    lone.run(0.2)
    found = await device.read("protective")
    assert found["plc.local_automatic"] is False
    assert found["container-01.contactor_closed"] is False


async def test_a_foreign_master_writes_set_points_alone_until_a_frame_arms(
    lone: LonePlc, device: ModbusDevice
) -> None:
    link = device._link  # noqa: SLF001 - a master that knows nothing of frames
    await link.write_registers(2, [5000], 1)
    lone.run(60.0)
    await link.write_registers(2, [6000], 1)
    await device.write_frame(frame(device, pump_1=60.0), heartbeat=1, epoch=1)

    with pytest.raises(Refused, match="exception 3"):
        await link.write_registers(2, [7000], 1)

    assert lone.order("pump-1.speed_pct") == 60.0


async def test_every_wanted_point_of_a_sound_plant_has_a_value(device: ModbusDevice) -> None:
    found = {}
    for group in ("protective", "normal", "output"):
        found |= await device.read(group)

    cards = {name for name, value in found.items() if value is None}
    assert cards == set()
    assert found["container-01.hardwired_trip"] is False
