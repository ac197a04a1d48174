"""Miners that fail, each in its own way: the rest goes on, and nobody is told twice."""

from pathlib import Path

import numpy as np
import pytest

from controller.image.fleet import UnitState
from controller.image.tag import Quality
from tests.faults.wired_plant import WiredPlant, controlled

HEATING_S = 420.0


async def heating(plant: WiredPlant, heat_kw: float = 40.0) -> None:
    """Wait until some units hash, and the plant follows."""
    plant.ask("heat_target_kw", heat_kw)
    await plant.until(lambda: plant.world.fleet.power_kw.sum() > 0.8 * heat_kw, HEATING_S)


@pytest.mark.fault(26)
async def test_a_fleet_that_vanishes_is_one_loss_and_wakes_nobody(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        await heating(plant)
        begun_s, sent = plant.now_s, plant.work.miners.counts.sent
        for place in (1, 2):
            plant.world.faults.set(f"link:container-{place:02}", "off")

        await plant.until(lambda: bool(plant.told("do not answer any more", begun_s)), 30.0)
        await plant.pass_time(60.0)

        assert len(plant.told("answer any more", begun_s)) == 1
        assert plant.work.miners.counts.sent == sent


@pytest.mark.fault(30)
async def test_telemetry_that_stands_still_is_not_believed(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        await heating(plant)
        unit = int(np.argmax(plant.world.fleet.power_kw))
        name = plant.fleet.layout.names[unit]
        begun_s = plant.now_s
        plant.world.faults.set(f"miner-{name}", "stuck")

        await plant.until(lambda: bool(plant.told("stands still", begun_s)), 30.0)
        await plant.until(lambda: plant.snapshot().fleet.quality[unit] == Quality.BAD, 40.0)

        assert plant.snapshot().fleet.state[unit] == UnitState.UNKNOWN


@pytest.mark.fault(33)
async def test_a_unit_that_restarts_again_and_again_is_set_aside(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        await heating(plant)
        unit = int(np.argmax(plant.world.fleet.power_kw))
        name = plant.fleet.layout.names[unit]
        begun_s = plant.now_s
        for _ in range(3):
            plant.world.fleet.reboot(unit)
            await plant.pass_time(120.0)

        assert plant.told_of(f"miner-{name}", begun_s)
        assert len(plant.told("set aside", begun_s)) == 1
        assert not plant.snapshot().fleet.commandable[unit]
        assert plant.snapshot().fleet.commandable.sum() == len(plant.fleet.layout) - 1


@pytest.mark.fault(34)
async def test_a_board_that_runs_hot_stops_its_unit_within_a_poll_and_two_seconds(
    tmp_path: Path,
) -> None:
    async with controlled(tmp_path, miners={"chip_trip_c": 95.0}) as plant:
        await heating(plant)
        await plant.pass_time(60.0)
        unit = int(np.argmax(plant.world.fleet.chip_c))
        name = plant.fleet.layout.names[unit]
        begun_s = plant.now_s
        plant.world.faults.set(f"miner-{name}", "clogged")

        await plant.until(lambda: bool(plant.told("hottest chip is", begun_s)), 5.0 + 2.0)
        await plant.until(lambda: plant.world.fleet.power_kw[unit] < 1.0, 15.0)

        others = np.delete(plant.world.fleet.power_kw, unit)
        assert others.max() > 1.0, "nobody else is stopped"


@pytest.mark.fault(31)
async def test_a_hot_unit_that_confirms_sleep_and_goes_on_loses_its_feeder(tmp_path: Path) -> None:
    async with controlled(tmp_path, miners={"chip_trip_c": 95.0}) as plant:
        await heating(plant)
        await plant.pass_time(60.0)
        unit = int(np.argmax(plant.world.fleet.chip_c))
        name = plant.fleet.layout.names[unit]
        container = f"container-{int(plant.fleet.layout.container_of[unit]) + 1:02}"
        begun_s = plant.now_s
        plant.world.faults.set(container, "deaf")
        plant.world.faults.set(f"miner-{name}", "clogged")

        await plant.until(lambda: plant.world.fleet.power_kw[unit] < 0.01, 60.0)

        assert plant.told("does not stop", begun_s)
