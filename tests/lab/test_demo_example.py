"""The example of a plant.toml is valid, complete, and honest about every default."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from controller.config.load import load_plant
from controller.config.plant import Booster, Container, Device, PlantAlarm, PlantFile, Tank
from controller.config.settings import scan_settings
from controller.field.devices import build_field

EXAMPLE = Path(__file__).parents[2] / "deploy" / "plant.example.toml"
DEFAULT = re.compile(r"^# (?=[a-z0-9_]+ = )", re.MULTILINE)
# It has no default: the example shows how it is written.
WITHOUT_DEFAULT = {
    "serial",
    "units",
    "first_address",
    "boundary_meter",
    "pumps",
    "pumps_duty",
    "exchangers",
}
# Shown in a comment of its own: another way to say the same, or a figure that depends on the plant.
ANOTHER_WAY = {
    *("addresses", "inventory", "miner", "model", "rated_kw", "primary_volume_m3"),
    *("points", "registers", "period_s", "requests", "exists", "modes", "trim_from_pct", "login"),
}
KINDS = {"container": Container, "device": Device, "tank": Tank, "booster": Booster}


def uncommented() -> dict[str, object]:
    """The example with every default written out."""
    return tomllib.loads(DEFAULT.sub("", EXAMPLE.read_text(encoding="utf-8")))


def tables(plant: PlantFile) -> Iterator[tuple[str, type[BaseModel], list[BaseModel]]]:
    """Every table of a plant.toml, by name, with all that stand in the file."""
    for name, value in plant:
        rows = list(value) if isinstance(value, tuple) else [value]
        if rows and isinstance(rows[0], BaseModel):
            yield name, type(rows[0]), rows


def test_it_is_read_without_a_complaint() -> None:
    plant = load_plant(EXAMPLE)

    assert sum(container.units for container in plant.container) == 920
    assert str(plant.container[2].first_address) == "10.20.3.1"


def test_nobody_has_accepted_its_miners_yet() -> None:
    assert load_plant(EXAMPLE).miners.accepted is False


def test_its_devices_provide_every_tag_that_is_needed() -> None:
    plant = load_plant(EXAMPLE)

    field = build_field(plant, scan_settings(plant))

    assert len(field.miners) == 920


def test_every_default_it_shows_is_the_default() -> None:
    shown = PlantFile.model_validate(uncommented())

    for name, kind, rows in tables(shown):
        for key, info in kind.model_fields.items():
            if not info.is_required() and key not in WITHOUT_DEFAULT | ANOTHER_WAY | {"name"}:
                values = {getattr(row, key) for row in rows} - {info.default}
                assert not values, f"{name}.{key} is {info.default}, the example says {values}"


@pytest.mark.parametrize("name", [name for name, _, _ in tables(load_plant(EXAMPLE))])
def test_every_key_there_is_stands_in_it(name: str) -> None:
    content = uncommented()[name]
    written = set().union(*content) if isinstance(content, list) else set(content)

    kind = KINDS.get(name) or PlantFile.model_fields[name].annotation

    assert written - ANOTHER_WAY == set(kind.model_fields) - ANOTHER_WAY


def test_every_key_of_an_alarm_is_shown_in_a_comment() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    shown = text[text.index("#   [[alarm]]") :]

    assert [key for key in PlantAlarm.model_fields if f"#   {key} = " not in shown] == []


def test_what_is_another_way_is_shown_in_a_comment() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")

    assert [key for key in ANOTHER_WAY if f"{key} = " not in text and f"{key}]]" not in text] == []
