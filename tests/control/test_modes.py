"""The plant's modes: what is ordered, what is waited for, and what stops last."""

import pytest

from controller.control.decision import Wanted
from tests.control.obedient_plant import ObedientPlant

POST_RUN_S = 180


@pytest.fixture
def plant() -> ObedientPlant:
    plant = ObedientPlant()
    plant.run(3)
    return plant


def test_a_running_plant_is_taken_over_running(plant: ObedientPlant) -> None:
    decision = plant.run(1)

    assert decision.derived["plant.mode"] == "running"
    assert decision.derived["plant.order"] == "run"


def test_a_plant_at_rest_starts_by_itself_pumps_before_feeders_before_units() -> None:
    plant = ObedientPlant().at_rest()
    plant.run(15)

    first = plant.run(2)
    later = plant.run(30)

    assert first.derived["plant.mode"] == "starting"
    assert first.outputs["pump-1.run"] is True
    assert first.outputs["container-01.contactor_close"] is False
    assert later.outputs["container-01.contactor_close"] is True
    assert plant.running_units() >= 1


def test_a_plant_that_shall_not_start_by_itself_stays_off() -> None:
    plant = ObedientPlant(plant={"autostart": False}).at_rest()

    decision = plant.run(60)

    assert decision.derived["plant.mode"] == "off"
    assert decision.outputs["pump-1.run"] is False
    assert not plant.running_units()


def test_a_start_says_what_it_waits_for() -> None:
    plant = ObedientPlant().at_rest()
    plant.set(primary__suction_pressure_kpa=80.0)

    decision = plant.run(40)

    assert decision.derived["plant.mode"] == "starting"
    assert "suction pressure is 80 kPa" in str(decision.derived["plant.missing"])
    assert decision.outputs["pump-1.run"] is False


def test_no_unit_starts_while_its_inlet_could_be_wet() -> None:
    plant = ObedientPlant().at_rest(cold_c=10.0)

    decision = plant.run(60)

    assert "dew point" in str(decision.derived["plant.missing"])
    assert (decision.units != Wanted.NORMAL).all()
    assert "mode starting 0 kW" in str(decision.derived["plant.limits"])


@pytest.mark.parametrize("tag", ["safety.mains_present", "safety.emergency_stop_released"])
def test_a_start_waits_for_every_safety_circuit_and_unknown_is_missing(tag: str) -> None:
    plant = ObedientPlant().at_rest()
    plant.values[tag] = None

    decision = plant.run(60)

    assert not plant.running_units()
    assert (decision.units != Wanted.NORMAL).all()


def test_off_puts_units_to_sleep_at_once_and_stops_the_pumps_last(plant: ObedientPlant) -> None:
    stopping = plant.run(2, plant.order("off"))
    resting = plant.run(POST_RUN_S + 10)

    assert stopping.derived["plant.mode"] == "stopping"
    assert (stopping.units == Wanted.SLEEP).all()
    assert stopping.outputs["pump-1.run"] is True
    assert resting.derived["plant.mode"] == "off"
    assert resting.outputs["pump-1.run"] is False
    assert resting.outputs["container-01.contactor_close"] is False


def test_pumps_never_stop_while_power_is_not_proven_gone(plant: ObedientPlant) -> None:
    plant.scan(plant.order("off"))

    # The units do not obey: nobody follows the decision.
    decision = plant.scans(2 * POST_RUN_S)

    assert decision.derived["plant.mode"] == "stopping"
    assert decision.outputs["pump-1.run"] is True


def test_standby_keeps_water_moving_without_power(plant: ObedientPlant) -> None:
    plant.run(1, plant.order("standby"))

    decision = plant.run(POST_RUN_S + 10)

    assert decision.derived["plant.mode"] == "standby"
    assert decision.outputs["pump-1.run"] is True
    assert not plant.running_units()


def test_standby_runs_again_when_it_is_ordered_to(plant: ObedientPlant) -> None:
    plant.run(1, plant.order("standby"))
    plant.run(POST_RUN_S + 10)

    decision = plant.run(700, plant.order("run"))

    assert decision.derived["plant.mode"] == "running"
    assert plant.running_units() >= 1


