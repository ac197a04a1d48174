"""From the journal of transitions back to the state: a restart believes all that was written."""

from collections.abc import Iterable

import numpy as np

from controller.control.alarms.base import stands
from controller.control.alarms.columns import Columns
from controller.control.alarms.first_out import first_out
from controller.control.alarms.state import AlarmState, Transition, first_alarms
from controller.image.evolve import replace


def replay(
    journal: Iterable[Transition], now_s: float, utc_s: float, columns: Columns
) -> tuple[AlarmState, tuple[str, ...]]:
    """The alarms as they stood after the last entry, and the names that this plant has no more.

    A shelf keeps its end, and never becomes longer than it may be when the clock was set back.
    """
    state = first_alarms(len(columns.alarms))
    offset_s = utc_s - now_s
    gone: dict[str, None] = {}
    firsts = state.firsts
    for one in journal:
        row = columns.index.get(one.alarm)
        if row is None:
            gone[one.alarm] = None
            continue
        _again(state, row, one, now_s, offset_s, columns)
        if one.what == "raised":
            raised = np.zeros(len(state.base), np.bool_)
            raised[row] = True
            firsts = first_out(firsts, raised, state.base, state.onset_s + offset_s, columns)
    nobody = np.zeros(len(state.base), np.bool_)
    firsts = first_out(firsts, nobody, state.base, state.onset_s + offset_s, columns)
    return replace(state, raw=stands(state.base), firsts=firsts), tuple(gone)


def _again(
    state: AlarmState, row: int, one: Transition, now_s: float, offset_s: float, columns: Columns
) -> None:
    """One step once more, into columns that nobody else has yet."""
    at_s = min(one.utc_s - offset_s, now_s)
    if one.what not in _FLAGS:
        state.changed_s[row] = at_s if one.base != state.base[row] else state.changed_s[row]
        state.base[row] = one.base
    match one.what:
        case "raised":
            state.raised_s[row] = at_s
            state.onset_s[row] = (one.onset_utc_s or one.utc_s) - offset_s
        case "sounds again":
            state.raised_s[row] = at_s
        case "shelved":
            left_s = (one.until_utc_s or 0.0) - offset_s - now_s
            longest_s = columns.alarms[row].longest_shelf_s
            state.shelved_until_s[row] = now_s + min(max(left_s, 0.0), longest_s)
        case "unshelved":
            state.shelved_until_s[row] = np.nan
        case "out of service" | "in service":
            state.out_of_service[row] = one.what == "out of service"
        case "suppressed" | "unsuppressed":
            state.suppressed[row] = one.what == "suppressed"
        case _:
            pass


def standing_entries(
    state: AlarmState, journal: Iterable[Transition], columns: Columns
) -> list[Transition]:
    """The fewest entries of a journal from which the same state comes back."""
    last: dict[tuple[str, str], Transition] = {}
    for one in journal:
        if one.alarm in columns.index:
            key = one.alarm, _FLAGS.get(one.what, "raise" if one.what == "raised" else "base")
            # Taken out first, so that the last entries stand in the order in which they came.
            last.pop(key, None)
            last[key] = one
    plain = {
        "shelf": np.isnan(state.shelved_until_s),
        "service": ~state.out_of_service,
        "design": ~state.suppressed,
        "base": state.base == 0,
        "raise": state.base == 0,
    }
    return [one for (name, kind), one in last.items() if not plain[kind][columns.index[name]]]


_FLAGS = {
    "shelved": "shelf",
    "unshelved": "shelf",
    "out of service": "service",
    "in service": "service",
    "suppressed": "design",
    "unsuppressed": "design",
}
"""Steps that leave the base state alone, and which flag they set."""
