"""A quantity told hour by hour and joined by straight lines; hours are made when they are asked."""

import math
from collections.abc import Iterator

HOUR_S = 3_600.0
DAY_H = 24
YEAR_H = 8_760


class Hours:
    """What it is so many seconds after the beginning; `hours` never ends."""

    def __init__(self, hours: Iterator[float]) -> None:
        self._coming = hours
        self._known: list[float] = []

    def at(self, now_s: float) -> float:
        """The value at this time; before the beginning it is the first one."""
        hour, share = divmod(max(0.0, now_s) / HOUR_S, 1.0)
        before = self.hour(int(hour))
        return before + share * (self.hour(int(hour) + 1) - before) if share else before

    def hour(self, hour: int) -> float:
        """The value at a full hour."""
        while len(self._known) <= hour:
            self._known.append(next(self._coming))
        return self._known[hour]


def remembered(constant_h: float) -> float:
    """What an hour leaves of a deviation that is forgotten with this time constant."""
    return math.exp(-1.0 / constant_h)
