"""What survives a restart: ordered mode, learnt recovery, usual day, weather, sleeps of the day.

Everything is checked again when it comes back: a file may be old, of another plant, or edited.
"""

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from controller.control.forecast import DAY_H, HOUR_S, LEAST_SHARE, MOST_SHARE
from controller.control.modes import ORDERS
from controller.control.settings import Settings
from controller.control.state import Plain, PlantState
from controller.image.evolve import replace
from controller.image.fleet import FleetLayout

DAY_S: Final = 86_400.0
# A recovery learnt longer ago tells of another season.
RECOVERY_LIFE_S: Final = 7 * DAY_S
USUAL_DAY_LIFE_S: Final = 60 * DAY_S
# A file may be from a moment in the future when the clock was set back, but not from far away.
CLOCK_STEP_S: Final = 3_600.0
MOST_SLEEPS: Final = 127
MOST_RESETS: Final = 100
DECIMALS: Final = 4

Memory = dict[str, Plain]


def remember(state: PlantState, layout: FleetLayout) -> Memory:
    """What to keep of this moment; equal memories mean that nothing worth keeping has changed."""
    slept = np.flatnonzero(state.dispatch.sleeps).tolist()
    return {
        "order": state.order,
        "recovery": round(state.heat.recovery, DECIMALS),
        "day": state.dispatch.day,
        "sleeps": {layout.names[unit]: int(state.dispatch.sleeps[unit]) for unit in slept},
        "usual_day": [round(share, DECIMALS) for share in state.forecast.day],
        "weather_hour": state.forecast.weather_hour,
        "weather_kw": [round(each_kw, 1) for each_kw in state.forecast.weather_kw],
        "kept": dict(state.kept),
        "resets": list(state.protection.resets_utc_s),
    }


def recall(
    memory: Mapping[str, Plain],
    written_utc_s: float,
    utc_s: float,
    state: PlantState,
    layout: FleetLayout,
    settings: Settings,
) -> tuple[PlantState, list[str]]:
    """The state with what may be believed of a memory, and in words what may not."""
    age_s = utc_s - written_utc_s
    if age_s < -CLOCK_STEP_S:
        return state, ["what was kept is from the future: the clock was set back, it is forgotten"]
    complaints: list[str] = []
    state = _recall_order(memory, state, complaints)
    state = _recall_recovery(memory, age_s, state, settings, complaints)
    state = _recall_usual_day(memory, age_s, state, complaints)
    state = _recall_weather(memory, utc_s, state, complaints)
    state = _recall_resets(memory, state)
    state = _recall_sleeps(memory, utc_s, state, layout, complaints)
    kept = memory.get("kept", {})
    if not isinstance(kept, dict):
        complaints.append("what other rooms kept is no table: forgotten")
        return state, complaints
    return replace(state, kept=kept), complaints


def _recall_order(
    memory: Mapping[str, Plain], state: PlantState, complaints: list[str]
) -> PlantState:
    told = memory.get("order")
    order = next((known for known in ORDERS if known == told), None)
    if order is None and told is not None:
        complaints.append(f"a plant mode {told!r} was kept: forgotten")
    return state if order is None else replace(state, order=order)


def _recall_recovery(
    memory: Mapping[str, Plain],
    age_s: float,
    state: PlantState,
    settings: Settings,
    complaints: list[str],
) -> PlantState:
    recovery = memory.get("recovery")
    heat = settings.heat
    if recovery is None or age_s > RECOVERY_LIFE_S:
        return state
    known = isinstance(recovery, float | int) and not isinstance(recovery, bool)
    if not known or not heat.recovery_low <= float(recovery) <= heat.recovery_high:  # type: ignore[arg-type]
        complaints.append(f"a recovery of {recovery!r} was kept: forgotten")
        return state
    return replace(state, heat=replace(state.heat, recovery=float(recovery)))  # type: ignore[arg-type]


def _recall_usual_day(
    memory: Mapping[str, Plain], age_s: float, state: PlantState, complaints: list[str]
) -> PlantState:
    shares = memory.get("usual_day")
    if shares is None or age_s > USUAL_DAY_LIFE_S:
        return state
    day = _numbers(shares)
    if len(day) != DAY_H or not all(
        LEAST_SHARE / 2.0 <= share <= 2.0 * MOST_SHARE for share in day
    ):
        complaints.append("the usual day of the demand makes no sense: forgotten")
        return state
    return replace(state, forecast=replace(state.forecast, day=day))


def _recall_weather(
    memory: Mapping[str, Plain], utc_s: float, state: PlantState, complaints: list[str]
) -> PlantState:
    """What the weather calls for, as far as it still reaches."""
    hour, told = memory.get("weather_hour", 0), memory.get("weather_kw", [])
    weather_kw = _numbers(told)
    whole = isinstance(told, list) and len(weather_kw) == len(told)
    if type(hour) is not int or not whole or not all(0.0 <= kw < math.inf for kw in weather_kw):
        complaints.append("the forecast of the weather makes no sense: forgotten")
        return state
    if not hour <= utc_s / HOUR_S < hour + len(weather_kw):
        return state
    forecast = replace(state.forecast, weather_hour=hour, weather_kw=weather_kw)
    return replace(state, forecast=forecast)


def _recall_sleeps(
    memory: Mapping[str, Plain],
    utc_s: float,
    state: PlantState,
    layout: FleetLayout,
    complaints: list[str],
) -> PlantState:
    today = int(utc_s // DAY_S)
    told = memory.get("sleeps", {})
    if not isinstance(told, dict):
        complaints.append("the sleeps of the day are no table: forgotten")
        return state
    if memory.get("day") != today:
        return state
    places = {name: unit for unit, name in enumerate(layout.names)}
    sleeps = state.dispatch.sleeps.copy()
    strange = []
    for name, count in told.items():
        unit = places.get(name)
        if unit is None or type(count) is not int or not 0 <= count <= MOST_SLEEPS:
            strange.append(name)
        else:
            sleeps[unit] = count
    if strange:
        complaints.append(f"sleeps of {', '.join(sorted(strange)[:5])} make no sense: forgotten")
    return replace(state, dispatch=replace(state.dispatch, sleeps=sleeps, day=today))


def _numbers(told: Plain) -> tuple[float, ...]:
    """The numbers in a list, which may be none and hold anything."""
    listed = told if isinstance(told, list) else []
    return tuple(float(each) for each in listed if type(each) is float or type(each) is int)


def _recall_resets(memory: Mapping[str, Plain], state: PlantState) -> PlantState:
    """A plant is not started more often because its controller was started in between."""
    times = _numbers(memory.get("resets", []))
    protection = replace(state.protection, resets_utc_s=times[-MOST_RESETS:])
    return replace(state, protection=protection)
