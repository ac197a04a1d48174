"""What each unit has been through, by its serial number: sleeps, mode changes, hours by mode.

It is kept on disk, so that neither a restart nor a unit that moves to another place forgets it.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec

from controller.disk.whole_file import WholeFile
from drivers.cgminer.reading import MinerReading, MinerState

NAME = "wear.json"
KEEP_APART_S = 60.0
"""A crash loses no more of the hours than this."""

LONGEST_GAP_S = 60.0
"""What happened in a longer silence is not known, and counts for nothing."""

AWAKE = (MinerState.RUNNING, MinerState.STARTING, MinerState.CALIBRATING)
AT_REST = (MinerState.ASLEEP, MinerState.STOPPING)

Tell = Callable[[str], None]


class Wear(msgspec.Struct):
    """One unit's life so far; hours are by work mode, `on` where it has none, and `asleep`."""

    sleeps: int = 0
    mode_changes: int = 0
    hours: dict[str, float] = {}

    @property
    def changes(self) -> float:
        """How often it went from hot to cold or from one mode to another."""
        return float(self.sleeps + self.mode_changes)


class _Seen(msgspec.Struct):
    """A unit at its last reading."""

    serial: str
    awake: bool
    mode: int | None
    hours_as: str | None
    at_s: float


class WearBook:
    """Every unit that has ever answered here."""

    def __init__(self, folder: Path, units: int, tell: Tell) -> None:
        self.file = WholeFile(folder / NAME)
        self.by_serial = _read(folder / NAME, tell)
        self._seen: list[_Seen | None] = [None] * units
        self._due_s = 0.0

    def heard(self, unit: int, reading: MinerReading, mode: str | None, now_s: float) -> float:
        """Enter a reading of the unit at this place; how worn it is, 0 for one without a serial."""
        if reading.serial is None:
            self._seen[unit] = None
            return 0.0
        wear = self.by_serial.get(reading.serial)
        if wear is None:
            wear = self.by_serial[reading.serial] = Wear()
        before = self._seen[unit]
        awake = reading.state in AWAKE
        if before is not None and before.serial == reading.serial:
            _enter(wear, before, reading, now_s)
            # A fault or a doubt between two readings is no sleep.
            awake = awake or (before.awake and reading.state not in AT_REST)
        known = reading.work_mode
        if known is None and before is not None and before.serial == reading.serial:
            known = before.mode
        hours_as = _hours_as(reading.state, mode)
        self._seen[unit] = _Seen(reading.serial, awake, known, hours_as, now_s)
        return wear.changes

    def keep(self, now_s: float) -> None:
        """Now and then, have it written; returns at once."""
        if now_s >= self._due_s and self.by_serial:
            self._due_s = now_s + KEEP_APART_S
            self.close()

    def close(self) -> None:
        """Have it written as it stands."""
        self.file.keep(msgspec.json.encode(self.by_serial).decode())


def _enter(wear: Wear, before: _Seen, reading: MinerReading, now_s: float) -> None:
    if before.awake and reading.state in AT_REST:
        wear.sleeps += 1
    if None not in (before.mode, reading.work_mode) and before.mode != reading.work_mode:
        wear.mode_changes += 1
    gap_s = now_s - before.at_s
    if before.hours_as is not None and 0.0 < gap_s <= LONGEST_GAP_S:
        hours = wear.hours.get(before.hours_as, 0.0)
        wear.hours[before.hours_as] = hours + gap_s / 3600.0


def _hours_as(state: MinerState, mode: str | None) -> str | None:
    """The account into which its hours go."""
    if state in AWAKE:
        return mode or "on"
    return "asleep" if state is MinerState.ASLEEP else None


def _read(path: Path, tell: Tell) -> dict[str, Wear]:
    """The book of an earlier run; a broken one is set aside under another name, and told."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Wear])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as reason:
        tell(f"{path.name} could not be read, the units' wear begins anew: {reason}")
    try:
        path.rename(path.with_suffix(".broken"))
    except OSError as reason:
        tell(f"{path.name} could not be set aside: {reason}")
    return {}
