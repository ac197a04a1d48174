"""What a profile says of a device's own life: its heartbeat, its watchdog, how often it is written.

A device that holds its outputs for ever when nobody speaks to it may not be ordered automatically,
and one whose heartbeat stands still tells of the past although it answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from drivers.modbus.command_frame import FrameSpan
from drivers.modbus.register import Register

LIFE_KEYS: Final = frozenset({"heartbeat", "watchdog", "writes_per_s"})
NEVER_POLLED: Final = frozenset({"identity", "frame"})
# Five scans a second are the most there are; a loop that has gone wild makes thousands.
WRITES_PER_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Watchdog:
    """The register with the time after which the device gives its master up.

    Below `low` or above `high`, in the register's unit, it is not what the plant was built for;
    `disabled` is the value with which the device watches nobody.
    """

    register: str
    low: float
    high: float
    disabled: float = 0.0


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The register that changes at least every `period_s` while the device's program runs."""

    register: str
    period_s: float


@dataclass(frozen=True, slots=True)
class Life:
    """Heartbeat and watchdog, None where the device has none, and the most writes a second.

    `writes_per_s` holds for each register; the device as a whole takes twice as many.
    """

    heartbeat: Heartbeat | None = None
    watchdog: Watchdog | None = None
    writes_per_s: float = WRITES_PER_S


def read_life(
    data: Mapping[str, Any], registers: Sequence[Register], frame: FrameSpan | None
) -> Life:
    """The profile's tables about life, checked against its registers; ValueError names the key."""
    named = {one.name: one for one in registers}
    heartbeat = watchdog = None
    if "heartbeat" in data:
        heartbeat = Heartbeat(**_table(data, "heartbeat", Heartbeat, named))
        if not heartbeat.period_s > 0.0:
            raise ValueError(f"heartbeat: period_s is {heartbeat.period_s}, expected more than 0")
    if "watchdog" in data:
        watchdog = Watchdog(**_table(data, "watchdog", Watchdog, named))
        if not watchdog.low <= watchdog.high:
            raise ValueError(f"watchdog: low {watchdog.low} is above high {watchdog.high}")
    for one in registers:
        _check(one, frame)
    most = data.get("writes_per_s", WRITES_PER_S)
    if isinstance(most, bool) or not most > 0.0:
        raise ValueError(f"writes_per_s: {most!r}, expected more than 0")
    return Life(heartbeat, watchdog, float(most))


def _table(
    data: Mapping[str, Any], key: str, kind: type, named: Mapping[str, Register]
) -> dict[str, Any]:
    entry: dict[str, Any] = data[key]
    known = {one.name for one in fields(kind)}
    needed = known - {"disabled"}
    if not needed <= entry.keys() <= known:
        raise ValueError(f"{key}: expected the keys {sorted(known)}, got {sorted(entry)}")
    if entry["register"] not in named:
        raise ValueError(f"{key}: no register is called {entry['register']!r}")
    if named[entry["register"]].group in NEVER_POLLED:
        raise ValueError(f"{key}: {entry['register']} is in a group that is not read all the time")
    return entry


def _check(one: Register, frame: FrameSpan | None) -> None:
    if one.pulse and not (one.writable and one.type == "bool"):
        raise ValueError(f"{one.name}: a pulse is a writable bool")
    if one.pulse and frame is not None and frame.holds(one):
        raise ValueError(f"{one.name}: a pulse may not lie in a frame, which is repeated")
    most = one.writes_per_s
    if most is not None and not (one.writable and most > 0.0):
        raise ValueError(f"{one.name}: writes_per_s is {most!r}, expected more than 0 and writable")
