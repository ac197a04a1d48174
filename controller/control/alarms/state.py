"""What is remembered of all alarms from scan to scan, and what has happened to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from controller.control.alarms.base import Base
from controller.image.fleet import Bytes, Flags, Floats

What = Literal[
    "raised",
    "cleared",
    "acknowledged",
    "sounds again",
    "reset",
    "shelved",
    "unshelved",
    "suppressed",
    "unsuppressed",
    "out of service",
    "in service",
]


@dataclass(frozen=True, slots=True)
class Transition:
    """One step of one alarm; the journal of them is what a restart believes.

    `base` is its state afterwards. `until_utc_s` is the end of a shelf, `onset_utc_s` when the
    condition began by the source's time. `by` is empty where nobody did it.
    """

    utc_s: float
    alarm: str
    what: What
    base: int
    by: str = ""
    reason: str = ""
    text: str = ""
    until_utc_s: float | None = None
    onset_utc_s: float | None = None
    quiet: bool = False


@dataclass(frozen=True)
class First:
    """What came first in its group, when (source time, UTC), and what came within one poll."""

    alarm: int
    utc_s: float
    ties: tuple[int, ...] = ()


@dataclass(frozen=True)
class AlarmState:
    """One column an alarm. Times are monotonic seconds, NaN for none.

    `pending_s` is since when the condition differs from the state, `onset_s` when it began by the
    source's time, `changed_s` when the state changed last, `raised_s` when it was raised last,
    `shelved_until_s` the end of a shelf. `edges` are the last beginnings of alarms that count.
    `firsts` names what came first in each group, as long as the group is not all normal.
    """

    base: Bytes
    pending_s: Floats
    onset_s: Floats
    changed_s: Floats
    raised_s: Floats
    shelved_until_s: Floats
    out_of_service: Flags
    suppressed: Flags
    raw: Flags
    edges: Mapping[int, tuple[float, ...]] = field(default_factory=dict)
    firsts: Mapping[str, First] = field(default_factory=dict)

    @property
    def quiet(self) -> Flags:
        """Whether nobody is to be disturbed by it: shelved, suppressed or out of service."""
        return ~np.isnan(self.shelved_until_s) | self.suppressed | self.out_of_service

    @property
    def annunciated(self) -> Flags:
        """What an operator sees in his list."""
        return np.asarray((self.base != Base.NORMAL) & ~self.quiet)


def first_alarms(count: int) -> AlarmState:
    """All normal; the first scan raises what stands."""
    return AlarmState(
        base=np.zeros(count, np.int8),
        pending_s=np.full(count, np.nan),
        onset_s=np.full(count, np.nan),
        changed_s=np.full(count, -np.inf),
        raised_s=np.full(count, np.nan),
        shelved_until_s=np.full(count, np.nan),
        out_of_service=np.zeros(count, np.bool_),
        suppressed=np.zeros(count, np.bool_),
        raw=np.zeros(count, np.bool_),
    )
