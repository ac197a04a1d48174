"""The reset of trips: by a person of the right role, when every cause is clear, not too often."""

from collections.abc import Sequence

import numpy as np

from controller.control.decision import Event, Verdict
from controller.control.protection.causes import Cause, hot_units, what_still_stands
from controller.control.protection.effects import rows_by_cause
from controller.control.settings import Settings
from controller.control.severity import Severity
from controller.control.state import ProtectionState, Request
from controller.image.evolve import replace
from controller.image.process_image import Snapshot

HOUR_S = 3_600.0


def reset(
    snapshot: Snapshot,
    state: ProtectionState,
    causes: Sequence[Cause],
    resets: Sequence[Request],
    settings: Settings,
) -> tuple[ProtectionState, tuple[Verdict, ...], list[Event]]:
    """Reset what may be reset; each request gets its verdict. Nothing ever resets by itself."""
    verdicts = []
    events = []
    for request in resets:
        obstacle = _of_role(state, request, settings) or obstacle_to_reset(
            snapshot, state, causes, settings
        )
        verdicts.append(Verdict(request.id, obstacle is None, obstacle or "reset"))
        severity = Severity.MEDIUM if obstacle is None else Severity.LOW
        said = "trips reset" if obstacle is None else f"reset refused: {obstacle}"
        events.append(Event(severity, "plant", f"{said} ({request.source}: {request.reason})"))
        if obstacle is None:
            state = _cleared(state, snapshot.utc_s)
    return state, tuple(verdicts), events


def obstacle_to_reset(
    snapshot: Snapshot, state: ProtectionState, causes: Sequence[Cause], settings: Settings
) -> str | None:
    """The first thing that forbids a reset, in words; None when nothing does."""
    if not state.trips and not state.unit_tripped.any():
        return "nothing is tripped"
    for trip in state.trips:
        standing = what_still_stands(snapshot, trip.cause, trip.container, settings)
        if standing is not None:
            return f"{trip.cause} still stands: {standing}"
    latching = [cause for cause in causes if cause.row.latch]
    if latching:
        return f"{latching[0].name} still stands: {latching[0].text}"
    if hot_units(snapshot.fleet, settings).any():
        return "a unit's outlet or chip is still above its limit"
    clear_s = snapshot.now_s if state.clear_s is None else state.clear_s
    left_s = settings.protection.clear_s - (snapshot.now_s - clear_s)
    if left_s > 0.0:
        return f"all causes must be clear for another {left_s:.0f} s"
    return _too_often(state, snapshot.utc_s, settings)


def _of_role(state: ProtectionState, request: Request, settings: Settings) -> str | None:
    """Why this person may not reset what is tripped."""
    rows = rows_by_cause(settings)
    for trip in state.trips:
        row = rows.get(trip.cause)
        if row is not None and row.reset_role == "engineer" and request.role != "engineer":
            return f"{trip.cause} is reset by an engineer, not by role {request.role!r}"
    return None


def _too_often(state: ProtectionState, utc_s: float, settings: Settings) -> str | None:
    """A plant that trips again and again is not started again and again."""
    if all(trip.container is not None for trip in state.trips):
        return None
    lately = [at_s for at_s in state.resets_utc_s if 0.0 <= utc_s - at_s < HOUR_S]
    most = settings.protection.restarts_per_h
    if len(lately) < most:
        return None
    left_min = (HOUR_S - (utc_s - lately[-most])) / 60.0
    return f"reset {most} times within an hour: find the cause; possible in {left_min:.0f} min"


def _cleared(state: ProtectionState, utc_s: float) -> ProtectionState:
    lately = tuple(at_s for at_s in state.resets_utc_s if 0.0 <= utc_s - at_s < HOUR_S)
    of_plant = any(trip.container is None for trip in state.trips)
    return replace(
        state,
        trips=(),
        stopped_s=np.full_like(state.stopped_s, np.nan),
        unit_tripped=np.zeros_like(state.unit_tripped),
        unit_tripped_s=np.full_like(state.unit_tripped_s, np.nan),
        resets_utc_s=(*lately, utc_s) if of_plant else lately,
    )
