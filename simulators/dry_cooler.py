"""The dry cooler: primary water against outdoor air, with fans or by draught alone.

Crossflow with both streams unmixed; the air film governs, so the transfer follows the air to the
power 0.8. A cooler of 615 kW/K of plates and 520 kW/K of air is that of the BAC TDFS1238N record:
2,931 kW from water at 46.1 to 40.55 °C into air of 35 °C, with fans of 117.7 kW.
"""

import math

from simulators.thermal import FILM_EXPONENT, WATER_KW_PER_LPM_K

NATURAL_DRAUGHT = 0.1
FAN_RAMP_PCT_PER_S = 10.0
LEAST_LPM = 1.0
FAN_KW_PER_AIR_KW_PER_K = 117.7 / 520.0


def crossflow_effectiveness(transfer_units: float, capacity_ratio: float) -> float:
    """The share of the possible heat that a crossflow exchanger passes on, both sides unmixed."""
    reach = transfer_units**0.22
    inner = math.expm1(-capacity_ratio * transfer_units / reach)
    return -math.expm1(reach / capacity_ratio * inner)


class DryCooler:
    """Fans and finned coils; the outlet keeps its last temperature while no water passes."""

    def __init__(self, ua_kw_per_k: float, air_kw_per_k: float) -> None:
        self.fan_pct = 0.0
        self.outlet_c = 0.0
        self._ua_kw_per_k = ua_kw_per_k
        self._air_kw_per_k = air_kw_per_k

    def step(self, dt_s: float, fan_pct: float) -> None:
        """Ramp the fans to the ordered speed."""
        reach_pct = FAN_RAMP_PCT_PER_S * dt_s
        self.fan_pct += min(reach_pct, max(-reach_pct, fan_pct - self.fan_pct))

    @property
    def fans_kw(self) -> float:
        """Electricity of the fans: it grows with the third power of their speed."""
        return self._air_kw_per_k * FAN_KW_PER_AIR_KW_PER_K * (self.fan_pct / 100.0) ** 3

    def reject_kw(self, hot_c: float, flow_lpm: float, outdoor_c: float) -> float:
        """Heat that this flow gives to the outdoor air; also sets the outlet temperature."""
        if flow_lpm < LEAST_LPM:
            return 0.0
        water_kw_per_k = flow_lpm * WATER_KW_PER_LPM_K
        draught = NATURAL_DRAUGHT + (1.0 - NATURAL_DRAUGHT) * self.fan_pct / 100.0
        air_kw_per_k = self._air_kw_per_k * draught
        least, most = sorted((water_kw_per_k, air_kw_per_k))
        transfer_units = self._ua_kw_per_k * draught**FILM_EXPONENT / least
        heat_kw = least * crossflow_effectiveness(transfer_units, least / most)
        heat_kw *= hot_c - outdoor_c
        self.outlet_c = hot_c - heat_kw / water_kw_per_k
        return heat_kw
