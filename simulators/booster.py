"""The booster behind the separator: an electric boiler, or a heat pump on a source of its own."""

from simulators.description import PlantDescription
from simulators.thermal import WATER_KJ_PER_L_K, MixedVolume

RAMP_PCT_PER_S = {"electric_boiler": 10.0, "heat_pump": 1.0}
# Its own thermostat takes the power back over the last kelvins below the limit.
LIMIT_C = {"electric_boiler": 110.0, "heat_pump": 92.0}
THROTTLED_OVER_K = 5.0
HELD_S = 10.0
LEAST_KJ_PER_K_PER_KW = 1.0
LEAST_FLOW_SHARE = 0.01


class Booster:
    """It warms the water on its way to the network; without flow its switch lets go."""

    def __init__(self, description: PlantDescription) -> None:
        kind, self.rated_kw = description.booster_kind, description.booster_kw
        most_lpm = description.network_flow_max_lpm
        if not description.separated:
            most_lpm = description.district_flow_max_lpm
        held_kj_per_k = most_lpm / 60.0 * HELD_S * WATER_KJ_PER_L_K
        self.water = MixedVolume(max(held_kj_per_k, LEAST_KJ_PER_K_PER_KW * self.rated_kw))
        self.heat_kw = 0.0
        self._power_pct = 0.0
        self._cop = description.booster_cop
        self._ramp_pct_per_s, self._limit_c = RAMP_PCT_PER_S[kind], LIMIT_C[kind]
        self._least_lpm = LEAST_FLOW_SHARE * most_lpm

    @property
    def electric_kw(self) -> float:
        """Electricity that it draws."""
        return self.heat_kw / self._cop

    def step(self, dt_s: float, power_pct: float | None, inlet_c: float, flow_lpm: float) -> float:
        """Heat the water that passes and give what it carries off beyond its inlet, in kJ.

        Switched off (`power_pct` is None) it stops at once.
        """
        if power_pct is not None and flow_lpm >= self._least_lpm:
            reach_pct = self._ramp_pct_per_s * dt_s
            self._power_pct += min(reach_pct, max(-reach_pct, power_pct - self._power_pct))
        else:
            self._power_pct = 0.0
        below_k = (self._limit_c - self.water.temperature_c) / THROTTLED_OVER_K
        allowed = min(1.0, max(0.0, below_k))
        self.heat_kw = self.rated_kw * min(self._power_pct / 100.0, allowed)
        return self.water.step(dt_s, self.heat_kw, inlet_c, flow_lpm)
