"""The primary loop: pumps, container valves, hot and cold header, exchangers and dry cooler."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulators.description import PlantDescription
from simulators.dry_cooler import DryCooler
from simulators.exchangers import ExchangerGroup
from simulators.faults import Faults
from simulators.outputs import Outputs
from simulators.pipe import Header
from simulators.pressure import PrimaryPressure
from simulators.pump import Drive, PumpCurve, electric_kw, group_flow_lpm
from simulators.thermal import WATER_KJ_PER_L_K, WATER_KW_PER_LPM_K
from simulators.valve import IsolationValves, MotorValve

# Steel of a DN 300 header. What headers lose to the room is part of the recovery.
HEADER_BORE_M = 0.3127
HEADER_WALL_M = 0.0056
# Half of its water stands in the combs of the containers, strainers and air separators, and mixes.
MIXED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Sinks:
    """Where the heat of one step went, in kJ."""

    delivered_kj: float
    rejected_kj: float


class PrimaryLoop:
    """Everything that the primary water passes outside the containers."""

    def __init__(self, description: PlantDescription) -> None:
        flow_max_lpm = description.primary_flow_max_lpm
        self.drives = tuple(Drive() for _ in range(description.primary_pumps))
        self.curve = PumpCurve.for_group(description.primary_pumps_duty, flow_max_lpm)
        self.valves = IsolationValves(description)
        self.three_way = MotorValve(description.three_way_valve_stroke_s)
        half_l = description.primary_volume_l / 2.0
        self.hot = Header(half_l, MIXED_SHARE, HEADER_BORE_M, HEADER_WALL_M)
        self.cold = Header(half_l, MIXED_SHARE, HEADER_BORE_M, HEADER_WALL_M)
        self.exchangers = ExchangerGroup(description)
        self.cooler = DryCooler(
            description.dry_cooler_ua_kw_per_k, description.dry_cooler_air_kw_per_k
        )
        self.pressure = PrimaryPressure(flow_max_lpm)
        self.flow_lpm = 0.0
        self.head_kpa = 0.0
        self.container_lpm: NDArray[np.float64] = np.zeros(len(description.containers))
        self.rejected_kw = 0.0
        self._drawn_c = 0.0
        # A stand-by pump that runs, too, makes more than the duty pumps' greatest flow.
        more = max(1.0, description.primary_pumps / description.primary_pumps_duty)
        self.longest_step_s = self.hot.longest_step_s(more * flow_max_lpm)

    @property
    def inlet_kpa(self) -> float:
        """Pressure in the cold header, behind strainer and pumps."""
        lost_kpa = self.pressure.strainer_kpa(self.flow_lpm)
        return max(0.0, self.pressure.suction_kpa + self.head_kpa - lost_kpa)

    @property
    def pumps_kw(self) -> float:
        """Electricity of the primary pumps."""
        return electric_kw(self.flow_lpm, self.head_kpa)

    def move(self, dt_s: float, outputs: Outputs, faults: Faults) -> None:
        """Let drives, valves and fans follow their orders, then find the flow."""
        for drive, run, speed_pct in zip(
            self.drives, outputs.pump_run, outputs.pump_speed_pct, strict=True
        ):
            drive.step(dt_s, speed_pct, powered=run)
        self.valves.step(dt_s, outputs.valve_open)
        moving = faults.of("three-way-valve") != "off"
        self.three_way.step(dt_s, outputs.three_way_pct, powered=moving)
        self.cooler.step(dt_s, outputs.fan_pct)
        self.exchangers.move(dt_s, outputs.exchanger_open, faults)
        self.pressure.step(dt_s, faults, make_up_open=outputs.make_up_open)
        self.settle_flow()

    def settle_flow(self) -> None:
        """Find the flow that belongs to the present speeds and openings."""
        speeds_pct = [drive.speed_pct for drive in self.drives]
        resistance = self.resistance_kpa_per_lpm2()
        sound_lpm = group_flow_lpm(self.curve, speeds_pct, resistance)
        self.flow_lpm = sound_lpm * self.pressure.flow_share
        if self.flow_lpm > 0.0:
            self.head_kpa = resistance * self.flow_lpm**2
        else:
            fastest = max(speeds_pct) / 100.0
            self.head_kpa = fastest**2 * self.curve.shut_off_kpa * self.pressure.flow_share
        self.container_lpm = self.valves.divide_lpm(self.flow_lpm)

    def resistance_kpa_per_lpm2(self) -> float:
        """Of the whole loop at the present openings, dirt included."""
        passing = self.exchangers.passing * (1.0 - self.three_way.share) + self.three_way.share
        return self.valves.resistance_kpa_per_lpm2(passing) + self.pressure.dirt_kpa_per_lpm2

    def draw_cold(self, dt_s: float) -> float:
        """The water that the units get in this step."""
        self._drawn_c = self.cold.draw(dt_s, self.flow_lpm)
        return self._drawn_c

    def circulate(
        self, dt_s: float, carried_kj: float, outdoor_c: float, return_c: float, district_lpm: float
    ) -> Sinks:
        """Move the drawn water on: hot header, exchangers and cooler, cold header."""
        hot_c = self.hot.draw(dt_s, self.flow_lpm)
        cooler_lpm = self.flow_lpm * self._cooler_share()
        exchanger_lpm = self.flow_lpm - cooler_lpm
        passed_kw, delivered_kj = self.exchangers.step(
            dt_s, hot_c, return_c, exchanger_lpm, district_lpm
        )
        self.rejected_kw = self.cooler.reject_kw(hot_c, cooler_lpm, outdoor_c)
        if self.flow_lpm > 0.0:
            litres = self.flow_lpm / 60.0 * dt_s
            back_k = (passed_kw + self.rejected_kw) / (self.flow_lpm * WATER_KW_PER_LPM_K)
            self.hot.fill(
                dt_s, self.flow_lpm, self._drawn_c + carried_kj / (litres * WATER_KJ_PER_L_K)
            )
            self.cold.fill(dt_s, self.flow_lpm, hot_c - back_k)
        return Sinks(delivered_kj, self.rejected_kw * dt_s)

    def stored_kj(self) -> float:
        """Heat held above 0 °C in headers and exchangers."""
        return self.hot.stored_kj() + self.cold.stored_kj() + self.exchangers.stored_kj()

    def _cooler_share(self) -> float:
        # Water takes the open way: behind shut exchangers all of it goes to the cooler.
        share = self.three_way.share
        passing = self.exchangers.passing * (1.0 - share) + share
        return share / passing if passing > 0.0 else 0.0
