"""Numbers of the shipped tables that hang on a key of plant.toml."""

from controller.config.part import Part
from controller.config.plant import PlantFile

UNITS = "units"
"""Instead of a key: the count of all miners."""


class Reference(Part):
    """The value of a key, times a factor, plus a number."""

    key: str
    times: float = 1.0
    plus: float = 0.0


Number = float | Reference


def number_of(given: Number, plant: PlantFile) -> float:
    """What it is in this plant."""
    if isinstance(given, float | int):
        return float(given)
    if given.key == UNITS:
        value = float(sum(container.units for container in plant.container))
    else:
        table, _, key = given.key.partition(".")
        value = float(getattr(getattr(plant, table), key))
    return given.times * value + given.plus
