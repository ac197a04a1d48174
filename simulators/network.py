"""The district-heating network behind the plant: what it takes, and what it sends back.

As injector the plant decides the flow and the network is so large that our heat changes nothing. As
sole source the consumers decide: their valves seek the flow that gives them their heat, and get it
as far as the differential pressure reaches.
"""

import math

from simulators.description import PlantDescription
from simulators.thermal import WATER_KW_PER_LPM_K

FLOW_LAG_S = 2.0
RETURN_LAG_S = 60.0
CONSUMERS_LAG_S = 20.0
# Head of the network pump at full speed, and what plant and pump lose of it at full flow, as
# shares of what the network needs.
SHUT_OFF_SHARE = 1.5
INNER_LOSS_SHARE = 0.5
LEAST_SPREAD_K = 0.5
LEAST_OPENING = 0.01
STANDSTILL_LPM = 1.0


class LaggedFlow:
    """A flow that follows its pump within seconds."""

    def __init__(self) -> None:
        self.lpm = 0.0

    def step(self, dt_s: float, aim_lpm: float) -> None:
        """Move towards the flow that belongs to the pump's speed."""
        self.lpm += (aim_lpm - self.lpm) * -math.expm1(-dt_s / FLOW_LAG_S)
        if aim_lpm == 0.0 and self.lpm < STANDSTILL_LPM:
            self.lpm = 0.0


class DistrictNetwork:
    """Return temperature of the network; flow and pressure at the plant's boundary."""

    def __init__(self, description: PlantDescription) -> None:
        self.return_c = description.district_return_c
        self.coming_return_c = description.district_return_c
        self.demand_kw = description.network_demand_kw
        self.consumers_open = LEAST_OPENING
        self.flow = LaggedFlow()
        self._sole_source = description.network_role == "sole_source"
        self._flow_max_lpm = description.network_flow_max_lpm
        self._needed_kpa = description.network_dp_kpa

    @property
    def dp_kpa(self) -> float:
        """Differential pressure between supply and return."""
        share = self.flow.lpm / self._flow_max_lpm
        if self._sole_source:
            share /= self.consumers_open
        return self._needed_kpa * share**2

    def aim_lpm(self, speed_pct: float) -> float:
        """The flow that belongs to a speed of the network pump at the present openings."""
        if not self._sole_source:
            return self._flow_max_lpm * speed_pct / 100.0
        loss_share = 1.0 / self.consumers_open**2 + INNER_LOSS_SHARE
        return self._flow_max_lpm * speed_pct / 100.0 * math.sqrt(SHUT_OFF_SHARE / loss_share)

    def move(self, dt_s: float, aim_lpm: float, supply_c: float) -> None:
        """Let flow, consumers and the water on its way back move on."""
        self.flow.step(dt_s, aim_lpm)
        coming_c = self.coming_return_c
        if self._sole_source:
            self._seek(dt_s, supply_c)
            # Consumers give nothing back that they did not get.
            coming_c = min(coming_c, supply_c)
        if self.flow.lpm > 0.0:
            drift_k = coming_c - self.return_c
            self.return_c += drift_k * -math.expm1(-dt_s / RETURN_LAG_S)

    def settle(self, supply_c: float) -> float:
        """Bring the consumers to rest at the needed pressure; gives the pump's speed for it."""
        needed_lpm = self._needed_lpm(supply_c)
        if not self._sole_source:
            return 100.0 * min(1.0, needed_lpm / self._flow_max_lpm)
        share = min(1.0, max(LEAST_OPENING, needed_lpm / self._flow_max_lpm))
        self.consumers_open = share
        head_share = (1.0 + INNER_LOSS_SHARE * share**2) / SHUT_OFF_SHARE
        return 100.0 * math.sqrt(head_share)

    def shortfall_kw(self, sold_kw: float) -> float:
        """Heat that consumers want and do not get; an injector owes nothing by itself."""
        return max(0.0, self.demand_kw - sold_kw) if self._sole_source else 0.0

    def _needed_lpm(self, supply_c: float) -> float:
        spread_k = max(LEAST_SPREAD_K, supply_c - self.return_c)
        return self.demand_kw / (spread_k * WATER_KW_PER_LPM_K)

    def _seek(self, dt_s: float, supply_c: float) -> None:
        at_full_lpm = self.flow.lpm / self.consumers_open
        needed_lpm = self._needed_lpm(supply_c)
        aim = needed_lpm / at_full_lpm if at_full_lpm > needed_lpm else 1.0
        missing = max(LEAST_OPENING, aim) - self.consumers_open
        self.consumers_open += missing * -math.expm1(-dt_s / CONSUMERS_LAG_S)
