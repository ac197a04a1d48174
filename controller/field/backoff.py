"""How long to leave a device alone after it failed: longer each time, jittered, never over 10 s."""

from dataclasses import dataclass
from random import Random

LONGEST_S = 10.0
JITTER = 0.25


@dataclass(slots=True)
class Backoff:
    """One device's failures in a row."""

    first_s: float
    dice: Random
    failures: int = 0

    def failed(self) -> float:
        """Count a failure and give the time until the next attempt."""
        wait_s = min(self.first_s * 2.0 ** min(self.failures, 10), LONGEST_S)
        self.failures += 1
        return wait_s * (1.0 - JITTER * self.dice.random())

    def recovered(self) -> int:
        """Forget the failures and tell how many there were."""
        failures, self.failures = self.failures, 0
        return failures
