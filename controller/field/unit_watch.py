"""What a unit's telemetry shows of the unit itself: restarts without end, and a clock that stands.

A restart is one that nobody has ordered: a unit that slept and wakes by a restart does not count.
"""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from controller.control.decision import Event
from controller.control.severity import Severity
from drivers.cgminer.reading import MinerReading, MinerState

MOST_RESTARTS = 3
WITHIN_S = 600.0
CALM_S = 1_800.0
"""So long without a restart, and a unit that was set aside is taken again."""

STANDS_AFTER_S = 8.0
"""Elapsed counts seconds: polls that far apart must differ."""

_RESTING = (MinerState.ASLEEP, MinerState.STOPPING, MinerState.UNKNOWN)


@dataclass(slots=True)
class _Unit:
    """What was seen of one unit last."""

    elapsed_s: float = -1.0
    rose_s: float = 0.0
    state: MinerState = MinerState.UNKNOWN
    restarts_s: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_RESTARTS))
    standing: bool = False
    codes: tuple[int, ...] = ()


class UnitWatch:
    """Every unit's uptime from poll to poll; `aside` are those that restart again and again."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.aside = np.zeros(len(names), np.bool_)
        self._names = names
        self._units = [_Unit() for _ in names]

    def heard(self, unit: int, reading: MinerReading, now_s: float) -> list[Event]:
        """Take a reading; what there is to tell of it."""
        known = self._units[unit]
        events: list[Event] = []
        if reading.elapsed_s != known.elapsed_s:
            if reading.elapsed_s < known.elapsed_s and known.state not in _RESTING:
                known.restarts_s.append(now_s)
                events += self._restarted(unit, known, now_s)
            known.elapsed_s, known.rose_s = reading.elapsed_s, now_s
            known.standing = False
        elif now_s - known.rose_s > STANDS_AFTER_S and reading.state is not MinerState.ASLEEP:
            if not known.standing:
                told = f"its telemetry stands still at {reading.elapsed_s:.0f} s: not believed"
                events.append(self._event(unit, Severity.MEDIUM, told))
            known.standing = True
        if self.aside[unit] and now_s - known.restarts_s[-1] >= CALM_S:
            self.aside[unit] = False
            events.append(self._event(unit, Severity.LOW, "runs without restarts: taken again"))
        if reading.details.error_codes != known.codes:
            events += self._wrong(unit, known.codes, reading.details.error_codes)
            known.codes = reading.details.error_codes
        known.state = reading.state
        return events

    def stands(self, unit: int) -> bool:
        """Whether its telemetry is an old one, told again."""
        return self._units[unit].standing

    def forget(self, unit: int) -> None:
        """Another unit stands in its place."""
        self._units[unit] = _Unit()
        self.aside[unit] = False

    def _wrong(self, unit: int, before: tuple[int, ...], now: tuple[int, ...]) -> list[Event]:
        """What the unit says is wrong, where that is new."""
        if not set(now) - set(before):
            return []
        told = ", ".join(str(code) for code in now)
        return [self._event(unit, Severity.MEDIUM, f"says error {told}")]

    def _restarted(self, unit: int, known: _Unit, now_s: float) -> list[Event]:
        times = known.restarts_s
        often = len(times) == MOST_RESTARTS and now_s - times[0] <= WITHIN_S
        if not often or self.aside[unit]:
            return []
        self.aside[unit] = True
        told = (
            f"has restarted {MOST_RESTARTS} times in {WITHIN_S / 60:.0f} min: set aside until it"
            f" has run {CALM_S / 60:.0f} min without a restart"
        )
        return [self._event(unit, Severity.HIGH, told)]

    def _event(self, unit: int, severity: Severity, told: str) -> Event:
        return Event(severity, f"miner-{self._names[unit]}", told)
