"""A chain of modules behind one controller (A9), as the rig plays it and as our driver reads it."""

import json
import re
from collections.abc import AsyncIterator
from math import isnan
from pathlib import Path

import numpy as np
import pytest

from controller.image.fleet import UnitState
from controller.image.tag import Quality
from controller.lab.description import describe
from drivers.cgminer.codec import decode
from drivers.cgminer.reading import MinerReading, MinerState
from drivers.cgminer.telemetry import telemetry
from drivers.errors import BadReply, DeviceError, Refused
from simulators.description import Container as Box
from simulators.description import MinerModel, PlantDescription, chain
from simulators.fault_targets import MINER
from simulators.link_verbs import MINERS
from simulators.wire.cgminer import reply
from simulators.wire.unit import UnitView
from simulators.world import World
from tests.field.bench_plant import BenchPlant, bench_plant, running
from tests.scenarios.evening import small_plant

TRANSCRIPTS = Path(__file__).parent / "transcripts" / "cgminer"
HYDRO, CHAIN = 0, 3
"""The first unit of each container."""

NAMEPLATE_OFF = 0.05
"""How far a power by nameplate may be from what the world really draws: units differ by 1.5 %."""


@pytest.fixture
async def plant() -> AsyncIterator[BenchPlant]:
    """Three hydro units and three chains, all hashing."""
    boxes = [
        {"units": 3, "first_address": "127.9.1.1"},
        {"units": 3, "first_address": "127.9.2.1", "model": "921"},
    ]
    async with bench_plant(file=small_plant(3, 2, container=boxes), warm_heat_kw=1e6) as whole:
        for _ in range(40):
            whole.world.step(0.5)
        yield whole


@pytest.fixture
def view() -> UnitView:
    """A lone unit that has hashed for a while."""
    world = World(PlantDescription(containers=(Box("container-01", 1),), model=chain(MinerModel())))
    for _ in range(40):
        world.step(0.5)
    return UnitView(world.fleet, 0, world.description.model, clock_s=lambda: 1_548_764_064.0)


def captured(command: str) -> dict[str, object]:
    """The first entry of what a real controller of 921 modules has said."""
    whole = json.loads((TRANSCRIPTS / f"avalon-921-{command}.json").read_text(encoding="utf-8"))
    entry: dict[str, object] = whole[command.upper()][0]
    return entry


def said(view: UnitView, command: str) -> dict[str, object]:
    whole = json.loads(reply(json.dumps({"command": command}).encode(), view)[:-1])
    assert whole["STATUS"][0]["Description"] == "cgminer 4.10.0"
    entry: dict[str, object] = whole[command.upper()][0]
    return entry


@pytest.mark.parametrize("command", ["summary", "stats", "pools"])
def test_a_chain_tells_what_a_captured_one_tells(view: UnitView, command: str) -> None:
    ours, theirs = said(view, command), captured(command)

    assert [key for key in ours if key in theirs] == list(theirs)
    assert [isinstance(ours[key], str) for key in theirs] == [
        isinstance(value, str) for value in theirs.values()
    ]


def test_each_module_tells_the_fields_of_a_captured_one_in_their_order(view: UnitView) -> None:
    ours, theirs = said(view, "stats"), captured("stats")

    for number in range(1, 6):
        line, real = str(ours[f"MM ID{number}"]), str(theirs[f"MM ID{number}"])
        assert re.findall(r"(\w+)\[", line) == re.findall(r"(\w+)\[", real)
        counts = [len(value.split()) for value in re.findall(r"\[([^]]*)]", line)]
        assert counts == [len(value.split()) for value in re.findall(r"\[([^]]*)]", real)]
    assert ours["MM Count"] == 5


def test_a_chain_reads_the_same_in_both_notations(view: UnitView) -> None:
    poll = "summary+stats+pools"
    in_json = telemetry(decode(reply(json.dumps({"command": poll}).encode(), view), poll))

    assert telemetry(decode(reply(poll.encode(), view), poll)) == in_json


def test_a_reply_that_is_cut_off_anywhere_is_refused(view: UnitView) -> None:
    poll = "summary+estats"
    for request in (json.dumps({"command": poll}).encode(), poll.encode()):
        whole = reply(request, view).rstrip(b"\0}|")
        for end in range(1, len(whole), 37):
            with pytest.raises(BadReply):
                telemetry(decode(whole[:end], poll))


