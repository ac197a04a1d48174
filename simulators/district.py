"""The district side of the plant: from the network's return through to its supply.

Without a separator one pump drives the water through exchangers and network. With one, what the
exchangers get beyond the network's need goes down through the separator, and what the network takes
beyond the exchangers' flow comes up from it.
"""

from simulators.booster import Booster
from simulators.description import PlantDescription
from simulators.faults import Faults
from simulators.network import LaggedFlow, network_of
from simulators.outputs import Outputs
from simulators.pump import Drive, electric_kw
from simulators.separator import Separator
from simulators.thermal import WATER_KW_PER_LPM_K
from simulators.valve import MotorValve

# Part of the district pump's head that the exchangers use at full flow.
EXCHANGER_HEAD_SHARE = 0.5
# Heads at full speed: one pump for exchangers and network, or one for each behind a separator.
WHOLE_HEAD_KPA = 400.0
EXCHANGER_HEAD_KPA = EXCHANGER_HEAD_SHARE * WHOLE_HEAD_KPA


class DistrictSide:
    """Pumps, separator, booster and mixing valve; `flow_lpm` passes the exchangers."""

    def __init__(self, description: PlantDescription) -> None:
        self.network = network_of(description)
        self.pump, self.network_pump = Drive(), Drive()
        self.separator = Separator(description) if description.separated else None
        self.booster = Booster(description) if description.booster_kw > 0.0 else None
        self.mixing = MotorValve(description.mixing_valve_stroke_s)
        self.inlet_c = self.network.return_c
        self.supply_c = self.network.return_c
        self.sold_kj = self.lost_kj = 0.0
        self._flow = LaggedFlow()
        self._flow_max_lpm = description.district_flow_max_lpm

    @property
    def flow_lpm(self) -> float:
        """Flow through the exchangers."""
        return self._flow.lpm

    @property
    def network_lpm(self) -> float:
        """Flow through the network."""
        return self._flow.lpm if self.separator is None else self.network.flow.lpm

    @property
    def sold_kw(self) -> float:
        """Heat that passes the boundary."""
        spread_k = self.supply_c - self.network.return_c
        return self.network_lpm * WATER_KW_PER_LPM_K * spread_k

    @property
    def pumps_kw(self) -> float:
        """Electricity of the pumps on the district side."""
        head_kpa = WHOLE_HEAD_KPA if self.separator is None else EXCHANGER_HEAD_KPA
        drawn_kw = electric_kw(self._flow.lpm, head_kpa * (self.pump.speed_pct / 100.0) ** 2)
        if self.separator is not None:
            full_kpa = self.network.full_head_kpa
            head_kpa = full_kpa * (self.network_pump.speed_pct / 100.0) ** 2
            drawn_kw += electric_kw(self.network.flow.lpm, head_kpa)
        return drawn_kw

    def flow_at(self, speed_pct: float, passing: float = 1.0) -> float:
        """The flow that belongs to a speed of the district pump, past exchangers so far open."""
        flow_lpm = self._flow_max_lpm * speed_pct / 100.0
        if passing >= 1.0:
            return flow_lpm
        if passing <= 0.0:
            return 0.0
        return float(flow_lpm * (1.0 + EXCHANGER_HEAD_SHARE * (passing**-2 - 1.0)) ** -0.5)

    def move(self, dt_s: float, outputs: Outputs, faults: Faults, passing: float) -> None:
        """Let drives, valve, flows and the network's return follow."""
        self.pump.step(dt_s, outputs.district_speed_pct, powered=outputs.district_run)
        self._flow.step(dt_s, self.flow_at(self.pump.speed_pct, passing))
        if self.separator is None:
            aim_lpm = self._flow.lpm
        else:
            running = outputs.network_run
            self.network_pump.step(dt_s, outputs.network_speed_pct, powered=running)
            moving = faults.of("mixing-valve") != "off"
            self.mixing.step(dt_s, outputs.mixing_pct, powered=moving)
            aim_lpm = self.network.aim_lpm(self.network_pump.speed_pct)
        self.network.move(dt_s, aim_lpm)
        self.settle_inlet()

    def settle_flows(self, passing: float) -> None:
        """Bring all flows to those that belong to the present speeds."""
        self._flow.lpm = self.flow_at(self.pump.speed_pct, passing)
        self.network.flow.lpm = self._flow.lpm
        if self.separator is not None:
            self.network.flow.lpm = self.network.aim_lpm(self.network_pump.speed_pct)
        self.settle_inlet()

    def fill(self, supply_c: float, return_c: float) -> None:
        """Start with this supply; a separator is half full of it above water of the return."""
        self.supply_c = supply_c
        if self.separator is not None:
            self.separator.fill(supply_c, return_c)
        if self.booster is not None:
            self.booster.water.temperature_c = supply_c

    def settle_inlet(self) -> None:
        """Find what enters the exchangers: the network's return and the separator's bottom."""
        flow_lpm, taken_lpm = self._flow.lpm, self._taken_lpm()
        self.inlet_c = self.network.return_c
        if self.separator is not None and flow_lpm > taken_lpm:
            from_bottom = (flow_lpm - taken_lpm) / flow_lpm
            self.inlet_c += from_bottom * (self.separator.bottom_c - self.inlet_c)

    def deliver(
        self, dt_s: float, carried_kj: float, produced_c: float, outputs: Outputs, room_c: float
    ) -> None:
        """Send on what the exchangers gave, in kJ: to separator, booster and network.

        Energy counts with the mean temperature of the step; `produced_c`, what leaves the
        exchangers at its end, is what sensors see.
        """
        flow_lpm, taken_lpm = self._flow.lpm, self._taken_lpm()
        mean_c = self.inlet_c
        if flow_lpm > 0.0:
            mean_c += carried_kj / (flow_lpm * WATER_KW_PER_LPM_K * dt_s)
        taken_c, stream_c = mean_c, produced_c
        if self.separator is not None:
            taken_c = _meet(self.separator, mean_c, flow_lpm, taken_lpm)
            stream_c = _meet(self.separator, produced_c, flow_lpm, taken_lpm)
            self._separate(dt_s, mean_c, flow_lpm - taken_lpm)
            self.lost_kj = self.separator.lose(dt_s, room_c)
        spread_k = taken_c - self.network.return_c
        self.sold_kj = taken_lpm * WATER_KW_PER_LPM_K * dt_s * spread_k
        if self.booster is not None:
            power_pct = outputs.booster_pct if outputs.booster_run else None
            self.sold_kj += self.booster.step(dt_s, power_pct, taken_c, taken_lpm)
            stream_c = self.booster.water.temperature_c
        self._mix(stream_c, taken_lpm)
        self.network.take(dt_s, self.sold_kj)

    def stored_kj(self) -> float:
        """Heat held above 0 °C in separator and booster."""
        held_kj = 0.0 if self.separator is None else self.separator.stored_kj()
        return held_kj if self.booster is None else held_kj + self.booster.water.stored_kj()

    def _taken_lpm(self) -> float:
        # What the network takes hot; the rest of its flow is its own return, mixed in.
        if self.separator is None:
            return self._flow.lpm
        return self.network.flow.lpm * (1.0 - self.mixing.share)

    def _separate(self, dt_s: float, hot_c: float, surplus_lpm: float) -> None:
        if self.separator is not None and surplus_lpm > 0.0:
            self.separator.charge(dt_s, surplus_lpm, hot_c)
        elif self.separator is not None and surplus_lpm < 0.0:
            self.separator.discharge(dt_s, -surplus_lpm, self.network.return_c)

    def _mix(self, stream_c: float, taken_lpm: float) -> None:
        network_lpm = self.network_lpm
        # Without flow the sensor keeps seeing the water that passed last.
        if network_lpm > 0.0:
            hot_share = taken_lpm / network_lpm
            return_c = self.network.return_c
            self.supply_c = return_c + hot_share * (stream_c - return_c)


def _meet(separator: Separator, produced_c: float, flow_lpm: float, taken_lpm: float) -> float:
    # What goes to the network hot: from the exchangers, topped up from the separator.
    if flow_lpm >= taken_lpm:
        return produced_c
    from_top = (taken_lpm - flow_lpm) / taken_lpm
    return produced_c + from_top * (separator.top_c - produced_c)
