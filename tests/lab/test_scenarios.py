"""The scenarios that come with Hearth: each can be read, fits the plant, and is told in a line."""

import math

import pytest

from controller.config.load import ConfigError
from controller.lab.rig_client import RigError
from controller.lab.scenario_files import list_scenarios, load_scenario, scenario_names
from controller.lab.scenario_story import follow, verdict
from simulators.description import Container, PlantDescription
from simulators.hand import Hand
from simulators.monitor import Monitor
from simulators.scenario import Player
from simulators.world import World

WANTED = {
    "winter-evening",
    "summer-day",
    "cold-snap",
    "mains-loss",
    "pump-lost",
    "exchanger-fouled",
    "district-refuses-heat",
}
PLANT = PlantDescription(
    containers=(Container("container-01", 12),), exchangers=2, primary_pumps=3, warm_heat_kw=40.0
)


def test_all_of_them_are_there() -> None:
    assert set(scenario_names()) == WANTED
    assert {line.split()[0] for line in list_scenarios()} == WANTED


@pytest.mark.parametrize("name", sorted(WANTED))
def test_each_fits_a_whole_plant_and_ends(name: str) -> None:
    world = World(PLANT)
    scenario = load_scenario(name, PLANT.full_heat_kw)

    player = Player(world, Hand(world), Monitor(world, math.inf), scenario)
    player.advance()

    assert not player.over
    assert 0.0 < scenario.lasts_s <= 6 * 3_600.0
    assert len(scenario.expectations) > 0
    assert all(step.say for step in scenario.steps)


def test_a_share_becomes_the_kilowatts_of_this_plant() -> None:
    small, large = (load_scenario("cold-snap", kw) for kw in (100.0, 7_000.0))

    demands = [one.steps[1].values["network_demand_kw"] for one in (small, large)]
    floors = [one.expectations[0].low for one in (small, large)]

    assert demands == [100.0, 7_000.0]
    assert floors == [40.0, 2_800.0]


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match="winter-evening"):
        load_scenario("../plant", 1.0)


class PlayedRig:
    """A rig that is two words further at each look."""

    def __init__(self, looks: int) -> None:
        self.looks = looks
        self.words: list[dict[str, object]] = []

    def play(self, name: str) -> dict[str, str]:
        """Begin."""
        if name != "known":
            raise RigError("no such scenario")
        return {"line": "All goes wrong"}

    def monitor(self) -> dict[str, object]:
        """One word more, and over at the end."""
        self.looks -= 1
        self.words.append({"at_s": 60.0 * len(self.words), "text": f"word {len(self.words)}"})
        expectation = {"figure": "heat_sold_kw", "misses": 2}
        return {
            "scenario": {
                "said": self.words,
                "over": self.looks == 0,
                "unsafe": {"outlet-too-hot": 3},
                "expectations": [expectation],
            }
        }


async def test_what_a_scenario_says_is_told_once_and_summed_up() -> None:
    told: list[str] = []

    await follow("known", PlayedRig(3), told.append)  # type: ignore[arg-type] # what it asks

    assert told[0] == "Scenario known: All goes wrong."
    assert told[1:4] == ["0 min: word 0", "1 min: word 1", "2 min: word 2"]
    assert "outlet-too-hot 3 times" in told[4]
    assert "missed: heat_sold_kw" in told[4]


async def test_a_scenario_that_cannot_be_played_is_told() -> None:
    told: list[str] = []

    await follow("other", PlayedRig(1), told.append)  # type: ignore[arg-type] # what it asks

    assert told == ["The simulated plant cannot play this: no such scenario"]


def test_a_clean_end_says_so() -> None:
    assert verdict({"unsafe": {}, "expectations": []}).endswith(
        "Unsafe: nothing. Expectations missed: none."
    )
