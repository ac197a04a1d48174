"""Rungs: how a mixed fleet climbs and descends, one decision for on, off and work modes."""

import numpy as np

from controller.control.decision import Wanted
from controller.control.fleet_state import DispatchState
from controller.control.fleet_view import FleetView
from controller.control.ladder import ladder
from controller.control.merit import Choice, meet
from controller.control.settings import Settings
from controller.control.wishes import may_sleep, may_wake, wake_order, want
from controller.image.evolve import replace
from controller.image.process_image import Snapshot


def climb(
    snapshot: Snapshot,
    state: DispatchState,
    view: FleetView,
    error_kw: float,
    room_kw: float,
    settings: Settings,
    *,
    dwell_binds: bool,
) -> DispatchState:
    """Change what the error is worth: wake, sleep and set modes in the order of their worth."""
    choice = _choice(snapshot, state, view, settings, dwell_binds=dwell_binds)
    least_kw = ladder(settings).least_kw * state.power_ratio
    to = meet(choice, error_kw, room_kw, 0.5 * least_kw)
    woken = np.flatnonzero((choice.at == 0) & (to > 0))
    woken = woken[np.argsort(choice.order[woken])][: int(state.wake_credit)]
    slept = np.flatnonzero((choice.at > 0) & (to == 0))
    changed = np.flatnonzero((choice.at > 0) & (to > 0) & (to != choice.at))
    state = replace(state, wake_credit=state.wake_credit - len(woken))
    set_anew = np.concatenate([woken, changed])
    if len(set_anew):
        rung, rung_s = state.rung.copy(), state.rung_s.copy()
        rung[set_anew], rung_s[set_anew] = to[set_anew], snapshot.now_s
        state = replace(state, rung=rung, rung_s=rung_s)
    state = want(state, slept, Wanted.SLEEP, snapshot)
    return want(state, woken, Wanted.NORMAL, snapshot)


def _choice(
    snapshot: Snapshot,
    state: DispatchState,
    view: FleetView,
    settings: Settings,
    *,
    dwell_binds: bool,
) -> Choice:
    rungs = ladder(settings)
    hold_s = settings.unit.mode_hold_s if dwell_binds else 0.0
    held = snapshot.now_s - state.rung_s < hold_s
    on = state.wanted == Wanted.NORMAL
    order = np.empty(len(on), np.int64)
    order[wake_order(snapshot, state, settings)] = np.arange(len(on))
    return Choice(
        at=np.where(on, state.rung, 0).astype(np.int64),
        kw=rungs.kw * (state.power_ratio * view.middle)[:, None],
        ths=rungs.ths,
        hull=rungs.hull,
        may_wake=may_wake(snapshot, state, view, settings),
        may_sleep=may_sleep(snapshot, state, view, settings, dwell_binds=dwell_binds)
        & view.counted
        & ~held,
        may_change=on & view.running & view.counted & snapshot.fleet.commandable & ~held,
        order=order,
    )
