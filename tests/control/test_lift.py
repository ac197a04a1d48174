"""A booster's part: what the fleet need not make, and how warm a supply can become."""

from dataclasses import replace

import pytest

from controller.control.heat import attainable_c
from controller.control.lift import lifted_kw, reachable_c
from controller.control.water import KW_PER_LPM_K
from controller.image.process_image import Snapshot
from tests.control.small_plant import SmallPlant, plant_file

WARM = {"supply_curve": [[-20.0, 88.0]], "max_heat_kw": 63.0, "demand_curve": [[-20.0, 40.0]]}
WATER = {"primary_flow_max_lpm": 100.0, "district_flow_max_lpm": 100.0}
FOUND: dict[str, float | bool] = {
    "network.flow_lpm": 20.0,
    "network.return_temperature_c": 45.0,
    "network.supply_temperature_c": 76.0,
    "booster.power_kw": 25.0,
}
LPM = 20.0


def boosted(role: str = "sole_source", kw: float = 30.0) -> SmallPlant:
    """Supply wanted at 88 °C, miners that give 76, and a booster."""
    tables: dict[str, object] = {"plant": {"network_role": role}}
    if role == "sole_source":
        tables["network"] = {"flow_max_lpm": 70.0}
    file = plant_file(heat=WARM, booster={"rated_kw": kw}, **tables)
    one = SmallPlant(file, extra=FOUND).set(district__supply_temperature_c=76.0)
    one.scan()
    return one


def seen(one: SmallPlant) -> Snapshot:
    return one.snapshot()


def test_behind_a_separator_only_the_lift_of_the_exchangers_water_is_taken_off_the_fleet() -> None:
    one = boosted()

    assert lifted_kw(seen(one), one.state, one.settings) == pytest.approx(LPM * KW_PER_LPM_K * 12.0)


def test_a_booster_that_gives_less_counts_as_it_gives() -> None:
    one = boosted().set(booster__power_kw=5.0)

    assert lifted_kw(seen(one), one.state, one.settings) == 5.0


def test_without_a_separator_a_booster_counts_as_it_gives() -> None:
    one = boosted("injector")

    assert lifted_kw(seen(one), one.state, one.settings) == 25.0


def test_a_large_booster_reaches_the_set_point_and_a_small_one_its_part() -> None:
    small = boosted(kw=6.0)

    assert reachable_c(seen(boosted()), boosted().state, LPM, boosted().settings) == 88.0
    found_c = reachable_c(seen(small), small.state, LPM, small.settings)
    assert found_c == pytest.approx(76.0 + 6.0 / (LPM * KW_PER_LPM_K))


def test_relieved_water_is_as_warm_as_it_is() -> None:
    one = boosted(kw=6.0).set(district__supply_temperature_c=73.0)
    relieved = replace(one.state, cooling=replace(one.state.cooling, relief_k=1.0))

    found_c = reachable_c(seen(one), relieved, LPM, one.settings)

    assert found_c == pytest.approx(73.0 + 6.0 / (LPM * KW_PER_LPM_K))


@pytest.mark.parametrize(
    ("floor_lpm", "attainable"), [(10.5, 76.0), (20.0, 70.0 + 8.4 / (20.0 * KW_PER_LPM_K) - 4.0)]
)
def test_miners_with_much_water_are_held_by_their_inlet(
    floor_lpm: float, attainable: float
) -> None:
    miners = {"accepted": True, "flow_floor_lpm": floor_lpm}
    file = plant_file(miners=miners, hydraulics={**WATER, "primary_flow_max_lpm": 200.0})
    one = SmallPlant(file)

    assert attainable_c(one.settings) == pytest.approx(attainable)


def test_booster_and_mixing_valve_do_not_work_against_each_other() -> None:
    one = boosted().set(
        booster__run=True,
        booster__power_pct=60.0,
        network__supply_temperature_c=88.0,
        mixing_valve__position_pct=20.0,
    )
    first_pct = float(one.scans(2).outputs["booster.power_pct"])

    later_pct = float(one.scans(60).outputs["booster.power_pct"])

    assert later_pct < first_pct or later_pct == 0.0
