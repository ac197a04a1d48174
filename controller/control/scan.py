"""The scan: one snapshot in, one complete decision out, always in the same order.

Protection, mode, demand, ceilings, dispatch, cooling, and last the envelope, which nobody outranks.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from controller.control import authority
from controller.control.cooling import cool, district_is_lost, take_over, watch_district
from controller.control.decision import Decision, Event, Severity, Verdict, Wanted
from controller.control.derived import derive
from controller.control.dispatch import committed_kw, dispatch
from controller.control.envelope import envelope_outputs, envelope_power, envelope_units
from controller.control.heat import (
    ceiling,
    derate,
    heat_target,
    learn_recovery,
    watch_outdoor,
)
from controller.control.power import PowerBand
from controller.control.protection import Protection, known_cause_stands, protect
from controller.control.requests import receive
from controller.control.settings import Settings, container_tag
from controller.control.state import HeatState, Mode, PlantState, Request
from controller.image.fleet import UnitState
from controller.image.process_image import Snapshot
from controller.image.tag import Quality

LONGEST_STEP_S = 5.0
"""After a pause the loops go on as if this much time had passed, not more."""

REJECTING_PCT = 1.0
"""From this position of the 3-way valve on, heat is being rejected."""

COMPLETE_SHARE = 0.95
"""Share of the units that must have been heard of before the first write."""


def scan(
    snapshot: Snapshot, arrived: Sequence[Request], state: PlantState, settings: Settings
) -> Decision:
    """Decide. Nothing is written before the image is complete; the plant is taken over as it is."""
    last_s = snapshot.now_s if state.last_s is None else state.last_s
    dt_s = min(max(snapshot.now_s - last_s, 0.0), LONGEST_STEP_S)
    state, pen_events = authority.watch(snapshot, state, settings)
    started_s = snapshot.now_s if state.started_s is None else state.started_s
    requests, resets, verdicts, events = receive(
        state.requests, arrived, snapshot.now_s, settings.heat
    )
    events = [*pen_events, *events]
    state = replace(state, last_s=snapshot.now_s, started_s=started_s, requests=requests)
    state = replace(state, heat=watch_outdoor(state.heat, snapshot, dt_s, settings))
    if state.mode == "tracking":
        if not _may_begin(snapshot, state, started_s, settings):
            return _track(snapshot, state, events, verdicts, resets)
        state, pen_events = authority.take(snapshot, _take_over(snapshot, state, settings), settings)
        taken = Event(Severity.JOURNAL, "plant", "taken over as it stands")
        events = [*events, taken, *pen_events]
    return _decide(snapshot, state, resets, verdicts, events, dt_s, settings)


def hold(snapshot: Snapshot, last: Decision, settings: Settings) -> Decision:
    """The last decision again, with protection alive: what is done when a scan has failed."""
    state, pen_events = authority.watch(snapshot, last.state, settings)
    if state.mode == "tracking":
        # What was decided before the pen was lost is not decided again.
        return _track(snapshot, replace(state, last_s=snapshot.now_s), pen_events, (), ())
    state = replace(state, last_s=snapshot.now_s)
    protection = protect(snapshot, state, (), settings)
    state = replace(state, protection=protection.state)
    speeds = {name: value for name, value in last.outputs.items() if not isinstance(value, bool)}
    if not last.writing or not speeds:
        return replace(last, state=state, events=protection.events, verdicts=())
    return Decision(
        writing=True,
        outputs=envelope_outputs(speeds, state.dispatch.open_wanted, protection, settings),
        units=envelope_units(last.units, protection, snapshot.fleet),
        urgent=bool(protection.stop_units.any()),
        derived=last.derived,
        events=protection.events,
        verdicts=(),
        state=state,
    )


def safe(state: PlantState, settings: Settings) -> Decision:
    """Hash off and flow on, from no knowledge: what is done when protection itself has failed."""
    safe_pct = settings.hydraulics.pump_safe_pct
    pumps = settings.hydraulics.pumps
    return Decision(
        writing=state.pen.holder != "taken by another",
        outputs={
            **{f"{pump}.run": True for pump in pumps},
            **{f"{pump}.speed_pct": safe_pct for pump in pumps},
        },
        units=np.zeros(len(settings.container_of), np.int8),
        urgent=True,
        derived={},
        events=(Event(Severity.CRITICAL, "plant", "protection failed: safe state"),),
        verdicts=(),
        state=state,
    )


def _decide(
    snapshot: Snapshot,
    state: PlantState,
    resets: Sequence[Request],
    verdicts: Sequence[Verdict],
    events: Sequence[Event],
    dt_s: float,
    settings: Settings,
) -> Decision:
    protection = protect(snapshot, state, resets, settings)
    mode: Mode = "tripped" if protection.plant_tripped else "running"
    state = replace(state, mode=mode, protection=protection.state)
    running_kw = committed_kw(snapshot, state.dispatch, protection, settings)
    state = replace(state, heat=_watch_heat(snapshot, state, running_kw, dt_s, settings))
    target = heat_target(state, settings)
    band = _ceiling(snapshot, state, protection, settings)
    power_kw = target.kw / state.heat.recovery
    shared = dispatch(snapshot, state.dispatch, protection, power_kw, band.upper_kw, dt_s, settings)
    state = replace(state, dispatch=shared)
    cooling = cool(snapshot, state, shared.open_wanted, dt_s, settings)
    state = replace(state, cooling=cooling.state)
    state, limit_events = _limited(state, band, power_kw, target.source)
    units = envelope_units(shared.wanted, protection, snapshot.fleet)
    return Decision(
        writing=True,
        outputs=envelope_outputs(cooling.outputs, shared.open_wanted, protection, settings),
        units=envelope_power(units, settings.rated_kw, band.upper_kw),
        urgent=bool(protection.stop_units.any()),
        derived=derive(snapshot, state, target, power_kw, running_kw, band, cooling, settings),
        events=(*events, *protection.events, *limit_events),
        verdicts=(*verdicts, *protection.verdicts),
        state=state,
    )


def _watch_heat(
    snapshot: Snapshot, state: PlantState, running_kw: float, dt_s: float, settings: Settings
) -> HeatState:
    """Learn the recovery while nothing is rejected, and derate while coolant is too warm."""
    valve_pct = snapshot.number("three-way-valve.position_pct")
    rejecting = valve_pct is None or valve_pct > REJECTING_PCT
    heat = learn_recovery(state.heat, snapshot, dt_s, settings, rejecting=rejecting)
    return derate(heat, snapshot, running_kw, dt_s, settings)


def _ceiling(
    snapshot: Snapshot, state: PlantState, protection: Protection, settings: Settings
) -> PowerBand:
    watched = watch_district(snapshot, state.cooling, settings)
    lost = district_is_lost(watched, snapshot.now_s)
    # A trip comes first, so that it is named where another limit would be as low.
    installed = PowerBand(float(settings.rated_kw.sum()), "installed units")
    band = _protected(installed, protection)
    return ceiling(band, state, snapshot, settings, district_lost=lost)


def _protected(band: PowerBand, protection: Protection) -> PowerBand:
    if not protection.plant_tripped:
        return band
    return band.limit(0.0, f"trip: {protection.state.trips[0].cause}")


def _limited(
    state: PlantState, band: PowerBand, power_target_kw: float, source: str
) -> tuple[PlantState, list[Event]]:
    """Note what holds the plant back, and say so once when it changes."""
    limited_by = band.limited_by if power_target_kw > band.upper_kw else "none"
    events = []
    if limited_by != state.heat.limited_by:
        text = "no limit in force" if limited_by == "none" else f"limited by {limited_by}"
        events.append(Event(Severity.LOW, "plant", text))
    if source != state.heat.target_source:
        events.append(Event(Severity.JOURNAL, "plant", f"heat target now from {source}"))
    heat = replace(state.heat, limited_by=limited_by, target_source=source)
    return replace(state, heat=heat), events


def _may_begin(
    snapshot: Snapshot, state: PlantState, started_s: float, settings: Settings
) -> bool:
    """Whether the image is complete, or may not be waited for any longer."""
    if state.pen.holder == "taken by another":
        return False
    overdue = snapshot.now_s - started_s >= settings.start_limit_s
    if known_cause_stands(snapshot, settings) or (overdue and not authority.must_wait(state)):
        return True
    if not authority.may_take(snapshot, state, settings):
        return False
    good = snapshot.quality == Quality.GOOD
    heard = np.count_nonzero(snapshot.fleet.quality == Quality.GOOD)
    return bool(good.all() and heard >= COMPLETE_SHARE * len(settings.container_of))


def _track(
    snapshot: Snapshot,
    state: PlantState,
    events: Sequence[Event],
    verdicts: Sequence[Verdict],
    resets: Sequence[Request],
) -> Decision:
    """Watch and write nothing."""
    refused = tuple(Verdict(reset.id, accepted=False, reason="starting up") for reset in resets)
    return Decision(
        writing=False,
        outputs={},
        units=np.full(len(state.dispatch.wanted), np.int8(Wanted.FREE)),
        urgent=False,
        derived={"plant.mode": "tracking", **authority.authority_tags(snapshot, state)},
        events=tuple(events),
        verdicts=(*verdicts, *refused),
        state=state,
    )


def _take_over(snapshot: Snapshot, state: PlantState, settings: Settings) -> PlantState:
    """Begin from what the plant does now, so that the first writes change nothing."""
    fleet = snapshot.fleet
    running = (fleet.state == UnitState.RUNNING) | (fleet.state == UnitState.STARTING)
    since_s = np.where(
        running & ~np.isnan(fleet.elapsed_s), snapshot.now_s - fleet.elapsed_s, -np.inf
    )
    open_now = np.array(
        [
            snapshot.flag(container_tag(container, "valve_open_command")) is not False
            for container in range(settings.containers)
        ]
    )
    taken = replace(
        state.dispatch,
        wanted=np.where(running, np.int8(Wanted.NORMAL), np.int8(Wanted.SLEEP)),
        changed_s=since_s,
        open_wanted=open_now,
    )
    state = replace(state, mode="running", dispatch=taken)
    return replace(state, cooling=take_over(snapshot, state, open_now, settings))
