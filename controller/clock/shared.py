"""The clock that all programs of one plant share: real time, or faster from one common instant.

A hurried clock is named by three numbers, `speed,real,utc`: how fast it runs, and the instant at
which it agreed with the real clocks (CLOCK_MONOTONIC, which all programs of a machine see alike,
and UTC). Whoever is given the same text has the same time. One whose speed may change is a file,
named as `@FILE` (see `dial`).
"""

import math
from dataclasses import dataclass

SLOWEST, FASTEST = 1.0, 10.0
PARTS = 3


class ClockError(ValueError):
    """The text names no clock; the message says what one looks like."""


@dataclass(frozen=True, slots=True)
class SharedClock:
    """A clock `speed` times as fast as the real one; at `real_s` it showed `shown_s`."""

    speed: float = 1.0
    real_s: float = 0.0
    shown_s: float = 0.0
    shown_utc_s: float = 0.0

    @property
    def hurried(self) -> bool:
        """Whether it is any other than the real clock."""
        return self != SharedClock()

    def monotonic_s(self, real_s: float) -> float:
        """This clock's seconds at a reading of the real monotonic clock."""
        return self.shown_s + (real_s - self.real_s) * self.speed

    def utc_s(self, real_s: float) -> float:
        """This clock's UTC at a reading of the real monotonic clock."""
        return self.shown_utc_s + (real_s - self.real_s) * self.speed

    def at_speed(self, speed: float, real_s: float) -> "SharedClock":
        """The same time from `real_s` on at another speed; ClockError for one that is too much."""
        return SharedClock(checked(speed), real_s, self.monotonic_s(real_s), self.utc_s(real_s))

    def text(self) -> str:
        """What another program is given, to have the same time."""
        if not self.hurried:
            return "1"
        return f"{self.speed!r},{self.real_s!r},{self.shown_utc_s!r}"


def read_clock(text: str, real_s: float, utc_s: float) -> SharedClock:
    """The clock of a text: a speed alone begins now, with an instant it began then."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in {1, PARTS} or not all(map(math.isfinite, numbers)):
        raise ClockError(f"{text!r} is no clock: give a speed of 1 to 10, or what a rig has said")
    speed, begun_s, begun_utc_s = numbers if len(numbers) == PARTS else (*numbers, real_s, utc_s)
    if begun_s > real_s:
        raise ClockError(f"{text!r} began in the future: it is of before the last start")
    if checked(speed) == 1.0:
        return SharedClock()
    return SharedClock(speed, begun_s, begun_s, begun_utc_s)


def checked(speed: float) -> float:
    """This speed; ClockError for one that no plant can be run at."""
    if not SLOWEST <= speed <= FASTEST:
        raise ClockError(f"speed {speed:g} is refused: the clock runs 1 to 10 times as fast")
    return speed
