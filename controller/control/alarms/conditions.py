"""Which conditions stand in one snapshot, which are not known, and since when by their source."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from controller.control.alarms.columns import Columns
from controller.control.state import ProtectionState
from controller.image.fleet import Flags, Floats
from controller.image.process_image import Snapshot
from controller.image.tag import Quality

Made = float | bool | str | None


@dataclass(frozen=True, slots=True)
class Conditions:
    """One entry an alarm: it stands, it is not known, and the source's time of what shows it.

    An unknown condition changes nothing: bad quality has an alarm of its own. `blind` marks trips
    of containers that were latched for want of knowledge alone.
    """

    standing: Flags
    unknown: Flags
    source_s: Floats
    blind: Flags


def look(
    columns: Columns,
    held: Flags,
    snapshot: Snapshot,
    derived: Mapping[str, Made],
    protection: ProtectionState,
    *,
    waiting: bool = False,
) -> Conditions:
    """Look at every condition once; `held` are those that stood so far.

    While a start still waits for the first values, who was never heard is not silent yet.
    """
    count = len(columns.alarms)
    standing, unknown = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    source_s = np.full(count, snapshot.now_s)
    _numbers(columns, held, snapshot, derived, standing, unknown, source_s)
    standing[columns.bad] = _is_bad(columns, snapshot)
    for row, tag, word in columns.words:
        said = derived.get(tag)
        standing[row] = said is not None and said != word
        unknown[row] = said is None
    for row, tags in columns.silent:
        standing[row] = bool(np.isnan(snapshot.numbers(tags)).all())
        unknown[row] = waiting and bool(_never_heard(tags, snapshot).all())
    unknown[columns.bad] = waiting & _never_heard(columns.bad_tags, snapshot)
    offset_s = snapshot.utc_s - snapshot.now_s
    blind = np.zeros(count, np.bool_)
    for trip in protection.trips:
        place = columns.trips.get((trip.cause, trip.container))
        if place is not None:
            standing[place] = True
            blind[place] = trip.unknown and trip.container is not None
            source_s[place] = (trip.onset_utc_s or trip.utc_s) - offset_s
    standing[columns.units_tripped] = bool(protection.unit_tripped.any())
    return Conditions(standing, unknown, source_s, blind)


def values(
    columns: Columns, snapshot: Snapshot, derived: Mapping[str, Made]
) -> tuple[Floats, Floats]:
    """What the alarms on numbers and flags look at, and the source's time of it."""
    found = _of(columns.tags, snapshot, derived)
    if len(columns.subtracted):
        found[columns.subtracted] -= _of(columns.less, snapshot, derived)
    rows = snapshot.index.rows(columns.tags)
    seen_s = np.where(rows >= 0, snapshot.source_s[rows], snapshot.now_s)
    return found, np.where(np.isfinite(seen_s), seen_s, snapshot.now_s)


def _numbers(
    columns: Columns,
    held: Flags,
    snapshot: Snapshot,
    derived: Mapping[str, Made],
    standing: Flags,
    unknown: Flags,
    source_s: Floats,
) -> None:
    found, seen_s = values(columns, snapshot, derived)
    beyond = columns.sign * (found - columns.limit)
    rows = columns.numbers
    # What stands already goes on until it is past its deadband; NaN compares as false.
    standing[rows] = np.where(held[rows], beyond > -columns.deadband, beyond >= 0.0)
    unknown[rows] = np.isnan(found)
    source_s[rows] = seen_s


def _is_bad(columns: Columns, snapshot: Snapshot) -> Flags:
    rows = snapshot.index.rows(columns.bad_tags)
    # A tag that this image does not have is no tag of this plant.
    return np.asarray((rows >= 0) & (snapshot.quality[rows] == Quality.BAD))


def _never_heard(tags: tuple[str, ...], snapshot: Snapshot) -> Flags:
    return np.isneginf(snapshot.source_s[snapshot.index.rows(tags)])


def _of(names: tuple[str, ...], snapshot: Snapshot, derived: Mapping[str, Made]) -> Floats:
    """The tags' values, measured or made by Hearth; NaN for what is not known."""
    found = snapshot.numbers(names).copy()
    for at in np.flatnonzero(snapshot.index.rows(names) < 0).tolist():
        value = derived.get(names[at])
        if isinstance(value, bool | float | int):
            found[at] = float(value)
    return found
