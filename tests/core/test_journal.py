import asyncio
import json
from pathlib import Path

from controller.core.journal import MOST_WAITING, Journal
from tests.field.bench_plant import running


def entries(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


async def test_entries_are_kept_in_their_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    async with running(journal.run()):
        for number in range(3):
            journal.enter(1.0, "request", number=number)
            await asyncio.sleep(0.1)

    assert [entry["number"] for entry in entries(tmp_path / "journal.jsonl")] == [0, 1, 2]


async def test_a_restart_appends(tmp_path: Path) -> None:
    for number in range(2):
        journal = Journal(tmp_path / "journal.jsonl")
        async with running(journal.run()):
            journal.enter(1.0, "event", number=number)
            await asyncio.sleep(0.1)

    assert len(entries(tmp_path / "journal.jsonl")) == 2


async def test_what_waits_at_the_end_is_written_then(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    async with running(journal.run()):
        await asyncio.sleep(0.1)
        journal.enter(1.0, "event", text="last words")

    assert entries(tmp_path / "journal.jsonl")[0]["text"] == "last words"


async def test_a_full_disk_keeps_the_entries_until_it_takes_them(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.mkdir()
    journal = Journal(path)
    async with running(journal.run()):
        journal.enter(1.0, "event", number=1)
        await asyncio.sleep(0.1)
        path.rmdir()
        journal.enter(2.0, "event", number=2)
        await asyncio.sleep(0.1)

    assert [entry["number"] for entry in entries(path)] == [1, 2]


async def test_a_queue_that_is_full_counts_what_it_loses(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")

    for _ in range(MOST_WAITING + 5):
        journal.enter(1.0, "event")

    assert journal.lost == 5
