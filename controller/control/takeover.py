"""Start-up: when the plant has been seen well enough, and how it is taken over as it stands."""

import numpy as np

from controller.control import authority
from controller.control.container_flags import where_off
from controller.control.cooling import take_over
from controller.control.decision import Wanted
from controller.control.ladder import usual_rung
from controller.control.modes import first_mode
from controller.control.network import take_over_network
from controller.control.protection.protect import known_cause_stands
from controller.control.settings import Settings
from controller.control.state import PlantState, ProtectionState
from controller.image.evolve import replace
from controller.image.fleet import UnitState
from controller.image.process_image import Snapshot
from controller.image.tag import Quality

COMPLETE_SHARE = 0.95
"""Share of the units that must have been heard of before the first write."""


def may_begin(snapshot: Snapshot, state: PlantState, settings: Settings) -> bool:
    """Whether the image is complete and new, or may not be waited for any longer."""
    if state.pen.holder == "taken by another":
        return False
    started_s = snapshot.now_s if state.started_s is None else state.started_s
    overdue = snapshot.now_s - started_s >= settings.start_limit_s
    if known_cause_stands(snapshot, settings) or (overdue and not authority.must_wait(state)):
        return True
    if not authority.may_take(snapshot, state, settings):
        return False
    good = (snapshot.quality == Quality.GOOD)[snapshot.awaited]
    heard = np.count_nonzero(snapshot.fleet.quality == Quality.GOOD)
    return bool(good.all() and heard >= COMPLETE_SHARE * len(settings.container_of))


def take_over_plant(snapshot: Snapshot, state: PlantState, settings: Settings) -> PlantState:
    """Begin from what the plant does now, so that the first writes change nothing."""
    fleet = snapshot.fleet
    running = (fleet.state == UnitState.RUNNING) | (fleet.state == UnitState.STARTING)
    wanted = np.where(running, np.int8(Wanted.NORMAL), np.int8(Wanted.SLEEP))
    # What we had ordered ourselves before we stood still keeps its time.
    ours = (wanted == state.dispatch.wanted) & np.isfinite(state.dispatch.changed_s)
    found_s = np.where(
        running & ~np.isnan(fleet.elapsed_s), snapshot.now_s - fleet.elapsed_s, -np.inf
    )
    since_s = np.where(ours, state.dispatch.changed_s, found_s)
    fell = ~ours & ~running & np.isfinite(state.dispatch.changed_s)
    since_s = np.where(fell, snapshot.now_s, since_s)
    open_now = ~where_off(snapshot, "valve_open_command", settings)
    taken = replace(
        state.dispatch,
        wanted=wanted,
        changed_s=since_s,
        rung=np.where(fleet.mode >= 0, fleet.mode + 1, usual_rung(settings)).astype(np.int8),
        open_wanted=open_now,
    )
    mode, order = first_mode(snapshot, state, settings)
    state = replace(
        state,
        mode=mode,
        order=order,
        mode_since_s=snapshot.now_s,
        dispatch=taken,
        protection=_found_open(snapshot, state.protection, settings),
    )
    cooling = take_over(snapshot, state, open_now, settings)
    return replace(state, cooling=cooling, network=take_over_network(snapshot, state, settings))


def _found_open(snapshot: Snapshot, state: ProtectionState, settings: Settings) -> ProtectionState:
    """Contactors that are ordered open stay so until flow is proven."""
    found = where_off(snapshot, "contactor_close", settings)
    if not found.any():
        return state
    hold_s = max(state.hold_s, settings.protection.start_flow_s)
    return replace(state, opened=state.opened | found, hold_s=hold_s)
