"""One row of the cause-and-effect matrix: what is looked for, and what follows."""

from dataclasses import dataclass
from typing import Literal

Detector = Literal[
    "high", "low", "not_on", "not_off", "primary_flow", "container_flow", "disobedience"
]
"""A number beyond its limit, a flag that is not as it must be, or a cause of several inputs."""

Effect = Literal["stop_heat", "open_feeder", "shut_valve", "stop_pumps", "keep_flow"]
"""Miners sleep (and their feeder opens where they do not); feeder open at once; the container's
valve shut; pumps off once the miners are dark; flow may not stop."""

EFFECTS: tuple[Effect, ...] = ("stop_heat", "open_feeder", "shut_valve", "stop_pumps", "keep_flow")
Role = Literal["operator", "engineer"]


@dataclass(frozen=True, slots=True)
class Row:
    """A cause, where it is looked for, and its effects.

    `tag` holds {n} where there is one for each container. A number is beyond its limit at it; it is
    clear again `deadband` away from it, and near it from `warn` on. `trips_unknown` says that an
    input which is not known stands like one that is wrong. What latches stays until a person of
    `reset_role` resets it. `bypass_group` is empty where nobody may bypass it; of a group one row
    may be bypassed at a time. Times are in seconds.
    """

    cause: str
    each_container: bool
    detector: Detector
    tag: str
    words: str
    why: str
    effects: frozenset[Effect]
    limit: float = 0.0
    warn: float | None = None
    deadband: float = 0.0
    unit: str = ""
    delay_s: float = 0.0
    trips_unknown: bool = True
    latch: bool = True
    reset_role: Role = "operator"
    bypass_group: str = ""
