"""Trim: units whose power may be set freely take up what whole units leave over.

They stand in the middle of their range while there is room, so that they can go up and down; only
when they come near an end, whole units are switched.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from controller.control.decision import Wanted
from controller.control.fleet_state import DispatchState
from controller.control.fleet_view import FleetView
from controller.control.settings import FEW_PLANTS, Settings
from controller.control.wishes import may_wake, wake_order, want
from controller.image.evolve import replace
from controller.image.fleet import Floats
from controller.image.process_image import Snapshot

MIDDLE = 0.5
# The part of the room to either side that trim keeps to itself before units are switched.
KEPT_SHARE = 0.8
# A new power is worth its order when it differs so much, and no more often than this.
WORTH_SETTING, EVERY_S = 0.02, 30.0


@lru_cache(FEW_PLANTS)
def has_trim(settings: Settings) -> bool:
    """Whether the power of any unit may be set freely."""
    return bool((settings.trim_from < 1.0).any())


def trim(
    snapshot: Snapshot, state: DispatchState, view: FleetView, error_kw: float
) -> tuple[DispatchState, float]:
    """Set the units that can be set, and give the error that is left to whole ones."""
    on = view.counted & (state.wanted == Wanted.NORMAL)
    # From the middle it is as far up as down.
    room_kw = float((view.reach_kw[on]).sum())
    if room_kw <= 0.0:
        return state, error_kw
    wanted = min(max(MIDDLE + MIDDLE * error_kw / room_kw, 0.0), 1.0)
    due = snapshot.now_s - state.trim_s >= EVERY_S
    if due and abs(wanted - state.trim) >= WORTH_SETTING:
        state = replace(state, trim=wanted, trim_s=snapshot.now_s)
    return state, 0.0 if abs(error_kw) <= KEPT_SHARE * room_kw else error_kw


def enough(
    snapshot: Snapshot,
    state: DispatchState,
    view: FleetView,
    goal_kw: float,
    room_kw: float,
    settings: Settings,
) -> DispatchState:
    """Wake units that can be set until they reach half a step of a whole unit to either side.

    Whole units then make room for them; where there is no power for all, nobody is woken for it.
    """
    free = settings.trim_from < 1.0
    on = free & (state.wanted == Wanted.NORMAL)
    whole_kw = view.step_kw[~free]
    wanted_kw = 0.5 * float(whole_kw.max(initial=0.0)) / KEPT_SHARE
    missing_kw = wanted_kw - float(view.reach_kw[on].sum())
    if missing_kw <= 0.0:
        return state
    order = wake_order(snapshot, state, settings)
    units = order[(free & may_wake(snapshot, state, view, settings))[order]]
    before_kw = np.cumsum(view.reach_kw[units]) - view.reach_kw[units]
    power_kw = np.cumsum(view.step_kw[units])
    has_place = power_kw <= min(room_kw, goal_kw - float(view.step_kw[on].sum()))
    units = units[(before_kw < missing_kw) & has_place]
    return want(state, units, Wanted.NORMAL, snapshot)


def whole_percents(shares: Floats) -> NDArray[np.int16]:
    """Whole percentages that together are as near as can be to these shares; 0 where none is set.

    Units take no finer ones, but not all of them need the same.
    """
    sums = np.round(np.cumsum(np.where(np.isnan(shares), 0.0, 100.0 * shares)))
    return np.diff(sums, prepend=0.0).astype(np.int16)


def power_share(state: DispatchState, settings: Settings) -> Floats:
    """The share of its rating that each unit shall draw, NaN where that cannot be set."""
    low = settings.trim_from
    share = np.where(low < 1.0, low + state.trim * (1.0 - low), np.nan)
    return np.where(state.wanted == Wanted.NORMAL, share, np.nan)
