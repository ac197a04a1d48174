"""Whether the simulated plant keeps up with the clock that it was given."""

from collections import deque
from collections.abc import Mapping
from typing import Any

from controller.clock.now import chosen_clock, clock_text, monotonic_s, real_monotonic_s, utc_s

WINDOW_S = 10.0
APART_S = 0.25


class Pace:
    """The speed that is really achieved over the last ten real seconds."""

    def __init__(self, now_s: float) -> None:
        self.begin(now_s)

    def begin(self, now_s: float) -> None:
        """From now on the plant's time runs."""
        self._offset_s = monotonic_s() - now_s
        self._marks: deque[tuple[float, float]] = deque([(real_monotonic_s(), now_s)])

    def note(self, now_s: float) -> None:
        """Take the plant's time as it is now."""
        real_s = real_monotonic_s()
        if real_s - self._marks[-1][0] < APART_S:
            return
        self._marks.append((real_s, now_s))
        while real_s - self._marks[0][0] > WINDOW_S:
            self._marks.popleft()

    def told(self, now_s: float) -> dict[str, float | str | None]:
        """The clock as it was asked for, and as the plant follows it."""
        (first_s, first), (last_s, last) = self._marks[0], self._marks[-1]
        clock = chosen_clock()
        return {
            "speed": clock.speed,
            "achieved_speed": (last - first) / (last_s - first_s) if last_s > first_s else None,
            "behind_s": max(0.0, monotonic_s() - self._offset_s - now_s),
            "now_s": now_s,
            "utc_s": utc_s(),
            "clock": clock_text(),
        }


def pace_line(told: Mapping[str, Any]) -> str:
    """The clock in a few words: what was asked, and what is achieved."""
    achieved = told["achieved_speed"]
    words = f"speed {told['asked_speed']:g}"
    return words if achieved is None else f"{words} (achieved {achieved:.1f})"
