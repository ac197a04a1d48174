"""What is wired to the PLC's input cards, before any fault: sensors, feedbacks, switches."""

import math

import numpy as np
from numpy.typing import NDArray

from simulators.description import PlantDescription
from simulators.faults import Faults
from simulators.names import MEASURED, container_tags, pump_tags
from simulators.network import DistrictNetwork
from simulators.outputs import Outputs
from simulators.primary import PrimaryLoop

FLOW_PROVEN_LPM = 8.0
FLOW_SWITCH_LAG_S = 0.3
HEARTBEAT_WRAPS = 65_536


class FlowSwitches:
    """One switch a container: closed while each unit gets its least flow."""

    def __init__(self, containers: int) -> None:
        self._unit_lpm = np.zeros(containers)

    def start(self, unit_lpm: NDArray[np.float64]) -> None:
        """Begin in rest at these flows."""
        self._unit_lpm = unit_lpm.copy()

    def step(self, dt_s: float, unit_lpm: NDArray[np.float64]) -> None:
        """Follow the flow through each unit."""
        share = -math.expm1(-dt_s / FLOW_SWITCH_LAG_S)
        self._unit_lpm += (unit_lpm - self._unit_lpm) * share

    def proven(self) -> list[bool]:
        """Whether each container has flow."""
        return [bool(flag) for flag in self._unit_lpm >= FLOW_PROVEN_LPM]


def measured(readings: NDArray[np.float64]) -> dict[str, float | bool]:
    """Temperatures and flows; the flow cards give whole litres."""
    return {
        name: float(round(value)) if name.endswith("_lpm") else value
        for name, value in zip(MEASURED, readings.tolist(), strict=True)
    }


def drives(
    description: PlantDescription,
    primary: PrimaryLoop,
    district: DistrictNetwork,
    outputs: Outputs,
    faults: Faults,
) -> dict[str, float | bool]:
    """Feedback of all drives and positioners; a dead or stopped drive does not run."""
    signals: dict[str, float | bool] = {
        "three-way-valve.position_feedback_pct": primary.three_way.position_pct,
        "dry-cooler.fan_feedback_pct": primary.cooler.fan_pct,
        "district-pump.speed_feedback_pct": district.pump.speed_pct,
        "district-pump.running": outputs.district_run and faults.of("district-pump") is None,
    }
    for tag, drive, run in zip(
        pump_tags(description), primary.drives, outputs.pump_run, strict=True
    ):
        signals[f"{tag}.speed_feedback_pct"] = drive.speed_pct
        signals[f"{tag}.running"] = run and faults.of(tag) is None
    return signals


def containers(
    description: PlantDescription, primary: PrimaryLoop, outputs: Outputs, flow: FlowSwitches
) -> dict[str, float | bool]:
    """Switches of all containers; the leak ropes are dry."""
    signals: dict[str, float | bool] = {}
    for tag, proven, closed, valve_open, valve_closed in zip(
        container_tags(description),
        flow.proven(),
        outputs.contactor_close.tolist(),
        primary.valves.at_open_end(),
        primary.valves.at_closed_end(),
        strict=True,
    ):
        signals[f"{tag}.flow_proven"] = proven
        signals[f"{tag}.leak"] = False
        signals[f"{tag}.contactor_closed"] = closed
        signals[f"{tag}.valve_open"] = valve_open
        signals[f"{tag}.valve_closed"] = valve_closed
    return signals


def plc_life(now_s: float) -> dict[str, float | bool]:
    """Signs of life of the PLC itself."""
    return {"plc.heartbeat": float(math.floor(now_s) % HEARTBEAT_WRAPS), "plc.boot_count": 1.0}
