"""The water in every unit: one lump each, warmed by the boards and swept by the flow."""

import numpy as np
from numpy.typing import NDArray

from simulators.description import PlantDescription
from simulators.thermal import WATER_KW_PER_LPM_K

Floats = NDArray[np.float64]


class Coolant:
    """Units stand in parallel: those that sleep pass as much water as those that run."""

    def __init__(self, description: PlantDescription, container_of: NDArray[np.int64]) -> None:
        units = description.units
        self.inlet_c: Floats = np.zeros(units)
        self.outlet_c: Floats = np.zeros(units)
        self.heat_kw = 0.0
        self._heat_kw: Floats = np.zeros(units)
        self._capacity_kj_per_k = description.model.heat_capacity_kj_per_k
        self._standby_kw = description.model.standby_kw
        self._recovery = description.recovery
        self._container_of = container_of
        sizes = np.array([container.units for container in description.containers], np.float64)
        self._units_in: Floats = sizes
        self._container_inlet_c: Floats = np.zeros(len(sizes))

    def heat_from(self, power_kw: Floats) -> None:
        """Note what the boards give to the water; standby power stays with the room's air."""
        self._heat_kw = self._recovery * np.maximum(power_kw - self._standby_kw, 0.0)
        self.heat_kw = float(self._heat_kw.sum())

    def fill(self, inlet_c: float, container_lpm: Floats) -> None:
        """Start in equilibrium at this inlet; containers without flow are at the inlet's."""
        self._container_inlet_c[:] = inlet_c
        self.inlet_c[:] = inlet_c
        flow_kw_per_k = self.unit_lpm(container_lpm)[self._container_of] * WATER_KW_PER_LPM_K
        rise_k = np.divide(
            self._heat_kw, flow_kw_per_k, out=np.zeros_like(flow_kw_per_k), where=flow_kw_per_k > 0
        )
        self.outlet_c = inlet_c + rise_k

    def unit_lpm(self, container_lpm: Floats) -> Floats:
        """Flow through each unit of a container."""
        return container_lpm / self._units_in

    def step(self, dt_s: float, container_lpm: Floats, cold_c: float) -> float:
        """Exact for constant heat and inlet; gives what the water carried away, in kJ.

        The carried heat is what the boards gave less what the lumps kept, so no heat is lost.
        """
        flowing = container_lpm > 0.0
        self._container_inlet_c[flowing] = cold_c
        rate = self.unit_lpm(container_lpm) * (WATER_KW_PER_LPM_K / self._capacity_kj_per_k)
        swept = -np.expm1(-rate * dt_s)
        held_s = np.divide(swept, rate, out=np.full_like(rate, dt_s), where=rate > 0.0)
        where = self._container_of
        self.inlet_c = self._container_inlet_c.take(where)
        change_k = (self.inlet_c - self.outlet_c) * swept.take(where)
        change_k += self._heat_kw * (held_s / self._capacity_kj_per_k).take(where)
        self.outlet_c = self.outlet_c + change_k
        return self.heat_kw * dt_s - self._capacity_kj_per_k * float(change_k.sum())

    def stored_kj(self) -> float:
        """Heat held above 0 °C."""
        return self._capacity_kj_per_k * float(self.outlet_c.sum())
