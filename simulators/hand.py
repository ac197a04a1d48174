"""The hand on everything outside the plant: weather, network, room."""

import math
from collections.abc import Callable, Mapping

from simulators.world import World

RANGES = {
    "outdoor_c": (-60.0, 60.0),
    "district_return_c": (0.0, 95.0),
    "network_demand_kw": (0.0, 1e6),
    "room_c": (-40.0, 60.0),
    "dew_point_c": (-60.0, 60.0),
}
"""What can be set, and from where to where."""

AIR = ("room_c", "dew_point_c")


class Hand:
    """Sets what surrounds the plant and remembers it; what is out of range is refused."""

    def __init__(self, world: World) -> None:
        description, truth = world.description, world.truth()
        self.values = {
            "outdoor_c": float(truth["outdoor_c"]),
            "district_return_c": description.district_return_c,
            "network_demand_kw": description.network_demand_kw,
            "room_c": float(truth["room_temperature_c"]),
            "dew_point_c": float(truth["room_dew_point_c"]),
        }
        self._world = world
        self._set: dict[str, Callable[[float], None]] = {
            "outdoor_c": world.set_outdoor_c,
            "district_return_c": world.set_district_return_c,
            "network_demand_kw": world.set_network_demand_kw,
        }

    def set(self, wanted: Mapping[str, float]) -> None:
        """Set all of them; where one cannot be, ValueError says why and nothing is set."""
        for name, value in wanted.items():
            _check(name, value)
        after = {**self.values, **wanted}
        if any(name in wanted for name in AIR):
            # Together, or the air would pass through a state that cannot be.
            self._world.set_room(after["room_c"], after["dew_point_c"])
        for name in self._set.keys() & wanted:
            self._set[name](wanted[name])
        self.values = after


def _check(name: str, value: float) -> None:
    if name not in RANGES:
        raise ValueError(f"{name!r} cannot be set: there are {', '.join(RANGES)}")
    low, high = RANGES[name]
    if not (math.isfinite(value) and low <= value <= high):
        raise ValueError(f"{name} is {low:g} to {high:g}, not {value}")
