"""The plant's energy account, and the count of outputs that no controller may ever cause."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulators.description import PlantDescription

KJ_PER_KWH = 3_600.0

UNSAFE_POWER_KW = 1.0
# With less than this of the flow that a switch proves, a unit has next to none.
STARVED_SHARE = 0.5
STARVED_FOR_S = 20.0


@dataclass(slots=True)
class EnergyBook:
    """What came in, what went out and what is stored since the start.

    Pumps and fans stand beside it (`primary_pumps_kw` and others of the truth): their heat is left
    out.

    Heat that a heat pump draws from its source comes in beside the electricity. What the exchangers
    delivered is inside the plant still: sold is what passed the boundary.
    """

    in_kj: float = 0.0
    booster_kj: float = 0.0
    source_kj: float = 0.0
    delivered_kj: float = 0.0
    sold_kj: float = 0.0
    rejected_kj: float = 0.0
    room_kj: float = 0.0
    stored_at_start_kj: float = 0.0

    def boost(self, dt_s: float, heat_kw: float, electric_kw: float) -> None:
        """Book a booster: heat beyond its electricity is its source's, less is lost to the room."""
        self.booster_kj += electric_kw * dt_s
        self.source_kj += max(0.0, heat_kw - electric_kw) * dt_s
        self.room_kj += max(0.0, electric_kw - heat_kw) * dt_s

    def truth(self, stored_kj: float) -> dict[str, float | int | bool]:
        """The account in kWh; what is lost to the room is heat out, too."""
        in_kj = self.in_kj + self.booster_kj + self.source_kj
        out_kj = self.sold_kj + self.rejected_kj + self.room_kj
        return {
            "energy_in_kwh": in_kj / KJ_PER_KWH,
            "energy_out_kwh": out_kj / KJ_PER_KWH,
            "energy_stored_kwh": (stored_kj - self.stored_at_start_kj) / KJ_PER_KWH,
            "energy_delivered_kwh": self.delivered_kj / KJ_PER_KWH,
            "energy_sold_kwh": self.sold_kj / KJ_PER_KWH,
            "energy_rejected_kwh": self.rejected_kj / KJ_PER_KWH,
            "energy_booster_kwh": self.booster_kj / KJ_PER_KWH,
            "energy_source_kwh": self.source_kj / KJ_PER_KWH,
        }


class UnsafeOutputs:
    """Units above their limit at the outlet, or hashing dry for longer than a stop may take."""

    def __init__(self, description: PlantDescription) -> None:
        self.unit_seconds = 0.0
        self._outlet_most_c = description.outlet_most_c
        self._starved_lpm = STARVED_SHARE * description.flow_proven_lpm
        self._starved_s = np.zeros(description.units)
        self._any_starved = False

    def count(self, outlet_c: NDArray[np.float64]) -> int:
        """How many units are unsafe now."""
        unsafe = (outlet_c > self._outlet_most_c) | (self._starved_s > STARVED_FOR_S)
        return int(np.count_nonzero(unsafe))

    def step(
        self,
        dt_s: float,
        power_kw: NDArray[np.float64],
        outlet_c: NDArray[np.float64],
        unit_lpm: NDArray[np.float64],
        container_of: NDArray[np.int64],
    ) -> None:
        """Count the time of units that draw power while their container has next to no flow."""
        dry = unit_lpm < self._starved_lpm
        starved = dry.take(container_of) & (power_kw > UNSAFE_POWER_KW) if dry.any() else None
        if starved is not None and starved.any():
            self._starved_s = np.where(starved, self._starved_s + dt_s, 0.0)
            self._any_starved = True
        elif self._any_starved:
            self._starved_s[:] = 0.0
            self._any_starved = False
        if self._any_starved or outlet_c.max() > self._outlet_most_c:
            self.unit_seconds += self.count(outlet_c) * dt_s
