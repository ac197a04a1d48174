"""The primary loop: pumps, container valves, hot and cold header, exchanger and dry cooler."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulators.description import PlantDescription
from simulators.dry_cooler import DryCooler
from simulators.faults import Faults
from simulators.names import pump_tags
from simulators.outputs import Outputs
from simulators.pump import Drive, PumpCurve, group_flow_lpm
from simulators.thermal import (
    WATER_KG_PER_L,
    WATER_KJ_PER_L_K,
    WATER_KW_PER_LPM_K,
    Header,
    PlateExchanger,
)
from simulators.valve import IsolationValves, ThreeWayValve

# The exchanger is rated at 161 kg/s of the 188 kg/s that all primary pumps can make, and at 61 kg/s
# of the 69 kg/s that the district pump can.
PRIMARY_RATED_SHARE = 161.0 / (11_500.0 * WATER_KG_PER_L / 60.0)
DISTRICT_RATED_SHARE = 61.0 / (4_200.0 * WATER_KG_PER_L / 60.0)
# The volume of a header that one step may sweep at most.
SWEPT_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Sinks:
    """Where the heat of one step went, in kJ."""

    delivered_kj: float
    rejected_kj: float


class PrimaryLoop:
    """Everything that the primary water passes outside the containers."""

    def __init__(self, description: PlantDescription) -> None:
        pumps, flow_max_lpm = description.primary_pumps, description.primary_flow_max_lpm
        self.drives = tuple(Drive() for _ in range(pumps))
        self.curve = PumpCurve.for_group(pumps, flow_max_lpm)
        self.valves = IsolationValves(description)
        self.three_way = ThreeWayValve(description.three_way_valve_stroke_s)
        self.hot = Header(description.primary_volume_l / 2.0)
        self.cold = Header(description.primary_volume_l / 2.0)
        self.exchanger = PlateExchanger(
            description.exchanger_ua_kw_per_k,
            flow_max_lpm * PRIMARY_RATED_SHARE,
            description.district_flow_max_lpm * DISTRICT_RATED_SHARE,
        )
        self.cooler = DryCooler(
            description.dry_cooler_ua_kw_per_k, description.dry_cooler_air_kw_per_k
        )
        self.flow_lpm = 0.0
        self.container_lpm: NDArray[np.float64] = np.zeros(len(description.containers))
        self.rejected_kw = 0.0
        self.longest_step_s = SWEPT_SHARE * self.hot.node_litres * 60.0 / flow_max_lpm
        self._pump_tags = pump_tags(description)

    def move(self, dt_s: float, outputs: Outputs, faults: Faults) -> None:
        """Let drives, valves and fans follow their orders, then find the flow."""
        for tag, drive, run, speed_pct in zip(
            self._pump_tags, self.drives, outputs.pump_run, outputs.pump_speed_pct, strict=True
        ):
            drive.step(dt_s, speed_pct, powered=run and faults.of(tag) is None)
        self.valves.step(dt_s, outputs.valve_open)
        self.three_way.step(dt_s, outputs.three_way_pct)
        self.cooler.step(dt_s, outputs.fan_pct)
        self.settle_flow()

    def settle_flow(self) -> None:
        """Find the flow that belongs to the present speeds and openings."""
        speeds_pct = [drive.speed_pct for drive in self.drives]
        resistance = self.valves.resistance_kpa_per_lpm2()
        self.flow_lpm = group_flow_lpm(self.curve, speeds_pct, resistance)
        self.container_lpm = self.valves.divide_lpm(self.flow_lpm)

    def circulate(
        self, dt_s: float, carried_kj: float, outdoor_c: float, return_c: float, district_lpm: float
    ) -> Sinks:
        """Move the water one step on: miners, hot header, exchanger and cooler, cold header."""
        hot_c, cooler_lpm = self.hot.outlet_c, self.flow_lpm * self.three_way.cooler_share
        exchanger_lpm = self.flow_lpm - cooler_lpm
        passed_kw = self.exchanger.conductance_kw(exchanger_lpm, district_lpm) * (hot_c - return_c)
        self.rejected_kw = self.cooler.reject_kw(hot_c, cooler_lpm, outdoor_c)
        if self.flow_lpm > 0.0:
            litres = self.flow_lpm / 60.0 * dt_s
            back_k = (passed_kw + self.rejected_kw) / (self.flow_lpm * WATER_KW_PER_LPM_K)
            warmed_c = self.cold.outlet_c + carried_kj / (litres * WATER_KJ_PER_L_K)
            self.hot.push(litres, warmed_c)
            self.cold.push(litres, hot_c - back_k)
        delivered_kj = self.exchanger.step(dt_s, passed_kw, return_c, district_lpm)
        return Sinks(delivered_kj, self.rejected_kw * dt_s)

    def stored_kj(self) -> float:
        """Heat held above 0 °C in headers and exchanger."""
        exchanger_kj = self.exchanger.capacity_kj_per_k * self.exchanger.supply_c
        return self.hot.stored_kj() + self.cold.stored_kj() + exchanger_kj
