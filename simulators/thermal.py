"""Water and heat exchange: what carries the heat from the miners to the network.

Equations: effectiveness-NTU of a counterflow exchanger with film coefficients that follow the flow
to the power 0.8 (Modelica Buildings library, PlateHeatExchangerEffectivenessNTU).
"""

import math

# Water between 45 and 80 °C: 0.990-0.972 kg/L and 4.179-4.196 kJ/(kg K) (IAPWS); one mean value.
WATER_KG_PER_L = 0.98
WATER_KJ_PER_KG_K = 4.19
WATER_KJ_PER_L_K = WATER_KG_PER_L * WATER_KJ_PER_KG_K
WATER_KW_PER_LPM_K = WATER_KJ_PER_L_K / 60.0

FILM_EXPONENT = 0.8
# Below this share of the rated flow the film coefficient falls linearly: no flow, no heat.
LAMINAR_SHARE = 0.1
# The exchanger's district side holds the water that passes in this time at rated flow.
EXCHANGER_DELAY_S = 15.0
EQUAL_CAPACITY = 1e-6


def film_factor(flow_share: float) -> float:
    """How a film coefficient follows the flow, 1 at the rated flow."""
    if flow_share >= LAMINAR_SHARE:
        return math.pow(flow_share, FILM_EXPONENT)
    return math.pow(LAMINAR_SHARE, FILM_EXPONENT) * flow_share / LAMINAR_SHARE


def counterflow_effectiveness(transfer_units: float, capacity_ratio: float) -> float:
    """The share of the possible heat that a counterflow exchanger passes on."""
    if 1.0 - capacity_ratio < EQUAL_CAPACITY:
        return transfer_units / (1.0 + transfer_units)
    decay = math.exp(-transfer_units * (1.0 - capacity_ratio))
    return (1.0 - decay) / (1.0 - capacity_ratio * decay)


class MixedVolume:
    """Water that is warmed and swept through: one lump, solved exactly for constant inflow."""

    def __init__(self, capacity_kj_per_k: float) -> None:
        self.temperature_c = 0.0
        self.capacity_kj_per_k = capacity_kj_per_k

    def step(self, dt_s: float, heat_kw: float, inlet_c: float, flow_lpm: float) -> float:
        """Warm the water by this heat and give what the flow carries off, in kJ."""
        rate = flow_lpm * WATER_KW_PER_LPM_K / self.capacity_kj_per_k
        swept = -math.expm1(-rate * dt_s)
        held_s = swept / rate if rate > 0.0 else dt_s
        change_k = (inlet_c - self.temperature_c) * swept
        change_k += heat_kw / self.capacity_kj_per_k * held_s
        self.temperature_c += change_k
        return heat_kw * dt_s - self.capacity_kj_per_k * change_k

    def stored_kj(self) -> float:
        """Heat held above 0 °C."""
        return self.capacity_kj_per_k * self.temperature_c


class PlateExchanger:
    """The plates between the primary loop and the network, with the water on the district side."""

    def __init__(
        self, ua_kw_per_k: float, primary_rated_lpm: float, district_rated_lpm: float
    ) -> None:
        self._ua_kw_per_k = ua_kw_per_k
        self._primary_rated_lpm = primary_rated_lpm
        self._district_rated_lpm = district_rated_lpm
        litres = district_rated_lpm / 60.0 * EXCHANGER_DELAY_S
        self.water = MixedVolume(litres * WATER_KJ_PER_L_K)

    def conductance_kw(
        self, primary_lpm: float, district_lpm: float, clean_share: float = 1.0
    ) -> float:
        """Heat passed for each kelvin between the two inlets, in kW/K."""
        least_lpm, most_lpm = sorted((primary_lpm, district_lpm))
        if least_lpm <= 0.0:
            return 0.0
        resistance = 0.5 / film_factor(primary_lpm / self._primary_rated_lpm)
        resistance += 0.5 / film_factor(district_lpm / self._district_rated_lpm)
        least_kw_per_k = least_lpm * WATER_KW_PER_LPM_K
        transfer_units = clean_share * self._ua_kw_per_k / resistance / least_kw_per_k
        return least_kw_per_k * counterflow_effectiveness(transfer_units, least_lpm / most_lpm)
