"""Takes speed back from a hurried clock that this machine cannot keep, and gives it again.

A plant that is late looks to its controller like one whose sensors fall silent, and trips; a
controller that is late loses the plant to the local automatic. So where either comes later than the
other would bear, the clock of all programs is turned down; the speed that is achieved is told
beside the one that was asked for. A controller that has died slows nobody for long.
"""

from typing import Final

from controller.clock.now import chosen_clock, clock_may_turn, real_monotonic_s, turn_clock
from controller.clock.shared import SLOWEST

# Half of what makes a protective input doubtful (1.5 s).
LATE_S: Final = 0.7
CALM_S: Final = 0.35
# A controller scans once a second, and is given up after 10 s.
CONTROLLER_LATE_S: Final = 3.5
APART_S: Final = 0.2
"""Real seconds between two steps down."""
CALM_FOR_S: Final = 5.0
"""Real seconds in time before a step up."""
STEPS_UP_APART_S: Final = 1.0
SLOWER, FASTER = 0.6, 1.15


class Governor:
    """Judges the plant's steps, each the plant's seconds since the one before."""

    def __init__(self) -> None:
        self.asked = chosen_clock().speed
        self._turned_s = real_monotonic_s()
        self._calm_since_s = self._turned_s

    def ask(self, speed: float) -> None:
        """Somebody wants another speed; ClockError where the clock cannot be turned to it."""
        turn_clock(speed)
        self.asked = speed
        self._turned_s = self._calm_since_s = real_monotonic_s()

    def note(self, step_s: float, waited_s: float = 0.0) -> None:
        """Take one step, and how long the controller has been waited for; the speed may change."""
        late_s = max(step_s, LATE_S * waited_s / CONTROLLER_LATE_S)
        real_s = real_monotonic_s()
        if late_s > CALM_S:
            self._calm_since_s = real_s
        if not clock_may_turn():
            return
        speed = chosen_clock().speed
        if late_s > LATE_S and speed > SLOWEST and real_s - self._turned_s >= APART_S:
            turn_clock(max(SLOWEST, speed * SLOWER))
            self._turned_s = real_s
        elif speed < self.asked and real_s - self._calm_since_s >= CALM_FOR_S:
            turn_clock(min(self.asked, speed * FASTER))
            # Calm has to show anew, though not for as long.
            self._turned_s, self._calm_since_s = real_s, real_s - CALM_FOR_S + STEPS_UP_APART_S
