"""The plant's energy account, and the count of outputs that no controller may ever cause."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KJ_PER_KWH = 3_600.0

UNSAFE_OUTLET_C = 85.0
UNSAFE_POWER_KW = 1.0
STARVED_LPM = 4.0
STARVED_FOR_S = 20.0


@dataclass(slots=True)
class EnergyBook:
    """Electricity in, heat out and heat stored since the start; the pumps' own heat is left out."""

    in_kj: float = 0.0
    delivered_kj: float = 0.0
    rejected_kj: float = 0.0
    room_kj: float = 0.0
    stored_at_start_kj: float = 0.0

    def truth(self, stored_kj: float) -> dict[str, float | int | bool]:
        """The account in kWh; what is lost to the room is heat out, too."""
        out_kj = self.delivered_kj + self.rejected_kj + self.room_kj
        return {
            "energy_in_kwh": self.in_kj / KJ_PER_KWH,
            "energy_out_kwh": out_kj / KJ_PER_KWH,
            "energy_stored_kwh": (stored_kj - self.stored_at_start_kj) / KJ_PER_KWH,
            "energy_delivered_kwh": self.delivered_kj / KJ_PER_KWH,
            "energy_rejected_kwh": self.rejected_kj / KJ_PER_KWH,
        }


class UnsafeOutputs:
    """Units above 85 °C outlet, or hashing without water for longer than a stop may take."""

    def __init__(self, units: int) -> None:
        self.unit_seconds = 0.0
        self._starved_s = np.zeros(units)
        self._any_starved = False

    def count(self, outlet_c: NDArray[np.float64]) -> int:
        """How many units are unsafe now."""
        unsafe = (outlet_c > UNSAFE_OUTLET_C) | (self._starved_s > STARVED_FOR_S)
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
        dry = unit_lpm < STARVED_LPM
        starved = dry.take(container_of) & (power_kw > UNSAFE_POWER_KW) if dry.any() else None
        if starved is not None and starved.any():
            self._starved_s = np.where(starved, self._starved_s + dt_s, 0.0)
            self._any_starved = True
        elif self._any_starved:
            self._starved_s[:] = 0.0
            self._any_starved = False
        if self._any_starved or outlet_c.max() > UNSAFE_OUTLET_C:
            self.unit_seconds += self.count(outlet_c) * dt_s
