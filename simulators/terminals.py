"""What is wired to the PLC's input cards, before any fault: feedbacks, switches, selectors.

The instruments are in `panel`.
"""

import math

import numpy as np
from numpy.typing import NDArray

from simulators.description import PlantDescription
from simulators.district import DistrictSide
from simulators.faults import Faults
from simulators.names import container_tags, exchanger_tags, has_cooler, pump_tags, selectors
from simulators.outputs import Outputs
from simulators.primary import PrimaryLoop

FLOW_PROVEN_LPM = 8.0
FLOW_SWITCH_LAG_S = 0.3

Signals = dict[str, float | bool]


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


def drives(
    description: PlantDescription, primary: PrimaryLoop, district: DistrictSide, outputs: Outputs
) -> Signals:
    """Feedback of all drives, positioners and the booster; what is dead or stopped does not run."""
    signals: Signals = {
        "district-pump.speed_feedback_pct": district.pump.speed_pct,
        "district-pump.running": outputs.district_run,
    }
    for tag, drive, run in zip(
        pump_tags(description), primary.drives, outputs.pump_run, strict=True
    ):
        signals[f"{tag}.speed_feedback_pct"] = drive.speed_pct
        signals[f"{tag}.running"] = run
    if has_cooler(description):
        signals["three-way-valve.position_feedback_pct"] = primary.three_way.position_pct
        signals["dry-cooler.fan_feedback_pct"] = primary.cooler.fan_pct
    if district.separator is not None:
        signals["network-pump.speed_feedback_pct"] = district.network_pump.speed_pct
        signals["network-pump.running"] = outputs.network_run
        signals["mixing-valve.position_feedback_pct"] = district.mixing.position_pct
    if district.booster is not None:
        signals["booster.power_kw"] = float(round(district.booster.heat_kw))
        signals["booster.running"] = outputs.booster_run
    return signals


def switches(description: PlantDescription, primary: PrimaryLoop, faults: Faults) -> Signals:
    """Emergency stop, mains, local/remote selectors, and the exchangers' end switches."""
    signals: Signals = {
        "safety.emergency_stop_released": faults.of("emergency-stop") is None,
        "safety.mains_present": faults.of("mains") is None,
    }
    for name in selectors(description):
        signals[f"{name}.remote"] = faults.of(name) != "local"
    group = primary.exchangers
    for tag, valve_open, valve_closed in zip(
        exchanger_tags(description), group.at_open_end(), group.at_closed_end(), strict=True
    ):
        signals[f"{tag}.valve_open"] = valve_open
        signals[f"{tag}.valve_closed"] = valve_closed
    return signals


def containers(
    description: PlantDescription,
    primary: PrimaryLoop,
    contactors: NDArray[np.bool_],
    flow: FlowSwitches,
    faults: Faults,
) -> Signals:
    """Switches of all containers; leak ropes are dry unless somebody wets them."""
    signals: Signals = {}
    for tag, proven, closed, valve_open, valve_closed in zip(
        container_tags(description),
        flow.proven(),
        contactors.tolist(),
        primary.valves.at_open_end(),
        primary.valves.at_closed_end(),
        strict=True,
    ):
        signals[f"{tag}.flow_proven"] = proven
        signals[f"{tag}.leak"] = faults.of(f"{tag}.leak") == "wet"
        signals[f"{tag}.contactor_closed"] = closed
        signals[f"{tag}.valve_open"] = valve_open
        signals[f"{tag}.valve_closed"] = valve_closed
    return signals
