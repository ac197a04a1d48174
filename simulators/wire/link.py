"""The link in front of one address: how it is broken now, for every unit behind it."""

from collections.abc import Callable, Collection
from typing import Final, Protocol

from simulators.fault_verbs import OK, Fault, parse
from simulators.link_verbs import MODBUS
from simulators.wire.tamper import Tamper

CLOSED: Final = frozenset({"off"})
FULL: Final = frozenset({"taken"})
REPLACED: Final = frozenset({"foreign", "swapped"})
NARROW: Final = frozenset({"one-client"})


class Links(Protocol):
    """Who knows what is broken, and from which seed chance comes."""

    seed: int

    def link(self, device: str) -> Fault | None:
        """How the link to a device is broken."""

    def fault(self, target: str) -> Fault | None:
        """How a device itself is broken."""

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call this after each change, until what is given back is called."""


class Link:
    """Broken by name; `units` are the devices behind the address, by their unit ids.

    What concerns the whole connection counts if it is set for any of them: they share a wire.
    """

    def __init__(self, links: Links, units: dict[int, str]) -> None:
        self.watch = links.watch
        self._links = links
        self._units = units
        self._tampers = {unit: Tamper(f"{links.seed} {name}") for unit, name in units.items()}
        self._stranger = Tamper("stranger")

    def fault(self, unit: int) -> Fault | None:
        """How the way to this unit is broken."""
        name = self._units.get(unit)
        return None if name is None else self._links.link(name)

    def tamper(self, unit: int) -> Tamper:
        """What this unit's way makes of an exchange."""
        return self._tampers.get(unit, self._stranger)

    @property
    def closed(self) -> bool:
        """Whether nobody listens at all."""
        return self._has(CLOSED)

    @property
    def full(self) -> bool:
        """Whether somebody else has the only connection that there is."""
        return self._has(FULL)

    def has_room(self, clients: int) -> bool:
        """Whether one more client is let in beside so many."""
        return not (self.closed or self.full or (clients > 0 and self._has(NARROW)))

    @property
    def changed_hands(self) -> bool:
        """Whether another device, or the same with other firmware, stands there than before."""
        faults = (self._links.fault(name) for name in self._units.values())
        return any(fault is not None and fault.verb in REPLACED for fault in faults)

    def _has(self, verbs: Collection[str]) -> bool:
        faults = (self._links.link(name) for name in self._units.values())
        return any(fault is not None and fault.verb in verbs for fault in faults)


class LooseLinks:
    """Links broken by hand, for devices that belong to no simulated plant."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self._faults: dict[str, Fault] = {}
        self._watchers: list[Callable[[], None]] = []

    def set(self, device: str, verb: str) -> None:
        """Break the link to a device, `ok` mends it; ValueError tells the verbs that there are."""
        if verb == OK:
            self._faults.pop(device, None)
        else:
            self._faults[device] = parse(device, verb, MODBUS)
        for changed in tuple(self._watchers):
            changed()

    def link(self, device: str) -> Fault | None:
        """How the link to a device is broken."""
        return self._faults.get(device)

    def fault(self, _target: str) -> Fault | None:
        """Devices themselves are not in this hand."""
        return None

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call this after each change, until what is given back is called."""
        self._watchers.append(changed)
        return lambda: self._watchers.remove(changed)
