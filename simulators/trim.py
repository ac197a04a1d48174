"""The power that units are set to, as columns: what is asked, and how the boards follow.

A share is asked in percent, quickly or slowly, and forgotten when the mining service stops; a power
in watts is kept. Source: the maker's API text. How fast "about one second" and "several minutes"
are in time constants is an assumption.
"""

import numpy as np
from numpy.typing import NDArray

FAST_S, NORMAL_S = 0.3, 45.0
# Closer than this to what was asked, a unit has arrived.
ARRIVED_SHARE = 0.0005

Floats = NDArray[np.float64]


class Trim:
    """Shares of the full power of every unit; 1 where nothing was asked."""

    def __init__(self, units: int) -> None:
        self.level: Floats = np.ones(units)
        self.percent: NDArray[np.int16] = np.zeros(units, np.int16)
        self.kept: Floats = np.ones(units)
        self._constant_s: Floats = np.full(units, NORMAL_S)

    @property
    def goal(self) -> Floats:
        """Where every unit is on its way to."""
        return self.kept * np.where(self.percent > 0, self.percent / 100.0, 1.0)

    def ask(self, unit: int, percent: int, *, fast: bool) -> None:
        """Go to this share, of what is kept."""
        self.percent[unit] = percent
        self._constant_s[unit] = FAST_S if fast else NORMAL_S

    def keep(self, unit: int, share: float) -> None:
        """Go to this share, and keep it over every restart."""
        self.kept[unit] = share
        self._constant_s[unit] = NORMAL_S

    def forget(self, units: NDArray[np.int64]) -> None:
        """Their service ends: the percentage is lost, and they begin at what is kept."""
        self.percent[units] = 0
        self.level[units] = self.kept[units]

    def step(self, units: NDArray[np.int64], dt_s: float) -> NDArray[np.bool_]:
        """Move these units; which of them are still on their way."""
        goal = self.goal[units]
        left = (self.level[units] - goal) * np.exp(-dt_s / self._constant_s[units])
        moving = np.abs(left) > ARRIVED_SHARE
        self.level[units] = goal + np.where(moving, left, 0.0)
        return np.asarray(moving)
