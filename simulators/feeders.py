"""The feeder panel: an electricity meter in front of every container."""

import math

import numpy as np
from numpy.typing import NDArray

from simulators.description import PlantDescription
from simulators.disturbance import Disturb, undisturbed
from simulators.names import container_tags

STEP_KWH = 0.1
WRAPS_AT = 2**32
HOUR_S = 3_600.0


class FeederPanel:
    """Power and energy of each container, units asleep included."""

    def __init__(self, description: PlantDescription, disturb: Disturb = undisturbed) -> None:
        self._disturb = disturb
        sizes = [container.units for container in description.containers]
        self.power_kw: NDArray[np.float64] = np.zeros(len(sizes))
        self._first = np.concatenate(([0], np.cumsum(sizes)[:-1]))
        self._energy_kws: NDArray[np.float64] = np.zeros(len(sizes))
        self._tags = container_tags(description)

    def step(self, dt_s: float, unit_kw: NDArray[np.float64]) -> None:
        """Measure and count."""
        self.power_kw = np.add.reduceat(unit_kw, self._first)
        self._energy_kws += self.power_kw * dt_s

    def points(self) -> dict[str, float | None]:
        """Every point of the panel's manual; the counter of 32 bits begins again at its end."""
        points: dict[str, float | None] = {}
        for tag, power_kw, energy_kws in zip(
            self._tags, self.power_kw.tolist(), self._energy_kws.tolist(), strict=True
        ):
            counted = math.floor(energy_kws / HOUR_S / STEP_KWH) % WRAPS_AT
            points[f"{tag}.feeder_power_kw"] = float(np.float32(power_kw))
            points[f"{tag}.feeder_energy_kwh"] = round(counted * STEP_KWH, 1)
        return self._disturb(points)
