"""Relief: less warm water is asked of the exchangers before heat is rejected."""

from dataclasses import replace

import pytest

from controller.control.district import relieved
from controller.control.relief import LEAST_RISE_K, relief_found, relieve
from controller.control.why.explain import explain
from tests.control.small_plant import RUNNING, SmallPlant, plant_file

WANTED_C, NEEDED_C = 77.0, 76.0
BEYOND: dict[str, float] = {"primary__cold_temperature_c": 70.5}
AT_EASE: dict[str, float] = {"primary__cold_temperature_c": 66.0}
BEHIND = {"network.flow_lpm": 40.0, "network.return_temperature_c": 45.0}


def plant(**values: float) -> SmallPlant:
    one = SmallPlant().set(**values)
    one.scan()
    return one


def relief_k(one: SmallPlant, seconds: int, integral_k: float = 0.0) -> float:
    """The relief after so many seconds in which nothing changes."""
    snapshot, relief = one.snapshot(), 0.0
    for _ in range(seconds):
        relief, integral_k = relieve(snapshot, integral_k, WANTED_C, NEEDED_C, 1.0, one.settings)
    return relief


def test_there_is_none_while_inlet_and_outlet_are_at_ease() -> None:
    assert relief_k(plant(**AT_EASE), 3_600) == 0.0


def test_it_grows_while_the_inlet_is_near_its_set_point_and_goes_again() -> None:
    one = plant(**BEYOND)

    first, later = relief_k(one, 1), relief_k(one, 600)

    assert 0.0 < first < later
    assert relief_k(plant(**AT_EASE), 1_200, integral_k=later) == 0.0


def test_an_outlet_beyond_its_set_point_counts_as_well() -> None:
    one = plant(**AT_EASE)
    one.unit(0, RUNNING._replace(outlet_c=81.8))

    assert relief_k(one, 60) > 0.0


def test_exchangers_keep_a_rise_to_work_with() -> None:
    assert relief_k(plant(**BEYOND), 100_000) == WANTED_C - (45.0 + LEAST_RISE_K)


@pytest.mark.parametrize(("made_lpm", "most_k"), [(40.0, 22.0), (46.0, 11.5), (60.0, 1.0)])
def test_a_surplus_takes_none_of_the_warmth_that_the_network_needs(
    made_lpm: float, most_k: float
) -> None:
    file = plant_file(plant={"network_role": "sole_source"}, network={"flow_max_lpm": 70.0})
    one = SmallPlant(file, extra=BEHIND).set(**BEYOND, district__flow_lpm=made_lpm)
    one.scan()

    assert relief_k(one, 100_000) == pytest.approx(most_k)


def test_the_district_pump_carries_more_of_less_warm_water() -> None:
    one = plant(**AT_EASE)
    before_pct = float(one.scans(60).outputs["district-pump.speed_pct"])

    decision = one.set(**BEYOND).scans(300)

    assert float(decision.outputs["district-pump.speed_pct"]) > before_pct
    snapshot = one.snapshot()
    assert relieved(snapshot, one.state, one.settings) > 1.0
    told = explain("district-pump.speed_pct", snapshot, decision, one.settings)
    assert any("less than is wanted" in step.text for step in told)


def test_why_tells_nothing_of_it_where_there_is_none() -> None:
    one = plant(**AT_EASE)
    decision = one.scans(60)

    told = explain("district-pump.speed_pct", one.snapshot(), decision, one.settings)

    assert not any("less than is wanted" in step.text for step in told)


def test_a_plant_that_is_found_relieved_goes_on_so() -> None:
    one = plant(**BEYOND, district__supply_temperature_c=73.0)
    snapshot = one.snapshot()

    found_k = relief_found(snapshot, WANTED_C, NEEDED_C, one.settings)
    next_k, _ = relieve(snapshot, found_k, WANTED_C, NEEDED_C, 1.0, one.settings)

    assert next_k == pytest.approx(WANTED_C - 73.0, abs=0.1)


@pytest.mark.parametrize("cold_c", [69.5, 70.5, 66.0])
def test_the_first_order_to_a_relieved_plant_is_the_one_it_has(cold_c: float) -> None:
    one = SmallPlant().set(primary__cold_temperature_c=cold_c, district__supply_temperature_c=66.0)

    first = one.scan()

    assert first.writing
    assert first.outputs["district-pump.speed_pct"] == pytest.approx(40.0, abs=0.2)


def test_a_plant_that_is_found_at_ease_is_not_relieved() -> None:
    one = plant(**AT_EASE, district__supply_temperature_c=60.0)

    assert relief_found(one.snapshot(), WANTED_C, NEEDED_C, one.settings) == 0.0


@pytest.mark.parametrize("lost", ["primary.cold_temperature_c", "district.return_temperature_c"])
def test_what_is_not_known_relieves_nothing_by_itself(lost: str) -> None:
    one = plant(**AT_EASE)
    one.values[lost] = None
    one.now_s += 10.0
    one.scan()

    assert relief_k(one, 60) == 0.0


def test_an_empty_fleet_and_a_lost_inlet_are_no_excess() -> None:
    one = plant(**BEYOND)
    one.values["primary.cold_temperature_c"] = None
    one.now_s += 10.0
    one.all_units(None)
    one.scan()

    assert relief_k(one, 60) == 0.0


def test_relief_is_part_of_the_memory() -> None:
    one = plant(**BEYOND)
    one.scans(120)
    kept_k = one.state.cooling.relief_k

    one.state = replace(one.state, cooling=replace(one.state.cooling, relief_k=kept_k + 3.0))

    assert one.scan().state.cooling.relief_k == pytest.approx(kept_k + 3.0, abs=0.1)


def test_nothing_winds_up_while_a_person_has_the_loop() -> None:
    one = plant(**BEYOND)
    one.scan(one.request("loop:supply.manual", 30.0, role="engineer"))
    before_k = one.state.cooling.relief_k

    assert one.scans(500).state.cooling.relief_k == before_k
