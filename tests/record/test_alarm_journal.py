"""The journal of alarms is the single truth of what stands, whatever ended the program."""

import asyncio
import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from controller.control.alarms.columns import columns
from controller.control.alarms.state import Transition, What
from controller.control.settings import Settings
from controller.record.alarm_journal import KEPT_S, NAME, AlarmJournal, read_alarms
from tests.control.alarms.small import alarm
from tests.control.small_plant import SmallPlant

NOW_S, UTC_S = 1_000.0, 1_767_225_600.0


def settings() -> Settings:
    alarms = (alarm("a", latching=True), alarm("b", longest_shelf_s=600.0))
    return replace(SmallPlant().settings, alarms=alarms)


def entry(name: str, what: What, base: int, ago_s: float = 10.0, **more: object) -> Transition:
    return Transition(UTC_S - ago_s, name, what, base, **more)


def write(folder: Path, *entries: Transition) -> Path:
    journal = AlarmJournal(folder / NAME)
    journal.keep(entries)
    return folder / NAME


def restored(folder: Path, said: list[str] | None = None) -> str:
    tell = [].append if said is None else said.append
    state = AlarmJournal(folder / NAME).restore(settings(), NOW_S, UTC_S, tell)
    return "".join("ABCDEF"[base] for base in state.base)


def test_without_a_file_all_is_normal(tmp_path: Path) -> None:
    assert restored(tmp_path) == "AA"


def test_what_was_written_is_what_stands(tmp_path: Path) -> None:
    write(tmp_path, entry("a", "raised", 1), entry("b", "raised", 1), entry("a", "cleared", 4))

    assert restored(tmp_path) == "EB"


def test_a_shelf_keeps_its_end_and_never_grows(tmp_path: Path) -> None:
    until = UTC_S + 100.0
    write(tmp_path, entry("b", "shelved", 0, until_utc_s=until, by="op", reason="why"))
    journal = AlarmJournal(tmp_path / NAME)

    kept = journal.restore(settings(), NOW_S, UTC_S, print)
    set_back = journal.restore(settings(), NOW_S, UTC_S - 86_400.0, print)
    over = journal.restore(settings(), NOW_S, UTC_S + 200.0, print)

    assert kept.shelved_until_s[1] == pytest.approx(NOW_S + 100.0)
    assert set_back.shelved_until_s[1] == pytest.approx(NOW_S + 600.0)
    assert over.shelved_until_s[1] <= NOW_S


def test_a_line_that_was_torn_off_is_no_line(tmp_path: Path) -> None:
    path = write(tmp_path, entry("a", "raised", 1))
    with path.open("a") as file:
        file.write('{"utc_s": 1767225')
    said: list[str] = []

    assert restored(tmp_path, said) == "BA"
    assert said == []
    write(tmp_path, entry("b", "raised", 1))
    assert restored(tmp_path, said) == "BB"
    assert read_alarms(path)[1] == 0


@pytest.mark.parametrize("line", ["{}", "[]", '{"utc_s": "x"', '{"base": 17}', "\x00\xff", "7"])
def test_a_damaged_line_is_told_kept_aside_and_costs_no_other(tmp_path: Path, line: str) -> None:
    path = write(tmp_path, entry("a", "raised", 1))
    path.write_text(f"{line}\n{path.read_text()}", encoding="utf-8")
    said: list[str] = []

    assert restored(tmp_path, said) == "BA"
    assert "1 lines could not be read" in said[0]
    assert (tmp_path / f"{NAME}.damaged").exists()
    assert restored(tmp_path, said) == "BA"
    assert len(said) == 1


def test_what_is_older_than_the_report_looks_back_is_let_go_without_losing_what_stands(
    tmp_path: Path,
) -> None:
    old_s = KEPT_S + 100.0
    entries = [entry("b", what, base, old_s) for what, base in (("raised", 1), ("cleared", 3))]
    path = write(tmp_path, entry("a", "raised", 1, old_s), *entries * 50, entry("b", "raised", 1))
    long = len(path.read_bytes())

    assert restored(tmp_path) == "BB"
    assert len(path.read_bytes()) < long / 10
    assert restored(tmp_path) == "BB"


def test_an_alarm_that_the_plant_has_no_more_is_told(tmp_path: Path) -> None:
    write(tmp_path, entry("gone", "raised", 1))
    said: list[str] = []

    assert restored(tmp_path, said) == "AA"
    assert "gone" in said[0]


def test_a_full_disk_costs_entries_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = AlarmJournal(tmp_path / NAME)
    journal.keep([entry("a", "raised", 1)])
    real = os.write

    def full(_file: int, _text: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    journal.keep([entry("b", "raised", 1)])
    monkeypatch.setattr(os, "write", real)
    journal.keep([entry("a", "acknowledged", 2)])

    assert journal.lost == 1
    assert restored(tmp_path) == "CA"


async def test_it_reaches_the_disk_by_itself(tmp_path: Path) -> None:
    journal = AlarmJournal(tmp_path / NAME)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(journal.run())
        journal.keep([entry("a", "raised", 1)])
        await asyncio.sleep(0.0)
        task.cancel()

    assert read_alarms(tmp_path / NAME)[0] == [entry("a", "raised", 1)]


WRITER = """
import sys
from pathlib import Path
from controller.control.alarms.state import Transition
from controller.record.alarm_journal import AlarmJournal

journal = AlarmJournal(Path(sys.argv[1]))
for number in range(10**9):
    journal.keep([Transition(float(number), "a", "raised", 1)])
    print(number, flush=True)
"""


async def killed(path: Path, after: int) -> int:
    """Kill a writer after so many entries were acknowledged; the last number that it has told."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", WRITER, str(path)), stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    for _ in range(after):
        await child.stdout.readline()
    child.send_signal(signal.SIGKILL)
    told = (await child.stdout.read()).split()
    await child.wait()
    return int(told[-1]) if told else after - 1


async def kill_and_judge(folder: Path, rounds: int) -> None:
    dice = Random(5)
    for round_ in range(rounds):
        path = folder / f"{round_}.jsonl"
        last = await killed(path, dice.randrange(1, 400))
        entries, damaged = read_alarms(path)
        numbers = [int(one.utc_s) for one in entries]

        assert damaged == 0
        assert numbers == list(range(len(numbers))), "none is lost or doubled"
        assert len(numbers) > last, "what was told is there"


@pytest.mark.real_sockets
async def test_a_killed_program_has_lost_nothing_that_it_told(tmp_path: Path) -> None:
    await kill_and_judge(tmp_path, 2)


@pytest.mark.campaign
@pytest.mark.real_sockets
@pytest.mark.timeout(3_600)
async def test_however_often_it_is_killed(tmp_path: Path) -> None:
    await kill_and_judge(tmp_path, 300)


def test_every_entry_is_one_line_of_json(tmp_path: Path) -> None:
    path = write(tmp_path, entry("a", "raised", 1, reason="two\nlines"))

    (line,) = path.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["reason"] == "two\nlines"
    assert columns(settings()).index == {"a": 0, "b": 1}
