"""Pumps on duty and pumps that stand by."""

import pytest

from controller.control.decision import Decision
from tests.control.small_plant import SmallPlant, plant_file

THREE = {
    f"pump-{n}.{point}": value
    for n in (1, 2, 3)
    for point, value in (
        ("running", n < 3),
        ("run", n < 3),
        ("speed_pct", 60.0),
        ("remote", True),
    )
}


@pytest.fixture
def plant() -> SmallPlant:
    water = {
        "primary_flow_max_lpm": 100.0,
        "district_flow_max_lpm": 100.0,
        "pumps": ["pump-1", "pump-2", "pump-3"],
        "pumps_duty": 2,
    }
    plant = SmallPlant(plant_file(hydraulics=water), extra=THREE)
    plant.scans(3)
    return plant


def ordered(decision: Decision) -> set[str]:
    return {name for name, value in decision.outputs.items() if name.startswith("pump-")
            and name.endswith(".run") and value is True}  # fmt: skip


def obey(plant: SmallPlant, decision: Decision, broken: set[str]) -> None:
    for n in (1, 2, 3):
        run = decision.outputs[f"pump-{n}.run"]
        plant.values[f"pump-{n}.run"] = run
        plant.values[f"pump-{n}.running"] = bool(run) and f"pump-{n}" not in broken


def runs(plant: SmallPlant, seconds: int, broken: set[str]) -> Decision:
    for _ in range(seconds):
        decision = plant.scan()
        obey(plant, decision, broken)
    return decision


def test_the_pumps_on_duty_run_and_the_other_stands_by(plant: SmallPlant) -> None:
    assert ordered(plant.scan()) == {"pump-1.run", "pump-2.run"}


def test_a_failed_pump_is_replaced_within_five_seconds(plant: SmallPlant) -> None:
    runs(plant, 2, set())
    plant.set(pump_1__running=False)

    decision = plant.scans(4)

    assert "pump-3.run" in ordered(decision)
    assert decision.derived["plant.pumps_failed"] == "pump-1"


def test_a_repaired_pump_stands_by_and_nobody_changes_places(plant: SmallPlant) -> None:
    runs(plant, 10, {"pump-1"})

    decision = runs(plant, 30, set())

    assert ordered(decision) == {"pump-2.run", "pump-3.run"}


def test_the_set_that_runs_does_not_flap_while_a_pump_stays_broken(plant: SmallPlant) -> None:
    runs(plant, 10, {"pump-1"})

    sets = {tuple(sorted(ordered(runs(plant, 1, {"pump-1"})))) for _ in range(60)}

    assert sets == {("pump-2.run", "pump-3.run")}


def test_every_pump_is_ordered_while_too_few_work(plant: SmallPlant) -> None:
    decision = runs(plant, 10, {"pump-1", "pump-2"})

    assert ordered(decision) == {"pump-1.run", "pump-2.run", "pump-3.run"}


def test_a_pump_that_is_switched_to_local_and_stands_is_not_counted_on(plant: SmallPlant) -> None:
    plant.set(pump_1__remote=False, pump_1__running=False, pump_1__run=False)

    decision = runs(plant, 5, {"pump-1"})

    assert {"pump-2.run", "pump-3.run"} <= ordered(decision)


def history(plant: SmallPlant, hours: float) -> list[set[str]]:
    """Which pumps were ordered, each time that it changed, with scans four seconds apart."""
    told: list[set[str]] = []
    for _ in range(int(hours * 900.0)):
        decision = plant.scan(dt_s=4.0)
        obey(plant, decision, set())
        if not told or told[-1] != ordered(decision):
            told.append(ordered(decision))
    return told


def test_a_pump_that_has_had_its_turn_stops_when_the_next_one_runs() -> None:
    water = {
        "primary_flow_max_lpm": 100.0,
        "district_flow_max_lpm": 100.0,
        "pumps": ["pump-1", "pump-2", "pump-3"],
        "pumps_duty": 2,
        "pump_turn_h": 2.0,
    }
    plant = SmallPlant(plant_file(hydraulics=water), extra=THREE)

    told = history(plant, 3.5)

    assert told == [
        {"pump-1.run", "pump-2.run"},
        {"pump-1.run", "pump-2.run", "pump-3.run"},
        {"pump-2.run", "pump-3.run"},
        {"pump-1.run", "pump-2.run", "pump-3.run"},
        {"pump-1.run", "pump-3.run"},
    ]


def test_a_pump_at_its_panel_keeps_its_turn() -> None:
    water = {
        "primary_flow_max_lpm": 100.0,
        "district_flow_max_lpm": 100.0,
        "pumps": ["pump-1", "pump-2", "pump-3"],
        "pumps_duty": 2,
        "pump_turn_h": 0.1,
    }
    plant = SmallPlant(plant_file(hydraulics=water), extra=THREE)
    plant.set(pump_3__remote=False)

    assert history(plant, 0.5) == [{"pump-1.run", "pump-2.run"}]
