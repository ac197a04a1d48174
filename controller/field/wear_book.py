"""What each unit has been through, by its serial number: sleeps, mode changes, hours by mode.

It is kept on disk, so that neither a restart nor a unit that moves to another place forgets it.
"""

from pathlib import Path

import msgspec

from controller.disk.serial_book import SerialBook, Tell
from drivers.cgminer.reading import MinerReading, MinerState

NAME = "wear.json"
LONGEST_GAP_S = 60.0
"""What happened in a longer silence is not known, and counts for nothing."""

AWAKE = (MinerState.RUNNING, MinerState.STARTING, MinerState.CALIBRATING)
AT_REST = (MinerState.ASLEEP, MinerState.STOPPING)


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


class WearBook(SerialBook[Wear]):
    """Every unit that has ever answered here."""

    def __init__(self, folder: Path, units: int, tell: Tell) -> None:
        super().__init__(folder / NAME, dict[str, Wear], "the units' wear begins anew", tell)
        self._seen: list[_Seen | None] = [None] * units

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
