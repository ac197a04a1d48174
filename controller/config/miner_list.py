"""Every miner of a plant.toml: its name, where it answers, and where that is written."""

from collections.abc import Iterator
from dataclasses import dataclass

from controller.config.miners import Container, InventoryMiner
from controller.config.plant import PlantFile


@dataclass(frozen=True, slots=True)
class Listed:
    """One miner; containers count from 0. `source` is the line of its inventory, if it has one."""

    name: str
    host: str
    port: int
    serial: str | None
    container: int
    place: str
    source: str

    @property
    def told(self) -> str:
        """Where it is written."""
        return self.source or self.place


def listed_miners(plant: PlantFile) -> tuple[Listed, ...]:
    """All miners, container by container; c03-017 is the seventeenth of the third."""
    return tuple(
        one
        for number, container in enumerate(plant.container, 1)
        for one in (_told if container.miner else _bare)(number, container)
    )


def accepted_models(plant: PlantFile) -> frozenset[str]:
    """The models that an engineer has accepted in plant.toml, whatever their firmware."""
    usual = {plant.miners.model} if plant.miners.accepted else set()
    own = {box.model for box in plant.container if box.accepted and box.model is not None}
    return frozenset(usual | own)


def _told(number: int, container: Container) -> Iterator[Listed]:
    """Miners that have a line each."""
    place = f"container.{number}.{container.way}"
    for unit, miner in enumerate(container.miner, 1):
        yield Listed(
            name=miner.name or default_name(number, unit),
            host=str(miner.address),
            port=miner.port or container.port,
            serial=miner.serial,
            container=number - 1,
            place=place,
            source=miner.source if isinstance(miner, InventoryMiner) else "",
        )


def _bare(number: int, container: Container) -> Iterator[Listed]:
    """Miners of which only the address is known."""
    place = f"container.{number}.{container.way}"
    for unit, address in enumerate(container.bare_addresses(), 1):
        name = default_name(number, unit)
        yield Listed(name, str(address), container.port, None, number - 1, place, "")


def default_name(container: int, unit: int) -> str:
    """The name of a miner that has none of its own; both count from 1."""
    return f"c{container:02}-{unit:03}"
