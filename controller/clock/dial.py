"""A clock whose speed is changed while its programs run: a small file that all of them look at.

One program turns it, any number read it. The file holds the newest stretch of constant speed: four
numbers between two counters, which differ, or are odd, while it is being written.
"""

import os
import struct
from mmap import ACCESS_READ, ACCESS_WRITE, mmap
from pathlib import Path
from typing import Final

from controller.clock.shared import ClockError, SharedClock

LAYOUT: Final = struct.Struct("<QddddQ")
COUNTER: Final = struct.Struct("<Q")
TRIES: Final = 1_000


class Dial:
    """The clock in one file; what was read last is read again only when the file has changed."""

    def __init__(self, path: Path, *, turning: bool = False) -> None:
        self.path = path
        mode, access = (os.O_RDWR, ACCESS_WRITE) if turning else (os.O_RDONLY, ACCESS_READ)
        try:
            file = os.open(path, mode)
            try:
                if os.fstat(file).st_size != LAYOUT.size:
                    raise ClockError(f"{path} is no clock of a rig")
                self._shared = mmap(file, LAYOUT.size, access=access)
            finally:
                os.close(file)
        except OSError as error:
            raise ClockError(f"clock {path}: {error.strerror}: start its rig first") from error
        self._raw = b""
        self._clock = SharedClock()
        self.clock()

    def clock(self) -> SharedClock:
        """The stretch that counts now."""
        raw = self._shared[:]
        if raw != self._raw:
            self._raw, self._clock = self._settled()
        return self._clock

    def turn(self, speed: float, real_s: float) -> SharedClock:
        """Go on at another speed from this reading of the real clock; ClockError for too much."""
        clock = self.clock().at_speed(speed, real_s)
        write(self._shared, clock)
        return clock

    def close(self) -> None:
        """Let go of the file."""
        self._shared.close()

    def _settled(self) -> tuple[bytes, SharedClock]:
        """What stands in the file once nobody writes."""
        for _ in range(TRIES):
            raw = self._shared[:]
            first, *numbers, last = LAYOUT.unpack(raw)
            if first == last and first % 2 == 0 and first > 0:
                return raw, SharedClock(*numbers)
        raise ClockError(f"{self.path} holds no clock: its rig died while it was turned")


def make_dial(path: Path, clock: SharedClock) -> Dial:
    """A file that shows this clock from now on, in the place of an older one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(_packed(2, clock))
    # Whoever still looks at an older one keeps it.
    fresh.replace(path)
    return Dial(path, turning=True)


def write(shared: mmap, clock: SharedClock) -> None:
    """Put a clock into the file; readers see the old or the new one, never a mixture."""
    (count,) = COUNTER.unpack(shared[: COUNTER.size])
    shared[: COUNTER.size] = COUNTER.pack(count + 1)
    shared[COUNTER.size :] = _packed(count + 2, clock)[COUNTER.size :]
    shared[: COUNTER.size] = COUNTER.pack(count + 2)


def _packed(count: int, clock: SharedClock) -> bytes:
    numbers = (clock.speed, clock.real_s, clock.shown_s, clock.shown_utc_s)
    return LAYOUT.pack(count, *numbers, count)
