"""A mixed fleet meets its target: as near as anybody could, and with the most hash rate."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.control.merit import Choice, meet

# Points of power and hash rate, asleep first: an A1566HA with and without modes, a 1346, and a unit
# whose middle mode is worth less than a mixture of the other two.
MODELS = (
    ((0.0, 8.4), (0.0, 460.0)),
    ((0.0, 5.2, 8.4, 9.6), (0.0, 310.0, 460.0, 505.0)),
    ((0.0, 3.35), (0.0, 110.0)),
    ((0.0, 2.0, 4.0, 6.0), (0.0, 60.0, 70.0, 160.0)),
)
HULLS = ((1, 1), (1, 1, 1, 1), (1, 1), (1, 1, 0, 1))
LEAST_KW, UNIT_THS = 1.2, 460.0
RUNGS = 4

fleets = st.lists(st.integers(0, len(MODELS) - 1), min_size=1, max_size=6)
shares = st.floats(0.0, 1.1)


def choice_of(models: list[int], at: list[int] | None = None) -> Choice:
    units = len(models)
    kw = np.full((units, RUNGS), np.nan)
    ths, hull = np.zeros((units, RUNGS)), np.zeros((units, RUNGS), np.bool_)
    for row, model in enumerate(models):
        powers_kw, rates_ths = MODELS[model]
        kw[row, : len(powers_kw)], ths[row, : len(rates_ths)] = powers_kw, rates_ths
        hull[row, : len(powers_kw)] = HULLS[model]
    anybody = np.ones(units, np.bool_)
    rungs = np.zeros(units, np.int64) if at is None else np.array(at, np.int64)
    return Choice(rungs, kw, ths, hull, anybody, anybody, anybody, np.arange(units))


def power_kw(choice: Choice, rungs: np.ndarray) -> float:
    return float(choice.kw[np.arange(len(rungs)), rungs].sum())


def hash_ths(choice: Choice, rungs: np.ndarray) -> float:
    return float(choice.ths[np.arange(len(rungs)), rungs].sum())


def every_fleet(choice: Choice) -> list[np.ndarray]:
    counts = np.count_nonzero(~np.isnan(choice.kw), axis=1)
    return [np.array(rungs) for rungs in product(*(range(count) for count in counts))]


@given(fleets, shares, st.data())
@settings(max_examples=150, deadline=None)
def test_no_fleet_comes_nearer_by_more_than_half_of_the_smallest_step(
    models: list[int], share: float, data: st.DataObject
) -> None:
    at = [data.draw(st.integers(0, len(MODELS[model][0]) - 1)) for model in models]
    choice = choice_of(models, at)
    most_kw = float(np.nanmax(choice.kw, axis=1).sum())
    target_kw = share * most_kw
    begun_kw = power_kw(choice, choice.at)

    to = meet(choice, target_kw - begun_kw, most_kw, 0.5 * LEAST_KW)

    best_kw = min(abs(target_kw - power_kw(choice, rungs)) for rungs in every_fleet(choice))
    assert abs(target_kw - power_kw(choice, to)) <= best_kw + 0.5 * LEAST_KW + 1e-9


@given(fleets, shares)
@settings(max_examples=80, deadline=None)
def test_from_rest_no_fleet_that_comes_as_near_hashes_more_by_as_much_as_a_unit(
    models: list[int], share: float
) -> None:
    choice = choice_of(models)
    target_kw = share * float(np.nanmax(choice.kw, axis=1).sum())

    to = meet(choice, target_kw, np.inf, 0.5 * LEAST_KW)

    off_kw = abs(target_kw - power_kw(choice, to))
    best_ths = max(
        hash_ths(choice, rungs)
        for rungs in every_fleet(choice)
        if abs(target_kw - power_kw(choice, rungs)) <= off_kw + 1e-9
    )
    assert hash_ths(choice, to) > best_ths - UNIT_THS


@given(fleets, shares, shares)
@settings(max_examples=80, deadline=None)
def test_the_room_is_never_exceeded(models: list[int], share: float, room: float) -> None:
    choice = choice_of(models)
    most_kw = float(np.nanmax(choice.kw, axis=1).sum())

    to = meet(choice, share * most_kw, room * most_kw, 0.5 * LEAST_KW)

    assert power_kw(choice, to) <= room * most_kw + 1e-6


def test_the_most_valuable_steps_are_taken_first() -> None:
    """Eco gives 60 TH/s for a kilowatt, the plain unit 55, and normal above eco 47."""
    choice = choice_of([0, 1, 1])

    two_eco = meet(choice, 10.4, np.inf, 0.6)
    and_plain = meet(choice, 18.8, np.inf, 0.6)
    one_normal = meet(choice, 22.0, np.inf, 0.6)

    assert two_eco.tolist() == [0, 1, 1]
    assert and_plain.tolist() == [1, 1, 1]
    assert sorted(one_normal.tolist()) == [1, 1, 2]


def test_what_may_not_move_stays() -> None:
    choice = choice_of([1, 1, 0], [1, 1, 1])
    nobody = np.zeros(3, np.bool_)
    held = Choice(
        choice.at, choice.kw, choice.ths, choice.hull, nobody, nobody, nobody, choice.order
    )

    assert meet(held, -10.0, 0.0, 0.6).tolist() == [1, 1, 1]
    assert meet(held, 10.0, 50.0, 0.6).tolist() == [1, 1, 1]


@pytest.mark.parametrize("error_kw", [3_000.0, -3_000.0])
def test_a_fleet_of_a_thousand_is_met_within_the_smallest_step(error_kw: float) -> None:
    models = [0] * 500 + [1] * 400 + [2] * 100
    at = [1 if row % 2 else 0 for row in range(1_000)]
    choice = choice_of(models, at)

    to = meet(choice, error_kw, 10_000.0, 0.5 * LEAST_KW)

    changed_kw = power_kw(choice, to) - power_kw(choice, choice.at)
    assert changed_kw == pytest.approx(error_kw, abs=LEAST_KW)
