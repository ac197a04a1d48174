"""Recovery is learnt from a balance of power, metered heat, and what the water keeps."""

import pytest

from controller.control.recovery import BALANCE_S, loop_kj_per_k
from tests.control.small_plant import RUNNING, SmallPlant, plant_file

POWER_KW = 8 * 8.4
HOUR_S = 1_800


def plant() -> SmallPlant:
    heat = {"demand_curve": [[-20.0, 63.0]], "max_heat_kw": 63.0, "recovery_filter_s": 60.0}
    return SmallPlant(plant_file(heat=heat))


def learnt_pct(of: SmallPlant) -> float:
    told = of.scan().derived["plant.recovery_pct"]
    assert isinstance(told, float)
    return told


def test_it_becomes_what_the_meter_shows_of_the_power() -> None:
    small = plant().set(heat_meter__power_kw=0.9 * POWER_KW)

    small.scans(2 * HOUR_S)

    assert learnt_pct(small) == pytest.approx(90.0, abs=0.5)


def test_heat_that_warms_the_water_is_not_taken_for_lost() -> None:
    small = plant()
    rise_k_per_s = 0.05 * POWER_KW / loop_kj_per_k(small.settings)
    for second in range(2 * HOUR_S):
        warmed_k = rise_k_per_s * second
        hot_c, cold_c = 60.0 + warmed_k, 50.0 + warmed_k
        small.set(primary__hot_temperature_c=hot_c, primary__cold_temperature_c=cold_c)
        small.set(heat_meter__power_kw=0.85 * POWER_KW).scan()

    assert learnt_pct(small) == pytest.approx(90.0, abs=1.0)


@pytest.mark.parametrize(
    "change",
    [
        {"three_way_valve__position_pct": 30.0},
        {"heat_meter__power_kw": None},
        {"primary__cold_temperature_c": None},
    ],
    ids=["heat-is-rejected", "meter-silent", "water-unknown"],
)
def test_nothing_is_learnt_from_a_balance_with_a_hole(change: dict[str, float | None]) -> None:
    small = plant().set(heat_meter__power_kw=0.85 * POWER_KW).set(**change)

    small.scans(HOUR_S)

    assert learnt_pct(small) == pytest.approx(95.0)


def test_nothing_is_learnt_while_units_are_not_heard_of() -> None:
    small = plant().set(heat_meter__power_kw=0.85 * POWER_KW)
    small.unit(0, None)

    small.scans(HOUR_S)

    assert learnt_pct(small) == pytest.approx(95.0)


def test_a_balance_that_has_just_begun_is_not_believed() -> None:
    small = plant().set(heat_meter__power_kw=0.85 * POWER_KW).all_units(RUNNING)

    small.scans(int(BALANCE_S) - 60)

    assert learnt_pct(small) == pytest.approx(95.0)
