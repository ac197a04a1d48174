"""Condensation while running: the miners' water stays above the room's dew point and its margin."""

import pytest

from controller.control.cooling import reject_setpoint_c
from controller.control.dew_point import DRY_BAND_K, dry_share, least_inlet_c
from controller.control.why.explain import explain
from tests.control.small_plant import SmallPlant, plant_file

DEW = "room.dew_point_c"
MARGIN_K = 3.0


def plant(dew_c: float = 20.0) -> SmallPlant:
    return SmallPlant(extra={DEW: dew_c})


def settled(plant: SmallPlant) -> float:
    outputs = plant.scans(5).outputs
    return float(outputs["district-pump.speed_pct"])


@pytest.mark.parametrize(
    ("above_k", "share"), [(-5.0, 0.0), (0.0, 0.0), (0.5 * DRY_BAND_K, 0.5), (DRY_BAND_K, 1.0)]
)
def test_less_heat_is_given_away_the_nearer_the_inlet_comes(above_k: float, share: float) -> None:
    one = plant(20.0).set(primary__cold_temperature_c=20.0 + MARGIN_K + above_k)

    assert dry_share(one.snapshot(), one.settings) == pytest.approx(share)


def test_the_district_pump_yields_to_the_dew_point_and_comes_back() -> None:
    one = plant(20.0)
    free_pct = settled(one)

    held_pct = settled(one.set(primary__cold_temperature_c=22.0))
    back_pct = settled(one.set(primary__cold_temperature_c=66.0))

    assert held_pct == one.settings.hydraulics.district_min_pct < free_pct
    assert back_pct == pytest.approx(free_pct, abs=2.0)


def test_why_names_the_dew_point() -> None:
    one = plant(20.0).set(primary__cold_temperature_c=22.0)
    decision = one.scans(3)

    told = explain("district-pump.speed_pct", one.snapshot(), decision, one.settings)

    assert any("dew point" in step.text for step in told)


def test_the_dry_cooler_does_not_cool_to_the_dew_point() -> None:
    water = {"primary_flow_max_lpm": 100.0, "district_flow_max_lpm": 100.0}
    one = SmallPlant(
        plant_file(hydraulics={**water, "cold_header_reject_c": 30.0}), extra={DEW: 33.0}
    )

    shown = one.snapshot()

    assert reject_setpoint_c(shown, one.settings, lost=True) == 33.0 + MARGIN_K
    assert reject_setpoint_c(shown, one.settings, lost=False) == 70.0


@pytest.mark.parametrize("dew_c", [None, 36.0, 150.0])
def test_a_dew_point_that_nobody_can_believe_holds_nothing(dew_c: float | None) -> None:
    one = plant(20.0)
    one.values[DEW] = dew_c
    one.now_s += 10.0
    one.set(primary__cold_temperature_c=22.0)

    assert least_inlet_c(one.snapshot(), one.settings) is None
    assert dry_share(one.snapshot(), one.settings) == 1.0
