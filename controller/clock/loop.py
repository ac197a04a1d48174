"""An event loop on the shared clock: its time runs faster, its timers are due sooner.

The timers are kept by the plant's time, with one real alarm for the first of them. Where the clock
may be turned, the alarm also looks at it now and then: whatever waits is then due sooner or later.
"""

import asyncio
import heapq
import math
from collections.abc import Callable
from contextvars import Context
from itertools import count
from typing import Final, TypeVarTuple, Unpack

import uvloop

from controller.clock.now import chosen_clock, clock_may_turn, monotonic_s

MS_PER_S: Final = 1_000.0
LOOK_S: Final = 0.02
"""So many real seconds after a turn, at most, the timers follow."""

Ts = TypeVarTuple("Ts")


class HurriedLoop(uvloop.Loop):
    """uvloop whose seconds are shorter; what the library times inside itself stays real."""

    def __init__(self) -> None:
        super().__init__()
        self._longest_s = LOOK_S if clock_may_turn() else math.inf
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._numbers = count()
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_when_s = math.inf

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
        return self.call_at(self.time() + max(0.0, delay), callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[[Unpack[Ts]], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Call when the clock shows this."""
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, next(self._numbers), handle))
        if when < self._alarm_when_s:
            self._set_alarm()
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Nothing to do: what is cancelled is passed over when its time comes."""

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm, self._alarm_when_s = None, math.inf
        if not self._timers:
            return
        self._alarm_when_s = self._timers[0][0]
        wait_s = max(0.0, self._alarm_when_s - self.time()) / chosen_clock().speed
        # libuv counts whole milliseconds; a timer that is due late is better than one due early.
        real_s = math.ceil(min(wait_s, self._longest_s) * MS_PER_S) / MS_PER_S
        self._alarm = super().call_later(real_s, self._ring)

    def _ring(self) -> None:
        """Call what is due by now, in its order; what that asks for again waits its turn."""
        now_s = self.time()
        due: list[asyncio.TimerHandle] = []
        while self._timers and self._timers[0][0] <= now_s:
            due.append(heapq.heappop(self._timers)[2])
        self._set_alarm()
        for handle in due:
            if not handle.cancelled():
                handle._run()  # noqa: SLF001 - as every event loop runs its handles


def new_loop() -> uvloop.Loop:
    """The loop for the chosen clock: plain uvloop at real speed."""
    return HurriedLoop() if chosen_clock().hurried else uvloop.new_event_loop()
