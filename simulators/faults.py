"""What is broken, by name: the world and its wires ask here before they move anything."""

from collections.abc import Callable, Collection, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from simulators import fault_targets
from simulators.description import PlantDescription
from simulators.fault_targets import LINK
from simulators.fault_verbs import OK, Fault, Verbs, parse, told
from simulators.link_verbs import BEARABLE
from simulators.names import unit_names

Flags = NDArray[np.bool_]

FLAGGED = ("deaf", "silent", "off", "clogged")
"""Verbs of miners that are columns of the fleet."""

# On the network or not: a broken device is then as a broken link to it.
OFF_THE_NETWORK = ("off", "intermittent")


class Faults:
    """The faults of one plant; each target has at most one."""

    def __init__(self, description: PlantDescription, seed: int = 0) -> None:
        names = unit_names(description)
        # Counts every change, so that others need look only when something is different.
        self.revision = 0
        self.seed = seed
        # Whether any sensor or device is broken so that it shows something else than is true.
        self.disturbing = False
        self.deaf: Flags = np.zeros(len(names), np.bool_)
        self.silent: Flags = np.zeros(len(names), np.bool_)
        self.without_mains: Flags = np.zeros(len(names), np.bool_)
        self.clogged: Flags = np.zeros(len(names), np.bool_)
        # Units of which nothing is heard and that hear nothing, for whoever has no wires.
        self.cut: Flags = np.zeros(len(names), np.bool_)
        self._units = fault_targets.units(description, names)
        self._verbs = fault_targets.verbs(description, names)
        self._active: dict[str, Fault] = {}
        self._telling: dict[int, Fault] = {}
        self._linked: dict[int, Fault] = {}
        self._watchers: list[Callable[[], None]] = []
        self._elsewhere: Flags = np.zeros(len(names), np.bool_)

    def set(self, target: str, verb: str) -> None:
        """Break one thing in one way, `ok` mends it; unknown names are refused with those known."""
        fault = self.check(target, verb)
        if fault is None:
            self._active.pop(target, None)
        else:
            self._active[target] = fault
        self._changed()

    def check(self, target: str, verb: str) -> Fault | None:
        """The fault that would be set, None to mend; ValueError where it cannot be."""
        verbs = self._known(target)
        return None if verb == OK else parse(target, verb, verbs)

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
        """What is broken now, and how, as it was set."""
        return {target: fault.text for target, fault in self._active.items()}

    def of(self, target: str) -> str | None:
        """By which verb this target is broken, None when it is sound."""
        fault = self._active.get(target)
        return None if fault is None else fault.verb

    def fault(self, target: str) -> Fault | None:
        """How this target is broken, with the verb's parameter."""
        return self._active.get(target)

    def link(self, device: str) -> Fault | None:
        """How the link to a device is broken, or the device so that it is not on the network."""
        fault = self._active.get(LINK + device)
        if fault is not None:
            return fault
        own = self._active.get(device)
        return own if own is not None and own.verb in OFF_THE_NETWORK else None

    def reached(self, device: str) -> bool:
        """Whether anything of use comes over the link to a device, for whoever has no wires.

        What a link only delays comes; one that is there at times is not there.
        """
        fault = self.link(device)
        return fault is None or fault.verb in BEARABLE

    def sensors(self, prefix: str = "") -> Callable[[Iterable[str]], Mapping[str, Fault]]:
        """Asks which of these points are broken by themselves; `prefix` leads to their targets."""

        def broken(points: Iterable[str]) -> dict[str, Fault]:
            found = ((point, self._active.get(prefix + point)) for point in points)
            return {point: fault for point, fault in found if fault is not None}

        return broken

    def telling(self, device: str) -> Callable[[Iterable[str]], Mapping[str, Fault]]:
        """Asks which of these points are broken because the device that tells them is."""

        def broken(points: Iterable[str]) -> dict[str, Fault]:
            fault = self._active.get(device)
            if fault is None or fault.verb in OFF_THE_NETWORK:
                return {}
            return dict.fromkeys(points, fault)

        return broken

    def unit(self, index: int) -> Fault | None:
        """How the telemetry of a miner is broken."""
        return self._telling.get(index)

    def unit_link(self, index: int) -> Fault | None:
        """How the link to a miner is broken, its own or the switch of its container."""
        return self._linked.get(index)

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call this after each change; what is given back ends it."""
        self._watchers.append(changed)
        return lambda: self._watchers.remove(changed)

    def targets(self) -> tuple[str, ...]:
        """Everything that can break."""
        return tuple(self._verbs)

    def verbs(self, target: str) -> tuple[str, ...]:
        """The ways in which this target can break."""
        return tuple(self._known(target))

    def told(self, target: str) -> str:
        """The same with the parameters that the ways take, for a reader."""
        return told(self._known(target))

    def _known(self, target: str) -> Verbs:
        verbs = self._verbs.get(target)
        if verbs is None:
            there = ", ".join(fault_targets.summary(self._verbs))
            raise ValueError(f"unknown fault target {target!r}: there are {there}")
        return verbs

    def _changed(self) -> None:
        self.revision += 1
        columns = (self.deaf, self.silent, self.without_mains, self.clogged)
        for verb, flags in zip(FLAGGED, columns, strict=True):
            flags[:] = False
            for target, fault in self._active.items():
                if fault.verb == verb and target in self._units:
                    flags[self._units[target]] = True
        self.without_mains |= self._elsewhere
        self._telling = self._by_unit("")
        self._linked = self._by_unit(LINK)
        self.cut[:] = self.silent
        for unit, fault in self._linked.items():
            self.cut[unit] |= fault.verb not in BEARABLE
        self.disturbing = any(fault_targets.shows(target) for target in self._active)
        for changed in tuple(self._watchers):
            changed()

    def _by_unit(self, prefix: str) -> dict[int, Fault]:
        """The faults of units; that of a container is all its units', if they have none."""
        found: dict[int, Fault] = {}
        for target, fault in self._active.items():
            name = target.removeprefix(prefix)
            if not target.startswith(prefix) or name not in self._units:
                continue
            units = range(*self._units[name].indices(len(self.deaf)))
            alone = len(units) == 1 and not name.startswith("container")
            found |= {unit: fault for unit in units if alone or unit not in found}
        return found
