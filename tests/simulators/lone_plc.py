"""A PLC without a plant: its input cards show what a test puts there."""

import numpy as np

from simulators.description import Container, PlantDescription
from simulators.faults import Faults
from simulators.names import (
    analogue_inputs,
    analogue_outputs,
    container_tags,
    discrete_outputs,
    motors,
    selectors,
)
from simulators.plc import Order, Plc

STEP_S = 0.2
SHOWN = {
    "primary.hot_temperature_c": 74.0,
    "primary.cold_temperature_c": 62.0,
    "primary.flow_lpm": 8_000.0,
    "district.supply_temperature_c": 70.0,
    "district.return_temperature_c": 45.0,
    "network.supply_temperature_c": 68.0,
    "network.differential_pressure_kpa": 60.0,
}


class LonePlc:
    """A PLC, the switches and readings that it sees, and the loads of its feeders."""

    def __init__(self, description: PlantDescription | None = None) -> None:
        given = description or PlantDescription(
            containers=(Container("box 1", 10), Container("box 2", 10)), primary_pumps=3
        )
        self.faults = Faults(given)
        self.cards: dict[str, Order] = dict.fromkeys(analogue_inputs(given), 20.0)
        self.cards |= {name: value for name, value in SHOWN.items() if name in self.cards}
        self.cards |= {f"{motor}.running": True for motor in motors(given)}
        self.cards |= {f"{equipment}.remote": True for equipment in selectors(given)}
        self.cards |= {"safety.emergency_stop_released": True, "safety.mains_present": True}
        for tag in container_tags(given):
            self.cards |= {f"{tag}.flow_proven": True, f"{tag}.leak": False}
        self.feeder_kw = np.array([one.units * 8.4 for one in given.containers])
        self.set_points = analogue_outputs(given)
        self.switches = discrete_outputs(given)
        self.now_s = 0.0
        self.plc = Plc(given, self.faults, lambda: dict(self.cards))

    def run(self, seconds: float) -> None:
        """Let time pass in steps of one cycle."""
        for _ in range(round(seconds / STEP_S)):
            self.now_s += STEP_S
            self.plc.step(STEP_S, self.now_s, self.feeder_kw)

    def frame(self, heartbeat: int, epoch: int, **speeds: float) -> None:
        """A frame with the present set-points, but for those named: pump_1=50.0."""
        values = {name: self.order(name) for name in self.set_points}
        for key, value in speeds.items():
            values[f"{key.replace('_', '-')}.speed_pct"] = value
        self.plc.take_frame(values, heartbeat, epoch)

    def order(self, name: str) -> float:
        """What an order register or coil shows."""
        return float(self.plc.command_value(name))

    def shows(self, name: str) -> float | bool | None:
        """What an input shows."""
        return self.plc.points()[name]
