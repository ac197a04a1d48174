"""The demand of coming hours: now, carried on along the day as it usually goes."""

import math
from dataclasses import replace

import pytest

from controller.control.forecast import (
    AHEAD_H,
    HOUR_S,
    Forecast,
    forecast_kw,
    short_kwh,
    take_weather,
    usual_rise_kw,
    watch,
    weather_left_h,
)
from controller.control.memory import recall, remember
from controller.control.request_table import WEATHER
from controller.control.state import Plain, Request
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


def test_after_a_step_down_nobody_wakes_for_what_was_usual_before() -> None:
    plant = SmallPlant(plant_file(heat={"demand_curve": [[-20.0, 60.0]], "max_heat_kw": 63.0}))
    plant.scans(300)

    told = plant.scan(plant.request("heat_demand_kw", 10.0)).derived["plant.power_target_kw"]

    assert told == pytest.approx(10.0 / 0.95, abs=0.1)


def test_the_usual_day_s_rise_is_known_however_odd_the_present_is() -> None:
    state = watch(after(14.0), 0.5 * MEAN_KW, 14 * DAY_S, 60.0)

    rise_kw = usual_rise_kw(state, 14 * DAY_S, HOUR_S)

    assert rise_kw == pytest.approx(day_kw(HOUR_S) - day_kw(0.0), rel=0.15)
    assert usual_rise_kw(Forecast(), 0.0, HOUR_S) == 0.0


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


@pytest.mark.parametrize(
    ("changed", "hours_later", "left", "complaints"),
    [
        ({}, 1, 3, 0),
        ({}, 5, 0, 0),
        ({"weather_kw": [1.0, "x", 2.0]}, 1, 0, 1),
        ({"weather_kw": [1.0, float("nan"), 2.0]}, 1, 0, 1),
        ({"weather_hour": "now"}, 1, 0, 1),
    ],
)
def test_the_weather_told_outlives_a_restart_as_far_as_it_reaches(
    changed: dict[str, Plain], hours_later: int, left: int, complaints: int
) -> None:
    plant = SmallPlant()
    layout, settings = plant.image.fleet.layout, plant.settings
    told = take_weather(plant.state.forecast, [0.0, -1.0, -2.0, -3.0], CURVE, DAY_S)
    memory = {**remember(replace(plant.state, forecast=told), layout), **changed}
    later_s = DAY_S + hours_later * HOUR_S

    state, said = recall(memory, DAY_S, later_s, plant.state, layout, settings)

    assert weather_left_h(state.forecast, later_s) == left
    assert len(said) == complaints


CURVE = ((-20.0, 7_000.0), (20.0, 1_000.0))


def falling(hours: int) -> list[float]:
    """A cold front: one kelvin an hour."""
    return [-1.0 * hour for hour in range(hours)]


def test_weather_that_grows_cold_is_wanted_before_it_comes() -> None:
    state = after(0.2, lambda _: 4_000.0)
    now_s = 0.2 * DAY_S
    cold = take_weather(state, falling(24), CURVE, now_s)

    assert forecast_kw(state, now_s, 6 * HOUR_S) == pytest.approx(4_000.0, rel=0.01)
    # Six kelvin at 150 kW each, on 4,000 kW at 0 °C.
    assert forecast_kw(cold, now_s, 6 * HOUR_S) == pytest.approx(4_900.0, rel=0.03)
    assert weather_left_h(cold, now_s) == pytest.approx(23.2)


def test_beyond_its_end_a_forecast_of_the_weather_says_nothing() -> None:
    state = after(0.2, lambda _: 4_000.0)
    now_s = 0.2 * DAY_S
    short = take_weather(state, falling(3), CURVE, now_s)

    assert forecast_kw(short, now_s, 6 * HOUR_S) == forecast_kw(state, now_s, 6 * HOUR_S)
    assert forecast_kw(short, now_s + 5 * HOUR_S, HOUR_S) == forecast_kw(
        state, now_s + 5 * HOUR_S, HOUR_S
    )
    assert weather_left_h(short, now_s + 5 * HOUR_S) == 0.0


def sent(plant: SmallPlant, text: str, role: str = "gateway") -> str:
    """What the plant says to a forecast of the weather."""
    request = Request("w1", "weather service", role, WEATHER, text, "", plant.now_s + 600.0)
    return plant.scan(request).verdicts[-1].reason


def test_a_forecast_of_the_weather_is_taken_as_a_row_of_numbers() -> None:
    plant = SmallPlant(plant_file())

    assert sent(plant, "-3.5 -4 -5.25") == "accepted"
    assert len(plant.state.forecast.weather_kw) == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("-3.5", "needs 2 to 48 numbers"),
        ("cold colder", "needs 2 to 48 numbers"),
        ("-3.5 nan", "needs 2 to 48 numbers"),
        ("-3.5 -90", "must lie between -60 and 60"),
        (" ".join(["1"] * 49), "needs 2 to 48 numbers"),
    ],
)
def test_another_row_is_refused_and_the_one_before_stays(text: str, told: str) -> None:
    plant = SmallPlant(plant_file())
    sent(plant, "-3.5 -4")

    request = Request("w2", "weather service", "gateway", WEATHER, text, "", plant.now_s + 600.0)
    verdict = plant.scan(request).verdicts[-1]

    assert not verdict.accepted
    assert told in verdict.reason
    assert len(plant.state.forecast.weather_kw) == 2
