"""What may stand in plant.toml: every table, with its keys in the file of its theme."""

from pydantic import Field

from controller.config.gains import Loops
from controller.config.heat import Heat, Prices
from controller.config.interlock import Interlock, VotedTag
from controller.config.miners import Container, Miners
from controller.config.part import Part
from controller.config.programs import Core, OpcUa
from controller.config.site import Device, Plant, PlantAlarm, Protection
from controller.config.water import Booster, Hydraulics, Network, Tank

__all__ = [
    "Booster",
    "Container",
    "Core",
    "Device",
    "Heat",
    "Hydraulics",
    "Interlock",
    "Loops",
    "Miners",
    "Network",
    "OpcUa",
    "Plant",
    "PlantAlarm",
    "PlantFile",
    "Prices",
    "Protection",
    "Tank",
    "VotedTag",
]


class PlantFile(Part):
    """The whole of plant.toml."""

    plant: Plant = Field(default_factory=Plant)
    miners: Miners = Field(default_factory=Miners)
    container: tuple[Container, ...] = Field(min_length=1, max_length=32)
    device: tuple[Device, ...] = Field(min_length=1)
    tank: Tank | None = Field(None, description="Buffer tank; without this table there is none")
    booster: Booster | None = Field(None, description="Booster; without this table there is none")
    network: Network = Field(default_factory=Network)
    heat_meter: str = Field("heat-meter", description="Name of the heat meter at the exchangers")
    boundary_meter: str | None = Field(
        None, description="Name of the heat meter of what is sold; without it, the heat meter's"
    )
    outdoor: str = Field("outdoor", description="Name of the outdoor sensor among the devices")
    protection: Protection = Field(default_factory=Protection)
    interlock: tuple[Interlock, ...] = Field(
        (), max_length=100, description="Interlocks of this plant alone"
    )
    voted: tuple[VotedTag, ...] = Field(
        (), max_length=200, description="Tags that are voted from several channels"
    )
    alarm: tuple[PlantAlarm, ...] = Field(
        (), max_length=1_000, description="Alarms that are changed or added"
    )
    hydraulics: Hydraulics = Field(default_factory=Hydraulics)
    loops: Loops = Field(default_factory=Loops)
    heat: Heat = Field(default_factory=Heat)
    prices: Prices = Field(default_factory=Prices)
    core: Core = Field(default_factory=Core)
    opcua: OpcUa = Field(default_factory=OpcUa)
