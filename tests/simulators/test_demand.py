"""Made-up demand follows the weather as measured demand does, and swings as a town does."""

import numpy as np
import pytest

from simulators.demand import REFERENCE_TOWN, Homes, wanted_kw
from simulators.hours import Hours
from simulators.weather import made_up
from tests.simulators.measured import UNNA, Floats, alike_after, column, hours_of, swings

WINTER_H, SUMMER_H = 38 * 24, 188 * 24
WEEK_H, YEAR_H = 168, 8_760
SEEDS = range(1, 9)


def weeks(begin_hour: int) -> list[Floats]:
    """A week of each seed, as shares of its mean."""
    found = [
        hours_of(wanted_kw(made_up(seed, begin_hour), seed, begin_hour), 0, WEEK_H)
        for seed in SEEDS
    ]
    return [week / week.mean() for week in found]


def mean_of(figures: list[float]) -> float:
    return float(np.mean(figures))


def test_the_rule_explains_most_of_what_substations_took() -> None:
    outdoor_c, heat_kwh = column(UNNA, "t_out_C"), column(UNNA, "heat_kwh")
    # The line of these houses: hot water 41 kWh/h, 29.4 kWh/h for each kelvin below 16.5 °C.
    homes = Homes(41.0, 29.4, 16.5, damped=1.0, noise_share=0.0)
    first_hour = 0
    rule = hours_of(
        wanted_kw(Hours(iter(outdoor_c.tolist())), 1, first_hour, homes), 0, len(outdoor_c)
    )[24:]

    explained = 1.0 - np.var(heat_kwh[24:] - rule) / np.var(heat_kwh[24:])
    assert explained > 0.85
    assert rule.mean() == pytest.approx(heat_kwh[24:].mean(), rel=0.03)


# A Danish town of this size, a week in February and one in July 2023 (SDU and Danfoss, hourly heat
# of the HeatProductionOptimization course): mean 6.83 and 1.63 MW.
@pytest.mark.parametrize(
    ("begin_hour", "std", "swing", "largest_step", "alike"),
    [(WINTER_H, 0.082, 0.20, 0.114, 0.90), (SUMMER_H, 0.090, 0.27, 0.160, 0.90)],
    ids=["winter", "summer"],
)
def test_a_week_of_the_town_is_as_uneven_as_a_measured_week(
    begin_hour: int, std: float, swing: float, largest_step: float, alike: float
) -> None:
    found = weeks(begin_hour)

    # How much a single week varies is its weather's doing.
    deviations = [float(week.std()) for week in found]
    assert min(deviations) < std < max(deviations)
    assert mean_of([float(swings(week).mean()) for week in found]) == pytest.approx(swing, rel=0.3)
    steps = [float(np.abs(np.diff(week)).max()) for week in found]
    assert mean_of(steps) == pytest.approx(largest_step, rel=0.3)
    assert mean_of([alike_after(week, 1) for week in found]) == pytest.approx(alike, abs=0.06)


def test_a_winter_takes_some_four_times_what_a_summer_takes() -> None:
    ratios = []
    for seed in (1, 2):
        demand = wanted_kw(made_up(seed), seed)
        winter_kw = hours_of(demand, WINTER_H, WINTER_H + 4 * WEEK_H).mean()
        ratios.append(winter_kw / hours_of(demand, SUMMER_H, SUMMER_H + 4 * WEEK_H).mean())

    # The Danish town: 6.83 to 1.63 MW, 4.2.
    assert mean_of(ratios) == pytest.approx(6.83 / 1.63, rel=0.35)


def test_the_reference_town_takes_seven_megawatts_at_twenty_below() -> None:
    assert REFERENCE_TOWN.usual_kw(-20.0, 12) == pytest.approx(7_000.0, rel=0.05)
    assert REFERENCE_TOWN.usual_kw(20.0, 3) == pytest.approx(860.0, rel=0.1)


def test_houses_notice_a_cold_front_over_a_day() -> None:
    cold = Hours(iter([5.0] * 48 + [-5.0] * 48))
    demand = wanted_kw(cold, 1, homes=Homes(noise_share=0.0, damped=0.0))

    assert demand.hour(47) == pytest.approx(860.0 + 12.0 * 175.0)
    assert demand.hour(59) == pytest.approx(860.0 + 12.0 * 175.0 + 12 / 24 * 1_750.0)
    assert demand.hour(80) == pytest.approx(860.0 + 22.0 * 175.0)


def test_a_smaller_town_takes_its_share() -> None:
    whole, part = wanted_kw(made_up(1), 1), wanted_kw(made_up(1), 1, homes=Homes().scaled(0.1))

    assert part.hour(30) == pytest.approx(0.1 * whole.hour(30))
