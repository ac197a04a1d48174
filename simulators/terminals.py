"""What is wired to the PLC's input cards, before any fault: feedbacks, switches, selectors.

The instruments are in `panel`.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulators.description import PlantDescription
from simulators.district import DistrictSide
from simulators.faults import Faults
from simulators.hardwired import Permissives
from simulators.names import container_tags, exchanger_tags, has_cooler, pump_tags, selectors
from simulators.outputs import Outputs
from simulators.primary import PrimaryLoop

FLOW_SWITCH_LAG_S = 0.3

Signals = dict[str, float | bool]


class FlowSwitches:
    """One switch a container: closed while each unit gets its least flow."""

    def __init__(self, description: PlantDescription) -> None:
        self._unit_lpm = np.zeros(len(description.containers))
        self._proven_lpm = description.flow_proven_lpm

    def start(self, unit_lpm: NDArray[np.float64]) -> None:
        """Begin in rest at these flows."""
        self._unit_lpm = unit_lpm.copy()

    def step(self, dt_s: float, unit_lpm: NDArray[np.float64]) -> None:
        """Follow the flow through each unit."""
        share = -math.expm1(-dt_s / FLOW_SWITCH_LAG_S)
        self._unit_lpm += (unit_lpm - self._unit_lpm) * share

    def proven(self) -> list[bool]:
        """Whether each container has flow."""
        return list(self.proven_flags().tolist())

    def proven_flags(self) -> NDArray[np.bool_]:
        """The same as one column."""
        return self._unit_lpm >= self._proven_lpm


class Terminals:
    """All input cards but the instruments'; names are made once, the PLC looks often."""

    def __init__(self, description: PlantDescription, faults: Faults) -> None:
        tags = container_tags(description)
        self._faults = faults
        self._has_cooler = has_cooler(description)
        self._pumps = _named(pump_tags(description), ("speed_feedback_pct", "running"))
        self._exchangers = _named(exchanger_tags(description), ("valve_open", "valve_closed"))
        inputs = ("flow_proven", "contactor_closed", "valve_open", "valve_closed")
        self._containers = _named(tags, inputs)
        self._leaks = tuple(f"{tag}.leak" for tag in tags)
        self._selectors = selectors(description)
        self._switches: Signals = {}
        self._wet: NDArray[np.bool_] = np.zeros(len(tags), np.bool_)
        self._revision = -1

    def signals(
        self,
        primary: PrimaryLoop,
        district: DistrictSide,
        outputs: Outputs,
        contactors: NDArray[np.bool_],
        flow: FlowSwitches,
    ) -> Signals:
        """Feedbacks, end switches, contactors, flow switches and what people have switched."""
        signals = self._drives(primary, district, outputs)
        signals.update(self._switched())
        group = primary.exchangers
        for names, states in zip(
            self._exchangers, (group.at_open_end(), group.at_closed_end()), strict=True
        ):
            signals.update(zip(names, states, strict=True))
        valves = primary.valves
        columns: tuple[Sequence[bool], ...] = (
            flow.proven(),
            contactors.tolist(),
            valves.at_open_end(),
            valves.at_closed_end(),
        )
        for names, column in zip(self._containers, columns, strict=True):
            signals.update(zip(names, column, strict=True))
        return signals

    def permissives(self, flow: FlowSwitches) -> Permissives:
        """Those of the switches that the feeders' relays hang on."""
        switched = self._switched()
        return Permissives(
            leak=self._wet.copy(),
            flow_proven=flow.proven_flags(),
            emergency_stop_released=bool(switched["safety.emergency_stop_released"]),
            mains_present=bool(switched["safety.mains_present"]),
        )

    def _drives(self, primary: PrimaryLoop, district: DistrictSide, outputs: Outputs) -> Signals:
        """Feedback of drives, positioners and booster; what is dead or stopped does not run."""
        speeds, running = self._pumps
        signals: Signals = {
            "district-pump.speed_feedback_pct": district.pump.speed_pct,
            "district-pump.running": outputs.district_run,
        }
        signals.update(zip(speeds, [drive.speed_pct for drive in primary.drives], strict=True))
        signals.update(zip(running, outputs.pump_run, strict=True))
        if self._has_cooler:
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

    def _switched(self) -> Signals:
        """Emergency stop, mains, selectors and leak ropes: they change only with a fault."""
        faults = self._faults
        if faults.revision != self._revision:
            self._revision = faults.revision
            self._wet = np.array([faults.of(name) == "wet" for name in self._leaks])
            self._switches = {
                "safety.emergency_stop_released": faults.of("emergency-stop") is None,
                "safety.mains_present": faults.of("mains") is None,
                **{f"{name}.remote": faults.of(name) != "local" for name in self._selectors},
                **{name: faults.of(name) == "wet" for name in self._leaks},
            }
        return self._switches


def _named(tags: tuple[str, ...], points: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """For each point, the names that it has at all of these."""
    return tuple(tuple(f"{tag}.{point}" for tag in tags) for point in points)
