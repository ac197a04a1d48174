import numpy as np
import pytest

from controller.control.decision import Wanted
from controller.control.state import Trip
from tests.control.small_plant import ASLEEP, RUNNING, SmallPlant


@pytest.fixture
def plant() -> SmallPlant:
    plant = SmallPlant()
    plant.scans(3)
    return plant


def test_a_healthy_plant_runs(plant: SmallPlant) -> None:
    decision = plant.scan()

    assert decision.writing
    assert decision.derived["plant.mode"] == "running"
    assert not decision.state.protection.trips


def test_all_pumps_stopped_puts_every_unit_to_sleep_in_the_same_scan(plant: SmallPlant) -> None:
    plant.set(pump_1__running=False, pump_2__running=False)

    decision = plant.scan()

    assert (decision.units == Wanted.SLEEP).all()
    assert decision.urgent
    assert decision.derived["plant.first_out"] == "primary-flow: no primary pump runs"


def test_one_pump_of_two_does_not_trip(plant: SmallPlant) -> None:
    plant.set(pump_1__running=False)

    decision = plant.scans(10)

    assert not decision.state.protection.trips


def test_low_flow_must_stand_for_its_delay(plant: SmallPlant) -> None:
    plant.set(primary__flow_lpm=60.0)

    first, second = plant.scans(3), plant.scan()

    assert not first.state.protection.trips
    assert [trip.cause for trip in second.state.protection.trips] == ["primary-flow"]


def test_pumps_and_district_go_on_while_tripped(plant: SmallPlant) -> None:
    plant.set(primary__hot_temperature_c=86.0)

    decision = plant.scans(3)

    assert decision.derived["plant.mode"] == "tripped"
    assert decision.outputs["pump-1.run"] is True
    assert decision.outputs["pump-1.speed_pct"] >= 80.0
    assert decision.outputs["district-pump.run"] is True


@pytest.mark.parametrize(
    "tag",
    [
        "primary__flow_lpm",
        "primary__hot_temperature_c",
        "container_01__flow_proven",
        "container_01__leak",
    ],
)
def test_unknown_stops(plant: SmallPlant, tag: str) -> None:
    plant.set(**{tag: None})

    before, after = plant.scans(2), plant.scans(5)

    assert not before.state.protection.trips
    assert (after.units[:4] == Wanted.SLEEP).all()


def test_both_pumps_unknown_stops(plant: SmallPlant) -> None:
    plant.set(pump_1__running=None, pump_2__running=None)

    assert (plant.scans(5).units == Wanted.SLEEP).all()


def test_a_lost_container_flow_stops_that_container_only(plant: SmallPlant) -> None:
    plant.set(container_02__flow_proven=False)

    decision = plant.scans(4)

    assert (decision.units[4:] == Wanted.SLEEP).all()
    assert (decision.units[:4] == Wanted.NORMAL).all()


def test_a_leak_opens_the_contactor_and_shuts_the_valve_at_once(plant: SmallPlant) -> None:
    plant.set(container_01__leak=True)

    decision = plant.scan()

    assert decision.outputs["container-01.contactor_close"] is False
    assert decision.outputs["container-01.valve_open_command"] is False
    assert decision.outputs["container-02.contactor_close"] is True


def test_a_hot_unit_is_stopped_and_its_neighbours_are_not(plant: SmallPlant) -> None:
    plant.unit(2, RUNNING, outlet_c=85.0)

    decision = plant.scan()

    assert decision.units[2] == Wanted.SLEEP
    assert decision.derived["plant.mode"] == "running"
    plant.unit(2, ASLEEP, outlet_c=70.0)
    assert plant.scans(900).units[2] == Wanted.SLEEP, "it stays off until it is reset"


def test_the_contactor_opens_when_power_is_not_gone_after_fifteen_seconds(
    plant: SmallPlant,
) -> None:
    plant.set(pump_1__running=False, pump_2__running=False)

    obeyed, overdue = plant.scans(15), plant.scans(2)

    assert obeyed.outputs["container-01.contactor_close"] is True
    assert overdue.outputs["container-01.contactor_close"] is False


