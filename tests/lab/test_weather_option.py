"""`hearth rig --weather`: seeds and files become what surrounds the plant; others are refused."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from controller.config.load import ConfigError
from controller.lab.laboratory import Laboratory, Setup
from controller.lab.weather_option import courses
from simulators.description import Container, PlantDescription
from simulators.world import World

JANUARY_S = datetime(2026, 1, 15, 12, tzinfo=UTC).timestamp()
JULY_S = datetime(2026, 7, 15, 12, tzinfo=UTC).timestamp()
PLANT = PlantDescription((Container("container-01", 92),))


def test_made_up_weather_begins_on_the_day_of_the_plants_clock() -> None:
    january, july = (courses("seed:3", PLANT, at_s)["outdoor_c"] for at_s in (JANUARY_S, JULY_S))

    assert july.hour(0) > january.hour(0) + 5.0
    assert courses("seed:3", PLANT, JULY_S)["outdoor_c"].hour(9) == july.hour(9)


def test_only_the_town_of_a_sole_source_has_a_demand_and_it_is_as_large_as_the_plant() -> None:
    sole = replace(PLANT, network_role="sole_source")

    assert courses("seed:3", PLANT, JANUARY_S).keys() == {"outdoor_c"}
    demand = courses("seed:3", sole, JANUARY_S)["network_demand_kw"]
    # A tenth of the 3 to 5 MW of the reference town in January.
    assert 250.0 < demand.hour(0) < 600.0


def test_a_file_begins_with_its_first_row(tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    path.write_text("t,c\n2020-07-01T00:00Z,-4\n2020-07-01T01:00Z,2\n", encoding="utf-8")

    weather = courses(str(path), PLANT, JANUARY_S)["outdoor_c"]

    assert weather.at(1_800.0) == pytest.approx(-1.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed:", "no whole number"),
        ("seed:x", "no whole number"),
        ("seed:-1", "no whole number"),
        ("nowhere.csv", "nowhere.csv cannot be read"),
    ],
)
def test_weather_that_cannot_be_is_refused(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        courses(text, PLANT, JANUARY_S)


def test_a_broken_file_is_refused_by_line(tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    path.write_text("t,c\n2020-07-01T00:00Z,-4\nlater,2\n", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"w\.csv:3"):
        courses(str(path), PLANT, JANUARY_S)


def test_the_laboratory_lets_the_year_go_on() -> None:
    world = World(PLANT)
    laboratory = Laboratory(world, Setup(courses=courses("seed:3", PLANT, JANUARY_S)))
    expected = courses("seed:3", PLANT, JANUARY_S)["outdoor_c"]

    for _ in range(120):
        laboratory.step(1.0)

    assert world.truth()["outdoor_c"] == pytest.approx(expected.at(115.0), abs=0.05)
