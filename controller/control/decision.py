"""What a scan decides: the complete desired state, why, and what it remembers for the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from controller.control.alarms.state import Transition
from controller.control.severity import Severity
from controller.control.state import PlantState
from controller.control.trace import Trace
from controller.image.fleet import Bytes, Flags, FleetSnapshot, Floats, UnitState
from controller.image.tag import Value


class Wanted(IntEnum):
    """What a unit is wanted to do; FREE leaves it as it is."""

    SLEEP = 0
    NORMAL = 1
    FREE = 2


@dataclass(frozen=True)
class Event:
    """Something that happened in this scan, in the plant's words."""

    severity: Severity
    source: str
    text: str


@dataclass(frozen=True)
class Verdict:
    """What became of a request."""

    request: str
    accepted: bool
    reason: str


@dataclass(frozen=True)
class Decision:
    """The complete desired state of the plant and the reasons for it.

    `outputs` gives each writable tag its wanted value, `units` each miner what it shall do and
    `urgent` says that stops may not be paced. While `writing` is false nothing is written at all.
    `rungs` is the work mode of each unit that shall run (see ladder), where there are modes, and
    `power_share` what part of its rating it shall draw, NaN where that is not set.
    `derived` are the tags that Hearth itself makes; None is unknown. `trace` tells how it came
    about; there is none where nothing was decided. `transitions` are the steps of the alarms.
    """

    writing: bool
    outputs: Mapping[str, Value]
    units: Bytes
    urgent: bool
    derived: Mapping[str, float | bool | str | None]
    events: tuple[Event, ...]
    verdicts: tuple[Verdict, ...]
    state: PlantState
    rungs: Bytes | None = None
    power_share: Floats | None = None
    trace: Trace | None = None
    transitions: tuple[Transition, ...] = ()

    @property
    def epoch(self) -> int | None:
        """The epoch under which it is written; None where we have none, or the PLC keeps none."""
        return self.state.pen.epoch


def mode_differs(decision: Decision, fleet: FleetSnapshot) -> Flags:
    """The units that run in another work mode than they shall; not those whose mode is unknown."""
    if decision.rungs is None:
        return np.zeros(len(fleet.layout), np.bool_)
    runs = (decision.units == Wanted.NORMAL) & (fleet.state == UnitState.RUNNING)
    known = (fleet.mode >= 0) & fleet.commandable
    return np.asarray(runs & known & (fleet.mode + 1 != decision.rungs))
