"""An event loop on the shared clock: its time runs faster, its timers are due sooner."""

import asyncio
import math
from collections.abc import Callable
from contextvars import Context
from typing import TypeVarTuple, Unpack

import uvloop

from controller.clock.now import chosen_clock, monotonic_s

MS_PER_S = 1_000.0

Ts = TypeVarTuple("Ts")


class HurriedLoop(uvloop.Loop):
    """uvloop whose seconds are shorter; what the library times inside itself stays real."""

    def __init__(self, speed: float) -> None:
        super().__init__()
        self._speed = speed

    def time(self) -> float:
        """Seconds of the shared clock."""
        return monotonic_s()

    def call_later(
        self,
        delay: float,
        callback: Callable[[Unpack[Ts]], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Call after so many of the clock's seconds."""
        # libuv counts whole milliseconds; a timer that is due late is better than one due early.
        real_s = math.ceil(max(0.0, delay) / self._speed * MS_PER_S) / MS_PER_S
        return super().call_later(real_s, callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[[Unpack[Ts]], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Call when the clock shows this."""
        return self.call_later(when - self.time(), callback, *args, context=context)


def new_loop() -> uvloop.Loop:
    """The loop for the chosen clock: plain uvloop at real speed."""
    clock = chosen_clock()
    return HurriedLoop(clock.speed) if clock.hurried else uvloop.new_event_loop()
