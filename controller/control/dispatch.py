"""Dispatch: a power target becomes units that run and units that sleep, whole containers first.

Sleepers in an open container pass water and cool the hot header, so that a container is filled
before the next one opens, emptied before another one is touched, and shut when its last unit has
cooled.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from controller.control.containers import open_and_shut
from controller.control.decision import Wanted
from controller.control.fleet_state import DispatchState
from controller.control.fleet_view import FleetView, committed_kw
from controller.control.ladder import is_mixed, ladder
from controller.control.protection.protect import Protection
from controller.control.rungs import climb
from controller.control.settings import Settings
from controller.control.trim import enough, has_trim, trim
from controller.control.wishes import may_sleep, may_wake, refill, sleep_order, wake_order, want
from controller.image.evolve import replace
from controller.image.fleet import Flags
from controller.image.process_image import Snapshot

# A power error is worth a switch when it exceeds this share of one unit, and has come to as much
# energy as one unit makes in a minute; what is as large as some units is acted on at once.
WORTH_A_SWITCH = 0.55
PATIENCE_S = 60.0
URGENT_UNITS, URGENT_SHARE = 3.0, 0.05


@dataclass(frozen=True, slots=True)
class Goal:
    """What dispatch shall reach: power, the most that is allowed, what containers are open for.

    The shortest times on do not bind in a start: what has warmed the water may go at once.
    """

    power_kw: float
    ceiling_kw: float
    open_kw: float
    dwell_binds: bool = True


def dispatch(
    snapshot: Snapshot,
    state: DispatchState,
    view: FleetView,
    protection: Protection,
    goal: Goal,
    dt_s: float,
    settings: Settings,
) -> DispatchState:
    """The next wish for each unit and container, so that the counted power meets the target.

    Dwell times and the daily cap of sleeps bind the target's wishes only: what lies above the
    ceiling, or in a stopped container, sleeps at once.
    """
    state = refill(state, dt_s, settings)
    stopped = np.flatnonzero(protection.stop_units & (state.wanted == Wanted.NORMAL))
    state = want(state, stopped, Wanted.SLEEP, snapshot)
    state = _above_ceiling(state, view, goal.ceiling_kw, snapshot, settings)
    state = _adopt(state, view, goal, snapshot, settings)
    if not goal.dwell_binds:
        # Who has started by himself and is not wanted will go by himself: nobody goes in his place.
        view = replace(view, counted=view.counted & (state.wanted == Wanted.NORMAL))
    room_kw = goal.ceiling_kw - committed_kw(state, view)
    error_kw = min(goal.power_kw - goal.ceiling_kw, 0.0) + room_kw
    if has_trim(settings):
        state = enough(snapshot, state, view, goal.power_kw, room_kw, settings)
        state, error_kw = trim(snapshot, state, view, error_kw)
    state, worth_it = _weigh(state, error_kw, _step_kw(state, view, settings), dt_s, settings)
    if worth_it and is_mixed(settings):
        binds = goal.dwell_binds
        state = climb(snapshot, state, view, error_kw, room_kw, settings, dwell_binds=binds)
    elif worth_it and error_kw > 0.0:
        state = _wake(state, view, error_kw, goal.ceiling_kw, snapshot, settings)
    elif worth_it:
        state = _sleep(state, view, -error_kw, goal, snapshot, settings)
    return open_and_shut(state, view, protection, goal.open_kw, snapshot, settings)


def _step_kw(state: DispatchState, view: FleetView, settings: Settings) -> float:
    """The smallest change of power that a switch makes."""
    if is_mixed(settings):
        return ladder(settings).least_kw * state.power_ratio
    return float(view.step_kw.mean())


def _weigh(
    state: DispatchState, error_kw: float, step_kw: float, dt_s: float, settings: Settings
) -> tuple[DispatchState, bool]:
    """Whether an error is worth a switch now: large, or small for long enough.

    Ripples of the target put nobody to sleep.
    """
    if abs(error_kw) <= WORTH_A_SWITCH * step_kw:
        owed_kj = state.owed_kj * math.exp(-dt_s / PATIENCE_S)
        return (state if owed_kj == state.owed_kj else replace(state, owed_kj=owed_kj)), False
    owed_kj = state.owed_kj + error_kw * dt_s
    urgent_kw = max(min(URGENT_UNITS * step_kw, URGENT_SHARE * settings.total_kw), step_kw)
    worth_it = abs(error_kw) >= urgent_kw
    worth_it |= owed_kj * math.copysign(1.0, error_kw) >= step_kw * PATIENCE_S
    return replace(state, owed_kj=0.0 if worth_it else owed_kj), worth_it


def _above_ceiling(
    state: DispatchState, view: FleetView, ceiling_kw: float, snapshot: Snapshot, settings: Settings
) -> DispatchState:
    """Put to sleep what the ceiling does not allow, whatever its dwell."""
    over_kw = committed_kw(state, view) - ceiling_kw
    if over_kw <= 0.0:
        return state
    order = sleep_order(snapshot, state, settings)
    units = order[state.wanted[order] == Wanted.NORMAL]
    count = int(np.searchsorted(np.cumsum(view.step_kw[units]), over_kw)) + 1
    return want(state, units[:count], Wanted.SLEEP, snapshot)


def _wake(
    state: DispatchState,
    view: FleetView,
    error_kw: float,
    ceiling_kw: float,
    snapshot: Snapshot,
    settings: Settings,
) -> DispatchState:
    """Wake the units that the error is worth, at most as many a second as the ramp allows."""
    eligible = may_wake(snapshot, state, view, settings)
    units = _fitting(eligible, snapshot, state, view, error_kw, ceiling_kw, settings)
    units = units[: int(state.wake_credit)]
    state = replace(state, wake_credit=state.wake_credit - len(units))
    return want(state, units, Wanted.NORMAL, snapshot)


def _adopt(
    state: DispatchState, view: FleetView, goal: Goal, snapshot: Snapshot, settings: Settings
) -> DispatchState:
    """Keep what starts by itself where its power is wanted: miners do when mains returns."""
    own = (
        view.running
        & view.may_heat
        & snapshot.fleet.commandable
        & view.ready[settings.container_of]
        & (state.wanted == Wanted.SLEEP)
        & (view.since_s > settings.unit.follow_limit_s)
        & (state.sleeps < settings.unit.sleeps_per_day)
    )
    if not own.any():
        return state
    # Such a unit counts already, as one that does not obey; wanting it adds nothing.
    others = replace(view, counted=view.counted & ~own)
    error_kw = min(goal.power_kw, goal.ceiling_kw) - committed_kw(state, others)
    units = _fitting(own, snapshot, state, others, error_kw, goal.ceiling_kw, settings)
    return want(state, units, Wanted.NORMAL, snapshot)


def _fitting(
    eligible: Flags,
    snapshot: Snapshot,
    state: DispatchState,
    view: FleetView,
    error_kw: float,
    ceiling_kw: float,
    settings: Settings,
) -> NDArray[np.int64]:
    """The eligible units in the order of waking, as many as the error and the ceiling have room."""
    order = wake_order(snapshot, state, settings)
    units = order[eligible[order]]
    room_kw = ceiling_kw - committed_kw(state, view)
    half_kw = 0.5 * float(view.step_kw.mean())
    power_kw = np.cumsum(view.step_kw[units])
    return units[(power_kw <= error_kw + half_kw) & (power_kw <= room_kw)]


def _sleep(
    state: DispatchState,
    view: FleetView,
    excess_kw: float,
    goal: Goal,
    snapshot: Snapshot,
    settings: Settings,
) -> DispatchState:
    """Put to sleep the units that are too many and have been on long enough."""
    eligible = may_sleep(snapshot, state, view, settings, dwell_binds=goal.dwell_binds)
    order = sleep_order(snapshot, state, settings)
    units = order[eligible[order]]
    half_kw = 0.5 * float(view.step_kw.mean())
    units = units[np.cumsum(view.step_kw[units]) <= excess_kw + half_kw]
    return want(state, units, Wanted.SLEEP, snapshot)
