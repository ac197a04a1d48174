"""From a cause that has stood too long to a trip that stays, and which of them came first."""

from collections.abc import Sequence

import numpy as np

from controller.control.decision import Event
from controller.control.protection.causes import Cause
from controller.control.settings import container_tag
from controller.control.severity import Severity
from controller.control.state import ProtectionState, Trip
from controller.image.evolve import replace
from controller.image.process_image import Snapshot

TIE_S = 1.0
"""Beginnings within one poll of each other cannot be put in order."""


def latch(
    snapshot: Snapshot, state: ProtectionState, causes: Sequence[Cause]
) -> tuple[ProtectionState, list[Event]]:
    """Latch the causes that have stood for their delay; those that do not latch act meanwhile."""
    since = {c.key: state.standing_s.get(c.key, min(c.source_s, snapshot.now_s)) for c in causes}
    trips = list(state.trips)
    events = []
    acting = []
    for cause in causes:
        if snapshot.now_s - since[cause.key] < cause.delay_s:
            continue
        if not cause.row.latch:
            acting.append((cause.name, cause.container))
        elif not _covered(cause, trips):
            trip = _trip(cause, since[cause.key], snapshot)
            trips.append(trip)
            text = f"tripped: {cause.name}: {cause.text}"
            events.append(Event(Severity.CRITICAL, place_of(trip), text))
    clear_s = state.clear_s if state.clear_s is not None else snapshot.now_s
    return replace(
        state,
        trips=in_order(trips) if events else state.trips,
        standing_s=since,
        clear_s=None if any(cause.row.latch for cause in causes) else clear_s,
        acting=tuple(acting),
    ), events


def place_of(trip: Trip) -> str:
    """Where a trip is."""
    return "plant" if trip.container is None else container_tag(trip.container, "x")[:-2]


def in_order(trips: Sequence[Trip]) -> tuple[Trip, ...]:
    """The trips with the mark of the first one: the earliest beginning; within a poll it is a tie.

    Trips stay in the order in which they were latched.
    """
    begun = [trip.onset_utc_s or trip.utc_s for trip in trips]
    first = int(np.argmin(begun))
    tied = [abs(one - begun[first]) <= TIE_S for one in begun]
    return tuple(
        replace(trip, first_out=row == first, tie=tied[row] and sum(tied) > 1)
        for row, trip in enumerate(trips)
    )


def _trip(cause: Cause, since_s: float, snapshot: Snapshot) -> Trip:
    onset_utc_s = since_s + (snapshot.utc_s - snapshot.now_s)
    return Trip(
        cause.name,
        cause.container,
        snapshot.utc_s,
        cause.text,
        first_out=False,
        onset_utc_s=onset_utc_s,
        unknown=cause.unknown,
    )


def _covered(cause: Cause, trips: Sequence[Trip]) -> bool:
    """Whether this cause is latched already, or is but the consequence of a latched one.

    Flow is lost in a container that has been shut, and where pumps were stopped for want of water.
    """
    if cause.name == "container-flow":
        return any(trip.container in (None, cause.container) for trip in trips)
    if cause.name == "primary-flow" and any(trip.cause == "low-suction" for trip in trips):
        return True
    return any(trip.cause == cause.name and trip.container == cause.container for trip in trips)
