"""Libraries that we have not written recognise a simulated Avalon and read what it really does."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from simulators.wire.telemetry import SUPPLY_EFFICIENCY
from tests.field.bench_plant import BenchPlant, bench_plant
from tests.tidy.sources import ROOT

PYTHON = ROOT / ".venv-peers" / "bin" / "python"
SCRIPT = Path(__file__).with_name("foreign_reader.py")
LIMIT_S = 60.0

pytestmark = [
    pytest.mark.real_sockets,
    pytest.mark.skipif(not PYTHON.exists(), reason="no .venv-peers: `make peers` makes it"),
]


async def read_by(library: str, plant: BenchPlant) -> dict[str, Any]:
    """What it says of the first unit, which has hashed for ten minutes."""
    plant.world.fleet.reboot(0)
    for _ in range(1_200):
        plant.world.step(0.5)
    command = (str(PYTHON), str(SCRIPT), library, plant.field.miners[0].host)
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
