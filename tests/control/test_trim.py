"""Units whose power may be set freely take up what whole units leave over."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.control.decision import Decision, Wanted
from controller.control.trim import whole_percents
from tests.control.small_plant import ASLEEP, RUNNING, SmallPlant, plant_file

RECOVERY = 0.95


def trimmed_plant() -> SmallPlant:
    """Four units of 8.4 kW, and four that may be set to 50 % to 100 % of it."""
    containers = [
        {"units": 4, "first_address": "127.9.1.1"},
        {"units": 4, "first_address": "127.9.2.1", "trim_from_pct": 50.0},
    ]
    dwell = {"min_on_s": 0.0, "min_off_s": 0.0, "accepted": True, "standby_kw": 0.0}
    return SmallPlant(plant_file(container=containers, miners=dwell))


def asked(plant: SmallPlant, power_kw: float, seconds: int = 100) -> Decision:
    """Ask for the heat of this power; every unit follows at once."""
    request = plant.request("heat_demand_kw", power_kw * RECOVERY)
    for second in range(seconds):
        decision = plant.scan(*([request] if second == 0 else []))
        follow(plant, decision)
    return decision


def follow(plant: SmallPlant, decision: Decision) -> None:
    shares = decision.power_share
    assert shares is not None
    power_kw = 0.0
    for unit, wanted in enumerate(decision.units.tolist()):
        on = wanted == Wanted.NORMAL
        share = 1.0 if np.isnan(shares[unit]) else float(shares[unit])
        plant.unit(unit, RUNNING if on else ASLEEP, power_kw=8.4 * share if on else 0.0)
        power_kw += 8.4 * share if on else 0.0
    plant.set(heat_meter__power_kw=power_kw * RECOVERY)


def drawn_kw(plant: SmallPlant) -> float:
    return plant.snapshot().fleet.electric_power_kw


@pytest.mark.parametrize("power_kw", [19.5, 26.0, 31.7, 36.1, 44.4, 55.5])
def test_a_target_between_whole_units_is_met_exactly(power_kw: float) -> None:
    plant = trimmed_plant()

    asked(plant, power_kw, 300)

    assert drawn_kw(plant) == pytest.approx(power_kw, abs=0.1)


def test_a_small_change_of_the_target_switches_nobody() -> None:
    plant = trimmed_plant()
    before = asked(plant, 50.0, 200).units

    after = asked(plant, 48.0, 100).units

    assert (before == after).all()
    assert drawn_kw(plant) == pytest.approx(48.0, abs=0.1)


def test_only_units_that_can_be_set_are_given_a_power() -> None:
    decision = asked(trimmed_plant(), 60.0)

    assert decision.power_share is not None
    assert np.isnan(decision.power_share[:4]).all()
    on = decision.units[4:] == Wanted.NORMAL
    assert ((decision.power_share[4:][on] >= 0.5) & (decision.power_share[4:][on] <= 1.0)).all()


def test_a_power_is_set_anew_only_every_half_minute() -> None:
    plant = trimmed_plant()
    asked(plant, 50.0, 200)
    set_s = []

    for second in range(200):
        decision = plant.scan(plant.request("heat_demand_kw", (48.0 + second % 5) * RECOVERY))
        follow(plant, decision)
        if decision.state.dispatch.trim_s not in set_s:
            set_s.append(decision.state.dispatch.trim_s)

    assert (np.diff(set_s[1:]) >= 30.0).all()


def test_nobody_is_woken_for_trim_where_there_is_no_power_for_it() -> None:
    decision = asked(trimmed_plant(), 2.0, 100)

    assert not (decision.units == Wanted.NORMAL).any()


@given(st.lists(st.floats(0.5, 1.0) | st.just(math.nan), min_size=1, max_size=40))
def test_whole_percentages_hit_the_sum_of_shares(shares: list[float]) -> None:
    given_shares = np.array(shares)
    known = ~np.isnan(given_shares)

    percents = whole_percents(given_shares)

    assert abs(percents.sum() - 100.0 * np.nansum(given_shares)) <= 0.5 + 1e-9
    assert (np.abs(percents[known] - 100.0 * given_shares[known]) < 1.0 + 1e-9).all()
    assert (percents[known] >= 50).all()
    assert (percents[known] <= 100).all()
    assert (percents[~known] == 0).all()
