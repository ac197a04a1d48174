"""The pace: a plant that does not keep up with its clock cannot hide it."""

import pytest

from controller.lab import pace
from controller.lab.pace import Pace, pace_line


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The real seconds that the pace is shown."""
    now = [100.0]
    monkeypatch.setattr(pace, "real_monotonic_s", lambda: now[0])
    monkeypatch.setattr(pace, "monotonic_s", lambda: 10.0 * now[0])
    return now


def test_a_plant_that_is_half_as_fast_as_asked_is_told_so(clock: list[float]) -> None:
    kept = Pace(now_s=0.0)
    for second in range(1, 21):
        clock[0] = 100.0 + second
        kept.note(5.0 * second)

    told = kept.told(100.0)

    assert told["achieved_speed"] == pytest.approx(5.0)
    assert told["behind_s"] == pytest.approx(100.0)


def test_only_the_last_ten_seconds_count(clock: list[float]) -> None:
    kept = Pace(now_s=0.0)
    for second in range(1, 41):
        clock[0] = 100.0 + second
        kept.note(1.0 * second if second <= 20 else 20.0 + 10.0 * (second - 20))

    assert kept.told(220.0)["achieved_speed"] == pytest.approx(10.0)


def test_before_anything_is_measured_nothing_is_claimed(clock: list[float]) -> None:
    told = Pace(now_s=3.0).told(3.0)

    assert clock == [100.0]
    assert told["achieved_speed"] is None
    assert told["behind_s"] == 0.0


def test_the_line_on_the_screen_shows_both() -> None:
    assert pace_line({"asked_speed": 10.0, "achieved_speed": 7.25}) == "speed 10 (achieved 7.2)"
    assert pace_line({"asked_speed": 10.0, "achieved_speed": None}) == "speed 10"
