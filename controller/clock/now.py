"""The one place that reads the machine's clocks; what it tells is the plant's shared time.

A program chooses its clock once, before its loop begins, and leaves it to the programs that it
starts. Real time is for what a hurried plant does not hurry: processes that hang or end, people,
certificates.
"""

import os
import time
from pathlib import Path

from controller.clock.dial import Dial, make_dial
from controller.clock.shared import ClockError, SharedClock, read_clock

VARIABLE = "HEARTH_CLOCK"
FILE_MARK = "@"


class _Chosen:
    """The clock that this program runs on, and the latest time that it has told."""

    def __init__(self) -> None:
        self.fixed = SharedClock()
        self.dial: Dial | None = None
        self.told_s = 0.0

    def take(self, fixed: SharedClock, dial: Dial | None) -> None:
        """Run on this clock from now on."""
        if self.dial is not None and self.dial is not dial:
            self.dial.close()
        self.fixed, self.dial, self.told_s = fixed, dial, 0.0
        # Real time is nobody's to inherit: a rig that reads a speed there would offer its own.
        if self.clock().hurried:
            os.environ[VARIABLE] = clock_text()
        else:
            os.environ.pop(VARIABLE, None)

    def clock(self) -> SharedClock:
        """As it runs now."""
        return self.fixed if self.dial is None else self.dial.clock()


_chosen = _Chosen()


def real_monotonic_s() -> float:
    """Seconds of the machine's own clock that never steps."""
    return time.monotonic()  # noqa: TID251 - this is the edge


def real_utc_s() -> float:
    """UTC seconds since 1970 as the world outside has them."""
    return time.time()  # noqa: TID251 - this is the edge


def choose_clock(text: str, *, turning: bool = False) -> SharedClock:
    """Run this program, and those that it starts, on the clock of this text or `@FILE`.

    `turning` is for the one program that may change the speed of a clock in a file.
    """
    if text.startswith(FILE_MARK):
        file = Path(text.removeprefix(FILE_MARK)).absolute()
        _chosen.take(SharedClock(), Dial(file, turning=turning))
    else:
        _chosen.take(read_clock(text, real_monotonic_s(), real_utc_s()), None)
    return chosen_clock()


def offer_clock(text: str, path: Path) -> SharedClock:
    """Run on a clock that this program may turn, in a file for others; it begins at this speed."""
    real_s, utc_s = real_monotonic_s(), real_utc_s()
    speed = read_clock(text, real_s, utc_s).speed
    clock = SharedClock(speed, real_s, real_s, utc_s)
    _chosen.take(SharedClock(), make_dial(path.absolute(), clock))
    return clock


def turn_clock(speed: float) -> SharedClock:
    """Go on at another speed, with all programs on this clock; ClockError where that cannot be."""
    if _chosen.dial is None:
        raise ClockError(
            "this rig runs on a clock that cannot be turned: start it with --speed 1 to 10, and the"
            " controller with the --speed @FILE that it then tells"
        )
    return _chosen.dial.turn(speed, real_monotonic_s())


def chosen_clock() -> SharedClock:
    """The clock that this program runs on, as it runs now."""
    return _chosen.clock()


def clock_may_turn() -> bool:
    """Whether the speed may change while this program runs."""
    return _chosen.dial is not None


def clock_text() -> str:
    """What another program is given, to be on this clock too."""
    if _chosen.dial is not None:
        return f"{FILE_MARK}{_chosen.dial.path}"
    return _chosen.fixed.text()


def monotonic_s() -> float:
    """Seconds of the plant's clock that never steps; the event loop shows the same."""
    shown_s = chosen_clock().monotonic_s(real_monotonic_s())
    # A reading that was overtaken by a turn may be some microseconds ahead of the next one.
    _chosen.told_s = max(_chosen.told_s, shown_s)
    return _chosen.told_s


def utc_s() -> float:
    """UTC seconds since 1970 on the plant's clock."""
    clock = chosen_clock()
    return clock.utc_s(real_monotonic_s()) if clock.hurried else real_utc_s()


def real_limit_s(seconds: float) -> float:
    """How long the loop must wait, at the present speed, for so many real seconds to pass."""
    return seconds * chosen_clock().speed
