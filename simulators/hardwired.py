"""The hard-wired permissives of the container feeders: they open contactors without any program.

A relay circuit for each container, latched; ordered open and then closed again it lets go, when the
reason is gone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

FLOW_DELAY_S = 10.0
DRAWING_SHARE = 0.05
# Steps add up to a whole second only nearly.
SLACK_S = 1e-6


@dataclass(frozen=True, slots=True)
class Permissives:
    """The switches in the circuits: those of every container, and the plant's own."""

    leak: Flags
    flow_proven: Flags
    emergency_stop_released: bool
    mains_present: bool


class HardwiredTrips:
    """One latch a container, and how long its feeder has drawn power without proven flow."""

    def __init__(self, containers: int) -> None:
        self.tripped: Flags = np.zeros(containers, np.bool_)
        self._ordered: Flags = np.zeros(containers, np.bool_)
        self._rising: Flags = np.zeros(containers, np.bool_)
        self._without_flow_s = np.zeros(containers)
        # Nothing is latched, asked or counted: what has no reason either changes nothing.
        self._calm = True

    @property
    def closed(self) -> Flags:
        """Which contactors are really closed."""
        return self._ordered & ~self.tripped

    def order(self, closed: Flags) -> None:
        """Note what is ordered; an order that rises asks the latch to let go."""
        self._rising |= closed & ~self._ordered
        self._rising &= closed
        self._ordered = closed.copy()
        self._calm = False

    def step(self, dt_s: float, seen: Permissives, load_share: Floats, bridged: Flags) -> None:
        """Latch what has a reason, let go what was closed anew without one.

        Bridged is where somebody has put a wire across the permissives of a container.
        """
        starved = (load_share > DRAWING_SHARE) & ~seen.flow_proven
        if self._calm and seen.emergency_stop_released and seen.mains_present:
            troubled = starved | seen.leak
            if not troubled.any():
                return
        self._without_flow_s = np.where(starved, self._without_flow_s + dt_s, 0.0)
        reason = seen.leak | (self._without_flow_s >= FLOW_DELAY_S - SLACK_S)
        if not seen.emergency_stop_released:
            reason[:] = True
        reason &= ~bridged
        if not seen.mains_present:
            reason[:] = True
        self.tripped = (self.tripped & ~(self._rising & ~reason)) | (reason & self._ordered)
        self._rising[:] = False
        self._calm = not (self.tripped.any() or self._without_flow_s.any())
