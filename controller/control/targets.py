"""Heat that is wanted: one wish wins, contracted heat is its floor, and a ramp leads to it."""

import math
from bisect import bisect_right
from dataclasses import dataclass

from controller.control.fleet_state import HeatState
from controller.control.power import PowerBand
from controller.control.request_table import CONTRACT, GRID, HEAT, POWER
from controller.control.settings import HeatSettings, Schedule, along
from controller.control.standing import (
    Contract,
    Standing,
    contract,
    standing_kw,
    standing_request,
)

WEEK_S = 7 * 24 * 3600.0
# 1 January 1970 was a Thursday: weeks begin three days earlier.
MONDAY_S = 3 * 24 * 3600.0


@dataclass(frozen=True, slots=True)
class HeatTarget:
    """The heat that is wanted in kW, whose wish it is, what it asked for, and the floor."""

    kw: float
    source: str
    asked_kw: float
    floor_kw: float


def heat_target(
    standing: Standing,
    state: HeatState,
    utc_s: float,
    dt_s: float,
    heat: HeatSettings,
    *,
    drawn_kw: float | None = None,
) -> HeatTarget:
    """Operator, nomination, district signal, schedule, weather curve: the first that there is.

    A sole source follows what its network draws (`drawn_kw`) instead of the curve.
    """
    owed = contract(standing)
    asked_kw, source = _winner(standing, owed, state, utc_s, heat, drawn_kw)
    asked_kw = min(max(asked_kw, 0.0), heat.max_heat_kw)
    floor_kw = 0.0 if owed is None else min(owed.floor_kw, heat.max_heat_kw)
    # What is owed is owed at once: the ramp is for wishes.
    kw = max(ramped_kw(state.target_kw, asked_kw, dt_s, heat), floor_kw)
    if asked_kw < floor_kw:
        source = f"{source}, held at contracted heat"
    return HeatTarget(kw, source, asked_kw, floor_kw)


def ramped_kw(before_kw: float | None, wanted_kw: float, dt_s: float, heat: HeatSettings) -> float:
    """The next step on the way to what is wanted; the first target is taken as it is."""
    if before_kw is None:
        return wanted_kw
    step_kw = heat.ramp_kw_per_min / 60.0 * dt_s
    return min(max(wanted_kw, before_kw - step_kw), before_kw + step_kw)


def scheduled_kw(schedule: Schedule, utc_s: float) -> float | None:
    """The heat that the schedule wants now; None while it wants nothing."""
    row = bisect_right(schedule.offsets, utc_s, key=lambda offset: offset[0]) - 1
    local_s = (utc_s + schedule.offsets[max(row, 0)][1] + MONDAY_S) % WEEK_S
    for part in schedule.parts:
        length_s = (part.to_s - part.from_s) % WEEK_S
        if (local_s - part.from_s) % WEEK_S < length_s:
            return part.heat_kw
    return None


def outdoor_c(state: HeatState, heat: HeatSettings) -> float:
    """The filtered outdoor temperature, or the configured one before the first reading."""
    return heat.outdoor_fallback_c if state.outdoor_c is None else state.outdoor_c


def asked_ceilings(
    band: PowerBand, standing: Standing, recovery: float, unit_kw: float
) -> PowerBand:
    """What people limit: the grid's order as it is, the others not below contracted heat.

    Units come whole, so contracted heat needs a whole number of them.
    """
    grid_kw = standing_kw(standing, GRID)
    if grid_kw is not None:
        band = band.limit(grid_kw, "grid order")
    owed = contract(standing)
    floor_kw = 0.0 if owed is None else _whole_units_kw(owed.floor_kw / recovery, unit_kw)
    for name, words in ((CONTRACT, "contract limit"), (POWER, "operator limit")):
        limit_kw = standing_kw(standing, name)
        if limit_kw is None:
            continue
        held = limit_kw < floor_kw
        reason = f"{words}, held at contracted heat" if held else words
        band = band.limit(max(limit_kw, floor_kw), reason)
    return band


def _whole_units_kw(power_kw: float, unit_kw: float) -> float:
    # A hair above a whole number is that number.
    return math.ceil(power_kw / unit_kw - 1e-6) * unit_kw


def _winner(
    standing: Standing,
    owed: Contract | None,
    state: HeatState,
    utc_s: float,
    heat: HeatSettings,
    drawn_kw: float | None,
) -> tuple[float, str]:
    request, asked_kw = standing_request(standing, HEAT), standing_kw(standing, HEAT)
    if request is not None and asked_kw is not None:
        return asked_kw, request.source
    if owed is not None:
        return owed.kw, owed.source
    planned_kw = scheduled_kw(heat.schedule, utc_s)
    if planned_kw is not None:
        return planned_kw, "schedule"
    if drawn_kw is not None:
        return drawn_kw, "network demand"
    return along(heat.demand_curve, outdoor_c(state, heat)), "weather curve"