def test_still_water_is_moved_where_it_could_freeze(plant: ObedientPlant) -> None:
    plant.run(1, plant.order("off"))
    plant.run(POST_RUN_S + 10)
    plant.set(outdoor__temperature_c=-4.0)

    decision = plant.run(3)

    assert decision.derived["plant.mode"] == "off"
    assert decision.outputs["pump-1.run"] is True


def test_a_trip_outranks_every_mode_and_leads_back_through_a_start(plant: ObedientPlant) -> None:
    plant.broken |= {"pump-1", "pump-2"}
    plant.run(2)
    tripped = plant.run(3)
    plant.broken.clear()
    plant.run(10)

    answer = plant.run(1, plant.request("trip_reset"))
    after = plant.run(5)

    assert tripped.derived["plant.mode"] == "tripped"
    assert answer.verdicts[0].accepted
    assert after.derived["plant.mode"] in ("starting", "running")


def test_a_trip_after_an_order_to_stop_does_not_start_again(plant: ObedientPlant) -> None:
    plant.broken |= {"pump-1", "pump-2"}
    plant.run(3)
    plant.run(1, plant.order("off"))
    plant.broken.clear()
    plant.run(10)

    plant.run(1, plant.request("trip_reset"))
    decision = plant.run(POST_RUN_S + 20)

    assert decision.derived["plant.mode"] == "off"


def test_an_emergency_stop_opens_every_feeder_in_the_same_scan(plant: ObedientPlant) -> None:
    plant.set(safety__emergency_stop_released=False)

    decision = plant.scan()

    assert decision.derived["plant.mode"] == "tripped"
    assert decision.outputs["container-01.contactor_close"] is False
    assert decision.outputs["container-02.contactor_close"] is False
    assert decision.outputs["pump-1.run"] is True


def test_lost_mains_opens_the_feeders_until_flow_is_proven_for_a_minute(
    plant: ObedientPlant,
) -> None:
    plant.set(safety__mains_present=False)
    lost = plant.run(5)
    assert sum("mains is not proven" in told for told in plant.events) == 1
    plant.set(safety__mains_present=True)
    early = plant.run(50)
    late = plant.run(30)

    assert lost.derived["plant.mode"] == "starting"
    assert lost.outputs["container-01.contactor_close"] is False
    assert early.outputs["container-01.contactor_close"] is False
    assert late.outputs["container-01.contactor_close"] is True
    assert late.derived["plant.mode"] == "running"


def test_units_that_start_by_themselves_when_mains_returns_are_kept_as_far_as_wanted(
    plant: ObedientPlant,
) -> None:
    wanted = plant.running_units()
    plant.set(safety__mains_present=False)
    plant.run(40)
    plant.set(safety__mains_present=True)

    plant.run(120)

    assert plant.running_units() == pytest.approx(wanted, abs=1)


def test_low_suction_stops_units_first_and_then_the_pumps(plant: ObedientPlant) -> None:
    plant.set(primary__suction_pressure_kpa=60.0)

    first = plant.scans(3)
    plant.follow(first)
    after = plant.run(3)

    assert (first.units == Wanted.SLEEP).all()
    assert first.outputs["pump-1.run"] is True
    assert after.outputs["pump-1.run"] is False


def test_low_suction_stops_the_pumps_after_a_while_even_if_units_do_not_obey(
    plant: ObedientPlant,
) -> None:
    plant.set(primary__suction_pressure_kpa=60.0)

    decision = plant.scans(20)

    assert decision.outputs["pump-1.run"] is False
    assert decision.outputs["container-01.contactor_close"] is False


def test_foul_water_trips_after_a_minute(plant: ObedientPlant) -> None:
    plant.set(primary__conductivity_us_cm=400.0)

    assert plant.run(58).derived["plant.mode"] == "running"
    assert plant.run(5).derived["plant.mode"] == "tripped"


def test_a_contactor_that_fell_by_itself_is_ordered_open_until_flow_is_proven(
    plant: ObedientPlant,
) -> None:
    plant.set(container_01__contactor_closed=False)
    for unit in range(4):
        plant.unit(unit, None)

    decision = plant.scans(6)

    assert decision.outputs["container-01.contactor_close"] is False
    assert decision.outputs["container-02.contactor_close"] is True
