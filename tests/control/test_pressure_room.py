"""Pumps whose flow cannot follow are held short of the pressure's trip."""

import pytest

from controller.control.why.explain import explain
from tests.control.small_plant import SmallPlant

INLET = "primary.inlet_pressure_kpa"
TRIP_KPA = 700.0


def speeds_pct(inlet_kpa: float | None, seconds: int = 30) -> tuple[float, float]:
    """The pumps' speed as it was, and after some seconds of a flow that is far too small."""
    plant = SmallPlant(extra={INLET: 300.0})
    before = float(plant.scans(20).outputs["pump-1.speed_pct"])
    plant.values[INLET] = inlet_kpa
    after = plant.set(primary__flow_lpm=70.0).scans(seconds)
    return before, float(after.outputs["pump-1.speed_pct"])


def test_pumps_make_up_for_too_little_flow_where_there_is_room() -> None:
    before, after = speeds_pct(300.0)

    assert after > before + 10.0


def test_near_the_trip_they_become_no_faster() -> None:
    before, after = speeds_pct(0.85 * TRIP_KPA)

    assert after == pytest.approx(before, abs=0.5)


def test_nearer_they_become_slower() -> None:
    before, after = speeds_pct(0.95 * TRIP_KPA, seconds=5)

    assert after < before - 10.0


def test_a_pressure_that_is_not_known_holds_nothing_back() -> None:
    before, after = speeds_pct(None)

    assert after > before + 10.0


def test_held_back_is_not_wound_up() -> None:
    plant = SmallPlant(extra={INLET: 300.0})
    before = float(plant.scans(20).outputs["pump-1.speed_pct"])
    plant.values[INLET] = 0.85 * TRIP_KPA
    plant.set(primary__flow_lpm=70.0).scans(120)

    plant.values[INLET] = 300.0
    after = plant.set(primary__flow_lpm=90.0).scans(2)

    assert float(after.outputs["pump-1.speed_pct"]) == pytest.approx(before, abs=3.0)


def test_a_hand_is_not_held_back() -> None:
    plant = SmallPlant(extra={INLET: 0.9 * TRIP_KPA})

    decision = plant.scans(60, plant.request("loop:flow.manual", 95.0, role="engineer"))

    assert decision.outputs["pump-1.speed_pct"] == 95.0


def test_why_names_the_pressure() -> None:
    plant = SmallPlant(extra={INLET: 0.9 * TRIP_KPA})
    decision = plant.scans(3)

    told = explain("pump-1.speed_pct", plant.snapshot(), decision, plant.settings)

    assert any("becomes no faster" in step.text and INLET in step.text for step in told)
