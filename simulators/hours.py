"""A quantity told step by step and joined by straight lines; steps are made when they are asked."""

import math
from collections.abc import Iterator

HOUR_S = 3_600.0
DAY_H = 24
YEAR_H = 8_760


class Hours:
    """What it is so many seconds after the beginning, one value each `step_s`, without end."""

    def __init__(self, steps: Iterator[float], step_s: float = HOUR_S) -> None:
        self._coming = steps
        self._step_s = step_s
        self._known: list[float] = []

    def at(self, now_s: float) -> float:
        """The value at this time; before the beginning it is the first one."""
        step, share = divmod(max(0.0, now_s) / self._step_s, 1.0)
        before = self._step(int(step))
        return before + share * (self._step(int(step) + 1) - before) if share else before

    def hour(self, hour: int) -> float:
        """The value at a full hour."""
        return self.at(hour * HOUR_S)

    def _step(self, step: int) -> float:
        while len(self._known) <= step:
            self._known.append(next(self._coming))
        return self._known[step]


def remembered(constant_h: float) -> float:
    """What an hour leaves of a deviation that is forgotten with this time constant."""
    return math.exp(-1.0 / constant_h)
