"""The scan: one snapshot in, one complete decision out, always in the same order.

Protection, mode, demand, ceilings, dispatch, cooling, and last the envelope, which nobody outranks.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from controller.control import authority
from controller.control.accounts import book, shortfall
from controller.control.alarms.room import alarmed
from controller.control.channels import join
from controller.control.decision import Decision, Event, Verdict, Wanted
from controller.control.derived import derive
from controller.control.fleet_view import rated_kw_at
from controller.control.hand import Forced
from controller.control.loops.told import loop_values
from controller.control.modes import Stance, pumps_may_stop, stand, take_orders
from controller.control.power import PowerBand
from controller.control.protection.envelope import (
    Footing,
    envelope_outputs,
    envelope_power,
    envelope_units,
    footing,
)
from controller.control.protection.feeders import open_feeders
from controller.control.protection.permissives import is_dark
from controller.control.protection.protect import Protection, protect
from controller.control.requests import receive, settle
from controller.control.settings import Settings
from controller.control.severity import Severity
from controller.control.state import PlantState, Request
from controller.control.takeover import may_begin, take_over_plant
from controller.control.targets import HeatTarget
from controller.control.told import tell
from controller.control.trim import has_trim, power_share
from controller.control.want import want
from controller.control.watching import told_weather, watch_weather
from controller.image.evolve import replace
from controller.image.process_image import Snapshot
from controller.image.tag import Value

LONGEST_STEP_S = 5.0
"""After a pause the loops go on as if this much time had passed, not more."""


def scan(
    snapshot: Snapshot, arrived: Sequence[Request], state: PlantState, settings: Settings
) -> Decision:
    """Decide. Nothing is written before the image is complete; the plant is taken over as it is."""
    snapshot = join(snapshot, settings)
    last_s = snapshot.now_s if state.last_s is None else state.last_s
    dt_s = min(max(snapshot.now_s - last_s, 0.0), LONGEST_STEP_S)
    state, pen_events = authority.watch(snapshot, state, settings)
    started_s = snapshot.now_s if state.started_s is None else state.started_s
    received = receive(state, arrived, snapshot.now_s, settings)
    events = [*pen_events, *received.events]
    state = replace(
        state,
        last_s=snapshot.now_s,
        started_s=started_s,
        requests=received.standing,
        answers=received.answers,
        decided_ids=received.decided_ids,
        heat=watch_weather(state.heat, snapshot, dt_s, settings),
        forecast=told_weather(state.forecast, received.weather, snapshot.utc_s, settings),
    )
    state, ordered, order_events = take_orders(received.mode_orders, snapshot, state, settings)
    verdicts, events = [*received.verdicts, *ordered], [*events, *order_events]
    resets = received.resets
    if state.mode == "tracking" and not may_begin(snapshot, state, settings):
        decision = _track(snapshot, state, events, verdicts, resets)
    else:
        if state.mode == "tracking":
            state = take_over_plant(snapshot, state, settings)
            state, pen_events = authority.take(snapshot, state, settings)
            taken = Event(Severity.JOURNAL, "plant", "taken over as it stands")
            events = [*events, taken, *pen_events]
        decision = _decide(snapshot, state, resets, verdicts, events, dt_s, settings)
    return alarmed(decision, snapshot, received.alarm_orders, settings)


def hold(snapshot: Snapshot, last: Decision, settings: Settings) -> Decision:
    """The last decision again, with protection alive: what is done when a scan has failed."""
    snapshot = join(snapshot, settings)
    state, pen_events = authority.watch(snapshot, last.state, settings)
    state = replace(state, last_s=snapshot.now_s)
    if state.mode == "tracking":
        # What was decided before the pen was lost is not decided again.
        return _track(snapshot, state, pen_events, (), ())
    protection = protect(snapshot, state, (), settings)
    state = replace(state, protection=protection.state)
    if not last.writing or not last.outputs:
        told = protection.events
        return replace(last, state=state, events=told, verdicts=(), transitions=())
    may_stop = pumps_may_stop(state.mode, dark=is_dark(snapshot, settings))
    ground = footing(snapshot, settings, pumps_may_stop=may_stop)
    held = replace(
        last,
        trace=None,
        urgent=bool(protection.stop_units.any()),
        events=protection.events,
        verdicts=(),
        transitions=(),
        state=state,
    )
    return _enveloped(held, snapshot, protection, ground, settings)


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
    state = replace(state, protection=protection.state)
    state, stance, mode_events = stand(snapshot, state, settings, tripped=protection.plant_tripped)
    protection = _rest(protection, stance, settings)
    state, trace = want(snapshot, state, protection, stance, dt_s, settings)
    target, band = trace.target, trace.band
    state, limit_events = _limited(state, band, trace.power_kw, target)
    short = shortfall(snapshot, state, target, state.heat.limited_by, settings)
    account, account_events = book(snapshot, state, short, settings)
    verdicts = (*verdicts, *protection.verdicts)
    state = replace(state, contract=account, answers=settle(state.answers, verdicts))
    derived = derive(snapshot, state, trace, settings)
    told = tell(snapshot, state, target, band, short, settings)
    decision = Decision(
        writing=True,
        outputs=_held(trace.looped, trace.held),
        units=trace.shared,
        rungs=state.dispatch.rung if settings.modes else None,
        power_share=power_share(state.dispatch, settings) if has_trim(settings) else None,
        urgent=bool(protection.stop_units.any()),
        derived={**derived, **loop_values(state, settings), **told},
        events=(*events, *protection.events, *mode_events, *limit_events, *account_events),
        verdicts=verdicts,
        state=state,
        trace=trace,
    )
    # Nobody starts pumps on which people work.
    keep_flow = protection.keep_flow and stance.mode != "maintenance"
    may_stop = stance.pumps_may_stop and not keep_flow
    ground = footing(snapshot, settings, pumps_may_stop=may_stop)
    return _enveloped(decision, snapshot, protection, ground, settings)


def _enveloped(
    decision: Decision,
    snapshot: Snapshot,
    protection: Protection,
    ground: Footing,
    settings: Settings,
) -> Decision:
    """The last phase: whatever was wanted, by whomever, goes out inside the envelope."""
    units = envelope_units(decision.units, protection, snapshot.fleet)
    trace = decision.trace
    if trace is not None:
        rated_kw = rated_kw_at(decision.state.dispatch, settings)
        units = envelope_power(units, rated_kw, trace.band.upper_kw)
    outputs = envelope_outputs(decision.outputs, protection, ground, settings)
    return replace(decision, outputs=outputs, units=units)


def _rest(protection: Protection, stance: Stance, settings: Settings) -> Protection:
    """Open all feeders of a plant that rests, once its miners have stopped but for a few."""
    if not stance.feeders_off:
        return protection
    state = open_feeders(protection.state, settings)
    return replace(protection, state=state, open_contactors=np.ones_like(state.opened))


def _held(outputs: Mapping[str, Value], held: Mapping[str, Forced]) -> dict[str, Value]:
    """People's hands instead of the loops'; what nobody knows is not written at all."""
    wanted = {name: held[name].value if name in held else outputs[name] for name in outputs}
    return {name: value for name, value in wanted.items() if value is not None}


def _limited(
    state: PlantState, band: PowerBand, power_target_kw: float, target: HeatTarget
) -> tuple[PlantState, list[Event]]:
    """Note what holds the plant back, and say so once when it changes."""
    limited_by = band.limited_by if power_target_kw > band.upper_kw else "none"
    events = []
    if limited_by != state.heat.limited_by:
        text = "no limit in force" if limited_by == "none" else f"limited by {limited_by}"
        events.append(Event(Severity.LOW, "plant", text))
    if target.source != state.heat.target_source:
        events.append(Event(Severity.JOURNAL, "plant", f"heat target now from {target.source}"))
    heat = replace(
        state.heat, limited_by=limited_by, target_source=target.source, target_kw=target.kw
    )
    return replace(state, heat=heat), events


def _track(
    snapshot: Snapshot,
    state: PlantState,
    events: Sequence[Event],
    verdicts: Sequence[Verdict],
    resets: Sequence[Request],
) -> Decision:
    """Watch and write nothing."""
    refused = tuple(Verdict(reset.id, accepted=False, reason="starting up") for reset in resets)
    verdicts = (*verdicts, *refused)
    state = replace(state, answers=settle(state.answers, verdicts))
    return Decision(
        writing=False,
        outputs={},
        units=np.full(len(state.dispatch.wanted), np.int8(Wanted.FREE)),
        urgent=False,
        derived={"plant.mode": "tracking", **authority.authority_tags(snapshot, state)},
        events=tuple(events),
        verdicts=verdicts,
        state=state,
    )
