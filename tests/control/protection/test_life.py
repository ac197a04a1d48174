"""The life of a trip: armed, pre-alarm, tripped, reset permitted, reset by the right person."""

from dataclasses import replace

import pytest

from controller.control.decision import Decision, Wanted
from controller.control.memory import recall, remember
from controller.control.state import Trip
from tests.control.small_plant import ASLEEP, SmallPlant, plant_file

FOUL = "primary.conductivity_us_cm"


def plant_with(**limits: object) -> SmallPlant:
    plant = SmallPlant(plant_file(protection=limits), extra={FOUL: 50.0})
    plant.scans(3)
    return plant


def trip(plant: SmallPlant) -> None:
    plant.set(primary__hot_temperature_c=90.0)
    plant.scans(3)
    plant.all_units(ASLEEP).set(primary__hot_temperature_c=60.0)


def reset(plant: SmallPlant, role: str = "operator", reason: str = "repaired") -> tuple[bool, str]:
    (verdict,) = plant.scan(plant.request("trip_reset", role=role, reason=reason)).verdicts
    return verdict.accepted, verdict.reason


def life(decision: Decision) -> object:
    return decision.derived["protection.state"]


def test_it_goes_from_armed_to_reset_permitted_and_back() -> None:
    plant = plant_with()
    states = [life(plant.scan())]
    plant.set(primary__hot_temperature_c=plant.settings.unit.outlet_warn_c + 0.5)
    states.append(life(plant.scan()))
    plant.set(primary__hot_temperature_c=90.0)
    states.append(life(plant.scans(3)))
    plant.all_units(ASLEEP).set(primary__hot_temperature_c=60.0)
    states.append(life(plant.scan()))
    states.append(life(plant.scans(6)))
    assert reset(plant) == (True, "reset")
    states.append(life(plant.scan()))

    assert states == ["armed", "pre-alarm", "tripped", "tripped", "reset permitted", "armed"]


def test_nothing_resets_by_itself_or_without_a_reason() -> None:
    plant = plant_with()
    trip(plant)

    assert plant.scan(dt_s=86_400.0).state.protection.trips
    assert not reset(plant, reason="")[0]
    assert plant.scans(10).state.protection.trips
    assert reset(plant)[0]


def test_a_row_may_ask_for_an_engineer() -> None:
    plant = plant_with()
    rows = tuple(replace(row, reset_role="engineer") for row in plant.settings.matrix)
    plant.settings = replace(plant.settings, matrix=rows)
    trip(plant)
    plant.scans(10)

    assert reset(plant) == (
        False,
        "hot-header-over-temperature is reset by an engineer, not by role 'operator'",
    )
    assert reset(plant, role="engineer")[0]


def test_a_plant_that_trips_again_and_again_is_not_started_again_and_again() -> None:
    plant = plant_with(restarts_per_h=2)
    for _ in range(2):
        trip(plant)
        plant.scans(8)
        assert reset(plant)[0]
    trip(plant)
    plant.scans(8)
    accepted, why = reset(plant)

    assert not accepted
    assert "2 times within an hour" in why
    plant.scan(dt_s=3_600.0)
    plant.scans(8)
    assert reset(plant)[0]


def test_the_count_of_restarts_survives_a_restart_of_the_program() -> None:
    plant = plant_with()
    trip(plant)
    plant.scans(8)
    reset(plant)
    layout = plant.snapshot().fleet.layout
    utc_s = plant.snapshot().utc_s
    kept = remember(plant.state, layout)

    fresh = SmallPlant()
    state, complaints = recall(kept, utc_s, utc_s, fresh.state, layout, fresh.settings)

    assert not complaints
    assert state.protection.resets_utc_s == plant.state.protection.resets_utc_s
    assert len(state.protection.resets_utc_s) == 1


def test_a_trip_that_the_file_held_is_a_trip() -> None:
    held = Trip("conductivity", None, 1.0, "foul", first_out=True)
    plant = SmallPlant(trips=(held,), extra={FOUL: 50.0})

    assert (plant.scans(5).units == Wanted.SLEEP).all()
    assert plant.scan().derived["plant.first_out"] == "conductivity: foul"


def test_a_trip_of_a_row_that_is_gone_still_stops_until_it_is_reset() -> None:
    plant = SmallPlant(trips=(Trip("old-name", None, 1.0, "?", first_out=True),))

    assert (plant.scans(5).units == Wanted.SLEEP).all()
    plant.all_units(ASLEEP)
    plant.scans(10)
    assert reset(plant)[0]


def test_first_out_is_what_began_first_not_what_was_latched_first() -> None:
    plant = plant_with(conductivity_delay_s=20.0)
    plant.set(primary__conductivity_us_cm=900.0)
    plant.scans(5)
    plant.set(primary__hot_temperature_c=90.0)
    before = plant.scans(4).derived["plant.first_out"]
    after = plant.scans(20).derived["plant.first_out"]

    assert str(before).startswith("hot-header")
    assert str(after).startswith("conductivity")


def test_what_began_within_one_poll_is_a_tie() -> None:
    plant = plant_with(conductivity_delay_s=2.0)
    plant.set(primary__conductivity_us_cm=900.0, primary__hot_temperature_c=90.0)
    decision = plant.scans(6)

    assert all(trip.tie for trip in decision.state.protection.trips)
    assert "a tie" in str(decision.derived["plant.first_out"])


@pytest.mark.parametrize("warm_c", [82.5, 84.9])
def test_a_number_must_be_past_its_deadband_to_be_clear(warm_c: float) -> None:
    plant = plant_with()
    trip(plant)
    plant.set(primary__hot_temperature_c=warm_c)
    plant.scans(10)

    accepted, why = reset(plant)
    assert not accepted
    assert "it must be below 82" in why
