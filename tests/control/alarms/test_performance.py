"""The figures of performance, against what is counted by hand."""

import pytest

from controller.control.alarms.performance import Performance, performance
from controller.control.alarms.state import Transition

FROM_S, DAY_S = 1_767_225_600.0, 86_400.0


def raised(name: str, at_s: float, *, quiet: bool = False) -> Transition:
    return Transition(FROM_S + at_s, name, "raised", 1, quiet=quiet)


def cleared(name: str, at_s: float) -> Transition:
    return Transition(FROM_S + at_s, name, "cleared", 3)


def found(*steps: Transition, days: float = 1.0) -> tuple[Performance, dict[str, float]]:
    told = performance(steps, {"big": "high", "mid": "medium"}, FROM_S, FROM_S + days * DAY_S)
    return told, {one.name: one.value for one in told.figures}


def test_without_alarms_everything_is_good() -> None:
    told, figures = found()

    assert all(one.good for one in told.figures)
    assert figures["average in ten minutes"] == 0.0


def test_averages_and_peaks_are_counted() -> None:
    steps = [raised(f"a{n}", 50.0 * n) for n in range(12)]
    told, figures = found(*steps)

    assert figures["average in ten minutes"] == pytest.approx(12.0 / 144.0)
    assert figures["most in ten minutes"] == 12.0
    assert figures["ten minutes with more than 10"] == pytest.approx(100.0 / 144.0)
    assert not next(one for one in told.figures if one.name == "most in ten minutes").good


def test_a_flood_lasts_until_fewer_than_five_are_left() -> None:
    steps = [raised(f"a{n}", float(n)) for n in range(11)]
    _, figures = found(*steps)

    # It begins with the eleventh, at 10 s, and ends when the seventh is ten minutes old.
    assert figures["time in a flood"] == pytest.approx(100.0 * (606.0 - 10.0) / DAY_S)


def test_fleeting_stale_and_chattering_alarms_are_named() -> None:
    steps = [
        *(
            step
            for n in range(3)
            for step in (raised("door", 20.0 * n), cleared("door", 20.0 * n + 2))
        ),
        raised("old", 100.0),
    ]
    told, figures = found(*steps, days=2.0)

    assert told.chattering == ("door",)
    assert figures["alarms that are fleeting"] == 1.0
    assert figures["stale alarms"] == 1.0


def test_shares_of_priority_and_of_the_most_frequent() -> None:
    steps = [raised(f"a{n % 20}", 600.0 * n) for n in range(40)]
    steps += [raised("big", 30_000.0), raised("mid", 40_000.0)]
    told, figures = found(*steps)

    assert figures["share of low"] == pytest.approx(100.0 * 40.0 / 42.0)
    assert figures["share of high and critical"] == pytest.approx(100.0 / 42.0)
    assert figures["share of the ten most frequent"] == pytest.approx(100.0 * 20.0 / 42.0)
    assert len(told.top) == 10


def test_what_was_quiet_disturbed_nobody() -> None:
    _, figures = found(*(raised(f"a{n}", float(n), quiet=True) for n in range(30)))

    assert figures["most in ten minutes"] == 0.0
