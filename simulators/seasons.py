"""Time of the year around a plant: its weather and its town's demand go on by themselves."""

from collections.abc import Mapping

from simulators.hand import Hand
from simulators.hours import Hours

CHANGES_EVERY_S = 10.0


class Seasons:
    """Moves values of the hand along their hours; what somebody else has set, stays his."""

    def __init__(self, hand: Hand, courses: Mapping[str, Hours]) -> None:
        self._hand = hand
        self._courses = dict(courses)
        self._put: dict[str, float] = {}
        self._due_s = 0.0

    def advance(self, now_s: float) -> None:
        """Set what it is now, so many seconds after the beginning."""
        if now_s < self._due_s:
            return
        self._due_s = now_s + CHANGES_EVERY_S
        for name, put in self._put.items():
            if self._hand.values[name] != put:
                self._courses.pop(name, None)
        self._put = {name: course.at(now_s) for name, course in self._courses.items()}
        self._hand.set(self._put)
