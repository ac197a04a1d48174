"""The probe, on simulated units of every kind and in every trouble."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
import numpy as np
import pytest

from controller.field.probe import Probe
from drivers.cgminer.miner import Miner
from drivers.cgminer.reading import MinerReading
from simulators.description import NORMAL, Personality
from tests.field.bench_plant import BenchPlant, bench_plant, running

UNIT = 0
ECO = 0
LONGEST_S = 2_500.0


@asynccontextmanager
async def tried(
    personality: Personality = "sleep_only", *, modes: bool = False, outlet_most_c: float = 82.0
) -> AsyncIterator[tuple[BenchPlant, Probe, list[str]]]:
    """A bench plant whose time passes, and a probe of its first unit."""
    async with bench_plant(personality=personality) as plant:
        said: list[str] = []
        miner = plant.field.miners[UNIT]
        probe = Probe(miner, outlet_most_c, said.append, asyncio.Event(), modes=modes)
        async with running(plant.pass_time(LONGEST_S)):
            yield plant, probe, said


async def probed(probe: Probe) -> None:
    if await probe.look() is not None:
        await probe.sleep_and_wake()


async def until(seen: Callable[[], bool]) -> None:
    """Wait until the world shows it."""
    for _ in range(round(2 * LONGEST_S)):
        if seen():
            return
        await asyncio.sleep(0.5)


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
    async with tried(personality, modes=True) as (plant, probe, said):
        await probed(probe)

        assert probe.report.dialect == dialect
        assert [step.name for step in probe.report.steps[3:]] == [
            "mode eco",
            "mode boost",
            "mode normal",
        ]
        assert probe.report.passed, said
        assert probe.report.left_as == "hashing in mode normal"
        assert plant.world.fleet.mode[UNIT] == NORMAL


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
        assert probe.report.left_as == "hashing"
        assert plant.world.fleet.power_kw[UNIT] > 6.0
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


async def test_a_unit_in_eco_passes_and_is_left_in_eco() -> None:
    async with tried("modes_live") as (plant, probe, said):
        plant.world.fleet.set_mode(UNIT, ECO)
        await asyncio.sleep(400.0)

        await probed(probe)

        assert probe.report.passed, said
        assert probe.report.left_as == "hashing"
        assert plant.world.fleet.mode[UNIT] == ECO


@pytest.mark.timeout(120)
async def test_a_mode_that_was_not_shown_is_taken_back() -> None:
    async with tried("modes_live", modes=True) as (plant, probe, said):

        async def stop_in_eco() -> None:
            await until(lambda: bool(plant.world.fleet.mode[UNIT] == ECO))
            probe.stop.set()

        async with running(stop_in_eco()):
            await probed(probe)

        assert not probe.report.passed
        assert "mode eco: FAILED" in "".join(said)
        assert probe.report.left_as == "hashing in mode normal"
        assert plant.world.fleet.mode[UNIT] == NORMAL


async def test_a_probe_that_is_stopped_wakes_the_unit_before_it_ends() -> None:
    async with tried() as (plant, probe, _):

        async def stop_once_asleep() -> None:
            await until(lambda: bool(plant.world.fleet.power_kw[UNIT] < 1.0))
            probe.stop.set()

        async with running(stop_once_asleep()):
            await probed(probe)

        assert not probe.report.passed
        assert probe.report.steps[-1].name == "wake again"
        assert probe.report.left_as == "hashing"
        assert plant.world.fleet.power_kw[UNIT] > 6.0


async def test_a_probe_that_is_stopped_before_its_first_order_orders_nothing() -> None:
    async with tried() as (plant, probe, _):
        probe.stop.set()

        await probed(probe)

        assert not probe.report.passed
        assert probe.report.left_as == "untouched"
        assert not plant.world.fleet.commands


async def test_a_unit_that_is_swapped_meanwhile_is_ordered_nothing_more() -> None:
    async with tried() as (plant, probe, said):
        fleet = plant.world.fleet

        async def swap_once_asleep() -> None:
            await until(lambda: bool(fleet.power_kw[UNIT] < 1.0))
            fleet.serials = ("0123456789abcdef", *fleet.serials[1:])

        async with running(swap_once_asleep()):
            await probed(probe)

        orders = [order for _, _, order in fleet.commands]
        assert "another unit answers: 0123456789abcdef" in "".join(said)
        assert not probe.report.passed
        assert probe.report.left_as == "unknown"
        assert orders == ["sleep"]


async def test_each_step_holds_what_was_measured_against_what_the_dialect_claims() -> None:
    async with tried() as (_, probe, _):
        await probed(probe)

        look, sleep, wake = probe.report.steps
        assert (sleep.claimed_s, wake.claimed_s) == (9.0, 370.0)
        assert look.outlet_c is not None
        assert look.inlet_c is not None
        assert look.outlet_c - look.inlet_c > 5.0
        assert sleep.power_kw is not None
        assert sleep.power_kw < 0.2


class Terse(Miner):
    """A real simulated unit, of whose words some are lost on the way."""

    def __init__(self, unit: Miner, lost: dict[str, None], unlisted: str = "") -> None:
        super().__init__(unit.name, unit.host, unit.port)
        self._lost = lost
        self._unlisted = unlisted

    async def poll(self) -> MinerReading:
        """Its reading without what is lost."""
        return msgspec.structs.replace(await super().poll(), **self._lost)

    async def capabilities(self) -> tuple[str, ...]:
        """What it lists, but for one word."""
        return tuple(word for word in await super().capabilities() if word != self._unlisted)


@pytest.mark.parametrize(
    ("personality", "lost", "unlisted", "why"),
    [
        ("sleep_only", {"outlet_c": None}, "", "unknown is too hot"),
        ("modes_live", {"work_mode": None}, "", "knows no such mode"),
        ("sleep_only", {}, "softoff", "does not list softoff"),
        ("modes_reboot", {}, "workmode", "does not list workmode"),
    ],
)
async def test_a_unit_that_does_not_tell_enough_is_not_tried(
    personality: Personality, lost: dict[str, None], unlisted: str, why: str
) -> None:
    async with tried(personality) as (plant, _, said):
        terse = Terse(plant.field.miners[UNIT], lost, unlisted)
        probe = Probe(terse, 82.0, said.append, asyncio.Event(), modes=False)

        await probed(probe)

        assert why in probe.report.steps[0].told
        assert probe.report.left_as == "untouched"
        assert not plant.world.fleet.commands
