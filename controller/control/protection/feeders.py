"""Feeders: the second lever of a stop, and how contactors come back afterwards.

A contactor opens where power does not go, on an emergency stop and without mains. It closes again
where heat is wanted and flow has been proven long enough, one container after the other: miners
start by themselves when they are fed.
"""

import numpy as np

from controller.control.container_flags import where_off, where_on
from controller.control.decision import Event
from controller.control.protection.causes import mains_lost
from controller.control.protection.effects import acts, reached
from controller.control.protection.permissives import is_dark
from controller.control.settings import Settings, container_tag
from controller.control.severity import Severity
from controller.control.state import ProtectionState
from controller.image.evolve import replace
from controller.image.fleet import Flags, Floats
from controller.image.process_image import Snapshot

# A contactor answers within a second; its auxiliary contact and the order are polled apart.
FALLEN_AFTER_S = 3.0


def levers(
    snapshot: Snapshot, state: ProtectionState, settings: Settings
) -> tuple[ProtectionState, Flags, list[Event]]:
    """Which containers must stop, and whose contactor must open because they did not."""
    stop = reached(state, "stop_heat", settings)
    first_order_s = np.where(np.isnan(state.stopped_s), snapshot.now_s, state.stopped_s)
    stopped_s = np.where(stop, first_order_s, np.nan)
    limit_s = settings.protection.contactor_after_s
    overdue = stop & (snapshot.now_s - first_order_s >= limit_s)
    disobeying = overdue & ~_power_gone(snapshot, first_order_s, settings) & ~state.opened
    events = [
        Event(
            Severity.CRITICAL,
            container_tag(int(container), "contactor_close"),
            f"contactor opened: power not gone {limit_s:.0f} s after the stop",
        )
        for container in np.flatnonzero(disobeying)
    ]
    opened = state.opened | disobeying
    hold_s = settings.protection.reclose_flow_s if disobeying.any() else state.hold_s
    at_once = reached(state, "open_feeder", settings)
    if at_once.any():
        # The power shall be gone now, not after the miners have been asked.
        opened, hold_s = opened | at_once, settings.protection.reclose_flow_s
    return replace(state, stopped_s=stopped_s, opened=opened, hold_s=hold_s), stop, events


def open_feeders(state: ProtectionState, settings: Settings) -> ProtectionState:
    """All feeders open because the plant rests; an ordinary start closes them again."""
    if state.opened.all():
        return state
    hold_s = max(state.hold_s if state.opened.any() else 0.0, settings.protection.start_flow_s)
    return replace(state, opened=np.ones_like(state.opened), hold_s=hold_s)


def watch_feeders(
    snapshot: Snapshot, state: ProtectionState, settings: Settings
) -> tuple[ProtectionState, list[Event]]:
    """Order feeders open where mains is lost or a contactor fell by itself."""
    state, mains_events = _watch_mains(snapshot, state, settings)
    state, fallen_events = _watch_fallen(snapshot, state, settings)
    return state, [*mains_events, *fallen_events]


def _watch_mains(
    snapshot: Snapshot, state: ProtectionState, settings: Settings
) -> tuple[ProtectionState, list[Event]]:
    """Without mains all feeders are opened.

    Miners start by themselves when it returns, and that must wait for proven flow.
    """
    if not mains_lost(snapshot):
        return state, []
    hold_s = settings.protection.reclose_flow_s
    # The minute of proven flow begins when mains is back, also where pumps ran on all the time.
    state = replace(state, flow_since_s=np.full_like(state.flow_since_s, np.nan))
    if state.opened.all() and state.hold_s == hold_s:
        return state, []
    text = "mains is not proven: all feeders opened until flow is proven"
    opened = np.ones_like(state.opened)
    return replace(state, opened=opened, hold_s=hold_s), [Event(Severity.HIGH, "plant", text)]


def _watch_fallen(
    snapshot: Snapshot, state: ProtectionState, settings: Settings
) -> tuple[ProtectionState, list[Event]]:
    """A contactor that fell against its order is ordered open.

    Hard-wired trips let go of it only when it is ordered closed anew.
    """
    ordered = where_on(snapshot, "contactor_close", settings)
    fallen = ordered & where_off(snapshot, "contactor_closed", settings)
    since_s = np.where(np.isnan(state.fallen_s), snapshot.now_s, state.fallen_s)
    fallen_s = np.where(fallen & ~state.opened, since_s, np.nan)
    fell = snapshot.now_s - fallen_s >= FALLEN_AFTER_S
    if not fell.any():
        return replace(state, fallen_s=fallen_s), []
    events = [
        Event(
            Severity.HIGH,
            container_tag(int(container), "contactor_close"),
            "contactor fell against its order: ordered open until flow is proven",
        )
        for container in np.flatnonzero(fell)
    ]
    hold_s = settings.protection.reclose_flow_s
    state = replace(state, fallen_s=fallen_s, opened=state.opened | fell, hold_s=hold_s)
    return state, events


def has_valves(snapshot: Snapshot, settings: Settings) -> bool:
    """Whether every container has a valve that shuts it."""
    tags = (container_tag(n, "valve_open_command") for n in range(settings.containers))
    return all(snapshot.has(tag) for tag in tags)


def pumps_must_stop(
    snapshot: Snapshot, state: ProtectionState, settings: Settings, *, no_way: bool
) -> bool:
    """Whether pumps without water must stop: as soon as the miners are dark, or have had time.

    Pumps without a way for their water only do harm to themselves: they wait for the dark.
    """
    if not acts(state, "stop_pumps", settings):
        return no_way and is_dark(snapshot, settings)
    waited = snapshot.now_s - state.stopped_s >= settings.protection.contactor_after_s
    return is_dark(snapshot, settings) or bool(waited.all())


def reclose(
    snapshot: Snapshot, state: ProtectionState, stop: Flags, open_wanted: Flags, settings: Settings
) -> ProtectionState:
    """Close one opened contactor again: where heat is wanted and flow has been proven long enough.

    Miners start by themselves when mains returns, so the containers come back one after the other.
    """
    limits = settings.protection
    proven = snapshot.now_s - state.flow_since_s >= state.hold_s
    ready = np.flatnonzero(state.opened & ~stop & open_wanted & proven)
    recent = (
        state.reclosed_s is not None and snapshot.now_s - state.reclosed_s < limits.reclose_apart_s
    )
    if recent or not len(ready) or mains_lost(snapshot):
        return state
    opened = state.opened.copy()
    opened[ready[0]] = False
    return replace(state, opened=opened, reclosed_s=snapshot.now_s)


def flow_times(snapshot: Snapshot, state: ProtectionState, settings: Settings) -> ProtectionState:
    """Note since when each container has proven flow."""
    proven = where_on(snapshot, "flow_proven", settings)
    since = np.where(np.isnan(state.flow_since_s), snapshot.now_s, state.flow_since_s)
    return replace(state, flow_since_s=np.where(proven, since, np.nan))


def _power_gone(snapshot: Snapshot, since_s: Floats, settings: Settings) -> Flags:
    """The containers proven dark by telemetry that is newer than the stop order."""
    fleet = snapshot.fleet
    proven = (fleet.seen_s > since_s[settings.container_of]) & ~np.isnan(fleet.power_kw)
    power_kw = np.where(proven, fleet.power_kw, settings.rated_kw)
    of = settings.container_of
    drawn_kw = np.bincount(of, power_kw, settings.containers)
    rated_kw = np.bincount(of, settings.rated_kw, settings.containers)
    return np.asarray(drawn_kw <= settings.protection.obeyed_fraction * rated_kw)
