"""Made-up weather has the statistics of a measured one; files of weather are read or refused."""

from pathlib import Path

import numpy as np
import pytest

from simulators.weather import made_up, measured, usual_c
from tests.simulators.measured import AALBORG, Floats, alike_after, column, hours_of, swings

TWO_YEARS_H = 17_520
SEEDS = (1, 2)


@pytest.fixture(scope="module")
def aalborg() -> Floats:
    return column(AALBORG, "t_out_C")


@pytest.fixture(scope="module")
def invented() -> list[Floats]:
    """Two years of each seed."""
    return [hours_of(made_up(seed), 0, TWO_YEARS_H) for seed in SEEDS]


def season(daily: Floats, warmest_day: int) -> Floats:
    """The days of the three months or so around this one."""
    day = np.arange(len(daily)) % 365
    return np.asarray(daily[np.cos(2.0 * np.pi * (day - warmest_day) / 365.0) > 0.7])


def test_made_up_years_are_as_warm_and_as_varied_as_measured_ones(
    aalborg: Floats, invented: list[Floats]
) -> None:
    means_c = [float(series.mean()) for series in invented]

    assert np.mean(means_c) == pytest.approx(aalborg.mean(), abs=0.7)
    for series in invented:
        assert series.std() == pytest.approx(aalborg.std(), rel=0.12)
        assert series.min() == pytest.approx(aalborg.min(), abs=5.0)
        assert series.max() == pytest.approx(aalborg.max(), abs=4.0)


@pytest.mark.parametrize(("hours", "within"), [(1, 0.004), (12, 0.05), (24, 0.02), (72, 0.04)])
def test_made_up_weather_forgets_as_measured_weather_does(
    aalborg: Floats, invented: list[Floats], hours: int, within: float
) -> None:
    for series in invented:
        assert alike_after(series, hours) == pytest.approx(alike_after(aalborg, hours), abs=within)


@pytest.mark.parametrize("warmest_day", [204, 21], ids=["summer", "winter"])
def test_a_day_swings_as_far_as_a_measured_one(
    aalborg: Floats, invented: list[Floats], warmest_day: int
) -> None:
    measured_k = season(swings(aalborg), warmest_day).mean()
    for series in invented:
        assert season(swings(series), warmest_day).mean() == pytest.approx(measured_k, rel=0.2)


def test_an_hour_changes_as_much_as_a_measured_one(aalborg: Floats, invented: list[Floats]) -> None:
    largest_k = np.abs(np.diff(aalborg)).max()
    for series in invented:
        assert np.diff(series).std() == pytest.approx(np.diff(aalborg).std(), rel=0.1)
        assert 0.5 * largest_k < np.abs(np.diff(series)).max() < 2.0 * largest_k


def test_the_same_seed_gives_the_same_weather_however_it_is_asked() -> None:
    first, second = made_up(5), made_up(5)
    far_c = second.at(400.5 * 3_600.0)

    assert [first.at(1_800.0 * step) for step in range(802)][801] == far_c
    assert made_up(6).hour(400) != first.hour(400)


def test_between_full_hours_the_weather_is_a_straight_line() -> None:
    weather = made_up(1)

    middle_c = weather.at(10.25 * 3_600.0)

    assert middle_c == pytest.approx(0.75 * weather.hour(10) + 0.25 * weather.hour(11))


def test_weather_may_begin_on_any_day() -> None:
    july_h, january_h = 200.0 * 24.0, 20.0 * 24.0

    july_c = hours_of(made_up(3, july_h), 0, 720).mean()
    january_c = hours_of(made_up(3, january_h), 0, 720).mean()

    assert july_c > january_c + 8.0
    assert usual_c(july_h + 12.0) > 18.0


def test_a_measured_file_is_given_back_hour_by_hour_and_begins_again(aalborg: Floats) -> None:
    weather = measured(AALBORG)

    assert hours_of(weather, 0, 500) == pytest.approx(aalborg[:500])
    assert weather.hour(TWO_YEARS_H + 3) == aalborg[3]


def test_gaps_and_odd_times_are_bridged(tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    path.write_text("t,c\n2026-01-01T00:00:00Z,0.0\n2026-01-01T04:00:00Z,8.0\n", encoding="utf-8")

    assert hours_of(measured(path), 0, 5) == pytest.approx([0.0, 2.0, 4.0, 6.0, 8.0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("t,c\n", "not two rows"),
        ("t,c\n2026-01-01T00:00Z,1\n", "not two rows"),
        ("t,c\n2026-01-01T00:00Z,warm\n", r"w\.csv:2: .* is not a time like"),
        ("t,c\nyesterday,1\n", r"w\.csv:2: 'yesterday,1' is not a time like"),
        ("t,c\n2026-01-01T00:00Z\n", r"w\.csv:2"),
        ("t,c\n2026-01-01T00:00Z,nan\n", r"w\.csv:2: nan °C is not between"),
        ("t,c\n2026-01-01T00:00Z,99\n", r"w\.csv:2: 99\.0 °C is not between"),
        ("t,c\n2026-01-01T01:00Z,1\n2026-01-01T00:00Z,1\n", r"w\.csv:3: .* is not later"),
        ("t,c\n2026-01-01T01:00Z,1\n2026-01-01T02:00,1\n", r"w\.csv:3: .* is not later"),
    ],
)
def test_a_file_that_is_no_weather_is_refused_by_line(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "w.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ValueError, match=message):
        measured(path)
