"""The supply's trim moves the district pump by a share of its speed, at any load."""

import pytest

from controller.control.loops.schedule import LEAST_GAIN, MOST_GAIN
from tests.control.small_plant import SmallPlant, plant_file

TOO_WARM_K = 0.2


def answer_pct(flow_max_lpm: float) -> float:
    """What one scan of a supply that is a little too warm adds to the speed of such a pump."""
    water = {"primary_flow_max_lpm": 100.0, "district_flow_max_lpm": flow_max_lpm}
    one = SmallPlant(plant_file(hydraulics=water))
    setpoint_c = float(one.scan().derived["district.supply_setpoint_c"])
    one.set(district__supply_temperature_c=setpoint_c)
    settled_pct = float(one.scans(600).outputs["district-pump.speed_pct"])
    one.set(district__supply_temperature_c=setpoint_c + TOO_WARM_K)
    return float(one.scan().outputs["district-pump.speed_pct"]) - settled_pct


def test_half_the_speed_is_answered_by_half_the_speed() -> None:
    assert answer_pct(160.0) == pytest.approx(0.5 * answer_pct(80.0), rel=0.01)


def test_the_answer_has_bounds() -> None:
    least_pct, most_pct = answer_pct(1_000.0), answer_pct(10.0)

    assert least_pct == pytest.approx(answer_pct(2_000.0))
    assert least_pct > 0.0
    assert most_pct == pytest.approx(least_pct * MOST_GAIN / LEAST_GAIN, rel=0.01)
