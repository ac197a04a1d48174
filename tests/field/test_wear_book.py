from pathlib import Path

import pytest

from controller.field.wear_book import NAME, WearBook
from drivers.cgminer.reading import MinerReading, MinerState
from tests.field.test_unit_watch import reading

RUNNING, ASLEEP, STOPPING = MinerState.RUNNING, MinerState.ASLEEP, MinerState.STOPPING
FAULT, STARTING = MinerState.FAULT, MinerState.STARTING


def book_in(folder: Path) -> WearBook:
    return WearBook(folder, 2, pytest.fail)


def seen(state: MinerState, *, serial: str | None = "A", mode: int | None = 0) -> MinerReading:
    told = reading(100.0, state)
    return type(told)(
        **{name: getattr(told, name) for name in told.__struct_fields__}
        | {"serial": serial, "work_mode": mode}
    )


def lived(book: WearBook, *states: MinerState, every_s: float = 5.0) -> None:
    for turn, state in enumerate(states):
        book.heard(0, seen(state), "normal", turn * every_s)


@pytest.mark.parametrize(
    ("states", "sleeps"),
    [
        ((RUNNING, STOPPING, ASLEEP, ASLEEP), 1),
        ((RUNNING, ASLEEP, STARTING, RUNNING, ASLEEP), 2),
        ((ASLEEP, ASLEEP), 0),
        ((RUNNING, FAULT, RUNNING), 0),
        ((RUNNING, FAULT, ASLEEP), 1),
        ((RUNNING, RUNNING), 0),
    ],
)
def test_a_sleep_counts_once_however_it_is_seen(
    tmp_path: Path, states: tuple[MinerState, ...], sleeps: int
) -> None:
    book = book_in(tmp_path)

    lived(book, *states)

    assert book.by_serial["A"].sleeps == sleeps


def test_hours_go_to_the_mode_that_the_unit_was_in(tmp_path: Path) -> None:
    book = book_in(tmp_path)

    lived(book, *[RUNNING] * 61, *[ASLEEP] * 60, every_s=30.0)

    hours = book.by_serial["A"].hours
    assert hours["normal"] == pytest.approx(61 * 30 / 3600)
    assert hours["asleep"] == pytest.approx(59 * 30 / 3600)


def test_a_long_silence_counts_for_nothing(tmp_path: Path) -> None:
    book = book_in(tmp_path)

    lived(book, RUNNING, RUNNING, every_s=3_600.0)

    assert book.by_serial["A"].hours == {}


def test_another_mode_is_a_change_and_an_unknown_one_is_not(tmp_path: Path) -> None:
    book = book_in(tmp_path)

    for turn, mode in enumerate((0, None, 0, 1, 1, None, 0)):
        book.heard(0, seen(RUNNING, mode=mode), None, turn * 5.0)

    assert book.by_serial["A"].mode_changes == 2


def test_a_unit_takes_its_wear_along_to_another_place(tmp_path: Path) -> None:
    book = book_in(tmp_path)
    lived(book, RUNNING, ASLEEP, RUNNING, ASLEEP)

    assert book.heard(0, seen(RUNNING, serial="B"), None, 100.0) == 0.0
    assert book.heard(1, seen(ASLEEP), None, 100.0) == 2.0
    assert book.by_serial["B"].sleeps == 0


def test_a_unit_without_a_serial_number_is_not_booked(tmp_path: Path) -> None:
    book = book_in(tmp_path)

    assert book.heard(0, seen(RUNNING, serial=None), None, 0.0) == 0.0
    assert book.by_serial == {}


async def test_a_restart_forgets_nothing_and_invents_no_sleep(tmp_path: Path) -> None:
    book = book_in(tmp_path)
    lived(book, RUNNING, ASLEEP, RUNNING)
    book.close()
    book.file._write()  # noqa: SLF001 - what its life does on the way out

    again = book_in(tmp_path)
    again.heard(0, seen(ASLEEP), None, 0.0)

    assert again.by_serial["A"].sleeps == 1


def test_a_broken_book_is_told_and_set_aside(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text('{"A": {"sleeps": "many"}}', encoding="utf-8")
    told: list[str] = []

    book = WearBook(tmp_path, 1, told.append)

    assert book.by_serial == {}
    assert "could not be read" in told[0]
    assert (tmp_path / "wear.broken").exists()
