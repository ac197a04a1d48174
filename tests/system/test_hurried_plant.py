"""A small plant at ten times the speed: the real programs agree on a clock that is not real."""

import asyncio

import pytest

from controller.clock.now import real_monotonic_s
from tests.system.plants import built_plant
from tests.system.real_plant import until

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

MINERS = 40


async def test_a_plant_of_forty_runs_ten_times_as_fast_and_nothing_is_unsafe() -> None:
    async with built_plant(miners=MINERS, speed=10.0) as plant:
        begun_s, plant_s = real_monotonic_s(), (await plant.truth())["now_s"]
        reports = len(plant.reports)

        await plant.pass_s(120.0)

        took_s = real_monotonic_s() - begun_s
        passed_s = (await plant.truth())["now_s"] - plant_s
        told = await asyncio.to_thread(plant.rig.clock)
        # A machine that is busy with something else is slower, and says so.
        assert 2.0 < passed_s / took_s < 10.5
        assert told["asked_speed"] == 10.0
        assert 1.0 <= plant.number("plant.speed") <= 10.0
        assert plant.number("plant.poll_period_s") == 5.0
        assert len(plant.reports) - reports >= 60, "core scans by the same clock"
        assert plant.value("plant.mode") == "running"
        assert await plant.unsafe() == {}


async def test_a_plant_runs_on_while_its_clock_is_turned_up_and_down() -> None:
    async with built_plant(miners=8, speed=2.0) as plant:
        for speed in (6.0, 1.0, 4.0):
            await asyncio.to_thread(plant.rig.turn, speed)
            plant.speed = speed

            await plant.pass_s(12.0 * speed)

            told = await asyncio.to_thread(plant.rig.clock)
            assert told["asked_speed"] == speed
            assert 0.5 < told["achieved_speed"] < speed + 0.5
        assert plant.value("plant.mode") == "running"
        assert plant.number("plant.units_good") == 8.0
        assert not plant.value("plant.tripped")
        assert await plant.unsafe() == {}


async def test_a_scenario_is_played_and_judged_from_outside() -> None:
    async with built_plant(miners=8, speed=10.0) as plant:
        await plant.scenario("pump-lost")

        async def pump_is_lost() -> bool:
            return "pump-1" in await asyncio.to_thread(plant.rig.faults)

        await until(pump_is_lost, 20.0, "the scenario breaks the pump")
        await plant.pass_s(60.0)

        told = await asyncio.to_thread(plant.rig.monitor)
        assert told["scenario"]["unsafe"] == {}
        assert [one["misses"] for one in told["scenario"]["expectations"]] == [0]
