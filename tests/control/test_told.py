"""What is told about wishes has its tag in every plant, and the page of requests names them all."""

from pathlib import Path

import pytest

from controller.control.loops.table import loops
from controller.control.made_tags import made_tags
from controller.control.request_table import BYPASS, HAND, LOOP, request_kinds
from tests.control.small_plant import SmallPlant, plant_file

PAGE = Path(__file__).parents[2] / "deploy" / "reference" / "requests.md"
WATER = {"primary_flow_max_lpm": 100.0, "district_flow_max_lpm": 100.0}
PLANTS = {
    "plain": {},
    "no dry cooler": {"hydraulics": {**WATER, "dry_cooler_kw": 0.0}},
    "two exchangers": {"hydraulics": {**WATER, "exchangers": 2}},
    "sole source": {"plant": {"network_role": "sole_source"}},
    "tank and booster": {"tank": {}, "booster": {"rated_kw": 20.0}},
}


@pytest.mark.parametrize("tables", PLANTS.values(), ids=PLANTS)
def test_every_value_that_is_told_has_a_tag_of_its_kind_and_each_tag_a_value(
    tables: dict[str, object],
) -> None:
    settings = SmallPlant(plant_file(**tables)).settings
    names = [tag.name for tag in made_tags(settings)]

    assert len(set(names)) == len(names)


def test_every_tag_has_a_value_of_its_kind() -> None:
    plant = SmallPlant()
    plant.scan(plant.request("heat_nomination_kw", 40.0, role="buyer"))
    plant.scan(plant.request("power_limit_kw", 10.0))
    derived = plant.scan(plant.request("plant_mode", "standby")).derived
    kinds = {"number": float, "flag": bool, "text": str}

    tags = {tag.name: tag for tag in made_tags(plant.settings)}

    assert derived.keys() == tags.keys()
    for name, value in derived.items():
        assert value is None or type(value) is kinds[tags[name].kind], name


def test_the_page_of_requests_names_every_request() -> None:
    page = PAGE.read_text(encoding="utf-8")

    names = [
        name
        for name in request_kinds(SmallPlant().settings)
        if not name.startswith((HAND, BYPASS, LOOP))
    ]

    assert [name for name in names if f"`{name}`" not in page] == []


@pytest.mark.parametrize("tables", PLANTS.values(), ids=PLANTS)
def test_the_page_of_requests_names_every_loop(tables: dict[str, object]) -> None:
    page = PAGE.read_text(encoding="utf-8")

    for loop in loops(SmallPlant(plant_file(**tables)).settings):
        assert f"| `{loop}` |" in page, loop
