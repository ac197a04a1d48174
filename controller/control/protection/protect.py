"""Protection: causes that stand too long become trips; a trip stops and stays until it is reset.

Stopping has two levers. The first puts the miners to sleep; where a container still draws power
some seconds later, or cannot be heard, the second opens its feeder contactor.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from controller.control.decision import Event, Verdict, Wanted
from controller.control.protection.causes import (
    Cause,
    heating_units,
    hot_units,
    standing_causes,
    what_still_stands,
)
from controller.control.protection.feeders import (
    flow_times,
    levers,
    pumps_must_stop,
    reclose,
    watch_feeders,
)
from controller.control.settings import Settings
from controller.control.severity import Severity
from controller.control.state import PlantState, ProtectionState, Request, Trip
from controller.image.fleet import Flags, FleetSnapshot
from controller.image.process_image import Snapshot


@dataclass(frozen=True, slots=True)
class Protection:
    """What protection demands now, and what it remembers.

    `stop_units` may not heat, `open_contactors` and `close_valves` are one flag a container;
    `pumps_off` overrules the rule that flow stays on: the pumps have no water.
    """

    state: ProtectionState
    plant_tripped: bool
    pumps_off: bool
    stop_units: Flags
    open_contactors: Flags
    close_valves: Flags
    events: tuple[Event, ...]
    verdicts: tuple[Verdict, ...]


def protect(
    snapshot: Snapshot, state: PlantState, resets: Sequence[Request], settings: Settings
) -> Protection:
    """Latch what has stood too long, reset what may be reset, and say what must stop."""
    before = state.protection
    heating = heating_units(snapshot.fleet, state.dispatch.wanted == Wanted.NORMAL)
    causes = tuple(standing_causes(snapshot, heating, before.unit_tripped, settings))
    after, verdicts, reset_events = _reset(snapshot, before, causes, resets, settings)
    after, trip_events = _latch(snapshot, after, causes)
    after, unit_events = _latch_units(snapshot, after, settings)
    after = flow_times(snapshot, after, settings)
    after, stop, lever_events = levers(snapshot, after, settings)
    after, feeder_events = watch_feeders(snapshot, after, settings)
    after = reclose(snapshot, after, stop, state.dispatch.open_wanted, settings)
    leaking = _containers_of(after, "leak", settings)
    return Protection(
        state=after,
        plant_tripped=any(trip.container is None for trip in after.trips),
        pumps_off=pumps_must_stop(snapshot, after, settings),
        stop_units=stop[settings.container_of] | after.unit_tripped,
        open_contactors=after.opened | leaking,
        close_valves=leaking,
        events=(*reset_events, *trip_events, *unit_events, *lever_events, *feeder_events),
        verdicts=verdicts,
    )


def known_cause_stands(snapshot: Snapshot, settings: Settings) -> bool:
    """Whether a cause stands that is not just missing knowledge: a start may not wait then."""
    heating = heating_units(snapshot.fleet, np.zeros(len(settings.container_of), np.bool_))
    nobody = np.zeros_like(heating)
    return any(not c.unknown for c in standing_causes(snapshot, heating, nobody, settings))


def _latch(
    snapshot: Snapshot, state: ProtectionState, causes: Sequence[Cause]
) -> tuple[ProtectionState, list[Event]]:
    since = {c.key: state.standing_s.get(c.key, snapshot.now_s) for c in causes}
    trips = list(state.trips)
    events = []
    for cause in causes:
        due = snapshot.now_s - since[cause.key] >= cause.delay_s
        if not due or _covered(cause, trips):
            continue
        trip = Trip(cause.name, cause.container, snapshot.utc_s, cause.text, first_out=not trips)
        trips.append(trip)
        events.append(
            Event(Severity.CRITICAL, _place(trip), f"tripped: {cause.name}: {cause.text}")
        )
    clear_s = None if causes else _first_known(state.clear_s, snapshot.now_s)
    return replace(state, trips=tuple(trips), standing_s=since, clear_s=clear_s), events


def _covered(cause: Cause, trips: Sequence[Trip]) -> bool:
    """Whether this cause is latched already, or is but the consequence of a latched one."""
    if cause.name == "container-flow" and any(t.container is None for t in trips):
        return True
    return any(t.cause == cause.name and t.container == cause.container for t in trips)


def _latch_units(
    snapshot: Snapshot, state: ProtectionState, settings: Settings
) -> tuple[ProtectionState, list[Event]]:
    new = hot_units(snapshot.fleet, settings) & ~state.unit_tripped
    events = [
        Event(
            Severity.HIGH,
            snapshot.fleet.layout.names[unit],
            _too_hot(snapshot.fleet, unit, settings),
        )
        for unit in np.flatnonzero(new)[:10]
    ]
    if np.count_nonzero(new) > len(events):
        events.append(
            Event(
                Severity.HIGH, "plant", f"{np.count_nonzero(new)} units stopped by outlet or chips"
            )
        )
    unit_tripped_s = np.where(new, snapshot.now_s, state.unit_tripped_s)
    return replace(
        state, unit_tripped=state.unit_tripped | new, unit_tripped_s=unit_tripped_s
    ), events


def _too_hot(fleet: FleetSnapshot, unit: int, settings: Settings) -> str:
    """What is too hot of a unit."""
    limits = settings.unit
    if fleet.outlet_c[unit] >= limits.outlet_trip_c:
        told, limit_c = f"outlet is {fleet.outlet_c[unit]:.1f} °C", limits.outlet_trip_c
    else:
        told, limit_c = f"hottest chip is {fleet.chip_c[unit]:.1f} °C", limits.chip_trip_c
    return f"stopped: {told}, the limit is {limit_c:.0f} °C"


def _reset(
    snapshot: Snapshot,
    state: ProtectionState,
    causes: Sequence[Cause],
    resets: Sequence[Request],
    settings: Settings,
) -> tuple[ProtectionState, tuple[Verdict, ...], list[Event]]:
    verdicts = []
    events = []
    for request in resets:
        obstacle = _obstacle(snapshot, state, causes, settings)
        verdicts.append(Verdict(request.id, obstacle is None, obstacle or "reset"))
        severity = Severity.MEDIUM if obstacle is None else Severity.LOW
        said = "trips reset" if obstacle is None else f"reset refused: {obstacle}"
        events.append(Event(severity, "plant", f"{said} ({request.source}: {request.reason})"))
        if obstacle is None:
            state = replace(
                state,
                trips=(),
                stopped_s=np.full_like(state.stopped_s, np.nan),
                unit_tripped=np.zeros_like(state.unit_tripped),
                unit_tripped_s=np.full_like(state.unit_tripped_s, np.nan),
            )
    return state, tuple(verdicts), events


def _obstacle(
    snapshot: Snapshot, state: ProtectionState, causes: Sequence[Cause], settings: Settings
) -> str | None:
    """The first thing that forbids a reset, in words; None when nothing does."""
    if not state.trips and not state.unit_tripped.any():
        return "nothing is tripped"
    for trip in state.trips:
        standing = what_still_stands(snapshot, trip.cause, trip.container, settings)
        if standing is not None:
            return f"{trip.cause} still stands: {standing}"
    if causes:
        return f"{causes[0].name} still stands: {causes[0].text}"
    if hot_units(snapshot.fleet, settings).any():
        return "a unit's outlet or chip is still above its limit"
    clear_s = _first_known(state.clear_s, snapshot.now_s)
    left_s = settings.protection.clear_s - (snapshot.now_s - clear_s)
    return f"all causes must be clear for another {left_s:.0f} s" if left_s > 0.0 else None


def _containers_of(state: ProtectionState, cause: str, settings: Settings) -> Flags:
    flags = np.zeros(settings.containers, np.bool_)
    for trip in state.trips:
        if trip.cause == cause and trip.container is not None:
            flags[trip.container] = True
    return flags


def _place(trip: Trip) -> str:
    return "plant" if trip.container is None else f"container-{trip.container + 1:02}"


def _first_known(value: float | None, fallback: float) -> float:
    return fallback if value is None else value
