"""What the PLC orders at its terminals, gathered once after each change."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulators.description import PlantDescription
from simulators.names import container_tags, pump_tags


@dataclass(frozen=True, slots=True)
class Outputs:
    """All orders of the PLC to drives, valves, fans and contactors."""

    pump_run: tuple[bool, ...]
    pump_speed_pct: tuple[float, ...]
    district_run: bool
    district_speed_pct: float
    three_way_pct: float
    fan_pct: float
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
        three_way_pct=positioned["three-way-valve.position_pct"],
        fan_pct=positioned["dry-cooler.fan_pct"],
        contactor_close=np.array([switched[f"{name}.contactor_close"] for name in containers]),
        valve_open=np.array([switched[f"{name}.valve_open_command"] for name in containers]),
    )
