"""Dispatch: a power target becomes units that run and units that sleep, whole containers first.

Sleepers in an open container pass water and cool the hot header, so that a container is filled
before the next one opens, emptied before another one is touched, and shut when its last unit has
cooled.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from controller.control.causes import HEATING_KW
from controller.control.decision import Wanted
from controller.control.protection import Protection
from controller.control.settings import Settings, container_tag
from controller.control.state import DispatchState
from controller.image.fleet import Flags, Floats, UnitState
from controller.image.process_image import Snapshot
from controller.image.tag import Quality

# A power error is worth a switch when it exceeds this share of one unit.
WORTH_A_SWITCH = 0.55
RATIO_FILTER_S = 60.0
DAY_S = 86_400.0
# When more than this share of a container is silent, it is not the miners.
SWITCH_LOST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class FleetView:
    """What dispatch makes of the fleet in this scan, one flag or figure a unit or a container."""

    running: Flags
    asleep: Flags
    counted: Flags
    ready: Flags
    step_kw: Floats


def dispatch(
    snapshot: Snapshot,
    state: DispatchState,
    protection: Protection,
    target_kw: float,
    ceiling_kw: float,
    dt_s: float,
    settings: Settings,
) -> DispatchState:
    """The next wish for each unit and container, so that the counted power meets the target.

    Dwell times and the daily cap of sleeps bind the target's wishes only: what lies above the
    ceiling, or in a stopped container, sleeps at once.
    """
    state = _new_day(_measure(snapshot, state, dt_s, settings), snapshot)
    state = _exclude(snapshot, state, settings)
    view = _view(snapshot, state, protection, settings)
    state = _want(
        state, protection.stop_units & (state.wanted == Wanted.NORMAL), Wanted.SLEEP, snapshot
    )
    state = _above_ceiling(state, view, ceiling_kw, snapshot, settings)
    goal_kw = min(target_kw, ceiling_kw)
    error_kw = goal_kw - _committed_kw(state, view)
    step_kw = float(view.step_kw.mean())
    if error_kw > WORTH_A_SWITCH * step_kw:
        state = _wake(state, view, error_kw, ceiling_kw, dt_s, snapshot, settings)
    elif error_kw < -WORTH_A_SWITCH * step_kw:
        state = _sleep(state, view, -error_kw, snapshot, settings)
    return _containers(state, view, protection, goal_kw, snapshot, settings)


def committed_kw(
    snapshot: Snapshot, state: DispatchState, protection: Protection, settings: Settings
) -> float:
    """The power of all units that run or are on their way, once they have arrived."""
    return _committed_kw(state, _view(snapshot, state, protection, settings))


def _measure(
    snapshot: Snapshot, state: DispatchState, dt_s: float, settings: Settings
) -> DispatchState:
    """Follow what a running unit really draws, as a share of its rating."""
    fleet = snapshot.fleet
    settled = (
        (fleet.state == UnitState.RUNNING)
        & (state.wanted == Wanted.NORMAL)
        & (snapshot.now_s - state.changed_s > settings.unit.wake_limit_s)
        & ~np.isnan(fleet.power_kw)
    )
    if not settled.any():
        return state
    seen = float(fleet.power_kw[settled].sum() / settings.rated_kw[settled].sum())
    step = 1.0 - float(np.exp(-dt_s / RATIO_FILTER_S))
    ratio = min(max(state.power_ratio + step * (seen - state.power_ratio), 0.5), 1.2)
    return replace(state, power_ratio=ratio)


def _new_day(state: DispatchState, snapshot: Snapshot) -> DispatchState:
    day = int(snapshot.utc_s // DAY_S)
    if day == state.day:
        return state
    return replace(state, day=day, sleeps=np.zeros_like(state.sleeps))


def _exclude(snapshot: Snapshot, state: DispatchState, settings: Settings) -> DispatchState:
    """Stop counting on units that should be running and do not; count on them again when they do.

    Where most of a container falls silent at once, its switch is lost and not its miners: they are
    taken to run on, and nobody else is woken in their place.
    """
    of = settings.container_of
    running = snapshot.fleet.state == UnitState.RUNNING
    silent = snapshot.fleet.state == UnitState.UNKNOWN
    silent_in = np.bincount(of[silent], minlength=settings.containers)
    switch_lost = silent & (silent_in > SWITCH_LOST_SHARE * settings.units_in)[of]
    overdue = (
        (state.wanted == Wanted.NORMAL)
        & (snapshot.now_s - state.changed_s > settings.unit.wake_limit_s)
        & ~running
        & ~switch_lost
    )
    return replace(state, excluded=(state.excluded | overdue) & ~running)


def _view(
    snapshot: Snapshot, state: DispatchState, protection: Protection, settings: Settings
) -> FleetView:
    fleet = snapshot.fleet
    running = (fleet.state == UnitState.RUNNING) | (fleet.state == UnitState.STARTING)
    asleep = (fleet.state == UnitState.ASLEEP) & (fleet.quality == Quality.GOOD)
    wanted_on = state.wanted == Wanted.NORMAL
    stubborn = (
        running & ~wanted_on & (snapshot.now_s - state.changed_s > settings.unit.follow_limit_s)
    )
    return FleetView(
        running=running,
        asleep=asleep,
        counted=(wanted_on & ~state.excluded & ~protection.stop_units) | stubborn,
        ready=_ready(snapshot, state, protection),
        step_kw=settings.rated_kw * state.power_ratio,
    )


def _ready(snapshot: Snapshot, state: DispatchState, protection: Protection) -> Flags:
    """The containers in which units may wake: fed, flowing, open and not stopped."""
    ready = state.open_wanted & ~protection.open_contactors
    for container in np.flatnonzero(ready):
        fed = snapshot.flag(container_tag(int(container), "contactor_closed")) is True
        flowing = snapshot.flag(container_tag(int(container), "flow_proven")) is True
        ready[container] = (
            fed and flowing and snapshot.flag(container_tag(int(container), "valve_open")) is True
        )
    return np.asarray(ready)


def _committed_kw(state: DispatchState, view: FleetView) -> float:
    counted = view.counted & ((state.wanted == Wanted.NORMAL) | view.running)
    return float(view.step_kw[counted].sum())


def _above_ceiling(
    state: DispatchState, view: FleetView, ceiling_kw: float, snapshot: Snapshot, settings: Settings
) -> DispatchState:
    """Put to sleep what the ceiling does not allow, whatever its dwell."""
    over_kw = _committed_kw(state, view) - ceiling_kw
    if over_kw <= 0.0:
        return state
    order = _sleep_order(state, settings)
    units = order[state.wanted[order] == Wanted.NORMAL]
    count = int(np.searchsorted(np.cumsum(view.step_kw[units]), over_kw)) + 1
    return _want_some(state, units[:count], Wanted.SLEEP, snapshot)


def _wake(
    state: DispatchState,
    view: FleetView,
    error_kw: float,
    ceiling_kw: float,
    dt_s: float,
    snapshot: Snapshot,
    settings: Settings,
) -> DispatchState:
    """Wake the units that the error is worth, at most as many a second as the ramp allows."""
    limits = settings.unit
    credit = min(state.wake_credit + limits.wakes_per_s * dt_s, limits.wakes_per_s)
    eligible = (
        view.asleep
        & snapshot.fleet.commandable
        & view.ready[settings.container_of]
        & (state.wanted == Wanted.SLEEP)
        & ~state.excluded
        & (snapshot.now_s - state.changed_s >= limits.min_off_s)
    )
    order = _wake_order(state, settings)
    units = order[eligible[order]][: int(credit)]
    room_kw = ceiling_kw - _committed_kw(state, view)
    half_kw = 0.5 * float(view.step_kw.mean())
    power_kw = np.cumsum(view.step_kw[units])
    units = units[(power_kw <= error_kw + half_kw) & (power_kw <= room_kw)]
    state = replace(state, wake_credit=credit - len(units))
    return _want_some(state, units, Wanted.NORMAL, snapshot)


def _sleep(
    state: DispatchState, view: FleetView, excess_kw: float, snapshot: Snapshot, settings: Settings
) -> DispatchState:
    """Put to sleep the units that are too many and have been on long enough."""
    limits = settings.unit
    eligible = (
        (state.wanted == Wanted.NORMAL)
        & (snapshot.now_s - state.changed_s >= limits.min_on_s)
        & (state.sleeps < limits.sleeps_per_day)
        & snapshot.fleet.commandable
    )
    order = _sleep_order(state, settings)
    units = order[eligible[order]]
    half_kw = 0.5 * float(view.step_kw.mean())
    units = units[np.cumsum(view.step_kw[units]) <= excess_kw + half_kw]
    return _want_some(state, units, Wanted.SLEEP, snapshot)


def _containers(
    state: DispatchState,
    view: FleetView,
    protection: Protection,
    goal_kw: float,
    snapshot: Snapshot,
    settings: Settings,
) -> DispatchState:
    """Open as many containers as the goal needs; shut the empty and cooled, never the last."""
    of = settings.container_of
    usable = ~protection.close_valves
    available = snapshot.fleet.commandable & ~state.excluded & ~protection.state.unit_tripped
    capacity_kw = np.bincount(of[available], view.step_kw[available], settings.containers)
    busy = (
        np.bincount(
            of[view.running | (state.wanted == Wanted.NORMAL)], minlength=settings.containers
        )
        > 0
    )
    order = _container_order(state, settings)
    order = order[usable[order]]
    before_kw = np.cumsum(capacity_kw[order]) - capacity_kw[order]
    needed = np.zeros(settings.containers, np.bool_)
    needed[order[before_kw < goal_kw - 1e-9]] = True
    needed[order[:1]] = True
    dark = (
        np.bincount(of[~(snapshot.fleet.power_kw <= HEATING_KW)], minlength=settings.containers)
        == 0
    )
    idle_since = np.where(busy | ~dark, np.nan, _first(state.idle_since_s, snapshot.now_s))
    cooled = snapshot.now_s - idle_since >= settings.hydraulics.post_run_s
    open_wanted = (needed | busy | (state.open_wanted & ~cooled)) & usable
    return replace(state, open_wanted=open_wanted, idle_since_s=idle_since)


def _container_order(state: DispatchState, settings: Settings) -> NDArray[np.int64]:
    """Containers from the fullest to the emptiest, open ones before shut ones, then by number."""
    on = np.bincount(
        settings.container_of[state.wanted == Wanted.NORMAL], minlength=settings.containers
    )
    full = on / np.maximum(settings.units_in, 1)
    return np.lexsort((np.arange(settings.containers), ~state.open_wanted, -full))


def _wake_order(state: DispatchState, settings: Settings) -> NDArray[np.int64]:
    """Units of the fullest container first; in it the one that has slept longest."""
    rank = np.argsort(_container_order(state, settings))[settings.container_of]
    return np.lexsort((state.changed_s, state.sleeps, rank))


def _sleep_order(state: DispatchState, settings: Settings) -> NDArray[np.int64]:
    """Units of the emptiest container first; in it the one that has slept least often."""
    rank = np.argsort(_container_order(state, settings))[settings.container_of]
    return np.lexsort((state.changed_s, state.sleeps, -rank))


def _want(state: DispatchState, units: Flags, wish: Wanted, snapshot: Snapshot) -> DispatchState:
    return _want_some(state, np.flatnonzero(units), wish, snapshot)


def _want_some(
    state: DispatchState, units: NDArray[np.int64] | Sequence[int], wish: Wanted, snapshot: Snapshot
) -> DispatchState:
    if not len(units):
        return state
    wanted, changed_s, sleeps = state.wanted.copy(), state.changed_s.copy(), state.sleeps.copy()
    wanted[units] = wish
    changed_s[units] = snapshot.now_s
    if wish is Wanted.SLEEP:
        sleeps[units] += 1
    return replace(state, wanted=wanted, changed_s=changed_s, sleeps=sleeps)


def _first(since_s: Floats, now_s: float) -> Floats:
    return np.where(np.isnan(since_s), now_s, since_s)
