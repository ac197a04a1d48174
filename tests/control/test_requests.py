import math

import pytest

from tests.control.small_plant import SmallPlant


@pytest.fixture
def plant() -> SmallPlant:
    plant = SmallPlant()
    plant.scans(2)
    return plant


def test_without_a_request_the_weather_curve_sets_the_target(plant: SmallPlant) -> None:
    decision = plant.scan()

    assert decision.derived["plant.heat_target_source"] == "weather curve"
    assert decision.derived["plant.heat_target_kw"] == pytest.approx(70 - 24 / 37 * 60, abs=0.5)


def test_a_request_sets_the_target(plant: SmallPlant) -> None:
    decision = plant.scan(plant.request("heat_demand_kw", 45.0))

    assert decision.verdicts[0].accepted
    assert decision.derived["plant.heat_target_kw"] == 45.0
    assert decision.derived["plant.heat_target_source"] == "opcua:anna"


def test_a_request_lapses_and_says_so(plant: SmallPlant) -> None:
    plant.scan(plant.request("heat_demand_kw", 45.0))

    decision = plant.scans(600)

    assert decision.derived["plant.heat_target_source"] == "weather curve"
    assert any("lapsed" in event for event in plant.events)


def test_the_newest_request_counts(plant: SmallPlant) -> None:
    plant.scan(plant.request("heat_demand_kw", 45.0))

    decision = plant.scan(plant.request("heat_demand_kw", 30.0, source="opcua:bert"))

    assert decision.derived["plant.heat_target_kw"] == 30.0


def test_a_request_can_be_withdrawn(plant: SmallPlant) -> None:
    plant.scan(plant.request("heat_demand_kw", 45.0))

    decision = plant.scan(plant.request("heat_demand_withdraw"))

    assert decision.derived["plant.heat_target_source"] == "weather curve"


@pytest.mark.parametrize("value", [math.nan, math.inf, -1.0, 64.0, None])
def test_a_demand_that_is_no_possible_heat_is_refused(
    plant: SmallPlant, value: float | None
) -> None:
    decision = plant.scan(plant.request("heat_demand_kw", value))

    assert not decision.verdicts[0].accepted
    assert decision.derived["plant.heat_target_source"] == "weather curve"


@pytest.mark.parametrize("role", ["viewer", "", "admin"])
def test_only_operators_and_engineers_may_ask(plant: SmallPlant, role: str) -> None:
    decision = plant.scan(plant.request("heat_demand_kw", 45.0, role=role))

    assert not decision.verdicts[0].accepted
    assert role in decision.verdicts[0].reason


@pytest.mark.parametrize("life_s", [0.0, -1.0, 90_000.0, math.nan, math.inf])
def test_a_request_must_end_within_a_day(plant: SmallPlant, life_s: float) -> None:
    request = plant.request("heat_demand_kw", 45.0, until_s=plant.now_s + 1.0 + life_s)

    assert not plant.scan(request).verdicts[0].accepted


def test_an_unknown_request_names_those_that_exist(plant: SmallPlant) -> None:
    decision = plant.scan(plant.request("open_all_valves"))

    assert "heat_demand_kw" in decision.verdicts[0].reason


def test_no_request_outranks_a_trip(plant: SmallPlant) -> None:
    plant.set(pump_1__running=False, pump_2__running=False)

    decision = plant.scan(plant.request("heat_demand_kw", 60.0))

    assert decision.verdicts[0].accepted
    assert not decision.units.any()
    assert decision.derived["plant.limited_by"] == "trip: primary-flow"
