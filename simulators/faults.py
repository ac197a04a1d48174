"""What is broken, by name: the world asks here before it moves anything."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from simulators.description import PlantDescription
from simulators.names import (
    analogue_inputs,
    container_tags,
    exchanger_tags,
    modulated,
    unit_names,
)

Flags = NDArray[np.bool_]

DRIVE_VERBS = ("off", "local")
MINER_VERBS = ("deaf", "silent", "off")
CONTAINER_VERBS = (*MINER_VERBS, "local")
POINT_VERBS = ("stuck", "off")
EXCHANGER_VERBS = ("fouled", "off")
PLC = "cdu"
PLANT_VERBS = {
    PLC: ("restart",),
    "expansion": ("leaking",),
    "strainer": ("clogged",),
    "conductivity": ("high",),
    "emergency-stop": ("pressed",),
    "mains": ("off",),
}

# What a discrete input shows when its sensor is broken: the side on which a plant must stop.
UNSAFE_VALUE = {"flow_proven": False, "leak": True}


class Faults:
    """The faults of one plant; each target has at most one."""

    def __init__(self, description: PlantDescription) -> None:
        names = unit_names(description)
        # Counts every change, so that others need look only when something is different.
        self.revision = 0
        self.deaf: Flags = np.zeros(len(names), np.bool_)
        self.silent: Flags = np.zeros(len(names), np.bool_)
        self.without_mains: Flags = np.zeros(len(names), np.bool_)
        self._units = _units_of(description, names)
        self._verbs = _verbs_of(description, self._units)
        self._active: dict[str, str] = {}
        self._elsewhere: Flags = np.zeros(len(names), np.bool_)

    def set(self, target: str, verb: str) -> None:
        """Break one thing in one way; an unknown name is refused with those there are."""
        verbs = self._known(target)
        if verb not in verbs:
            raise ValueError(f"{target} has no fault {verb!r}: it has {', '.join(verbs)}")
        self._active[target] = verb
        self._changed()

    def clear(self, target: str | None = None) -> None:
        """Repair one thing, or everything."""
        if target is None:
            self._active.clear()
        else:
            self._known(target)
            self._active.pop(target, None)
        self._changed()

    def leave_out(self, units: Collection[int]) -> None:
        """These units stand somewhere else: in this world they are dead, and nobody mends them."""
        self._elsewhere[list(units)] = True
        self._changed()

    def active(self) -> dict[str, str]:
        """What is broken now, and how."""
        return dict(self._active)

    def of(self, target: str) -> str | None:
        """How this target is broken, None when it is sound."""
        return self._active.get(target)

    def targets(self) -> tuple[str, ...]:
        """Everything that can break."""
        return tuple(self._verbs)

    def verbs(self, target: str) -> tuple[str, ...]:
        """The ways in which this target can break."""
        return self._known(target)

    def _known(self, target: str) -> tuple[str, ...]:
        verbs = self._verbs.get(target)
        if verbs is None:
            others = [name for name in self._verbs if not name.startswith("miner-")]
            miners = [name for name in self._verbs if name.startswith("miner-")]
            raise ValueError(
                f"unknown fault target {target!r}: there are "
                f"{', '.join(others)} and {miners[0]} to {miners[-1]}"
            )
        return verbs

    def _changed(self) -> None:
        self.revision += 1
        for verb, flags in zip(
            MINER_VERBS, (self.deaf, self.silent, self.without_mains), strict=True
        ):
            flags[:] = False
            for target, active in self._active.items():
                if active == verb and target in self._units:
                    flags[self._units[target]] = True
        self.without_mains |= self._elsewhere


def _units_of(description: PlantDescription, names: tuple[str, ...]) -> dict[str, slice]:
    units = {f"miner-{name}": slice(unit, unit + 1) for unit, name in enumerate(names)}
    first = 0
    for tag, container in zip(container_tags(description), description.containers, strict=True):
        units[tag] = slice(first, first + container.units)
        first += container.units
    return units


def _verbs_of(description: PlantDescription, units: dict[str, slice]) -> dict[str, tuple[str, ...]]:
    verbs: dict[str, tuple[str, ...]] = dict.fromkeys(modulated(description), DRIVE_VERBS)
    verbs |= dict.fromkeys(exchanger_tags(description), EXCHANGER_VERBS)
    verbs |= PLANT_VERBS
    verbs |= dict.fromkeys(analogue_inputs(description), POINT_VERBS)
    for container in container_tags(description):
        verbs[f"{container}.flow_proven"] = POINT_VERBS
        verbs[f"{container}.leak"] = (*POINT_VERBS, "wet")
        verbs[f"{container}.hardwired_trip"] = ("bridged",)
        verbs[container] = CONTAINER_VERBS
    miners = (unit for unit in units if unit not in verbs)
    return verbs | dict.fromkeys(miners, MINER_VERBS)
