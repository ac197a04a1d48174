"""Trim: units whose power may be set freely take up what whole units leave over.

They stand in the middle of their range while there is room, so that they can go up and down; only
when they come near an end, whole units are switched.
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from controller.control.decision import Wanted
from controller.control.fleet_state import DispatchState
from controller.control.fleet_view import FleetView
from controller.control.settings import FEW_PLANTS, Settings
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


def power_share(state: DispatchState, settings: Settings) -> Floats:
    """The share of its rating that each unit shall draw, NaN where that cannot be set."""
    low = settings.trim_from
    share = np.where(low < 1.0, low + state.trim * (1.0 - low), np.nan)
    return np.where(state.wanted == Wanted.NORMAL, share, np.nan)
