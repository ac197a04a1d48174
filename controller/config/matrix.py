"""The cause-and-effect matrix of a plant: the shipped rows, and those of plant.toml."""

import tomllib
from functools import cache
from pathlib import Path

from controller.config.part import Part
from controller.config.plant import PlantFile
from controller.config.reference_number import Number, number_of
from controller.control.protection.row import Detector, Effect, Role, Row
from controller.control.voting import Voted

SHIPPED = Path(__file__).with_name("protection.toml")


class RowTemplate(Part):
    """One entry of the shipped file."""

    cause: str
    detector: Detector
    tag: str
    words: str
    why: str
    effects: tuple[Effect, ...]
    each_container: bool = False
    limit: Number = 0.0
    warn: Number | None = None
    deadband: Number = 0.0
    unit: str = ""
    delay_s: Number = 0.0
    trips_unknown: bool = True
    latch: bool = True
    reset_role: Role = "operator"
    bypass_group: str = ""


@cache
def shipped_rows() -> tuple[RowTemplate, ...]:
    """The rows of every plant, as they are written down."""
    data = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    return tuple(RowTemplate.model_validate(entry) for entry in data["row"])


def plant_matrix(plant: PlantFile) -> tuple[Row, ...]:
    """Every row of this plant with its numbers."""
    own = (
        Row(
            **{**entry.model_dump(exclude={"effects"}), "effects": frozenset(entry.effects)},
            each_container=False,
        )
        for entry in plant.interlock
    )
    return (*(_row(template, plant) for template in shipped_rows()), *own)


def plant_votes(plant: PlantFile) -> dict[str, Voted]:
    """The voted tags of this plant."""
    return {
        entry.tag: Voted(entry.channels, entry.vote, entry.spread, entry.safe)
        for entry in plant.voted
    }


def _row(template: RowTemplate, plant: PlantFile) -> Row:
    given = template.model_dump(exclude={"limit", "warn", "deadband", "delay_s", "effects"})
    warn = template.warn
    return Row(
        **given,
        effects=frozenset(template.effects),
        limit=number_of(template.limit, plant),
        warn=None if warn is None else number_of(warn, plant),
        deadband=number_of(template.deadband, plant),
        delay_s=number_of(template.delay_s, plant),
    )