async def test_the_driver_reads_what_the_world_has(plant: BenchPlant) -> None:
    reading = await plant.field.miners[CHAIN].poll()

    fleet = plant.world.fleet
    assert reading.state is MinerState.RUNNING
    assert (reading.model, reading.firmware) == ("921", "1809-5000000")
    assert reading.serial == fleet.serials[CHAIN]
    assert reading.hashrate_ths == pytest.approx(fleet.hashrate_ths[CHAIN], rel=1e-6)
    assert reading.inlet_c == pytest.approx(fleet.inlet_c[CHAIN], abs=0.51)
    assert reading.chip_c == pytest.approx(fleet.chip_c[CHAIN], abs=0.51)
    assert reading.outlet_c is None
    assert reading.power_estimated
    assert reading.power_kw == pytest.approx(fleet.power_kw[CHAIN], rel=NAMEPLATE_OFF)
    assert reading.elapsed_s == pytest.approx(fleet.elapsed_s[CHAIN], abs=1.0)
    assert (reading.details.boards, reading.details.chips) == (20, 520)


async def test_its_row_has_an_estimated_power_and_no_outlet_and_it_is_only_watched(
    plant: BenchPlant,
) -> None:
    async with running(plant.poller().run()):
        await plant.pass_time(12.0)
        row, fleet = plant.freeze(), plant.world.fleet

    chains = slice(CHAIN, None)
    assert (row.quality == Quality.GOOD).all()
    assert (row.state == UnitState.RUNNING).all()
    assert row.power_estimated.tolist() == [False] * 3 + [True] * 3
    assert np.allclose(row.power_kw[chains], fleet.power_kw[chains], rtol=NAMEPLATE_OFF)
    assert np.allclose(row.hashrate_ths, fleet.hashrate_ths, rtol=1e-3)
    assert np.allclose(row.inlet_c, fleet.inlet_c, atol=0.6)
    assert np.isnan(row.outlet_c[chains]).all()
    assert row.commandable.tolist() == [True] * 3 + [False] * 3


async def test_one_that_does_not_hash_proves_nothing_by_its_silence(plant: BenchPlant) -> None:
    plant.world.fleet.sleep(CHAIN)
    async with running(plant.poller().run()):
        await plant.pass_time(12.0)
        row = plant.freeze()

    assert row.state[CHAIN] == UnitState.UNKNOWN
    assert row.hashrate_ths[CHAIN] == 0.0
    assert isnan(row.power_kw[CHAIN])
    assert not row.power_estimated[CHAIN]


async def test_it_takes_no_order_that_an_avalon_is_given(plant: BenchPlant) -> None:
    miner = plant.field.miners[CHAIN]
    unit = UnitView(plant.world.fleet, CHAIN, chain(MinerModel()))

    assert await miner.capabilities() == ("pdelay", "fan", "frequency", "led", "voltage")
    for order in ("softoff", "reboot,1", "workmode,1", "hashpower,0"):
        with pytest.raises(Refused, match="Unknown option"):
            decode(reply(f"ascset|0,{order}".encode(), unit), "ascset")
    assert not plant.world.fleet.commands


# It tells no outlet that could be wrong.
FAULTS = [
    *(f"miner-{{}} {verb}" for verb in MINER if verb != "wrong"),
    *(f"link:miner-{{}} {verb}" for verb in MINERS),
]


@pytest.mark.parametrize("fault", FAULTS)
async def test_it_breaks_as_any_other_unit_does(plant: BenchPlant, fault: str) -> None:
    target, verb = fault.split()
    for name in ("c01-001", "c02-001"):
        plant.world.faults.set(target.format(name), verb)
    await plant.pass_time(15.0)
    seen = []
    for _ in range(20 if verb == "intermittent" else 2):
        seen.append([await heard(plant, unit) for unit in (HYDRO, CHAIN)])
        await plant.pass_time(15.0)

    hydro, chained = zip(*seen, strict=True)
    assert set(map(type, hydro)) == set(map(type, chained))
    if verb != "intermittent":
        assert (told(hydro[0]) == told(hydro[1])) == (told(chained[0]) == told(chained[1]))


async def heard(plant: BenchPlant, unit: int) -> MinerReading | DeviceError:
    """A reading, or why there is none."""
    try:
        return await plant.field.miners[unit].poll()
    except DeviceError as error:
        return error


def told(reading: MinerReading | DeviceError) -> float | None:
    return reading.elapsed_s if isinstance(reading, MinerReading) else None


async def test_a_plant_of_chains_alone_is_played_as_such() -> None:
    described = describe(small_plant(3, 1, miners={"model": "841"}))

    assert described.model.personality == "chain"
    assert (described.model.model, described.model.product) == ("841", "AvalonMiner 841")
    assert described.model.rated_ths == pytest.approx(8.4 / 1.7 * 20.0)
