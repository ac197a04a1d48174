"""The district-heating network as the exchanger sees it: a flow of ours, a return of theirs."""

import math

from simulators.pump import Drive

FLOW_LAG_S = 2.0
RETURN_LAG_S = 60.0


class DistrictNetwork:
    """A network so large that our heat does not change what comes back from it."""

    def __init__(self, flow_max_lpm: float, return_c: float) -> None:
        self.pump = Drive()
        self.flow_lpm = 0.0
        self.return_c = return_c
        self.coming_return_c = return_c
        self._flow_max_lpm = flow_max_lpm

    def step(self, dt_s: float, speed_pct: float, *, powered: bool) -> None:
        """Turn the pump; the flow follows it, the return follows the network."""
        self.pump.step(dt_s, speed_pct, powered=powered)
        aim_lpm = self.flow_at(self.pump.speed_pct)
        self.flow_lpm += (aim_lpm - self.flow_lpm) * -math.expm1(-dt_s / FLOW_LAG_S)
        if aim_lpm == 0.0 and self.flow_lpm < 1.0:
            self.flow_lpm = 0.0
        drift_k = self.coming_return_c - self.return_c
        self.return_c += drift_k * -math.expm1(-dt_s / RETURN_LAG_S)

    def flow_at(self, speed_pct: float) -> float:
        """The flow that belongs to a pump speed, in L/min."""
        return self._flow_max_lpm * speed_pct / 100.0