def test_the_contactor_stays_closed_when_the_units_sleep(plant: SmallPlant) -> None:
    plant.set(pump_1__running=False, pump_2__running=False)
    plant.scan()
    plant.all_units(ASLEEP)

    decision = plant.scans(30)

    assert decision.outputs["container-01.contactor_close"] is True


def test_the_contactor_opens_for_units_that_cannot_be_heard(plant: SmallPlant) -> None:
    plant.set(pump_1__running=False, pump_2__running=False)
    plant.scan()
    plant.all_units(None)

    decision = plant.scans(17)

    assert decision.outputs["container-02.contactor_close"] is False


def test_a_reset_is_refused_while_the_cause_stands(plant: SmallPlant) -> None:
    plant.set(pump_1__running=False, pump_2__running=False, primary__flow_lpm=0.0)
    plant.scan()
    plant.all_units(ASLEEP)

    decision = plant.scans(10) and plant.scan(plant.request("trip_reset"))

    assert not decision.verdicts[0].accepted
    assert "no primary pump" in decision.verdicts[0].reason
    assert decision.derived["plant.mode"] == "tripped"


def test_a_reset_is_accepted_once_flow_has_been_proven(plant: SmallPlant) -> None:
    plant.set(pump_1__running=False, pump_2__running=False)
    plant.scan()
    plant.all_units(ASLEEP)
    plant.set(pump_1__running=True, pump_2__running=True)
    plant.scans(10)

    decision = plant.scan(plant.request("trip_reset"))

    assert decision.verdicts[0].accepted
    assert decision.derived["plant.mode"] == "starting"
    assert plant.scan().derived["plant.mode"] == "running"


def test_nothing_resets_by_itself(plant: SmallPlant) -> None:
    plant.set(pump_1__running=False, pump_2__running=False)
    plant.scan()
    plant.all_units(ASLEEP).set(pump_1__running=True, pump_2__running=True)

    decision = plant.scans(1_000)

    assert decision.derived["plant.mode"] == "tripped"


def test_a_viewer_may_not_reset(plant: SmallPlant) -> None:
    plant.set(pump_1__running=False, pump_2__running=False)
    plant.scan()

    decision = plant.scan(plant.request("trip_reset", role="viewer"))

    assert not decision.verdicts[0].accepted
    assert "viewer" in decision.verdicts[0].reason


def test_container_trips_after_a_plant_trip_are_not_told_again(plant: SmallPlant) -> None:
    plant.set(pump_1__running=False, pump_2__running=False)
    plant.scan()
    plant.set(container_01__flow_proven=False, container_02__flow_proven=False)

    decision = plant.scans(5)

    assert [trip.cause for trip in decision.state.protection.trips] == ["primary-flow"]


def test_a_restart_with_a_latched_trip_stays_tripped() -> None:
    latched = Trip("primary-flow", None, 0.0, "before the restart", first_out=True)
    plant = SmallPlant(trips=(latched,))

    decision = plant.scans(3)

    assert decision.derived["plant.mode"] == "tripped"
    assert (decision.units == Wanted.SLEEP).all()


def test_an_opened_contactor_closes_only_after_a_minute_of_flow_and_one_at_a_time() -> None:
    plant = SmallPlant()
    plant.scans(3)
    plant.set(pump_1__running=False, pump_2__running=False)
    plant.scans(17)
    plant.set(pump_1__running=True, pump_2__running=True)
    plant.set(container_01__flow_proven=False, container_02__flow_proven=False)
    plant.set(container_01__contactor_closed=False, container_02__contactor_closed=False)
    plant.set(container_01__contactor_close=False, container_02__contactor_close=False)
    plant.all_units(None).scans(2)
    plant.all_units(ASLEEP)
    plant.scans(10)
    plant.scan(plant.request("trip_reset"))
    plant.set(container_01__flow_proven=True, container_02__flow_proven=True)

    early = plant.scans(58)
    opened_early = early.state.protection.opened
    one = plant.scans(4).state.protection.opened
    plant.set(container_01__contactor_close=True, container_01__contactor_closed=True)
    both = plant.scans(5).state.protection.opened

    assert opened_early.all()
    assert np.count_nonzero(one) == 1
    assert not both.any()
