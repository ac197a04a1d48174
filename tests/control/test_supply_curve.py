"""The wanted supply temperature follows the weather's curve, slowly, and heeds a warm return."""

import pytest

from tests.control.small_plant import SmallPlant, plant_file

CURVE = [[-20.0, 75.0], [0.0, 68.0], [15.0, 65.0]]


def plant_of(**heat: object) -> SmallPlant:
    usual = {"max_heat_kw": 63.0, "demand_curve": [[-20.0, 60.0]], "supply_curve": CURVE}
    return SmallPlant(plant_file(heat={**usual, "outdoor_filter_s": 1.0, **heat}))


def wanted_c(plant: SmallPlant, seconds: int) -> float:
    value = plant.scans(seconds).derived["district.supply_setpoint_c"]
    assert isinstance(value, float)
    return value


def test_the_first_one_is_the_curve_s() -> None:
    plant = plant_of().set(outdoor__temperature_c=0.0)

    assert wanted_c(plant, 1) == pytest.approx(68.0)


def test_a_change_of_weather_moves_it_no_faster_than_its_ramp() -> None:
    plant = plant_of(supply_ramp_k_per_h=60.0).set(outdoor__temperature_c=0.0)
    plant.scan()

    plant.set(outdoor__temperature_c=-20.0)

    assert wanted_c(plant, 180) == pytest.approx(68.0 + 3.0, abs=0.05)
    assert wanted_c(plant, 360) == pytest.approx(75.0, abs=0.05)


def test_a_return_that_is_too_warm_lowers_it_by_two_kelvin_for_each() -> None:
    plant = plant_of(supply_ramp_k_per_h=1_000.0).set(outdoor__temperature_c=0.0)
    plant.scan()

    plant.set(district__return_temperature_c=57.0)

    assert wanted_c(plant, 120) == pytest.approx(68.0 - 4.0)


def test_a_sole_source_goes_on_serving_a_network_whose_return_is_warm() -> None:
    file = plant_file(
        plant={"network_role": "sole_source"},
        heat={"max_heat_kw": 63.0, "demand_curve": [[-20.0, 60.0]], "supply_curve": CURVE},
    )
    plant = SmallPlant(file).set(outdoor__temperature_c=0.0, district__return_temperature_c=60.0)

    assert wanted_c(plant, 60) == pytest.approx(68.0)


def test_an_unknown_return_lowers_nothing() -> None:
    plant = plant_of(supply_ramp_k_per_h=1_000.0).set(outdoor__temperature_c=0.0)
    plant.scan()

    plant.set(district__return_temperature_c=None)

    assert wanted_c(plant, 60) == pytest.approx(68.0)
