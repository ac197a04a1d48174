"""What the PLC orders at its terminals, gathered once after each change."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulators.description import PlantDescription
from simulators.names import container_tags, exchanger_tags, pump_tags


@dataclass(frozen=True, slots=True)
class Outputs:
    """All orders of the PLC to drives, valves, fans, booster and contactors.

    What is not installed is ordered to be off. `contactor_close` is the order; what the hard-wired
    permissives leave of it is for the PLC to say.
    """

    pump_run: tuple[bool, ...]
    pump_speed_pct: tuple[float, ...]
    district_run: bool
    district_speed_pct: float
    network_run: bool
    network_speed_pct: float
    three_way_pct: float
    fan_pct: float
    mixing_pct: float
    booster_run: bool
    booster_pct: float
    make_up_open: bool
    exchanger_open: tuple[bool, ...]
    contactor_close: NDArray[np.bool_]
    valve_open: NDArray[np.bool_]


def gather(
    description: PlantDescription, switched: Mapping[str, bool], positioned: Mapping[str, float]
) -> Outputs:
    """The orders of coils and holding registers as equipment takes them."""
    pumps, containers = pump_tags(description), container_tags(description)
    return Outputs(
        pump_run=tuple(switched[f"{pump}.run"] for pump in pumps),
        pump_speed_pct=tuple(positioned[f"{pump}.speed_pct"] for pump in pumps),
        district_run=switched["district-pump.run"],
        district_speed_pct=positioned["district-pump.speed_pct"],
        network_run=switched.get("network-pump.run", False),
        network_speed_pct=positioned.get("network-pump.speed_pct", 0.0),
        three_way_pct=positioned.get("three-way-valve.position_pct", 0.0),
        fan_pct=positioned.get("dry-cooler.fan_pct", 0.0),
        mixing_pct=positioned.get("mixing-valve.position_pct", 0.0),
        booster_run=switched.get("booster.run", False),
        booster_pct=positioned.get("booster.power_pct", 0.0),
        make_up_open=switched["make-up.valve_open_command"],
        exchanger_open=tuple(
            switched[f"{name}.valve_open_command"] for name in exchanger_tags(description)
        ),
        contactor_close=np.array([switched[f"{name}.contactor_close"] for name in containers]),
        valve_open=np.array([switched[f"{name}.valve_open_command"] for name in containers]),
    )
