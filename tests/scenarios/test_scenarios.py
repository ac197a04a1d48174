"""Every scenario, played in memory on plants of several kinds and judged from outside.

The monitor and the scenario see the field only; they know nothing of the controller.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from controller.lab.scenario_files import load_scenario
from controller.lab.soft_plant import SoftPlant
from simulators.hand import Hand
from simulators.monitor import Monitor
from simulators.scenario import Player
from tests.scenarios.evening import ALL_METERS, small_plant, soft_plant

UNITS, CONTAINERS = 8, 4
SHARE = UNITS * CONTAINERS / 920
RATED_KW = UNITS * CONTAINERS * 8.4
PUMPS: dict[str, Any] = {
    "primary_flow_max_lpm": 11_500.0 * SHARE,
    "district_flow_max_lpm": 4_200.0 * SHARE,
    "dry_cooler_kw": 4_000.0 * SHARE,
    "pumps": ["pump-1", "pump-2", "pump-3"],
    "pumps_duty": 2,
    "exchangers": 2,
}
FULL: Mapping[str, Any] = {
    "hydraulics": PUMPS,
    "tank": {"volume_m3": 300.0 * SHARE},
    "booster": {"rated_kw": 1_500.0 * SHARE},
    "boundary_meter": "boundary-meter",
}
PLANTS: Mapping[str, Mapping[str, Any]] = {
    "full": FULL,
    "no tank": {"hydraulics": PUMPS, "boundary_meter": "boundary-meter"},
    "sole source": {
        "plant": {"network_role": "sole_source"},
        "hydraulics": PUMPS,
        "boundary_meter": "boundary-meter",
    },
    "sole source with tank": {**FULL, "plant": {"network_role": "sole_source"}},
    "no dry cooler": {**FULL, "hydraulics": {**PUMPS, "dry_cooler_kw": 0.0}},
}
SHORT = ("mains-loss", "pump-lost")
ALWAYS = (
    ("pump-lost", "full"),
    ("mains-loss", "no tank"),
    ("mains-loss", "sole source with tank"),
)
"""What the unit suite has time for; the campaign plays everything on every kind."""
HOURS = ("exchanger-fouled", "district-refuses-heat", "winter-evening", "cold-snap", "summer-day")


class Stage:
    """One plant with a scenario, the monitor beside it."""

    def __init__(self, kind: str, name: str) -> None:
        file = small_plant(UNITS, CONTAINERS, devices=ALL_METERS, **PLANTS[kind])
        self.plant: SoftPlant = soft_plant(file)
        world = self.plant.world
        monitor = Monitor(world, file.plant.site_power_kw * SHARE)
        scenario = load_scenario(name, RATED_KW)
        self.player = Player(world, Hand(world), monitor, scenario)
        self._monitor = monitor

    def second(self) -> None:
        """One second of everybody."""
        self.player.advance()
        self.plant.second()
        self._monitor.look()

    def play(self) -> None:
        """The whole scenario."""
        while not self.player.over:
            self.second()

    def misses(self) -> list[str]:
        """What was expected and did not come."""
        told = self.player.told()["expectations"]
        assert isinstance(told, list)
        return [one["figure"] for one in told if one["misses"]]

    def shown(self, tag: str) -> object:
        """What the controller says of itself."""
        assert self.plant.decision is not None
        return self.plant.decision.derived.get(tag)


def on_every_plant() -> list[ParameterSet]:
    """Each short scenario on each kind of plant, most of them in the campaign only."""
    return [
        pytest.param(name, kind, marks=() if (name, kind) in ALWAYS else pytest.mark.campaign)
        for name in SHORT
        for kind in PLANTS
    ]


@pytest.mark.parametrize(("name", "kind"), on_every_plant())
@pytest.mark.timeout(120)
def test_nothing_unsafe_happens_and_the_plant_runs_on(name: str, kind: str) -> None:
    stage = Stage(kind, name)

    stage.play()

    assert stage.player.unsafe() == {}
    assert stage.misses() == []
    assert not stage.plant.state.protection.trips
    assert stage.shown("plant.mode") in ("running", "starting")


@pytest.mark.parametrize(
    ("name", "kind"), [("exchanger-fouled", "sole source"), ("district-refuses-heat", "full")]
)
@pytest.mark.timeout(120)
def test_the_first_ten_minutes_of_trouble_are_safe(name: str, kind: str) -> None:
    """The whole hours are in the campaign."""
    stage = Stage(kind, name)

    for _ in range(600):
        stage.second()

    assert stage.player.unsafe() == {}
    assert stage.misses() == []
    assert not stage.plant.state.protection.trips


@pytest.mark.campaign
@pytest.mark.parametrize("kind", PLANTS)
@pytest.mark.parametrize("name", HOURS)
@pytest.mark.timeout(900)
def test_nothing_unsafe_happens_in_hours_of_weather(name: str, kind: str) -> None:
    stage = Stage(kind, name)

    stage.play()

    assert stage.player.unsafe() == {}
    assert stage.misses() == []


def test_feeders_wait_for_a_minute_of_flow_after_the_mains() -> None:
    stage = Stage("full", "mains-loss")

    closed = []
    for _ in range(240):
        stage.second()
        closed.append(bool(stage.plant.world.plc.contactors_closed.any()))

    # The mains fail at 60 s and return at 120 s.
    assert closed[30]
    assert not any(closed[70:175])
    assert any(closed[175:200])


def test_the_stand_by_pump_runs_within_five_seconds_of_the_loss() -> None:
    stage = Stage("full", "pump-lost")

    running = []
    for _ in range(80):
        stage.second()
        running.append(bool(stage.plant.world.plc.points()["pump-3.running"]))

    assert not any(running[:59])
    assert running[66]
