"""How many alarms an operator has had lately, and whether that is a flood, for every cycle."""

from collections import Counter, deque
from collections.abc import Sequence
from typing import Literal

from controller.control.alarms.performance import (
    CHATTER_COUNT,
    CHATTER_S,
    FLOOD_FROM,
    FLOOD_UNTIL,
    HOUR_S,
    TEN_MIN_S,
)
from controller.control.alarms.state import Transition

LOUD = frozenset({"raised", "sounds again"})
RATE_FIGURES: tuple[tuple[str, Literal["number", "flag", "text"], str], ...] = (
    ("alarms.last_10min", "number", "alarms of the last ten minutes (EEMUA 191: at most 10)"),
    ("alarms.last_hour", "number", "alarms of the last hour (ISA-18.2: about 6)"),
    ("alarms.flood", "flag", "more than ten came in ten minutes, and still five do"),
    ("alarms.chattering", "text", "alarms that came three times within a minute, this hour"),
)
"""Name, kind and meaning of each of its tags."""


class AlarmRate:
    """Remembers the alarms of the last hour that somebody heard."""

    def __init__(self) -> None:
        self._heard: deque[tuple[float, str]] = deque()
        self._flood = False
        self._chatter: dict[str, float] = {}

    def note(self, transitions: Sequence[Transition], utc_s: float) -> None:
        """Take a cycle's transitions and forget what is over an hour old."""
        for one in transitions:
            if one.what in LOUD and not one.quiet:
                self._heard.append((one.utc_s, one.alarm))
                self._notice(one.alarm, one.utc_s)
        while self._heard and utc_s - self._heard[0][0] > HOUR_S:
            self._heard.popleft()
        self._chatter = {n: at_s for n, at_s in self._chatter.items() if utc_s - at_s <= HOUR_S}
        lately = self._within(TEN_MIN_S, utc_s)
        self._flood = lately > FLOOD_FROM or (self._flood and lately >= FLOOD_UNTIL)

    def figures(self, utc_s: float) -> dict[str, float | bool | str]:
        """The value of each tag now."""
        return {
            "alarms.last_10min": float(self._within(TEN_MIN_S, utc_s)),
            "alarms.last_hour": float(len(self._heard)),
            "alarms.flood": self._flood,
            "alarms.chattering": ", ".join(sorted(self._chatter)),
        }

    def _within(self, span_s: float, utc_s: float) -> int:
        return sum(utc_s - at_s <= span_s for at_s, _ in self._heard)

    def _notice(self, alarm: str, utc_s: float) -> None:
        times = Counter(name for at_s, name in self._heard if utc_s - at_s <= CHATTER_S)
        if times[alarm] >= CHATTER_COUNT:
            self._chatter[alarm] = utc_s
