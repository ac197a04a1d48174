"""The dry cooler's gains follow the weather: in frost a percent of the valve takes out more."""

import pytest

from tests.control.small_plant import SmallPlant, plant_file

ABOVE_K = 1.0


def valve_pct(outdoor_c: float) -> float:
    """Where the three-way valve goes in one scan, for an inlet that is too warm by a kelvin."""
    heat = {"max_heat_kw": 63.0, "demand_curve": [[-20.0, 40.0]], "outdoor_filter_s": 1.0}
    one = SmallPlant(plant_file(heat=heat)).set(outdoor__temperature_c=outdoor_c)
    one.scans(30)
    setpoint_c = one.settings.hydraulics.cold_header_setpoint_c
    one.set(primary__cold_temperature_c=setpoint_c + ABOVE_K)
    return float(one.scan().outputs["three-way-valve.position_pct"])


def test_the_same_error_is_answered_by_less_in_frost() -> None:
    gain = SmallPlant().settings.gains["reject"].gain

    assert valve_pct(21.0) == pytest.approx(gain * ABOVE_K, rel=0.05)
    assert valve_pct(-31.0) == pytest.approx(0.5 * gain * ABOVE_K, rel=0.06)


def test_the_answer_has_bounds() -> None:
    assert 0.0 < valve_pct(-60.0) < valve_pct(60.0) < 3.0
