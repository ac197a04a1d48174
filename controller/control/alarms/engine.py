"""One step of all alarms: delays, counts, base machine, flags by design, first-out."""

from dataclasses import dataclass

import numpy as np

from controller.control.alarms.base import Base, by_condition, stands
from controller.control.alarms.columns import Columns
from controller.control.alarms.conditions import Conditions
from controller.control.alarms.first_out import first_out
from controller.control.alarms.state import AlarmState, Transition, What
from controller.image.evolve import replace
from controller.image.fleet import Bytes, Flags

# Alarms that sound again do so once a minute at most, whatever was written.
SOONEST_AGAIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Moment:
    """When this is: monotonic and UTC seconds, and the plant's mode."""

    now_s: float
    utc_s: float
    mode: str


def step(
    state: AlarmState, seen: Conditions, moment: Moment, columns: Columns
) -> tuple[AlarmState, list[Transition]]:
    """The alarms after this scan, and every step that any of them has taken."""
    held = stands(state.base)
    raw = np.where(seen.unknown, state.raw, seen.standing)
    standing, pending_s, onset_s, edges = _delayed(state, held, raw, seen, moment, columns)
    base = by_condition(state.base, standing, columns.latching)
    base = _again(base, state, moment, columns)
    moved = base != state.base
    after = replace(state, pending_s=pending_s, onset_s=onset_s, raw=raw, edges=edges)
    if moved.any():
        after = _moved(after, base, standing & ~held, moved, moment, columns)
    after = _by_design(after, seen, moment, columns)
    steps = _told_of_base(state, after, moment, columns) if moved.any() else []
    return after, [*steps, *_told_of_flags(state, after, moment, columns)]


def _moved(
    state: AlarmState,
    base: Bytes,
    begun: Flags,
    moved: Flags,
    moment: Moment,
    columns: Columns,
) -> AlarmState:
    """The state with the new base states, and since when they are so."""
    raised = (base == Base.UNACKED) & (state.base != Base.UNACKED)
    onset_utc_s = state.onset_s + (moment.utc_s - moment.now_s)
    return replace(
        state,
        base=base,
        changed_s=np.where(moved, moment.now_s, state.changed_s),
        raised_s=np.where(raised, moment.now_s, state.raised_s),
        firsts=first_out(state.firsts, begun, base, onset_utc_s, columns),
    )


def _delayed(
    state: AlarmState,
    held: Flags,
    raw: Flags,
    seen: Conditions,
    moment: Moment,
    columns: Columns,
) -> tuple[Flags, np.ndarray, np.ndarray, dict[int, tuple[float, ...]]]:
    """The conditions after their delays and counts."""
    differs = raw != held
    begins = raw & ~state.raw
    onset_s = np.where(begins, seen.source_s, state.onset_s) if begins.any() else state.onset_s
    edges = _edges(state, begins, moment, columns)
    if not differs.any():
        pending_s = state.pending_s
        return held, np.full_like(pending_s, np.nan), onset_s, edges
    since_s = np.where(np.isnan(state.pending_s), moment.now_s, state.pending_s)
    delay_s = np.where(held, columns.off_delay_s, columns.on_delay_s)
    due = differs & (moment.now_s - since_s >= delay_s)
    for row, times in edges.items():
        due[row] |= bool(raw[row] and not held[row] and len(times) >= columns.alarms[row].count)
    pending_s = np.where(differs & ~due, since_s, np.nan)
    return np.where(due, raw, held), pending_s, onset_s, edges


def _edges(
    state: AlarmState, begins: Flags, moment: Moment, columns: Columns
) -> dict[int, tuple[float, ...]]:
    """The beginnings that still count of the alarms that count them."""
    begun = np.flatnonzero(begins & columns.counted).tolist() if begins.any() else []
    edges: dict[int, tuple[float, ...]] = {}
    for row in {*state.edges, *begun}:
        lately_s = moment.now_s - columns.alarms[row].count_s
        times = tuple(at_s for at_s in state.edges.get(row, ()) if at_s > lately_s)
        if row in begun:
            times = (*times, moment.now_s)
        if times:
            edges[row] = times
    return edges


def _again(base: Bytes, state: AlarmState, moment: Moment, columns: Columns) -> Bytes:
    """What was acknowledged and has stood for long sounds again."""
    patience_s = np.maximum(columns.realarm_s, SOONEST_AGAIN_S)
    tired = (base == Base.ACKED) & (state.base == Base.ACKED)
    tired &= moment.now_s - state.changed_s >= patience_s
    return np.where(tired, np.int8(Base.UNACKED), base).astype(np.int8) if tired.any() else base


def _by_design(state: AlarmState, seen: Conditions, moment: Moment, columns: Columns) -> AlarmState:
    """Flags that the plant sets itself: suppression by mode and by silence, the ends of shelves.

    Trips are never suppressed, but for those of containers that say no more than that their device
    is silent, which has its alarm.
    """
    silent = stands(state.base)
    of = columns.silent_of
    suppressed = (of >= 0) & silent[of] & (columns.plain | seen.blind)
    quiet = columns.quiet_in.get(moment.mode)
    if quiet is not None:
        suppressed = suppressed | quiet
    over = moment.now_s >= state.shelved_until_s
    shelved_until_s = state.shelved_until_s
    if over.any():
        shelved_until_s = np.where(over, np.nan, shelved_until_s)
    return replace(state, suppressed=suppressed, shelved_until_s=shelved_until_s)


def _told_of_base(
    before: AlarmState, after: AlarmState, moment: Moment, columns: Columns
) -> list[Transition]:
    steps = []
    quiet = after.quiet
    offset_s = moment.utc_s - moment.now_s
    for row in np.flatnonzero(before.base != after.base).tolist():
        was, became = int(before.base[row]), int(after.base[row])
        what: What = "cleared"
        if became in (Base.UNACKED, Base.ACKED):
            what = "sounds again" if was == Base.ACKED else "raised"
        onset_utc_s = float(after.onset_s[row]) + offset_s if what == "raised" else None
        steps.append(
            Transition(
                moment.utc_s,
                columns.alarms[row].name,
                what,
                became,
                onset_utc_s=onset_utc_s,
                quiet=bool(quiet[row]),
            )
        )
    return steps


def _told_of_flags(
    before: AlarmState, after: AlarmState, moment: Moment, columns: Columns
) -> list[Transition]:
    steps = []
    changes: tuple[tuple[Flags, What, What, str], ...] = (
        (before.suppressed != after.suppressed, "suppressed", "unsuppressed", ""),
        (
            np.isnan(before.shelved_until_s) != np.isnan(after.shelved_until_s),
            "shelved",
            "unshelved",
            "its time is over",
        ),
    )
    for changed, begun, ended, text in changes:
        if not changed.any():
            continue
        flag = after.suppressed if begun == "suppressed" else ~np.isnan(after.shelved_until_s)
        for row in np.flatnonzero(changed).tolist():
            what = begun if flag[row] else ended
            name, base = columns.alarms[row].name, int(after.base[row])
            steps.append(Transition(moment.utc_s, name, what, base, text=text))
    return steps
