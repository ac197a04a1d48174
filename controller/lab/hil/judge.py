"""Judges one expectation look by look: it must come in time and then stay; pure."""

from dataclasses import dataclass, field

from controller.lab.hil.limits import meets
from controller.lab.hil.steps import Always, Expect, Value


@dataclass(slots=True)
class Judgement:
    """What has become of one expectation since `begun_s` of the run."""

    wanted: Expect
    begun_s: float
    passed: bool | None = None
    measured: Value | None = None
    reached_after_s: float | None = None
    lowest: float | None = None
    highest: float | None = None
    why: str = ""
    _since_s: float | None = None
    _last_s: float = field(default=-1.0)

    @property
    def over(self) -> bool:
        """Whether it is decided."""
        return self.passed is not None

    def look(self, now_s: float, value: Value | None) -> None:
        """Take a look; every expectation is given at least one."""
        if self.over:
            return
        self.measured = value
        self._note_span(value)
        if meets(self.wanted, value):
            self._is_so(now_s)
        elif self._since_s is not None and self._too_late(now_s):
            stayed_s = now_s - self._since_s
            self._fail(f"came, and stayed for only {stayed_s:.0f} of {self.wanted.for_s:g} s")
        else:
            self._is_not_so(now_s, value)
        self._last_s = now_s

    def give_up(self, why: str) -> None:
        """The run ends before it is decided."""
        if not self.over:
            self._fail(why)

    def _is_so(self, now_s: float) -> None:
        if self._since_s is None:
            if now_s - self.begun_s > self.wanted.within_s and self._last_s >= 0.0:
                self._fail(f"came only after {now_s - self.begun_s:.0f} s")
                return
            self._since_s = now_s
            self.reached_after_s = now_s - self.begun_s
        if now_s - self._since_s >= self.wanted.for_s:
            self.passed = True

    def _is_not_so(self, now_s: float, value: Value | None) -> None:
        self._since_s = None
        if self._too_late(now_s):
            never = "was not so" if self.wanted.within_s == 0.0 else "did not come"
            if self.reached_after_s is not None:
                never = "came, left, and did not come again"
            in_time = f" within {self.wanted.within_s:g} s" if self.wanted.within_s else ""
            self._fail(f"{never}{in_time}" + ("; no value" if value is None else ""))

    def _too_late(self, now_s: float) -> bool:
        return now_s - self.begun_s >= self.wanted.within_s

    def _fail(self, why: str) -> None:
        self.passed, self.why = False, why

    def _note_span(self, value: Value | None) -> None:
        if isinstance(value, float | int) and not isinstance(value, bool):
            self.lowest = value if self.lowest is None else min(self.lowest, value)
            self.highest = value if self.highest is None else max(self.highest, value)


@dataclass(slots=True)
class Watch:
    """What has become of something that must always be so."""

    wanted: Always
    looks: int = 0
    misses: int = 0
    first_miss_s: float | None = None
    first_miss: Value | None = None
    lowest: float | None = None
    highest: float | None = None
    _known_s: float | None = None

    @property
    def passed(self) -> bool:
        """Whether it was so at every look, and there was one."""
        return self.looks > 0 and self.misses == 0

    def look(self, now_s: float, value: Value | None) -> None:
        """Take a look; a short time without a value is let pass."""
        if self._known_s is None:
            self._known_s = now_s
        if value is None and now_s - self._known_s <= self.wanted.gap_s:
            return
        self.looks += 1
        if value is not None:
            self._known_s = now_s
        if isinstance(value, float | int) and not isinstance(value, bool):
            self.lowest = value if self.lowest is None else min(self.lowest, value)
            self.highest = value if self.highest is None else max(self.highest, value)
        if not meets(self.wanted, value):
            self.misses += 1
            if self.first_miss_s is None:
                self.first_miss_s, self.first_miss = now_s, value
