"""First-out: in each group, what began first by its source's time, and what cannot be told apart.

A mark lives until every alarm of its group is normal again.
"""

from collections.abc import Mapping

import numpy as np

from controller.control.alarms.base import Base
from controller.control.alarms.columns import Columns
from controller.control.alarms.state import First
from controller.image.evolve import replace
from controller.image.fleet import Bytes, Flags, Floats

TIE_S = 1.0
"""Two beginnings within one poll of the water's devices cannot be put in order."""


def first_out(
    firsts: Mapping[str, First],
    raised: Flags,
    base: Bytes,
    onset_utc_s: Floats,
    columns: Columns,
) -> Mapping[str, First]:
    """The marks after these alarms were raised, and without those of groups that are normal."""
    marks = still_marked(firsts, base, columns)
    for row in np.flatnonzero(raised).tolist():
        group = columns.alarms[row].group
        marks[group] = _with(marks.get(group), row, float(onset_utc_s[row]))
    return marks


def still_marked(firsts: Mapping[str, First], base: Bytes, columns: Columns) -> dict[str, First]:
    """The marks of groups that are not all normal."""
    return {
        group: first
        for group, first in firsts.items()
        if (base[columns.groups[group]] != Base.NORMAL).any()
    }


def _with(first: First | None, row: int, utc_s: float) -> First:
    """The mark with one more alarm: it may be earlier, a tie, or later than what is marked."""
    if first is None or utc_s < first.utc_s - TIE_S:
        return First(row, utc_s)
    if row == first.alarm or utc_s > first.utc_s + TIE_S:
        return first
    if utc_s < first.utc_s:
        return First(row, utc_s, (*first.ties, first.alarm))
    return replace(first, ties=(*first.ties, row)) if row not in first.ties else first
