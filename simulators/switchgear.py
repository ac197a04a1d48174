"""What reaches the equipment of the PLC's orders: not to what is in local, dead or without mains.

PLC, pumps and valves hang on the uninterruptible supply; fans and booster do not.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np

from simulators.description import PlantDescription
from simulators.faults import Faults
from simulators.names import container_tags, pump_tags, selectors
from simulators.outputs import Outputs

Value = float | bool
Place = tuple[str, int | None]
"""A field of the orders, and the place in it where there are several."""

SINGLE: Mapping[str, tuple[str, ...]] = {
    "district-pump": ("district_run", "district_speed_pct"),
    "network-pump": ("network_run", "network_speed_pct"),
    "three-way-valve": ("three_way_pct",),
    "dry-cooler": ("fan_pct",),
    "mixing-valve": ("mixing_pct",),
    "booster": ("booster_run", "booster_pct"),
}
WITHOUT_UPS = ("dry-cooler", "booster")


class Switchgear:
    """Selectors, drives and supplies between the PLC's terminals and what it moves."""

    def __init__(self, description: PlantDescription, faults: Faults) -> None:
        self._faults = faults
        self._places = _places(description)
        self._selectors = selectors(description)
        self._held: dict[str, list[Value]] = {}
        self._ordered: Outputs | None = None
        self._passed: Outputs | None = None
        self._revision = -1

    def passed(self, ordered: Outputs) -> Outputs:
        """The orders as they arrive; found anew when an order or a fault changes."""
        same = ordered is self._ordered and self._faults.revision == self._revision
        if self._passed is not None and same:
            return self._passed
        self._hold_what_is_local(ordered if self._passed is None else self._passed)
        self._ordered, self._revision = ordered, self._faults.revision
        self._passed = self._arriving(ordered)
        return self._passed

    def _hold_what_is_local(self, before: Outputs) -> None:
        for name in self._selectors:
            if self._faults.of(name) not in _holding(name):
                self._held.pop(name, None)
            elif name not in self._held:
                self._held[name] = [_get(before, place) for place in self._places[name]]

    def _arriving(self, ordered: Outputs) -> Outputs:
        changed: list[tuple[Place, Value]] = []
        for name, values in self._held.items():
            changed += zip(self._places[name], values, strict=True)
        for name, places in self._places.items():
            if self._is_dead(name):
                changed += [(place, 0) for place in places if place[0] in _STOPPED_BY]
        return _with(ordered, changed) if changed else ordered

    def _is_dead(self, name: str) -> bool:
        if self._faults.of(name) == "off":
            return True
        return name in WITHOUT_UPS and self._faults.of("mains") is not None


def _holding(name: str) -> tuple[str, ...]:
    """The verbs under which equipment goes on with what it does; a container has no such drive."""
    return ("local",) if name.startswith("container") else ("local", "stuck")


# What is 0 at a dead machine; the place of a dead valve is not an order but where it stands.
_STOPPED_BY = ("pump_run", "district_run", "network_run", "booster_run", "fan_pct")


def _places(description: PlantDescription) -> dict[str, tuple[Place, ...]]:
    places: dict[str, tuple[Place, ...]] = {
        tag: (("pump_run", index), ("pump_speed_pct", index))
        for index, tag in enumerate(pump_tags(description))
    }
    for name, single in SINGLE.items():
        places[name] = tuple((field, None) for field in single)
    for index, tag in enumerate(container_tags(description)):
        # The contactor is the PLC's own: its hard-wired part acts in local, too.
        places[tag] = (("valve_open", index),)
    return places


def _get(outputs: Outputs, place: Place) -> Value:
    field, index = place
    value = getattr(outputs, field)
    found: Value = value if index is None else value[index]
    return found


def _with(outputs: Outputs, changed: list[tuple[Place, Value]]) -> Outputs:
    columns: dict[str, Any] = {
        field.name: getattr(outputs, field.name) for field in fields(outputs)
    }
    for (field, index), value in changed:
        before = columns[field]
        if index is None:
            columns[field] = type(before)(value)
        elif isinstance(before, np.ndarray):
            columns[field] = before.copy()
            columns[field][index] = value
        else:
            columns[field] = (*before[:index], type(before[index])(value), *before[index + 1 :])
    return replace(outputs, **columns)
