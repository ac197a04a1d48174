"""A PLC or meter that is not what it was: rows 18 to 22."""

from pathlib import Path

import pytest

from controller.image.tag import Quality
from simulators.wire.layouts import cdu_plc, meters
from tests.faults.wired_plant import controlled, living, watched, wires

HEAT = "heat-meter.power_kw"
SERIALS = {"cdu": cdu_plc.SERIAL_NUMBER, "heat-meter": meters.HEAT_METER_SERIAL}


@pytest.mark.fault(18)
async def test_a_plc_that_lives_no_more_is_not_believed(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        plant.world.faults.set("plc.heartbeat", "stuck")

        await plant.until(lambda: plant.quality("primary.flow_lpm") is Quality.BAD, 5.0)
        await plant.until(lambda: bool(plant.told("tripped")), 5.0)
        assert plant.told("heartbeat has stood still")


@pytest.mark.fault(19)
async def test_a_plc_that_starts_anew_is_taken_over_anew(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        begun_s = plant.now_s
        plant.world.faults.set("cdu", "restart")
        await plant.until(lambda: bool(plant.told("started anew", begun_s)), 10.0)

        resumed_blindly = False
        while not plant.told("pen taken", begun_s):
            assert plant.now_s - begun_s < 30.0
            resumed_blindly |= any(plant.world.plc.outputs.pump_run)
            await plant.pass_time(0.5)
        assert not resumed_blindly


@pytest.mark.fault(20)
async def test_outputs_that_would_hold_for_ever_are_not_ordered(tmp_path: Path) -> None:
    async with wires(tmp_path) as plant:
        plant.world.faults.set("cdu", "unwatched")
        before = plant.world.plc.outputs
        async with living(plant.controller()):
            await plant.until(lambda: bool(plant.told("hold for ever")), 15.0)
            await plant.pass_time(10.0)

        assert plant.world.plc.outputs is before, "no order arrived"
        assert plant.world.plc.points()["plc.epoch"] == 0.0
        assert plant.monitor.total == 0


@pytest.mark.fault(21)
@pytest.mark.parametrize("serials", [SERIALS, {}], ids=["known by serial", "known by sense"])
async def test_a_meter_with_swapped_words_is_not_believed(
    tmp_path: Path, serials: dict[str, int]
) -> None:
    async with watched(tmp_path, serials=serials) as plant:
        plant.world.faults.set("heat-meter", "swapped")
        await plant.until(lambda: plant.quality(HEAT) is Quality.BAD, 2.5)
        for _ in range(8):
            await plant.pass_time(0.5)
            assert plant.wrong_values("heat-meter") == {}


@pytest.mark.fault(22)
async def test_another_plc_at_the_address_is_neither_believed_nor_ordered(tmp_path: Path) -> None:
    async with controlled(tmp_path, serials=SERIALS) as plant:
        plant.world.faults.set("cdu", "foreign")
        before = (
            plant.world.plc.points()["plc.epoch"],
            plant.world.plc.command_value("hearth.heartbeat"),
        )

        await plant.until(lambda: plant.quality("primary.flow_lpm") is Quality.BAD, 4.0)
        await plant.pass_time(5.0)

        assert (
            plant.world.plc.points()["plc.epoch"],
            plant.world.plc.command_value("hearth.heartbeat"),
        ) == before, "no frame arrived"
        assert plant.told("in quarantine")
        assert plant.told_of("security", 0.0)
