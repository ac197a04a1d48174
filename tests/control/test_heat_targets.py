"""One target wins, ceilings all apply, contracted heat is the floor: every combination."""

from dataclasses import replace
from itertools import product

import pytest

from controller.control.power import PowerBand
from controller.control.settings import Schedule, ScheduledHeat
from controller.control.standing import Standing, contract
from controller.control.state import Request
from controller.control.targets import asked_ceilings, heat_target, scheduled_kw
from tests.control.small_plant import SmallPlant

ALWAYS = Schedule((ScheduledHeat(0.0, 7 * 86_400.0 - 1.0, 25.0),))
NOON_UTC_S = 1_767_225_600.0 + 12 * 3_600.0
TARGETS = {
    "heat_demand_kw": (45.0, "heat_demand_kw man"),
    "heat_nomination_kw": (35.0, "nomination by heat_nomination_kw man"),
    "district_signal_kw": (30.0, "district signal by district_signal_kw man"),
    "schedule": (25.0, "schedule"),
}
CURVE_KW = 70.0 - 24.0 / 37.0 * 60.0


def standing(**wishes: float) -> Standing:
    return tuple(
        Request(name, f"{name} man", "engineer", name, value, "test", 1e9)
        for name, value in wishes.items()
    )


@pytest.mark.parametrize("there", list(product([True, False], repeat=4)))
def test_the_first_source_that_there_is_wins(there: tuple[bool, ...]) -> None:
    plant = SmallPlant()
    present = [name for name, is_there in zip(TARGETS, there, strict=True) if is_there]
    wishes = standing(**{name: TARGETS[name][0] for name in present if name != "schedule"})
    schedule = ALWAYS if "schedule" in present else Schedule()
    heat = replace(plant.settings.heat, schedule=schedule)
    state = replace(plant.state.heat, outdoor_c=4.0)

    target = heat_target(wishes, state, NOON_UTC_S, 1.0, heat)

    kw, source = TARGETS[present[0]] if present else (CURVE_KW, "weather curve")
    assert target.kw == pytest.approx(kw)
    assert target.source == source


def test_targets_lapse_one_after_the_other_down_to_the_curve() -> None:
    plant = SmallPlant()
    plant.scans(2)
    for after_s, (name, kw, role) in enumerate(
        (
            ("district_signal_kw", 20.0, "buyer"),
            ("heat_nomination_kw", 30.0, "buyer"),
            ("heat_demand_kw", 40.0, "operator"),
        )
    ):
        until_s = plant.now_s + 40.0 - 11.0 * after_s
        plant.scan(plant.request(name, kw, role=role, until_s=until_s))

    seen = [plant.scan().derived["plant.heat_target_kw"] for _ in range(50)]

    in_order = [kw for kw, before in zip(seen, [None, *seen], strict=False) if kw != before]
    assert in_order == [40.0, 30.0, 20.0, pytest.approx(CURVE_KW)]
    assert sum("lapsed; the next source stands" in event for event in plant.events) == 3


CONTRACTS = ({}, {"heat_nomination_kw": 38.0}, {"district_signal_kw": 38.0})
OVERRIDES = ({}, {"contract_override": 19.0})
LIMITS = (
    {},
    {"power_limit_kw": 10.0},
    {"contract_limit_kw": 10.0},
    {"grid_limit_kw": 10.0},
    {"power_limit_kw": 60.0},
    {"power_limit_kw": 10.0, "grid_limit_kw": 12.0},
)


@pytest.mark.parametrize(
    ("owed", "override", "limits"), list(product(CONTRACTS, OVERRIDES, LIMITS))
)
def test_only_the_grid_or_an_override_goes_below_contracted_heat(
    owed: dict[str, float], override: dict[str, float], limits: dict[str, float]
) -> None:
    wishes = standing(**owed, **override, **limits)
    floor_kw = 0.0 if not owed else override.get("contract_override", 38.0)

    band = asked_ceilings(PowerBand(67.2, "installed units"), wishes, 0.95)

    expected = 67.2
    for name, kw in limits.items():
        expected = min(expected, kw if name == "grid_limit_kw" else max(kw, floor_kw / 0.95))
    assert band.upper_kw == pytest.approx(expected)
    assert len(band.limits) == len(limits)


