"""Which parts of a plant are real: those the rig neither serves nor plays."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from controller.config.load import ConfigError
from controller.config.plant import PlantFile
from controller.config.settings import fleet_layout
from controller.config.words import meant

CONTAINER = "container-"


@dataclass(frozen=True, slots=True)
class Real:
    """Devices by name, miners by their place in the fleet."""

    devices: frozenset[str] = field(default_factory=frozenset)
    units: frozenset[int] = field(default_factory=frozenset)


NOTHING_REAL = Real()


def real_parts(plant: PlantFile, words: Iterable[str]) -> Real:
    """What the words name: a device, `container-3` with all its miners, or one miner."""
    layout = fleet_layout(plant)
    names = {name: number for number, name in enumerate(layout.names)}
    members: dict[str, list[int]] = {}
    for unit, container in enumerate(layout.container_of.tolist()):
        members.setdefault(f"{CONTAINER}{container + 1:02}", []).append(unit)
    devices, units = set[str](), set[int]()
    known = {device.name for device in plant.device}
    for word in words:
        number = word.removeprefix(CONTAINER)
        container = f"{CONTAINER}{int(number):02}" if number.isdecimal() else word
        if word in known:
            devices.add(word)
        elif container in members:
            units.update(members[container])
        elif word in names:
            units.add(names[word])
        else:
            there = [*sorted(known), *members]
            raise ConfigError(
                f"--real {word}: no such part{meant(word, [*there, *names])}; there are"
                f" {', '.join(there)} and the miners {layout.names[0]} to {layout.names[-1]}"
            )
    return Real(frozenset(devices), frozenset(units))
