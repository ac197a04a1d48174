"""The hand on everything outside the plant: weather, network, room."""

import math
from collections.abc import Callable

from simulators.world import World

RANGES = {
    "outdoor_c": (-60.0, 60.0),
    "district_return_c": (0.0, 95.0),
}
"""What can be set, and from where to where."""


class Hand:
    """Sets what surrounds the plant and remembers it; what is out of range is refused."""

    def __init__(self, world: World) -> None:
        description = world.description
        self.values = {
            "outdoor_c": description.outdoor_c,
            "district_return_c": description.district_return_c,
        }
        self._set: dict[str, Callable[[float], None]] = {
            "outdoor_c": world.set_outdoor_c,
            "district_return_c": world.set_district_return_c,
        }

    def set(self, name: str, value: float) -> None:
        """Set one of them; ValueError names what may be set."""
        if name not in RANGES:
            raise ValueError(f"{name!r} cannot be set: there are {', '.join(RANGES)}")
        low, high = RANGES[name]
        if not (math.isfinite(value) and low <= value <= high):
            raise ValueError(f"{name} is {low:g} to {high:g}, not {value}")
        self._set[name](value)
        self.values[name] = value
