"""The governor: a hurried plant that comes late is slowed down, and no faster than was asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.clock.now import VARIABLE, choose_clock, chosen_clock, offer_clock
from controller.clock.shared import ClockError
from controller.lab import governor
from controller.lab.governor import Governor


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The real seconds that the governor is shown; this process on a clock ten times as fast."""
    now = [100.0]
    monkeypatch.setenv(VARIABLE, "1")
    monkeypatch.setattr(governor, "real_monotonic_s", lambda: now[0])
    offer_clock("10", tmp_path / "clock")
    yield now
    choose_clock("1")


def seconds(kept: Governor, clock: list[float], count: int, step_s: float) -> None:
    """So many real seconds of steps of this length of the plant's."""
    for _ in range(count):
        clock[0] += 1.001
        kept.note(step_s)


def test_a_plant_in_time_keeps_the_speed_that_was_asked_for(clock: list[float]) -> None:
    kept = Governor()

    seconds(kept, clock, 60, 0.1)

    assert chosen_clock().speed == 10.0


def test_a_plant_that_comes_late_is_slowed_down_to_real_time_and_not_further(
    clock: list[float],
) -> None:
    kept = Governor()

    seconds(kept, clock, 1, 0.9)
    assert chosen_clock().speed == pytest.approx(6.0)
    seconds(kept, clock, 60, 0.9)

    assert chosen_clock().speed == 1.0
    assert kept.asked == 10.0


def test_it_gets_its_speed_back_slowly_once_it_is_in_time(clock: list[float]) -> None:
    kept = Governor()
    seconds(kept, clock, 3, 0.9)
    slow = chosen_clock().speed

    seconds(kept, clock, 7, 0.1)
    assert slow < chosen_clock().speed < 5.0
    seconds(kept, clock, 60, 0.1)

    assert chosen_clock().speed == 10.0


def test_a_controller_that_comes_late_slows_the_plant_too(clock: list[float]) -> None:
    kept = Governor()
    clock[0] += 1.001
    kept.note(0.1, waited_s=1.2)
    assert chosen_clock().speed == 10.0

    clock[0] += 1.001
    kept.note(0.1, waited_s=4.0)

    assert chosen_clock().speed == pytest.approx(6.0)


def test_nobody_is_slowed_whose_clock_cannot_be_turned(clock: list[float]) -> None:
    choose_clock("1")
    kept = Governor()

    seconds(kept, clock, 10, 5.0)

    assert chosen_clock().speed == 1.0
    with pytest.raises(ClockError, match="--speed"):
        kept.ask(2.0)


def test_what_is_asked_later_counts(clock: list[float]) -> None:
    kept = Governor()
    seconds(kept, clock, 5, 0.9)

    kept.ask(4.0)
    seconds(kept, clock, 60, 0.1)

    assert chosen_clock().speed == 4.0
