"""Maintenance: filling, venting and the strainer, each with what it waits for."""

import pytest

from tests.control.obedient_plant import ObedientPlant

POST_RUN_S = 180


@pytest.fixture
def plant() -> ObedientPlant:
    plant = ObedientPlant()
    plant.run(3)
    return plant


def test_maintenance_begins_from_rest_only(plant: ObedientPlant) -> None:
    decision = plant.run(1, plant.order("fill"))

    assert not decision.verdicts[0].accepted
    assert "begins from off or standby" in decision.verdicts[0].reason


def rested(plant: ObedientPlant) -> ObedientPlant:
    plant.run(1, plant.order("off"))
    plant.run(POST_RUN_S + 10)
    return plant


def test_filling_opens_the_make_up_valve_until_the_pressure_is_reached(
    plant: ObedientPlant,
) -> None:
    rested(plant).set(primary__suction_pressure_kpa=90.0)

    filling = plant.run(3, plant.order("fill"))
    plant.set(primary__suction_pressure_kpa=181.0)
    full = plant.run(2)

    assert filling.derived["plant.mode"] == "maintenance"
    assert filling.outputs["make-up.valve_open_command"] is True
    assert full.outputs["make-up.valve_open_command"] is False


def test_filling_waits_for_pumps_that_turn_against_the_frost(plant: ObedientPlant) -> None:
    rested(plant).set(outdoor__temperature_c=-4.0, primary__suction_pressure_kpa=90.0)
    plant.run(3)
    plant.broken.clear()

    first = plant.scan(plant.order("fill"))
    plant.follow(first)
    second = plant.run(2)

    assert "pump-1 is not proven to stand still" in str(first.derived["plant.missing"])
    assert first.outputs["make-up.valve_open_command"] is False
    assert second.outputs["make-up.valve_open_command"] is True


def test_an_unknown_pressure_ends_the_filling(plant: ObedientPlant) -> None:
    rested(plant).set(primary__suction_pressure_kpa=90.0)
    plant.run(3, plant.order("fill"))
    plant.set(primary__suction_pressure_kpa=None)

    decision = plant.run(4)

    assert decision.outputs["make-up.valve_open_command"] is False


def test_venting_moves_water_through_every_container(plant: ObedientPlant) -> None:
    rested(plant)

    decision = plant.run(5, plant.order("vent"))

    assert decision.derived["plant.mode"] == "maintenance"
    assert decision.outputs["pump-1.run"] is True
    assert decision.outputs["container-01.valve_open_command"] is True
    assert decision.outputs["container-02.valve_open_command"] is True
    assert decision.outputs["container-01.contactor_close"] is False
    assert decision.outputs["three-way-valve.position_pct"] == pytest.approx(50.0)


def test_a_strainer_change_stands_still_and_isolates(plant: ObedientPlant) -> None:
    rested(plant).set(outdoor__temperature_c=-4.0)

    decision = plant.run(5, plant.order("strainer"))

    assert decision.outputs["pump-1.run"] is False
    assert decision.outputs["container-01.valve_open_command"] is False


def test_maintenance_ends_in_off_and_goes_on_to_run(plant: ObedientPlant) -> None:
    rested(plant)
    plant.run(5, plant.order("vent"))

    decision = plant.run(60, plant.order("run"))

    assert decision.derived["plant.mode"] in ("starting", "running")
