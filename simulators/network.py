"""The district-heating network behind the plant: what it takes, and what it sends back.

As injector the plant decides the flow and the network is so large that our heat changes nothing. As
sole source the consumers of a town decide: their valves seek the flow that gives them their heat,
and get it as far as the differential pressure reaches.
"""

import math
from typing import Protocol

from simulators.description import PlantDescription
from simulators.pipe import Pipe, PipeShape
from simulators.street import LEAST_SPREAD_K
from simulators.thermal import WATER_KJ_PER_L_K, WATER_KW_PER_LPM_K
from simulators.town import Town, usual_streets

FLOW_LAG_S = 2.0
# The network's return mixes with this constant; then it comes through the plant's own pipe, which
# holds the water of so long at the greatest flow.
RETURN_LAG_S = 60.0
CONNECTION_S = 30.0
CONNECTION_BORE_M = 0.26
CONNECTION_WALL_M = 0.0063
# Head of the network pump at full speed, and what plant and pump lose of it at full flow, as
# shares of what the network needs.
SHUT_OFF_SHARE = 1.5
INNER_LOSS_SHARE = 0.5
STANDSTILL_LPM = 1.0
TOWN_PERIOD_S = 5.0
# Steps add up to a period only nearly.
SLACK_S = 1e-6


class LaggedFlow:
    """A flow that follows its pump within seconds."""

    def __init__(self) -> None:
        self.lpm = 0.0

    def step(self, dt_s: float, aim_lpm: float) -> None:
        """Move towards the flow that belongs to the pump's speed."""
        self.lpm += (aim_lpm - self.lpm) * -math.expm1(-dt_s / FLOW_LAG_S)
        if aim_lpm == 0.0 and self.lpm < STANDSTILL_LPM:
            self.lpm = 0.0


class DistrictNetwork(Protocol):
    """What the plant sees of any network at its boundary.

    In each step `move` finds the flow and what comes back with it, then it is told what was sold.
    """

    return_c: float
    coming_return_c: float
    demand_kw: float
    flow: LaggedFlow
    longest_step_s: float
    full_head_kpa: float

    @property
    def dp_kpa(self) -> float:
        """Differential pressure between supply and return."""

    def aim_lpm(self, speed_pct: float) -> float:
        """The flow that belongs to a speed of the network pump at the present openings."""

    def move(self, dt_s: float, aim_lpm: float) -> None:
        """Let the flow follow, and the water that comes back."""

    def take(self, dt_s: float, sold_kj: float) -> None:
        """Take over the heat that the plant has put into the water of this step."""

    def fill(self, return_c: float) -> None:
        """Bring all water to one temperature."""

    def settle(self, supply_c: float) -> float:
        """Come to rest at the needed pressure; gives the pump's speed for it."""

    def shortfall_kw(self) -> float:
        """Heat that consumers want and do not get."""


class LargeNetwork:
    """The network of an injector: others keep its temperatures, and nobody is short of our heat."""

    def __init__(self, description: PlantDescription) -> None:
        self.return_c = description.district_return_c
        self.coming_return_c = description.district_return_c
        self.demand_kw = description.network_demand_kw
        self.flow = LaggedFlow()
        most_lpm = max(description.network_flow_max_lpm, description.district_flow_max_lpm)
        self._flow_max_lpm = description.network_flow_max_lpm
        self._needed_kpa = description.network_dp_kpa
        self.full_head_kpa = SHUT_OFF_SHARE * self._needed_kpa
        litres = most_lpm / 60.0 * CONNECTION_S
        self._pipe = Pipe(PipeShape.of_volume(litres, CONNECTION_BORE_M, CONNECTION_WALL_M))
        self.longest_step_s = self._pipe.longest_step_s(most_lpm)
        self.fill(self.return_c)

    @property
    def dp_kpa(self) -> float:
        """Differential pressure between supply and return."""
        return self._needed_kpa * (self.flow.lpm / self._flow_max_lpm) ** 2

    def aim_lpm(self, speed_pct: float) -> float:
        """The flow that belongs to a speed of the network pump."""
        return self._flow_max_lpm * speed_pct / 100.0

    def move(self, dt_s: float, aim_lpm: float) -> None:
        """Let the flow follow, and the water that comes back."""
        self.flow.step(dt_s, aim_lpm)
        if self.flow.lpm > 0.0:
            drift_k = self.coming_return_c - self._mixed_c
            self._mixed_c += drift_k * -math.expm1(-dt_s / RETURN_LAG_S)
            self.return_c = self._pipe.draw(dt_s, self.flow.lpm)
            self._pipe.fill(self._mixed_c)

    def take(self, dt_s: float, sold_kj: float) -> None:
        """What is sent out changes nothing here."""

    def fill(self, return_c: float) -> None:
        """Bring all water to one temperature."""
        self.return_c = self._mixed_c = return_c
        self._pipe.fill_all(return_c)

    def settle(self, supply_c: float) -> float:
        """The pump's speed that sends the demand on, at this supply."""
        spread_k = max(LEAST_SPREAD_K, supply_c - self.return_c)
        needed_lpm = self.demand_kw / (spread_k * WATER_KW_PER_LPM_K)
        return 100.0 * min(1.0, needed_lpm / self._flow_max_lpm)

    def shortfall_kw(self) -> float:
        """An injector owes nothing by itself."""
        return 0.0


