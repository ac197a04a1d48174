"""The demand of coming hours: now, carried on along the day as it usually goes."""

import math
from dataclasses import replace

import pytest

from controller.control.forecast import AHEAD_H, HOUR_S, Forecast, forecast_kw, short_kwh, watch
from controller.control.memory import recall, remember
from tests.control.small_plant import SmallPlant, plant_file

DAY_S = 24 * HOUR_S
MEAN_KW, SWING_KW = 3_000.0, 600.0


def day_kw(at_s: float) -> float:
    """A day with its peak at six in the morning."""
    return MEAN_KW + SWING_KW * math.sin(2.0 * math.pi * at_s / DAY_S)


def after(days: float, wanted: object = day_kw, state: Forecast | None = None) -> Forecast:
    state = Forecast() if state is None else state
    for minute in range(int(days * 24 * 60)):
        at_s = 60.0 * minute
        state = watch(state, wanted(at_s), at_s, 60.0)  # type: ignore[operator]
    return state


def test_before_anything_was_wanted_nothing_is_forecast() -> None:
    assert forecast_kw(Forecast(), 0.0, HOUR_S) is None


def test_on_the_first_day_what_is_wanted_now_goes_on() -> None:
    state = after(0.2, lambda _: 2_500.0)

    assert forecast_kw(state, 0.2 * DAY_S, HOUR_S) == pytest.approx(2_500.0, rel=0.01)


@pytest.mark.parametrize(("hours", "percent"), [(1, 2.0), (6, 6.0)])
def test_after_two_weeks_the_usual_day_is_known(hours: int, percent: float) -> None:
    state = after(14.0)

    errors = []
    for hour in range(24):
        at_s = 14 * DAY_S + hour * HOUR_S
        state = watch(state, day_kw(at_s), at_s, HOUR_S)
        coming_kw = forecast_kw(state, at_s, hours * HOUR_S)
        assert coming_kw is not None
        errors.append(100.0 * abs(coming_kw - day_kw(at_s + hours * HOUR_S)) / MEAN_KW)

    assert sum(errors) / len(errors) < percent


def test_its_error_is_told_for_one_hour_and_for_six() -> None:
    young, old = after(2.0), after(14.0)

    assert young.error_1h_pct is not None
    assert young.error_6h_pct is not None
    assert old.error_1h_pct is not None
    assert old.error_6h_pct is not None
    assert old.error_1h_pct < young.error_1h_pct
    assert old.error_1h_pct < 2.0
    assert old.error_6h_pct < 6.0


def test_an_hour_with_a_gap_teaches_nothing() -> None:
    state = after(0.05)

    later = watch(state, 100.0, 5 * HOUR_S, 5.0)

    assert later.day == state.day
    assert later.error_1h_pct is None


def test_a_demand_of_nothing_gives_a_forecast_of_nothing() -> None:
    state = after(2.0, lambda _: 0.0)

    assert forecast_kw(state, 2 * DAY_S, HOUR_S) == pytest.approx(0.0, abs=0.1)


def test_what_the_fleet_cannot_make_in_the_coming_hours_is_counted() -> None:
    state = after(1.0, lambda _: 2_000.0)

    assert short_kwh(state, DAY_S, 1_500.0) == pytest.approx(AHEAD_H * 500.0, rel=0.01)
    assert short_kwh(state, DAY_S, 2_500.0) == 0.0


def test_units_wake_before_the_schedule_asks_for_more() -> None:
    """Monday 5 January 2026 at six: 20 kW become 60 kW, and waking takes minutes."""
    schedule = [
        {"days": ["mon"], "from": "00:00", "to": "06:00", "heat_kw": 20.0},
        {"days": ["mon"], "from": "06:00", "to": "12:00", "heat_kw": 60.0},
    ]
    heat = {"demand_curve": [[-20.0, 20.0]], "max_heat_kw": 63.0, "schedule": schedule}
    plant = SmallPlant(plant_file(heat=heat))
    # The plant's clock begins on Thursday, 1 January, at midnight.
    plant.now_s = 4 * DAY_S + 6 * HOUR_S - 600.0

    early = plant.scan().derived["plant.power_target_kw"]
    soon = plant.scans(450).derived["plant.power_target_kw"]

    assert early == pytest.approx(20.0 / 0.95, rel=0.05)
    assert soon == pytest.approx(60.0 / 0.95, rel=0.05)


def test_the_usual_day_outlives_a_restart_and_a_mad_one_does_not() -> None:
    plant = SmallPlant()
    layout, settings = plant.image.fleet.layout, plant.settings
    learnt = replace(plant.state, forecast=after(7.0))
    memory = remember(learnt, layout)

    state, complaints = recall(memory, 0.0, 60.0, plant.state, layout, settings)
    mad, mad_complaints = recall(
        {**memory, "usual_day": [1.0] * 23 + ["x"]}, 0.0, 60.0, plant.state, layout, settings
    )

    assert state.forecast.day == pytest.approx(learnt.forecast.day, abs=1e-3)
    assert complaints == []
    assert mad.forecast.day == plant.state.forecast.day
    assert mad_complaints == ["the usual day of the demand makes no sense: forgotten"]
