"""Whatever the plant shows and whoever asks: the promises of the scan, over random cycles."""

import math
import pickle

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.control.decision import Decision, Wanted
from controller.control.state import Request
from tests.control.small_plant import (
    ASLEEP,
    FAULT,
    HEALTHY,
    RUNNING,
    STARTING,
    STOPPING,
    SmallPlant,
    plant_file,
)

NUMBERS = sorted(name for name, value in HEALTHY.items() if not isinstance(value, bool))
FLAGS = sorted(name for name, value in HEALTHY.items() if isinstance(value, bool))
SITE_KW = 50.0

changes = st.one_of(
    st.tuples(st.sampled_from(NUMBERS), st.none() | st.floats(-50.0, 200.0)),
    st.tuples(st.sampled_from(FLAGS), st.none() | st.booleans()),
)
rows = st.sampled_from([RUNNING, ASLEEP, STARTING, STOPPING, FAULT, None])
demands = st.none() | st.floats(allow_nan=True, allow_infinity=True)
cycle = st.tuples(
    st.lists(changes, max_size=3),
    st.lists(st.tuples(st.integers(0, 7), rows, st.floats(20.0, 95.0)), max_size=3),
    demands,
    st.sampled_from([0.2, 1.0, 3.0, 20.0]),
)
cycles = st.lists(cycle, min_size=1, max_size=12)


def make() -> SmallPlant:
    file = plant_file(
        plant={"site_power_kw": SITE_KW},
        miners={"accepted": True, "min_on_s": 2.0, "min_off_s": 2.0, "sleeps_per_day": 100},
    )
    return SmallPlant(file)


def play(plant: SmallPlant, story: list) -> list[Decision]:
    """Run the story; after each cycle the decision that was made."""
    decisions = []
    for number, (points, units, demand_kw, dt_s) in enumerate(story):
        plant.values.update(points)
        for unit, row, outlet_c in units:
            plant.unit(unit, row if row is None else row._replace(outlet_c=outlet_c))
        request = Request(
            f"r{number}", "test", "operator", "heat_demand_kw", demand_kw, "", plant.now_s + 500.0
        )
        decisions.append(plant.scan(request, dt_s=dt_s))
    return decisions


@given(cycles)
def test_never_above_the_ceiling(story: list) -> None:
    plant = make()

    for decision in play(plant, story):
        wanted_kw = np.count_nonzero(decision.units == Wanted.NORMAL) * 8.4
        ceiling_kw = decision.derived.get("plant.power_ceiling_kw", math.inf)

        assert wanted_kw <= min(SITE_KW, ceiling_kw) + 1e-9


@given(cycles)
def test_every_output_is_a_number_within_its_range(story: list) -> None:
    for decision in play(make(), story):
        for name, value in decision.outputs.items():
            if not isinstance(value, bool):
                assert 0.0 <= value <= 100.0, name


@given(cycles)
def test_a_latched_trip_stays_and_nothing_heats_under_it(story: list) -> None:
    tripped = False
    for decision in play(make(), story):
        trips = [trip for trip in decision.state.protection.trips if trip.container is None]
        assert trips or not tripped, "no trip resets by itself"
        tripped = bool(trips)
        if tripped:
            assert not (decision.units == Wanted.NORMAL).any()
            # After a gap nothing is written until all has been read anew.
            assert not decision.writing or decision.outputs["pump-1.run"] is True


@given(cycles)
def test_nothing_derived_is_nan(story: list) -> None:
    for decision in play(make(), story):
        for name, value in decision.derived.items():
            assert not (isinstance(value, float) and not math.isfinite(value)), name


@given(cycles)
@settings(max_examples=30)
def test_the_same_inputs_give_the_same_bytes(story: list) -> None:
    one, other = play(make(), story), play(make(), story)

    assert pickle.dumps(one) == pickle.dumps(other)


@given(cycles, st.sampled_from(["primary.flow_lpm", "primary.hot_temperature_c"]))
@settings(max_examples=40)
def test_an_unknown_protective_input_stops(story: list, tag: str) -> None:
    plant = make()
    play(plant, story)
    plant.all_units(RUNNING)
    plant.values = {**HEALTHY, tag: None}

    decision = plant.scans(30)

    assert not (decision.units == Wanted.NORMAL).any()


@given(st.floats(0.0, 63.0), st.floats(0.0, 63.0))
@settings(max_examples=40)
def test_more_heat_never_means_fewer_units(one_kw: float, other_kw: float) -> None:
    low_kw, high_kw = sorted((one_kw, other_kw))

    counts = []
    for demand_kw in (low_kw, high_kw):
        plant = make()
        plant.all_units(ASLEEP)
        plant.scans(3)
        request = plant.request("heat_demand_kw", demand_kw)
        counts.append(np.count_nonzero(plant.scans(6, request).units == Wanted.NORMAL))

    assert counts[0] <= counts[1]
