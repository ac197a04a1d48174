from random import Random

import numpy as np
import pytest

from controller.field.acceptance import Acceptance, Accepted
from controller.field.fleet_poller import FleetPoller
from controller.image.fleet import UnitState
from controller.image.tag import Quality
from tests.field.bench_plant import bench_plant, running

FIRMWARE = "26010101_0000000_0000000"


async def test_every_unit_is_heard_within_one_period() -> None:
    async with bench_plant() as plant, running(plant.poller().run()):
        await plant.pass_time(5.5)

        fleet = plant.freeze()

    assert (fleet.quality == Quality.GOOD).all()
    assert np.allclose(fleet.power_kw, plant.world.fleet.power_kw, atol=0.01)
    assert np.allclose(fleet.outlet_c, plant.world.fleet.outlet_c, atol=0.2)


async def test_a_unit_that_calibrates_counts_as_running() -> None:
    async with bench_plant() as plant, running(plant.poller().run()):
        plant.world.fleet.modes.calibrating_s[0] = 180.0
        await plant.pass_time(5.5)

        fleet = plant.freeze()

    assert fleet.state[0] == UnitState.RUNNING
    assert fleet.power_kw[0] > 1.0


async def test_polls_are_spread_over_the_period() -> None:
    async with bench_plant(units=20) as plant:
        poller = plant.poller()
        async with running(poller.run()):
            counts = []
            for _ in range(10):
                before = poller.counts.polls
                await plant.pass_time(0.5)
                counts.append(poller.counts.polls - before)

    assert max(counts) <= 5
    assert sum(counts) == pytest.approx(40, abs=3)


async def test_a_black_hole_delays_nobody_else() -> None:
    async with bench_plant() as plant:
        plant.world.faults.set("miner-c01-001", "silent")
        async with running(plant.poller().run()):
            await plant.pass_time(60.0)
            ages_s = plant.world.now_s - plant.freeze().seen_s
            fleet = plant.freeze()

    assert fleet.state[0] == UnitState.UNKNOWN
    assert (fleet.quality[1:] == Quality.GOOD).all()
    # Nobody has woken these: who rests is asked every eight seconds.
    assert ages_s[1:].max() < 8.6


async def test_a_unit_that_comes_back_is_heard_within_ten_seconds() -> None:
    async with bench_plant() as plant:
        plant.world.faults.set("miner-c01-001", "silent")
        async with running(plant.poller().run()):
            await plant.pass_time(120.0)
            plant.world.faults.clear()
            await plant.pass_time(12.5)

            assert plant.freeze().quality[0] == Quality.GOOD


async def test_a_model_that_was_not_accepted_is_monitored_only() -> None:
    async with bench_plant() as plant, running(plant.poller(accepted_model=None).run()):
        await plant.pass_time(6.0)

        fleet = plant.freeze()

    assert (fleet.quality == Quality.GOOD).all()
    assert not fleet.commandable.any()


async def test_another_model_than_the_accepted_one_is_monitored_only() -> None:
    async with bench_plant() as plant, running(plant.poller(accepted_model="1346").run()):
        await plant.pass_time(6.0)

        assert not plant.freeze().commandable.any()


@pytest.mark.parametrize(
    ("firmware", "dialect", "commanded"),
    [
        (FIRMWARE, "a1566ha", True),
        (FIRMWARE, "a1566ha_live", False),
        ("26010101_0000000_0000001", "a1566ha", False),
    ],
)
async def test_units_are_commanded_only_as_the_probe_has_ordered_one(
    firmware: str, dialect: str, *, commanded: bool
) -> None:
    entry = Accepted("1566HA", firmware, dialect, "0" * 64, "Anna", "2026-01-01T00:00:00Z")
    async with bench_plant() as plant:
        acceptance = Acceptance(None, (entry,))
        poller = FleetPoller(plant.field.miners, plant.fleet, 5.0, acceptance, Random(7))
        async with running(poller.run()):
            await plant.pass_time(6.0)

            assert (plant.freeze().commandable == commanded).all()
