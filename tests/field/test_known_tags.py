"""What Hearth knows of a tag by its name alone."""

import pytest

from controller.config.settings import scan_settings
from controller.control.needs import needed_tags
from controller.control.outputs import output_kinds
from controller.desk.schema import unit_of
from controller.field.known_tags import house_unit, known_tag
from tests.scenarios.evening import small_plant

SETTINGS = scan_settings(small_plant(hydraulics={"pumps": ("pump-a", "pump-b")}))


def test_what_ends_a_name_means_one_unit_everywhere() -> None:
    endings = ("kw", "kwh", "c", "k", "lpm", "kpa", "pct", "s", "m3", "us_cm")

    assert [house_unit(f"x.y_{end}") for end in endings] == [unit_of(f"y_{end}") for end in endings]


def test_every_tag_that_is_needed_or_written_is_known() -> None:
    tags = needed_tags(SETTINGS) | output_kinds(SETTINGS).keys()

    assert [tag for tag in sorted(tags) if known_tag(tag, SETTINGS) is None] == []


@pytest.mark.parametrize(
    ("tag", "flag", "protective"),
    [
        ("pump-b.running", True, True),
        ("pump-b.speed_pct", False, False),
        ("container-02.leak", True, True),
        ("primary.flow_lpm", False, True),
        ("heat-meter.power_kw", False, False),
        ("outdoor.temperature_c", False, False),
    ],
)
def test_a_tag_is_a_switch_or_a_number_and_may_be_protective(
    tag: str, *, flag: bool, protective: bool
) -> None:
    known = known_tag(tag, SETTINGS)

    assert known is not None
    assert (known.flag, known.protective) == (flag, protective)


def test_a_tag_that_decides_nothing_is_not_known() -> None:
    assert known_tag("pump-b.flow_m3h", SETTINGS) is None
    assert known_tag("yard.temperature_c", SETTINGS) is None
