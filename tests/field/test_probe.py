"""The probe, on simulated units of every kind and in every trouble."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest

from controller.field.probe import Probe
from simulators.description import Personality
from tests.field.bench_plant import BenchPlant, bench_plant, running

UNIT = 0
LONGEST_S = 2_500.0


@asynccontextmanager
async def tried(
    personality: Personality = "sleep_only", *, modes: bool = False, outlet_most_c: float = 82.0
) -> AsyncIterator[tuple[BenchPlant, Probe, list[str]]]:
    """A bench plant whose time passes, and a probe of its first unit."""
    async with bench_plant(personality=personality) as plant:
        said: list[str] = []
        probe = Probe(plant.field.miners[UNIT], outlet_most_c, said.append, modes=modes)
        async with running(plant.pass_time(LONGEST_S)):
            yield plant, probe, said


async def probed(probe: Probe) -> None:
    if await probe.look() is not None:
        await probe.sleep_and_wake()


async def test_a_unit_that_sleeps_and_wakes_passes_and_is_left_hashing() -> None:
    async with tried() as (plant, probe, _):
        await probed(probe)

        report = probe.report
        assert report.passed
        assert [step.name for step in report.steps] == ["look", "sleep", "wake"]
        assert report.left_as == "hashing"
        assert (report.model, report.dialect) == ("1566HA", "a1566ha")
        assert {"softoff", "reboot", "help"} <= set(report.capabilities)
        assert "workmode" not in report.capabilities
        assert plant.world.fleet.power_kw[UNIT] > 6.0
        sleep, wake = report.steps[1:]
        assert 0.0 < sleep.seconds <= 15.0
        assert wake.seconds > 60.0


@pytest.mark.parametrize(
    ("personality", "dialect"), [("modes_live", "a1566ha_live"), ("modes_reboot", "a1566ha_reboot")]
)
@pytest.mark.timeout(120)
async def test_every_work_mode_is_shown_by_its_power(
    personality: Personality, dialect: str
) -> None:
    async with tried(personality, modes=True) as (_, probe, said):
        await probed(probe)

        assert probe.report.dialect == dialect
        assert [step.name for step in probe.report.steps[3:]] == [
            "mode eco",
            "mode normal",
            "mode boost",
        ]
        assert probe.report.passed, said


async def test_only_the_unit_that_is_probed_is_ordered_anything() -> None:
    async with tried() as (plant, probe, _):
        await probed(probe)

        assert {unit for _, unit, _ in plant.world.fleet.commands} == {UNIT}


async def test_a_hot_unit_is_not_tried() -> None:
    async with tried(outlet_most_c=40.0) as (plant, probe, _):
        await probed(probe)

        assert not probe.report.passed
        assert "it must be below 40 °C" in probe.report.steps[0].told
        assert not plant.world.fleet.commands


async def test_a_sleeping_unit_is_not_tried() -> None:
    async with tried() as (plant, probe, _):
        plant.world.fleet.sleep(UNIT)
        ordered = len(plant.world.fleet.commands)
        await asyncio.sleep(30.0)

        await probed(probe)

        assert "it must hash before" in probe.report.steps[0].told
        assert len(plant.world.fleet.commands) == ordered


async def test_a_silent_unit_fails_with_what_was_expected_of_it() -> None:
    async with tried() as (plant, probe, _):
        plant.world.faults.set("miner-c01-001", "silent")

        await probed(probe)

        assert not probe.report.passed
        assert probe.report.left_as == "untouched"


async def test_a_deaf_unit_fails_and_is_said_to_hash() -> None:
    async with tried() as (plant, probe, said):
        plant.world.faults.set("miner-c01-001", "deaf")

        await probed(probe)

        names = [(step.name, step.passed) for step in probe.report.steps]
        assert names[:2] == [("look", True), ("sleep", False)]
        assert not probe.report.passed
        assert any("not within" in line for line in said)


async def test_a_unit_that_never_wakes_is_not_left_without_a_word() -> None:
    async with tried() as (plant, probe, said):

        async def break_once_asleep() -> None:
            for _ in range(100):
                await asyncio.sleep(0.5)
                if plant.world.fleet.power_kw[UNIT] < 1.0:
                    plant.world.faults.set("miner-c01-001", "deaf")

        async with running(break_once_asleep()):
            await probed(probe)

        assert not probe.report.passed
        assert probe.report.left_as == "unknown"
        assert any("look at it" in line for line in said)
        assert np.count_nonzero(plant.world.fleet.power_kw > 1.0) >= 1
