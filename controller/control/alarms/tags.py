"""The tags that tell of the alarms: how many stand, which weighs most, what came first."""

from collections.abc import Mapping

import numpy as np

from controller.control.alarms.base import LETTERS, Base, stands, waits
from controller.control.alarms.columns import Columns
from controller.control.alarms.state import AlarmState, First
from controller.control.derived import DerivedTag, Made
from controller.image.fleet import Flags

MOST_LISTED = 20
STALE_S = 86_400.0
"""What stands longer is stale (ISA-18.2, 16.5)."""
_COUNTS = (
    ("alarms.active", "alarms whose condition stands and that an operator sees"),
    ("alarms.unacknowledged", "alarms that wait to be acknowledged"),
    ("alarms.latched", "alarms that are over and wait for acknowledgement and reset"),
    ("alarms.shelved", "alarms that are shelved for a time"),
    ("alarms.suppressed", "alarms that the plant's state suppresses"),
    ("alarms.out_of_service", "alarms that are out of service"),
    ("alarms.stale", "alarms that have stood for more than a day"),
)
_TEXTS = (
    ("alarms.highest", "the weightiest alarm that an operator sees"),
    ("alarms.list", f"the {MOST_LISTED} weightiest alarms with their state (A to F)"),
    ("alarms.first_out", "what came first in each group that is not normal"),
)


def alarm_tags(count: int) -> tuple[DerivedTag, ...]:
    """All of these tags for a plant of so many alarms."""
    numbers = (DerivedTag(name, "number", "", told, 0.0, float(count)) for name, told in _COUNTS)
    return (*numbers, *(DerivedTag(name, "text", "", told) for name, told in _TEXTS))


def alarm_values(state: AlarmState, now_s: float, table: Columns) -> Mapping[str, Made]:
    """The value of each in this scan."""
    visible = state.annunciated
    standing = stands(state.base)
    waiting = waits(state.base)
    latched = state.base >= int(Base.LATCHED)
    listed = _listed(state, visible, table) if visible.any() else []
    return {
        "alarms.active": float(np.count_nonzero(visible & standing)),
        "alarms.unacknowledged": float(np.count_nonzero(visible & waiting)),
        "alarms.latched": float(np.count_nonzero(visible & latched)),
        "alarms.shelved": float(np.count_nonzero(~np.isnan(state.shelved_until_s))),
        "alarms.suppressed": float(np.count_nonzero(state.suppressed)),
        "alarms.out_of_service": float(np.count_nonzero(state.out_of_service)),
        "alarms.stale": float(
            np.count_nonzero(visible & standing & (now_s - state.raised_s > STALE_S))
        ),
        "alarms.highest": table.alarms[listed[0]].name if listed else "",
        "alarms.list": ", ".join(
            f"{table.alarms[row].name} {LETTERS[state.base[row]]}" for row in listed
        ),
        "alarms.first_out": "; ".join(
            f"{group}: {_first(first, table)}" for group, first in state.firsts.items()
        ),
    }


def _listed(state: AlarmState, visible: Flags, table: Columns) -> list[int]:
    """The rows that an operator sees, the weightiest and newest first."""
    rows = np.flatnonzero(visible)
    order = np.lexsort((-state.raised_s[rows], -table.severity[rows]))
    listed: list[int] = rows[order[:MOST_LISTED]].tolist()
    return listed


def _first(first: First, table: Columns) -> str:
    name = table.alarms[first.alarm].name
    if not first.ties:
        return name
    return f"{name} (tie with {', '.join(table.alarms[row].name for row in first.ties)})"
