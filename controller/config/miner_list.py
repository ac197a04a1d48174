"""Every miner of a plant.toml: its name, where it answers, and where that is written."""

from dataclasses import dataclass

from controller.config.miners import InventoryMiner
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
        Listed(
            name=miner.name or f"c{number:02}-{unit:03}",
            host=str(miner.address),
            port=miner.port or container.port,
            serial=miner.serial,
            container=number - 1,
            place=f"container.{number}.{container.way}",
            source=miner.source if isinstance(miner, InventoryMiner) else "",
        )
        for number, container in enumerate(plant.container, 1)
        for unit, miner in enumerate(container.places(), 1)
    )
