"""The controller is away, stands still, or meets another: judged in memory from the true state."""

import numpy as np
import pytest

from controller.config.settings import fleet_layout, scan_settings
from controller.control.memory import recall, remember
from controller.control.state import Request
from controller.field.devices import build_field
from controller.lab.soft_plant import SoftPlant
from tests.scenarios.evening import small_plant, soft_plant

OUTLET_LIMIT_C = 85.0
BUMP_PCT = 2.0
FILE = small_plant()


@pytest.fixture
def plant() -> SoftPlant:
    plant = soft_plant(FILE)
    for _ in range(120):
        plant.second()
    return plant


def another(plant: SoftPlant) -> SoftPlant:
    """A controller that has just been started for the same world."""
    settings = scan_settings(FILE)
    return SoftPlant(plant.world, settings, fleet_layout(FILE), build_field(FILE, settings).tags)


def set_points(plant: SoftPlant) -> dict[str, float]:
    """The PLC's analogue orders."""
    plc = plant.world.plc
    return {
        name: float(plc.command_value(name))
        for name in (
            "pump-1.speed_pct",
            "pump-2.speed_pct",
            "district-pump.speed_pct",
            "three-way-valve.position_pct",
            "dry-cooler.fan_pct",
        )
    }


def bump_pct(plant: SoftPlant, held: dict[str, float]) -> float:
    """How far the set-points have moved."""
    now = set_points(plant)
    return max(abs(now[name] - held[name]) for name in held)


@pytest.mark.timeout(120)
def test_ten_minutes_without_a_controller_and_a_restart_without_a_bump(plant: SoftPlant) -> None:
    before = plant.world.truth()
    orders = len(plant.world.fleet.commands)
    hottest_c = []
    for _ in range(600):
        plant.pass_time(1.0)
        hottest_c.append(plant.world.truth()["hottest_unit_outlet_c"])
    alone = plant.world.truth()
    held = set_points(plant)
    successor = another(plant)

    bumps = []
    for _ in range(6):
        successor.second()
        bumps.append(bump_pct(successor, held))

    assert max(hottest_c) < OUTLET_LIMIT_C
    assert alone["heat_delivered_kw"] == pytest.approx(before["heat_delivered_kw"], rel=0.1)
    assert successor.state.pen.epoch == 2
    assert successor.refused == 0
    assert max(bumps) <= BUMP_PCT
    assert len(plant.world.fleet.commands) == orders, "every miner keeps its mode"


def test_a_quick_restart_changes_nothing(plant: SoftPlant) -> None:
    held = set_points(plant)
    plant.pass_time(3.0)
    successor = another(plant)

    bumps = []
    for _ in range(6):
        successor.second()
        bumps.append(bump_pct(successor, held))

    assert max(bumps) <= BUMP_PCT
    assert successor.state.pen.epoch == 2


def test_a_controller_that_stood_still_begins_anew(plant: SoftPlant) -> None:
    plant.pass_time(15.0)
    assert plant.world.plc.points()["plc.local_automatic"] is True
    held = set_points(plant)

    first = plant.second()
    waited_s = 1
    while not plant.second().writing:
        held = set_points(plant)
        waited_s += 1
    bumps = []
    for _ in range(5):
        plant.second()
        bumps.append(bump_pct(plant, held))

    assert not first.writing
    assert waited_s <= 10
    assert max(bumps) <= BUMP_PCT
    assert plant.refused == 0, "no frame of the old epoch was even tried"
    assert plant.world.plc.points()["plc.epoch"] == 2.0
    assert plant.world.plc.points()["plc.local_automatic"] is False


def test_of_two_controllers_the_older_one_falls_silent(plant: SoftPlant) -> None:
    newcomer = another(plant)
    for _ in range(3):
        newcomer.second()
        plant.scan()
    ordered = len(plant.world.fleet.commands)

    decisions = []
    for _ in range(60):
        newcomer.second()
        decisions.append(plant.scan([ask(plant)]))

    assert not any(decision.writing for decision in decisions)
    assert plant.state.pen.holder == "taken by another"
    assert newcomer.state.pen.holder == "ours"
    assert newcomer.refused == 0
    assert plant.world.plc.points()["plc.local_automatic"] is False
    assert len(plant.world.fleet.commands) - ordered <= 3


def test_a_plc_that_starts_anew_is_taken_over_as_it_stands_and_nothing_resumes_blindly(
    plant: SoftPlant,
) -> None:
    plant.world.faults.set("cdu", "restart")
    waited_s = 0
    while not plant.second().writing or waited_s == 0:
        assert not any(plant.world.plc.contactors_closed), "no order was made up meanwhile"
        waited_s += 1
    assert waited_s <= 10
    assert plant.state.pen.epoch == 2

    for _ in range(60):
        decision = plant.second()
        assert not any(plant.world.plc.contactors_closed)

    assert decision.derived["plant.mode"] == "tripped", "pumps stopped under load: a person looks"
    assert plant.world.truth()["hottest_unit_outlet_c"] < OUTLET_LIMIT_C
    assert decision.writing
    assert plant.refused == 0
    assert any("the PLC has started anew" in event.text for _, event in plant.events)


def test_a_restart_remembers_the_days_sleeps_and_what_was_learnt(plant: SoftPlant) -> None:
    layout, settings = fleet_layout(FILE), scan_settings(FILE)
    slept = np.zeros(len(layout), np.int8)
    slept[3] = 6
    plant.second()
    memory = remember(plant.state, layout) | {"sleeps": {layout.names[3]: 6}, "recovery": 0.91}
    utc_s = 86_400.0 * plant.state.dispatch.day + 50_000.0

    successor = another(plant)
    successor.state, complaints = recall(
        memory, utc_s - 60.0, utc_s, successor.state, layout, settings
    )

    assert not complaints
    assert (successor.state.dispatch.sleeps == slept).all()
    assert successor.state.heat.recovery == pytest.approx(0.91)


def ask(plant: SoftPlant) -> Request:
    until_s = plant.world.now_s + 600.0
    return Request("r1", "opcua:anna", "operator", "heat_demand_kw", 100.0, "test", until_s)