@pytest.mark.parametrize(
    ("owed", "override", "demand_kw"), list(product(CONTRACTS, OVERRIDES, (5.0, 25.0, 50.0)))
)
def test_an_operator_is_held_at_contracted_heat_unless_it_is_overridden(
    owed: dict[str, float], override: dict[str, float], demand_kw: float
) -> None:
    plant = SmallPlant()
    wishes = standing(**owed, **override, heat_demand_kw=demand_kw)
    floor_kw = 0.0 if not owed else override.get("contract_override", 38.0)

    target = heat_target(wishes, plant.state.heat, NOON_UTC_S, 1.0, plant.settings.heat)

    assert target.kw == max(demand_kw, floor_kw)
    assert target.floor_kw == floor_kw
    assert ("held at contracted heat" in target.source) == (demand_kw < floor_kw)


def test_an_override_alone_lowers_nothing() -> None:
    plant = SmallPlant()
    wishes = standing(heat_nomination_kw=38.0, contract_override=5.0)

    target = heat_target(wishes, plant.state.heat, NOON_UTC_S, 1.0, plant.settings.heat)

    assert target.kw == 38.0


def test_an_override_never_raises_the_floor() -> None:
    owed = contract(standing(heat_nomination_kw=20.0, contract_override=50.0))

    assert owed is not None
    assert owed.floor_kw == 20.0


def test_a_lower_ceiling_is_obeyed_and_named() -> None:
    plant = SmallPlant()
    plant.scans(2)
    plant.scan(plant.request("heat_demand_kw", 60.0))

    decision = plant.scan(plant.request("power_limit_kw", 30.0))

    assert decision.derived["plant.power_ceiling_kw"] == 30.0
    assert decision.derived["plant.limited_by"] == "operator limit"
    assert decision.derived["plant.heat_accepted_kw"] == pytest.approx(30.0 * 0.95, rel=0.02)
    assert "operator limit 30 kW" in str(decision.derived["plant.limits"])


def test_the_target_moves_no_faster_than_its_ramp_and_gets_there() -> None:
    plant = SmallPlant()
    heat = replace(plant.settings.heat, ramp_kw_per_min=60.0)
    state = replace(plant.state.heat, target_kw=10.0)
    seen = []

    for _ in range(4):
        target = heat_target(standing(heat_demand_kw=13.0), state, NOON_UTC_S, 1.0, heat)
        state = replace(state, target_kw=target.kw)
        seen.append(target.kw)

    assert seen == [11.0, 12.0, 13.0, 13.0]


def test_contracted_heat_does_not_wait_for_the_ramp() -> None:
    plant = SmallPlant()
    heat = replace(plant.settings.heat, ramp_kw_per_min=1.0)
    state = replace(plant.state.heat, target_kw=10.0)

    target = heat_target(standing(heat_nomination_kw=38.0), state, NOON_UTC_S, 1.0, heat)

    assert target.kw == 38.0


def test_a_schedule_over_the_weeks_end_holds_on_both_sides() -> None:
    # 4 January 2026 is a Sunday.
    sunday_s = 1_767_484_800.0
    late = Schedule((ScheduledHeat(6 * 86_400.0 + 22 * 3_600.0, 6 * 3_600.0, 25.0),))

    hours = (21.0, 22.0, 23.9, 24.0, 29.9, 30.0)
    seen = [scheduled_kw(late, sunday_s + hour * 3_600.0) for hour in hours]

    assert seen == [None, 25.0, 25.0, 25.0, 25.0, None]
