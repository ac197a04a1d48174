"""Why a unit runs or sleeps."""

from collections.abc import Iterator

import numpy as np

from controller.control.decision import Decision, Wanted
from controller.control.settings import Settings, container_tag
from controller.control.trace import Trace
from controller.control.why.power import ceilings, target_steps
from controller.control.why.step import Step
from controller.control.why.words import measured, shown
from controller.image.fleet import UnitState
from controller.image.process_image import Snapshot
from controller.image.tag import Quality

_WORDS = {Wanted.SLEEP: "sleep", Wanted.NORMAL: "run", Wanted.FREE: "stay as it is"}


def explain_unit(
    unit: int, snapshot: Snapshot, decision: Decision, trace: Trace, settings: Settings
) -> Iterator[Step]:
    """The chain of one unit, from the heat that is wanted to what its telemetry shows."""
    yield from target_steps(decision.state, trace, snapshot.now_s)
    yield from _dispatched(unit, snapshot, decision, trace)
    yield from ceilings(trace.band)
    yield from _protected(unit, snapshot, decision, trace, settings)
    wanted = Wanted(int(decision.units[unit]))
    order = _WORDS[wanted] if decision.writing else "nothing: this controller only watches"
    yield Step("output", f"ordered: {order}")
    yield from _telemetry(unit, snapshot, settings)


def _dispatched(unit: int, snapshot: Snapshot, decision: Decision, trace: Trace) -> Iterator[Step]:
    state = decision.state.dispatch
    wanted = Wanted(int(trace.shared[unit]))
    since_s = snapshot.now_s - float(state.changed_s[unit])
    since = f" for {since_s / 60.0:.0f} min" if np.isfinite(since_s) else ""
    running = int(np.count_nonzero(trace.shared == Wanted.NORMAL))
    yield Step(
        "source",
        f"dispatch wants it to {_WORDS[wanted]}{since}: {running} of {len(trace.shared)} units"
        f" give {trace.committed_kw:,.0f} of {trace.power_kw:,.0f} kW",
    )
    yield Step("limit", f"it has slept {int(state.sleeps[unit])} times today")
    if state.excluded[unit]:
        yield Step("limit", "set aside: it does not follow its orders")


def _protected(
    unit: int, snapshot: Snapshot, decision: Decision, trace: Trace, settings: Settings
) -> Iterator[Step]:
    container = int(settings.container_of[unit])
    protection = decision.state.protection
    if protection.unit_tripped[unit]:
        yield Step("protection", "stopped by its own temperature until the trips are reset")
    for trip in protection.trips:
        if trip.container in (None, container):
            yield Step("protection", f"tripped: {trip.cause}: {trip.text}")
    if trace.stop_units[unit]:
        yield Step("protection", "it may not heat")
    if protection.opened[container]:
        yield Step("protection", f"the feeder of container-{container + 1:02} is open")
    if not snapshot.fleet.commandable[unit]:
        yield Step("limit", "not accepted: its kind of unit is watched and never ordered")


def _telemetry(unit: int, snapshot: Snapshot, settings: Settings) -> Iterator[Step]:
    fleet = snapshot.fleet
    age_s = snapshot.now_s - float(fleet.seen_s[unit])
    seen = f"heard {age_s:.1f} s ago" if np.isfinite(age_s) else "never heard of"
    quality = Quality(int(fleet.quality[unit])).name.lower()
    state = UnitState(int(fleet.state[unit])).name.lower()
    how = " (estimated)" if fleet.power_estimated[unit] else ""
    yield Step(
        "read-back",
        f"{state}, {shown(float(fleet.power_kw[unit]), 'kW')}{how}, outlet"
        f" {shown(float(fleet.outlet_c[unit]), '°C')} ({quality}, {seen})",
    )
    container = int(settings.container_of[unit])
    yield Step("read-back", measured(snapshot, container_tag(container, "flow_proven")))
