"""Forecast of the demand: what is wanted now, carried on along the day as it usually goes.

The day is learnt hour by hour (UTC) as a share of its mean, the level follows what is wanted within
hours. Where a forecast of the weather is there, the level moves with what the demand curve says of
it. How far off the forecast was is told, for one hour and for six.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from controller.control.settings import Curve, along
from controller.image.evolve import replace

HOUR_S, DAY_H = 3_600.0, 24
LEVEL_S, DAY_S = 2.0 * HOUR_S, 24.0 * HOUR_S
LEARNT_SHARE, ERROR_SHARE = 0.2, 0.05
LEAST_SHARE, MOST_SHARE = 0.3, 3.0
# An hour counts when most of it has been seen.
SEEN_S = 3_000.0
AHEAD_H = 6
# What differs from the usual day now is forgotten within this.
ODD_S = 1.5 * HOUR_S
LEAST_KW = 1.0

Day = tuple[float, ...]
"""24 shares of the day's mean, one an hour."""


@dataclass(frozen=True)
class Forecast:
    """What is known of the demand.

    `promised_kw` are the means of coming hours as they were forecast six hours before, `next_kw`
    that of the running hour as it was forecast at its beginning. `weather_kw` is what the weather
    of each hour calls for, from `weather_hour` (hours since 1970) on; empty without a forecast.
    """

    day: Day = (1.0,) * DAY_H
    level_kw: float | None = None
    day_kw: float = 0.0
    now_kw: float = 0.0
    hour: int | None = None
    seen_kj: float = 0.0
    seen_s: float = 0.0
    next_kw: float | None = None
    promised_kw: tuple[float, ...] = ()
    error_1h_pct: float | None = None
    error_6h_pct: float | None = None
    weather_hour: int = 0
    weather_kw: tuple[float, ...] = ()


