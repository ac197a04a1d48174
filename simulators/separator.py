"""The hydraulic separator between exchangers and network: a stratified tank, or a small header.

Layers from the top down; what flows from one to the next in a step has the temperature at the
step's begin, so no heat is lost and it is stable while a step moves at most one layer. Water that
is warmer than the water above it rises at once and mixes with it.
"""

import math

import numpy as np
from numpy.typing import NDArray

from simulators.description import PlantDescription
from simulators.thermal import WATER_KJ_PER_L_K, WATER_KW_PER_LPM_K

TANK_LAYERS_KEPT = 32
HEADER_LAYERS = 3
HEADER_LITRES = 2_000.0
HEADER_UNITS = 920
LEAST_HEADER_LITRES = 50.0
# Well insulated, large: 0.05 % of the heat above room temperature an hour.
LOSS_PER_S = 0.0005 / 3_600.0
STEP_SHARE = 0.9
# So much warmer than the water above it, water does not rise yet.
SAME_K = 0.002


class Separator:
    """Charged from the top while more water comes from the exchangers than the network takes."""

    def __init__(self, description: PlantDescription) -> None:
        if description.tank_m3 > 0.0:
            layers, litres = TANK_LAYERS_KEPT, 1_000.0 * description.tank_m3
        else:
            grown = HEADER_LITRES * description.units / HEADER_UNITS
            layers, litres = HEADER_LAYERS, max(LEAST_HEADER_LITRES, grown)
        self.layers_c: NDArray[np.float64] = np.zeros(layers)
        self._kj_per_k = litres / layers * WATER_KJ_PER_L_K
        most_lpm = max(description.district_flow_max_lpm, description.network_flow_max_lpm)
        self.longest_step_s = STEP_SHARE * litres / layers * 60.0 / most_lpm

    @property
    def top_c(self) -> float:
        """Temperature of the water that is drawn when discharging."""
        return float(self.layers_c[0])

    @property
    def bottom_c(self) -> float:
        """Temperature of the water that is displaced when charging."""
        return float(self.layers_c[-1])

    def fill(self, hot_c: float, cold_c: float) -> None:
        """Fill the upper half with hot water and the lower half with cold water."""
        height = len(self.layers_c)
        self.layers_c[:] = 0.5 * (hot_c + cold_c)
        self.layers_c[: height // 2] = hot_c
        self.layers_c[(height + 1) // 2 :] = cold_c

    def charge(self, dt_s: float, lpm: float, hot_c: float) -> None:
        """Let hot water in at the top and as much out at the bottom."""
        share = lpm * WATER_KW_PER_LPM_K * dt_s / self._kj_per_k
        above_c = np.concatenate(((hot_c,), self.layers_c[:-1]))
        self._shift(share, above_c)

    def discharge(self, dt_s: float, lpm: float, cold_c: float) -> None:
        """Let cold water in at the bottom and as much out at the top."""
        share = lpm * WATER_KW_PER_LPM_K * dt_s / self._kj_per_k
        below_c = np.concatenate((self.layers_c[1:], (cold_c,)))
        self._shift(share, below_c)

    def lose(self, dt_s: float, room_c: float) -> float:
        """Heat that the walls give to the room, in kJ."""
        share = -math.expm1(-LOSS_PER_S * dt_s)
        lost_k = (self.layers_c - room_c) * share
        self.layers_c = self.layers_c - lost_k
        return self._kj_per_k * float(lost_k.sum())

    def stored_kj(self) -> float:
        """Heat held above 0 °C."""
        return self._kj_per_k * float(self.layers_c.sum())

    def sensors_c(self, sensors: int) -> list[float]:
        """What evenly spaced sensors see, each in the middle of its part of the height."""
        parts = self.layers_c.reshape(sensors, -1)
        middle = parts.shape[1] // 2
        seen = parts[:, middle - 1 : middle + 1].mean(axis=1)
        return [float(value) for value in seen]

    def charge_pct(self, full_c: float, empty_c: float) -> float:
        """State of charge between a tank of cold return water and one that is full."""
        if full_c <= empty_c:
            return 0.0
        mean_c = float(self.layers_c.mean())
        return 100.0 * min(1.0, max(0.0, (mean_c - empty_c) / (full_c - empty_c)))

    def _shift(self, share: float, from_c: NDArray[np.float64]) -> None:
        self.layers_c = self.layers_c + share * (from_c - self.layers_c)
        if (self.layers_c[1:] > self.layers_c[:-1] + SAME_K).any():
            self._overturn()

    def _overturn(self) -> None:
        # Neighbours that stand the wrong way round are pooled until all stand the right way.
        pools: list[tuple[float, int]] = []
        for layer_c in self.layers_c.tolist():
            mean_c, layers = layer_c, 1
            while pools and mean_c > pools[-1][0]:
                above_c, above = pools.pop()
                mean_c = (mean_c * layers + above_c * above) / (layers + above)
                layers += above
            pools.append((mean_c, layers))
        self.layers_c = np.repeat([mean for mean, _ in pools], [count for _, count in pools])
