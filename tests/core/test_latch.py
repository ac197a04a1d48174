import asyncio
from pathlib import Path

import pytest

from controller.control.state import Trip
from controller.core.latch import LatchKeeper, read_latch
from tests.field.bench_plant import running

TRIP = Trip("primary-flow", None, 1_767_225_600.0, "no primary pump runs", first_out=True)
OTHER = Trip("leak", 2, 1_767_225_601.0, "container-03.leak is wet", first_out=False)


async def kept(path: Path, *trips: tuple[Trip, ...]) -> None:
    keeper = LatchKeeper(path, ())
    async with running(keeper.run()):
        for each in trips:
            keeper.keep(each)
            await asyncio.sleep(0.1)


async def test_trips_survive_a_restart(tmp_path: Path) -> None:
    await kept(tmp_path / "trips.json", (TRIP,), (TRIP, OTHER))

    assert read_latch(tmp_path / "trips.json", 0.0) == (TRIP, OTHER)


async def test_a_reset_survives_a_restart(tmp_path: Path) -> None:
    await kept(tmp_path / "trips.json", (TRIP,), ())

    assert read_latch(tmp_path / "trips.json", 0.0) == ()


async def test_what_is_unwritten_at_the_end_is_written_then(tmp_path: Path) -> None:
    keeper = LatchKeeper(tmp_path / "trips.json", ())
    async with running(keeper.run()):
        await asyncio.sleep(0.1)
        keeper.keep((TRIP,))

    assert read_latch(tmp_path / "trips.json", 0.0) == (TRIP,)


def test_a_first_start_is_not_tripped(tmp_path: Path) -> None:
    assert read_latch(tmp_path / "trips.json", 0.0) == ()


@pytest.mark.parametrize("text", ["", "{", "[{}]", '[{"cause": 1}]', "[1]", "null", "\x00\xff"])
def test_an_unreadable_file_counts_as_tripped(tmp_path: Path, text: str) -> None:
    (tmp_path / "trips.json").write_text(text, encoding="latin-1")

    (trip,) = read_latch(tmp_path / "trips.json", 5.0)

    assert trip.cause == "latch-unreadable"
    assert trip.container is None


async def test_a_full_disk_leaves_the_old_file_and_the_plant_alone(tmp_path: Path) -> None:
    await kept(tmp_path / "trips.json", (TRIP,))
    (tmp_path / "trips.new").mkdir()

    keeper = LatchKeeper(tmp_path / "trips.json", (TRIP,))
    async with running(keeper.run()):
        keeper.keep((TRIP, OTHER))
        await asyncio.sleep(0.1)

    assert read_latch(tmp_path / "trips.json", 0.0) == (TRIP,)
    assert not list((tmp_path / "trips.new").glob("*"))