class SoleSourceNetwork:
    """The network of the only source: a town."""

    def __init__(self, description: PlantDescription) -> None:
        self.return_c = description.district_return_c
        self.coming_return_c = description.district_return_c
        self.demand_kw = description.network_demand_kw
        self.flow = LaggedFlow()
        self._flow_max_lpm = description.network_flow_max_lpm
        self._needed_kpa = description.network_dp_kpa
        self.full_head_kpa = SHUT_OFF_SHARE * self._needed_kpa
        streets = description.streets or usual_streets(self._flow_max_lpm, self._needed_kpa)
        self.town = Town(streets, self._flow_max_lpm, self._needed_kpa)
        self.longest_step_s = 0.5 * self.town.longest_step_s(self._flow_max_lpm)
        self._period_s = min(TOWN_PERIOD_S, self.longest_step_s)
        self._since_s = self._litres = self._sold_kj = 0.0
        self.fill(self.return_c)

    @property
    def dp_kpa(self) -> float:
        """Differential pressure between supply and return."""
        share = self.flow.lpm / self._flow_max_lpm / self.town.open_share
        return self._needed_kpa * share**2

    def aim_lpm(self, speed_pct: float) -> float:
        """The flow that belongs to a speed of the network pump at the present openings."""
        loss_share = 1.0 / self.town.open_share**2 + INNER_LOSS_SHARE
        return self._flow_max_lpm * speed_pct / 100.0 * math.sqrt(SHUT_OFF_SHARE / loss_share)

    def move(self, dt_s: float, aim_lpm: float) -> None:
        """Let the flow follow."""
        self.flow.step(dt_s, aim_lpm)

    def take(self, dt_s: float, sold_kj: float) -> None:
        """Take over the heat that the plant has put into the water of this step.

        Water needs minutes to the consumers: the town moves every few seconds, with all the water
        and all the heat that have come together.
        """
        self._since_s += dt_s
        self._litres += self.flow.lpm / 60.0 * dt_s
        self._sold_kj += sold_kj
        if self._since_s < self._period_s - SLACK_S:
            return
        supply_c = returned_c = self.town.draw_return(
            self._since_s, 60.0 * self._litres / self._since_s
        )
        if returned_c is not None:
            self.return_c = returned_c
            supply_c = returned_c + self._sold_kj / (self._litres * WATER_KJ_PER_L_K)
            self._sold_kj = 0.0
        self.town.take(self._since_s, supply_c, self.coming_return_c, self.demand_kw)
        self._since_s = self._litres = 0.0

    def fill(self, return_c: float) -> None:
        """Bring all water to one temperature."""
        self.return_c = return_c
        self.town.fill(return_c)

    def settle(self, supply_c: float) -> float:
        """Come to rest at the needed pressure; gives the pump's speed for it."""
        self.return_c = self.town.settle(
            supply_c, self.coming_return_c, self.demand_kw, self._needed_kpa
        )
        head_share = (1.0 + INNER_LOSS_SHARE * self.town.open_share**2) / SHUT_OFF_SHARE
        return 100.0 * math.sqrt(head_share)

    def shortfall_kw(self) -> float:
        """Heat that consumers want and do not get."""
        return self.town.shortfall_kw(self.demand_kw)


def network_of(description: PlantDescription) -> DistrictNetwork:
    """The network that belongs to the plant's role."""
    if description.network_role == "sole_source":
        return SoleSourceNetwork(description)
    return LargeNetwork(description)
