"""The whole plant as it really is: one seed, one state, one step after the other."""

import math

import numpy as np
from numpy.typing import NDArray

from simulators import terminals
from simulators.description import PlantDescription
from simulators.energy import EnergyBook, UnsafeOutputs
from simulators.faults import Faults
from simulators.firmware import Work
from simulators.fleet import MinerFleet
from simulators.meters import Floats, HeatMeter, Instruments, OutdoorSensor
from simulators.network import DistrictNetwork
from simulators.plc import Plc
from simulators.primary import PrimaryLoop
from simulators.thermal import WATER_KW_PER_LPM_K
from simulators.warm_start import start_warm

LONGEST_STEP_S = 2.0
# Above a second, drives and valves would jump instead of move.
LONGEST_SUB_STEP_S = 1.0
# Places of the instruments' readings; the heat meter's are supply, return and flow.
PLC_INPUTS = [0, 1, 2, 3, 4, 8, 9]
METER_INPUTS = [5, 6, 10]
OUTDOOR = 7


class World:
    """Miners, water, PLC and meters; it starts warm and in equilibrium."""

    def __init__(self, description: PlantDescription, seed: int = 7) -> None:
        self.description = description
        self.now_s = 0.0
        self.faults = Faults(description)
        self.fleet = MinerFleet(description, self.faults, seed)
        self.plc = Plc(description, self.faults, self._terminals)
        self.heat_meter = HeatMeter()
        self.outdoor = OutdoorSensor(lambda: float(self._instruments.read()[OUTDOOR]))
        self._outdoor_c = description.outdoor_c
        self._primary = PrimaryLoop(description)
        self._district = DistrictNetwork(
            description.district_flow_max_lpm, description.district_return_c
        )
        self._flow_switches = terminals.FlowSwitches(len(description.containers))
        self._instruments = Instruments(8, 3, np.random.default_rng([seed, 2]))
        self._unsafe = UnsafeOutputs(description.units)
        self._book = EnergyBook()
        start_warm(description, self.fleet, self.plc, self._primary, self._district)
        self._book.stored_at_start_kj = self._stored_kj()
        self._instruments.start(self._measurable())
        self._flow_switches.start(self.fleet.coolant.unit_lpm(self._primary.container_lpm))
        self._fed = (self.plc.outputs.contactor_close.tobytes(), self.faults.revision)
        self.heat_meter.start(*self._meter_readings())

    def step(self, dt_s: float) -> None:
        """Let this much time pass, in as many pieces as the water needs."""
        if not 0.0 < dt_s <= LONGEST_STEP_S:
            raise ValueError(f"a step is more than 0 and at most {LONGEST_STEP_S} s, not {dt_s}")
        longest_s = min(LONGEST_SUB_STEP_S, self._primary.longest_step_s)
        pieces = math.ceil(dt_s / longest_s)
        self.plc.notice_faults()
        for _ in range(pieces):
            self._advance(dt_s / pieces)

    def set_outdoor_c(self, value: float) -> None:
        """Change the weather."""
        self._outdoor_c = _finite(value)

    def set_district_return_c(self, value: float) -> None:
        """Change what the network sends back; it arrives within minutes."""
        self._district.coming_return_c = _finite(value)

    @property
    def unit_lpm(self) -> NDArray[np.float64]:
        """What flows through each unit of a container, container by container."""
        return self.fleet.coolant.unit_lpm(self._primary.container_lpm)

    def truth(self) -> dict[str, float | int | bool]:
        """What no instrument shows: the exact state, the account and the unsafe outputs."""
        return {
            "now_s": self.now_s,
            "outdoor_c": self._outdoor_c,
            **self._fleet_truth(),
            **self._water_truth(),
            **self._book.truth(self._stored_kj()),
            "contactors_closed": int(self.plc.outputs.contactor_close.sum()),
            "valves_open": sum(self._primary.valves.at_open_end()),
            "unsafe_outputs": self._unsafe.count(self.fleet.outlet_c),
            "unsafe_unit_seconds": self._unsafe.unit_seconds,
        }

    def _advance(self, dt_s: float) -> None:
        fleet, primary, district = self.fleet, self._primary, self._district
        outputs = self.plc.outputs
        self.now_s += dt_s
        primary.move(dt_s, outputs, self.faults)
        alive = self.faults.of("district-pump") is None
        district.step(dt_s, outputs.district_speed_pct, powered=outputs.district_run and alive)
        self._feed_mains()
        carried_kj = fleet.step(dt_s, self.now_s, primary.container_lpm, primary.cold.outlet_c)
        sinks = primary.circulate(
            dt_s, carried_kj, self._outdoor_c, district.return_c, district.flow_lpm
        )
        electric_kw = float(fleet.power_kw.sum())
        self._book.in_kj += electric_kw * dt_s
        self._book.room_kj += (electric_kw - fleet.coolant.heat_kw) * dt_s
        self._book.delivered_kj += sinks.delivered_kj
        self._book.rejected_kj += sinks.rejected_kj
        self._observe(dt_s)

    def _observe(self, dt_s: float) -> None:
        fleet = self.fleet
        unit_lpm = fleet.coolant.unit_lpm(self._primary.container_lpm)
        self._flow_switches.step(dt_s, unit_lpm)
        self._unsafe.step(dt_s, fleet.power_kw, fleet.outlet_c, unit_lpm, fleet.container_of)
        self._instruments.step(dt_s, self.now_s, self._measurable())
        if self.heat_meter.due(self.now_s):
            self.heat_meter.integrate(*self._meter_readings())

    def _feed_mains(self) -> None:
        contactors = self.plc.outputs.contactor_close
        fed = (contactors.tobytes(), self.faults.revision)
        if fed != self._fed:
            self._fed = fed
            self.fleet.feed(contactors[self.fleet.container_of])

    def _measurable(self) -> Floats:
        primary, district = self._primary, self._district
        supply_c, return_c = primary.exchanger.supply_c, district.return_c
        plc_c = (primary.hot.inlet_c, primary.cold.outlet_c, supply_c, return_c)
        flows_lpm = (primary.flow_lpm, district.flow_lpm, district.flow_lpm)
        cooler_c = primary.cooler.outlet_c
        return np.array([*plc_c, cooler_c, supply_c, return_c, self._outdoor_c, *flows_lpm])

    def _terminals(self) -> dict[str, float | bool]:
        description, primary, outputs = self.description, self._primary, self.plc.outputs
        shown = self._instruments.read()[PLC_INPUTS]
        return {
            **terminals.plc_life(self.now_s),
            **terminals.measured(shown),
            **terminals.drives(description, primary, self._district, outputs, self.faults),
            **terminals.containers(description, primary, outputs, self._flow_switches),
        }

    def _meter_readings(self) -> tuple[float, float, float]:
        supply_c, return_c, flow_lpm = self._instruments.read()[METER_INPUTS].tolist()
        return supply_c, return_c, flow_lpm

    def _stored_kj(self) -> float:
        return self._primary.stored_kj() + self.fleet.coolant.stored_kj()

    def _fleet_truth(self) -> dict[str, float | int | bool]:
        fleet = self.fleet
        working = fleet.work == Work.WORKING
        # With nothing running, the hottest running outlet is as warm as its inlet.
        running_c = float(fleet.outlet_c.max(where=working, initial=self._primary.cold.outlet_c))
        return {
            "electric_kw": float(fleet.power_kw.sum()),
            "heat_miners_kw": fleet.coolant.heat_kw,
            "hash_ths": float(fleet.hashrate_ths.sum()),
            "running_units": int(working.sum()),
            "hottest_unit_outlet_c": float(fleet.outlet_c.max()),
            "hottest_running_outlet_c": running_c,
            "hottest_chip_c": float(fleet.chip_c.max()),
        }

    def _water_truth(self) -> dict[str, float | int | bool]:
        primary, district = self._primary, self._district
        rise_k = primary.exchanger.supply_c - district.return_c
        return {
            "heat_delivered_kw": district.flow_lpm * WATER_KW_PER_LPM_K * rise_k,
            "heat_rejected_kw": primary.rejected_kw,
            "primary_hot_c": primary.hot.inlet_c,
            "primary_cold_c": primary.cold.outlet_c,
            "primary_flow_lpm": primary.flow_lpm,
            "district_supply_c": primary.exchanger.supply_c,
            "district_return_c": district.return_c,
            "district_flow_lpm": district.flow_lpm,
        }


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a temperature")
    return float(value)
