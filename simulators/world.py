"""The whole plant as it really is: one seed, one state, one step after the other."""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulators.cold_start import start_cold
from simulators.description import PlantDescription
from simulators.district import DistrictSide
from simulators.disturbance import Disturb, disturbance
from simulators.energy import EnergyBook, UnsafeOutputs
from simulators.fault_targets import BOUNDARY_METER, FEEDER_PANEL, HEAT_METER, OUTDOOR
from simulators.faults import Faults
from simulators.feeders import FeederPanel
from simulators.fleet import MinerFleet
from simulators.hardwired import Permissives
from simulators.meters import HeatMeter, OutdoorSensor
from simulators.panel import Panel, Surroundings
from simulators.plc import Plc
from simulators.primary import PrimaryLoop
from simulators.switchgear import Switchgear
from simulators.terminals import FlowSwitches, Terminals
from simulators.truth import district_truth, fleet_truth, primary_truth
from simulators.warm_start import start_warm

LONGEST_STEP_S = 2.0
# Above a second, drives and valves would jump instead of move.
LONGEST_SUB_STEP_S = 1.0


class World:
    """Miners, water, PLC and meters; it starts warm and in equilibrium, or cold and at rest."""

    def __init__(
        self,
        description: PlantDescription,
        seed: int = 7,
        *,
        start: Literal["warm", "cold"] = "warm",
    ) -> None:
        self.description = description
        self.now_s = 0.0
        self.faults = Faults(description, seed)
        self.fleet = MinerFleet(description, self.faults, seed)
        self.plc = Plc(description, self.faults, self._terminals, self._permissives)
        self.heat_meter = HeatMeter(self._disturbance(HEAT_METER))
        self.boundary_meter = HeatMeter(self._disturbance(BOUNDARY_METER))
        self.feeder_panel = FeederPanel(description, self._disturbance(FEEDER_PANEL, ""))
        self._panel = Panel(description, seed)
        self.outdoor = OutdoorSensor(self._panel.outdoor_c, self._disturbance(OUTDOOR))
        self._around = Surroundings(description.outdoor_c)
        self._primary = PrimaryLoop(description)
        self._district = DistrictSide(description)
        self._switchgear = Switchgear(description, self.faults)
        self._cards = Terminals(description, self.faults)
        self._flow_switches = FlowSwitches(description)
        self._unsafe = UnsafeOutputs(description)
        self._book = EnergyBook()
        if start == "warm":
            start_warm(description, self.fleet, self.plc, self._primary, self._district)
        else:
            start_cold(self.fleet, self._primary, self._district)
        self._come_to_rest()

    def step(self, dt_s: float) -> None:
        """Let this much time pass, in as many pieces as the water needs."""
        if not 0.0 < dt_s <= LONGEST_STEP_S:
            raise ValueError(f"a step is more than 0 and at most {LONGEST_STEP_S} s, not {dt_s}")
        pieces = math.ceil(dt_s / self._longest_s)
        self._look_at_faults()
        for _ in range(pieces):
            self._advance(dt_s / pieces)

    def set_outdoor_c(self, value: float) -> None:
        """Change the weather."""
        self._around.outdoor_c = _finite(value)

    def set_district_return_c(self, value: float) -> None:
        """Change what the network sends back; it arrives within minutes."""
        self._district.network.coming_return_c = _finite(value)

    def set_network_demand_kw(self, value: float) -> None:
        """Change the heat that the consumers of a sole source want."""
        if not 0.0 <= value < math.inf:
            raise ValueError(f"{value} is not a demand")
        self._district.network.demand_kw = float(value)

    def set_room(self, temperature_c: float, dew_point_c: float) -> None:
        """Change the air of the room that the plant stands in."""
        if _finite(dew_point_c) > _finite(temperature_c):
            raise ValueError(f"air at {temperature_c} °C has no dew point of {dew_point_c} °C")
        self._around.room_c, self._around.dew_point_c = float(temperature_c), float(dew_point_c)

    @property
    def unit_lpm(self) -> NDArray[np.float64]:
        """What flows through each unit of a container, container by container."""
        return self.fleet.coolant.unit_lpm(self._primary.container_lpm)

    @property
    def network_supply_c(self) -> float:
        """What the network is supplied with."""
        return self._district.supply_c

    @property
    def suction_kpa(self) -> float:
        """The pressure before the primary pumps."""
        return self._primary.pressure.suction_kpa

    def truth(self) -> dict[str, float | int | bool]:
        """What no instrument shows: the exact state, the account and the unsafe outputs."""
        return {
            "now_s": self.now_s,
            "outdoor_c": self._around.outdoor_c,
            "room_temperature_c": self._around.room_c,
            "room_dew_point_c": self._around.dew_point_c,
            **fleet_truth(self.fleet, self._primary.cold.outlet_c),
            **primary_truth(self._primary),
            **district_truth(
                self._district, self._primary.exchangers.supply_c, self.description.tank_full_c
            ),
            **self._book.truth(self._stored_kj()),
            "contactors_closed": int(self.plc.contactors_closed.sum()),
            "emergency_stop_released": self.faults.of("emergency-stop") is None,
            "mains_present": self.faults.of("mains") is None,
            "unsafe_outputs": self._unsafe.count(self.fleet.outlet_c),
            "unsafe_unit_seconds": self._unsafe.unit_seconds,
        }

    def _disturbance(self, device: str, prefix: str | None = None) -> Disturb:
        prefix = f"{device}." if prefix is None else prefix
        return disturbance(self.faults, device, prefix, lambda: self.now_s)

    def _look_at_faults(self) -> None:
        """Let what is broken see the plant as it is now; what lags or delays must see all of it."""
        self.plc.notice_faults()
        if self.faults.disturbing:
            meters = (self.heat_meter, self.boundary_meter, self.feeder_panel, self.outdoor)
            for device in (self.plc, *meters):
                device.points()

    def _come_to_rest(self) -> None:
        waters_s = (self._primary.longest_step_s, self._district.network.longest_step_s)
        longest_s = min(LONGEST_SUB_STEP_S, *waters_s)
        if self._district.separator is not None:
            longest_s = min(longest_s, self._district.separator.longest_step_s)
        self._longest_s = longest_s
        # What is switched to local before the first step stays at what it does now.
        self._switchgear.passed(self.plc.outputs)
        self._book.stored_at_start_kj = self._stored_kj()
        self._panel.start(self._primary, self._district, self._around)
        self._flow_switches.start(self.fleet.coolant.unit_lpm(self._primary.container_lpm))
        self.feeder_panel.step(0.0, self.fleet.power_kw)
        self._fed = self._feeding()
        produced, sold = self._panel.meters()
        self.heat_meter.start(*produced)
        self.boundary_meter.start(*sold)

    def _advance(self, dt_s: float) -> None:
        fleet, primary, district = self.fleet, self._primary, self._district
        outputs = self._switchgear.passed(self.plc.outputs)
        self.now_s += dt_s
        primary.move(dt_s, outputs, self.faults)
        district.move(dt_s, outputs, self.faults, primary.exchangers.passing)
        self._feed_mains()
        cold_c = primary.draw_cold(dt_s)
        carried_kj = fleet.step(dt_s, self.now_s, primary.container_lpm, cold_c)
        sinks = primary.circulate(
            dt_s, carried_kj, self._around.outdoor_c, district.inlet_c, district.flow_lpm
        )
        produced_c = primary.exchangers.supply_c
        district.deliver(dt_s, sinks.delivered_kj, produced_c, outputs, self._around.room_c)
        electric_kw = float(fleet.power_kw.sum())
        self._book.in_kj += electric_kw * dt_s
        self._book.room_kj += (electric_kw - fleet.coolant.heat_kw) * dt_s + district.lost_kj
        self._book.delivered_kj += sinks.delivered_kj
        self._book.rejected_kj += sinks.rejected_kj
        self._book.sold_kj += district.sold_kj
        if district.booster is not None:
            self._book.boost(dt_s, district.booster.heat_kw, district.booster.electric_kw)
        self._observe(dt_s)

    def _observe(self, dt_s: float) -> None:
        fleet = self.fleet
        unit_lpm = fleet.coolant.unit_lpm(self._primary.container_lpm)
        self._flow_switches.step(dt_s, unit_lpm)
        self.feeder_panel.step(dt_s, fleet.power_kw)
        self._unsafe.step(dt_s, fleet.power_kw, fleet.outlet_c, unit_lpm, fleet.container_of)
        self._panel.step(dt_s, self.now_s, self._primary, self._district, self._around)
        self.plc.step(dt_s, self.now_s, self.feeder_panel.power_kw)
        if self.heat_meter.due(self.now_s):
            produced, sold = self._panel.meters()
            self.heat_meter.integrate(*produced)
            self.boundary_meter.integrate(*sold)

    def _feed_mains(self) -> None:
        fed = self._feeding()
        if fed != self._fed:
            self._fed = fed
            present = self.plc.contactors_closed & (self.faults.of("mains") is None)
            self.fleet.feed(present[self.fleet.container_of])

    def _feeding(self) -> tuple[bytes, int]:
        return self.plc.contactors_closed.tobytes(), self.faults.revision

    def _terminals(self) -> dict[str, float | bool]:
        signals = self._cards.signals(
            self._primary,
            self._district,
            self._switchgear.passed(self.plc.outputs),
            self.plc.contactors_closed,
            self._flow_switches,
        )
        signals.update(self._panel.plc())
        return signals

    def _permissives(self) -> Permissives:
        return self._cards.permissives(self._flow_switches)

    def _stored_kj(self) -> float:
        held_kj = self._primary.stored_kj() + self._district.stored_kj()
        return held_kj + self.fleet.coolant.stored_kj()


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a temperature")
    return float(value)
