"""The one place that reads the machine's clocks; what it tells is the plant's shared time.

A program chooses its clock once, before its loop begins, and leaves it to the programs that it
starts. Real time is for what a hurried plant does not hurry: processes that hang or end, people,
certificates.
"""

import os
import time

from controller.clock.shared import SharedClock, read_clock

VARIABLE = "HEARTH_CLOCK"

_chosen = [SharedClock()]


def real_monotonic_s() -> float:
    """Seconds of the machine's own clock that never steps."""
    return time.monotonic()  # noqa: TID251 - this is the edge


def real_utc_s() -> float:
    """UTC seconds since 1970 as the world outside has them."""
    return time.time()  # noqa: TID251 - this is the edge


def choose_clock(text: str) -> SharedClock:
    """Run this program, and those that it starts, on the clock of this text."""
    clock = read_clock(text, real_monotonic_s(), real_utc_s())
    _chosen[0] = clock
    os.environ[VARIABLE] = clock.text()
    return clock


def chosen_clock() -> SharedClock:
    """The clock that this program runs on."""
    return _chosen[0]


def monotonic_s() -> float:
    """Seconds of the plant's clock that never steps; the event loop shows the same."""
    return _chosen[0].monotonic_s(real_monotonic_s())


def utc_s() -> float:
    """UTC seconds since 1970 on the plant's clock."""
    clock = _chosen[0]
    return clock.utc_s(real_monotonic_s()) if clock.hurried else real_utc_s()


def real_limit_s(seconds: float) -> float:
    """How long the loop must wait for so many real seconds to pass."""
    return seconds * _chosen[0].speed