def watch(state: Forecast, wanted_kw: float, utc_s: float, dt_s: float) -> Forecast:
    """Take in what is wanted now; at the end of an hour learn from it."""
    if state.level_kw is None:
        return _first(state, wanted_kw, utc_s)
    hour = int(utc_s // HOUR_S)
    if hour != state.hour:
        state = _hour_over(state, hour, utc_s)
    level_kw = state.level_kw or 0.0
    usual = _share(state.day, utc_s)
    return replace(
        state,
        level_kw=level_kw - math.expm1(-dt_s / LEVEL_S) * (wanted_kw / usual - level_kw),
        day_kw=state.day_kw - math.expm1(-dt_s / DAY_S) * (wanted_kw - state.day_kw),
        now_kw=wanted_kw,
        seen_kj=state.seen_kj + wanted_kw * dt_s,
        seen_s=state.seen_s + dt_s,
    )


def forecast_kw(state: Forecast, utc_s: float, ahead_s: float) -> float | None:
    """What will be wanted so many seconds from now; None before anything was."""
    if state.level_kw is None:
        return None
    odd_kw = state.now_kw - state.level_kw * _share(state.day, utc_s)
    usual_kw = state.level_kw * _share(state.day, utc_s + ahead_s)
    usual_kw *= _weather_change(state, utc_s, ahead_s)
    return max(0.0, usual_kw + odd_kw * math.exp(-ahead_s / ODD_S))


def usual_rise_kw(state: Forecast, utc_s: float, ahead_s: float) -> float:
    """How much more the usual day and the weather want then than now.

    What is odd now is taken to stay: within minutes nobody knows better.
    """
    if state.level_kw is None:
        return 0.0
    then = _share(state.day, utc_s + ahead_s) * _weather_change(state, utc_s, ahead_s)
    return state.level_kw * (then - _share(state.day, utc_s))


def short_kwh(state: Forecast, utc_s: float, most_kw: float) -> float:
    """The heat of the next hours that the fleet cannot make when it is wanted."""
    missing_kwh = 0.0
    for hour in range(AHEAD_H):
        coming_kw = forecast_kw(state, utc_s, (hour + 0.5) * HOUR_S) or 0.0
        missing_kwh += max(0.0, coming_kw - most_kw)
    return missing_kwh


def _first(state: Forecast, wanted_kw: float, utc_s: float) -> Forecast:
    level_kw = wanted_kw / _share(state.day, utc_s)
    hour = int(utc_s // HOUR_S)
    return replace(state, level_kw=level_kw, day_kw=level_kw, now_kw=wanted_kw, hour=hour)


def _hour_over(state: Forecast, hour: int, utc_s: float) -> Forecast:
    """Learn from the hour that has ended, and promise the coming ones."""
    whole = state.hour is not None and hour == state.hour + 1 and state.seen_s >= SEEN_S
    promised_kw = state.promised_kw
    if whole:
        mean_kw = max(state.seen_kj / state.seen_s, LEAST_KW)
        long_ago_kw = promised_kw[0] if len(promised_kw) == AHEAD_H else None
        state = replace(
            state,
            day=_learnt(state.day, hour - 1, mean_kw / max(state.day_kw, LEAST_KW)),
            error_1h_pct=_error(state.error_1h_pct, state.next_kw, mean_kw),
            error_6h_pct=_error(state.error_6h_pct, long_ago_kw, mean_kw),
        )
    else:
        promised_kw = ()
    far_kw = forecast_kw(state, utc_s, (AHEAD_H - 0.5) * HOUR_S) or 0.0
    next_kw = forecast_kw(state, utc_s, 0.5 * HOUR_S)
    promised_kw = (*promised_kw, far_kw)[-AHEAD_H:]
    return replace(
        state, hour=hour, seen_kj=0.0, seen_s=0.0, next_kw=next_kw, promised_kw=promised_kw
    )


def _learnt(day: Day, hour: int, share: float) -> Day:
    """The usual day with one hour moved towards what it was; its mean stays one."""
    shares = list(day)
    share = min(max(share, LEAST_SHARE), MOST_SHARE)
    shares[hour % DAY_H] += LEARNT_SHARE * (share - shares[hour % DAY_H])
    mean = sum(shares) / DAY_H
    return tuple(value / mean for value in shares)


def _error(before_pct: float | None, told_kw: float | None, mean_kw: float) -> float | None:
    if told_kw is None:
        return before_pct
    off_pct = 100.0 * abs(told_kw - mean_kw) / mean_kw
    return off_pct if before_pct is None else before_pct + ERROR_SHARE * (off_pct - before_pct)


def take_weather(
    state: Forecast, outdoor_c: Sequence[float], curve: Curve, utc_s: float
) -> Forecast:
    """Look ahead with these hourly means of the outdoor temperature, the running hour's first."""
    weather_kw = tuple(along(curve, each_c) for each_c in outdoor_c)
    return replace(state, weather_hour=int(utc_s // HOUR_S), weather_kw=weather_kw)


def weather_left_h(state: Forecast, utc_s: float) -> float:
    """How many hours the forecast of the weather still reaches."""
    return max(0.0, state.weather_hour + len(state.weather_kw) - utc_s / HOUR_S)


def _weather_change(state: Forecast, utc_s: float, ahead_s: float) -> float:
    """What the weather then calls for as a share of what it calls for now; 1 where not known."""
    now_kw, then_kw = (_weather_kw(state, at_s) for at_s in (utc_s, utc_s + ahead_s))
    if now_kw is None or then_kw is None:
        return 1.0
    share = max(then_kw, LEAST_KW) / max(now_kw, LEAST_KW)
    return min(max(share, LEAST_SHARE), MOST_SHARE)


def _weather_kw(state: Forecast, utc_s: float) -> float | None:
    """Straight lines between the middles of the hours; before the first and after the last flat."""
    hour = utc_s / HOUR_S - state.weather_hour
    last = len(state.weather_kw) - 1
    if not 0.0 <= hour < last + 1.0:
        return None
    before, part = divmod(min(max(hour - 0.5, 0.0), float(last)), 1.0)
    left, right = (state.weather_kw[min(int(before) + step, last)] for step in (0, 1))
    return left + part * (right - left)


def _share(day: Day, utc_s: float) -> float:
    """The usual share at this moment: straight lines between the middles of the hours."""
    before, part = divmod(utc_s / HOUR_S - 0.5, 1.0)
    left, right = day[int(before) % DAY_H], day[int(before + 1.0) % DAY_H]
    return left + part * (right - left)
