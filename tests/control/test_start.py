import numpy as np
import pytest

from controller.control.decision import Wanted
from tests.control.small_plant import ASLEEP, SmallPlant


def test_nothing_is_written_before_the_image_is_complete() -> None:
    plant = SmallPlant()
    plant.all_units(None)

    decision = plant.scans(10)

    assert not decision.writing
    assert not decision.outputs
    assert (decision.units == Wanted.FREE).all()


def test_a_start_waits_fifteen_seconds_at_most() -> None:
    plant = SmallPlant()
    plant.unit(0, None)

    assert not plant.scans(15).writing
    assert plant.scans(2).writing


def test_unknown_protective_inputs_trip_after_the_start() -> None:
    plant = SmallPlant()
    plant.set(primary__hot_temperature_c=None)

    decision = plant.scans(18)

    assert decision.derived["plant.mode"] == "tripped"


def test_a_known_danger_ends_the_waiting() -> None:
    plant = SmallPlant()
    plant.unit(0, None).set(pump_1__running=False, pump_2__running=False)

    decision = plant.scans(2)

    assert decision.writing
    assert (decision.units == Wanted.SLEEP).all()


def test_the_first_outputs_are_those_that_the_plant_has() -> None:
    plant = SmallPlant()
    plant.set(district_pump__speed_pct=37.0, pump_1__speed_pct=55.0, pump_2__speed_pct=55.0)

    decision = plant.scan()

    assert decision.outputs["district-pump.speed_pct"] == pytest.approx(37.0, abs=0.5)
    assert decision.outputs["pump-1.speed_pct"] == pytest.approx(55.0, abs=0.5)


def test_valves_and_contactors_are_taken_over_as_they_stand() -> None:
    plant = SmallPlant()
    for unit in range(4, 8):
        plant.unit(unit, ASLEEP)
    plant.set(container_02__valve_open_command=False, container_02__valve_open=False)
    plant.set(container_02__flow_proven=False, container_02__valve_closed=True)
    plant.set(outdoor__temperature_c=14.0)

    decision = plant.scan()

    assert decision.outputs["container-01.valve_open_command"] is True
    assert decision.outputs["container-02.valve_open_command"] is False
    assert np.count_nonzero(decision.units == Wanted.NORMAL) <= 4
