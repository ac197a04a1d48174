"""Libraries that we have not written recognise a simulated Avalon and read what it really does."""

import asyncio
import fcntl
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from controller.clock.now import real_utc_s
from simulators.description import Container, MinerModel, PlantDescription
from simulators.wire.listen import serve_miners
from simulators.wire.telemetry import SUPPLY_EFFICIENCY
from simulators.world import World
from tests.field.bench_plant import BenchPlant, bench_plant
from tests.scenarios.evening import small_plant
from tests.scenarios.mixed_plant import logins, mixed_plant
from tests.tidy.sources import ROOT

PYTHON = ROOT / ".venv-peers" / "bin" / "python"
SCRIPT = Path(__file__).with_name("foreign_reader.py")
LIMIT_S = 60.0

pytestmark = [
    pytest.mark.real_sockets,
    pytest.mark.skipif(not PYTHON.exists(), reason="no .venv-peers: `make peers` makes it"),
]


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """Those libraries look at fixed ports: one of these tests at a time may hold them."""
    lock = Path(tempfile.gettempdir()) / "hearth-foreign-reader.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


async def read_by(library: str, plant: BenchPlant) -> dict[str, Any]:
    """What it says of the first unit, which has hashed for ten minutes."""
    plant.world.fleet.reboot(0)
    for _ in range(1_200):
        plant.world.step(0.5)
    return await told_by(library, plant.field.miners[0].host)


async def told_by(library: str, host: str, order: str = "pause") -> dict[str, Any]:
    """What it says of the unit at this address."""
    command = (str(PYTHON), str(SCRIPT), library, host, order)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    async with asyncio.timeout(LIMIT_S):
        said, _ = await process.communicate()
    found: dict[str, Any] = json.loads(said)
    return found


async def test_pyasic_rs_knows_the_model_and_reads_what_the_world_has() -> None:
    async with bench_plant() as plant:
        found = await read_by("pyasic_rs", plant)

        fleet = plant.world.fleet
        assert found["model"] == "Avalon1566Ha"
        assert found["serial"] == fleet.serials[0]
        assert found["hashing"] is True
        assert found["hashrate_ths"] == pytest.approx(float(fleet.hashrate_ths[0]), rel=1e-6)
        # It takes the supply's DC side for the unit's power.
        dc_w = float(fleet.power_kw[0]) * 1e3 * SUPPLY_EFFICIENCY
        assert found["wattage_w"] == pytest.approx(dc_w, rel=2e-3)
        assert float(fleet.outlet_c[0]) < found["board_c"] < float(fleet.chip_c[0])


@pytest.mark.parametrize("library", ["pyasic", "pyasic_rs"])
async def test_both_read_the_rate_of_a_chain_and_know_of_no_power(library: str) -> None:
    async with bench_plant(file=small_plant(5, 1, miners={"model": "921"})) as plant:
        found = await read_by(library, plant)

        fleet = plant.world.fleet
        assert found["wattage_w"] is None
        rate_ths = found.get("hashrate_ths", found["hashrate"])
        assert float(str(rate_ths).rpartition("rate=")[2]) == pytest.approx(
            float(fleet.hashrate_ths[0]), rel=1e-3
        )
        if library == "pyasic_rs":
            assert (found["model"], found["serial"]) == ("Avalon921", fleet.serials[0])
            assert found["hashing"] is True
            assert "Unknown option: softoff" in found["pause"]


async def old_door(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """What a real WhatsMiner still says at 4028, by which that library knows it for one.

    The firmware's date sends it on to the API 3; everything it reads comes from there.
    """
    asked = (await reader.read(4_096)).decode()
    said: dict[str, Any] = {"STATUS": "E", "When": 1, "Code": 14, "Msg": "invalid cmd"}
    if "devdetails" in asked:
        device = {"DEVDETAILS": 0, "Driver": "BTMINER", "Model": "M65S_VL60"}
        said = {"STATUS": [{"STATUS": "S", "Code": 69}], "DEVDETAILS": [device], "id": 1}
    elif "get_version" in asked:
        said = {"STATUS": "S", "Code": 131, "Msg": {"fw_ver": "20260101.00.SIM"}}
    writer.write(json.dumps(said).encode())
    await writer.drain()
    writer.close()


async def test_pyasic_rs_knows_a_whatsminer_and_reads_what_the_world_has(tmp_path: Path) -> None:
    async with bench_plant(file=mixed_plant(logins(tmp_path)), warm_heat_kw=1e6) as plant:
        world = plant.world
        for _ in range(20):
            world.step(0.5)
        unit, host = len(plant.field.miners) - 1, plant.field.miners[-1].host
        async with await asyncio.start_server(old_door, host, 4028):
            found = await told_by("pyasic_rs", host)

        assert found["model"] == "M65SVL60"
        assert found["hashing"] is True
        assert found["hashrate_ths"] == pytest.approx(
            float(world.fleet.hashrate_ths[unit]), abs=1e-3
        )
        assert found["wattage_w"] == pytest.approx(float(world.fleet.power_kw[unit]) * 1e3, abs=0.5)
        # It has not our password: the unit does not obey.
        assert found["pause"] is False
        world.step(0.5)
        assert world.fleet.power_kw[unit] > 7.0


async def test_pyasic_reads_the_power_at_the_wall() -> None:
    async with bench_plant() as plant:
        found = await read_by("pyasic", plant)

        wall_w = float(plant.world.fleet.power_kw[0]) * 1e3
        assert found["wattage_w"] == pytest.approx(wall_w, rel=2e-3)


async def test_an_order_in_another_models_words_is_refused_and_changes_nothing() -> None:
    async with bench_plant() as plant:
        found = await read_by("pyasic_rs", plant)
        plant.world.step(0.5)

        # It orders a soft-off with a time, which this firmware does not know.
        assert "softoff takes no argument" in found["pause"]
        assert plant.world.fleet.power_kw[0] > 8.0


async def test_pyasic_rs_pauses_and_resumes_a_unit_that_knows_its_words() -> None:
    model = MinerModel(personality="stamped")
    world = World(PlantDescription(containers=(Container("container-01", 2),), model=model))
    host = "127.11.7.1"
    # Its orders carry a time by this machine's clock, some seconds ahead: so shows the unit's.
    async with serve_miners(world.fleet, model, ((host, 4028), None), world.faults, real_utc_s):
        step(world, 20)
        paused = await told_by("pyasic_rs", host)
        step(world, 60)
        asleep_kw = float(world.fleet.power_kw[0])
        resumed = await told_by("pyasic_rs", host, "resume")
        step(world, 1_000)

    assert paused["model"] == "Avalon1566Ha"
    assert paused["pause"] is True
    assert asleep_kw < 0.1
    assert resumed["resume"] is True
    assert float(world.fleet.power_kw[0]) > 8.0


def step(world: World, halves: int) -> None:
    """Let so many half seconds pass."""
    for _ in range(halves):
        world.step(0.5)
