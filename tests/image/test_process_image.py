import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.image.fleet import Fleet, FleetLayout, UnitRow, UnitState
from controller.image.process_image import ProcessImage
from controller.image.tag import Quality, Tag

FLOW = Tag("primary.flow_lpm", "number", "L/min", "flow", 0.0, 1e4, 1.5, 3.0, protective=True)
LEAK = Tag("container-01.leak", "flag", "", "leak", 0.0, 1.0, 1.5, 3.0, protective=True)
ROW = UnitRow(UnitState.RUNNING, 8.4, 460.0, 66.0, 77.0, 85.0, 100.0)


@pytest.fixture
def image() -> ProcessImage:
    layout = FleetLayout(("c01-001", "c01-002"), np.array([0, 0]), 1)
    return ProcessImage([FLOW, LEAK], Fleet(layout))


def test_a_tag_that_was_never_heard_of_is_bad(image: ProcessImage) -> None:
    assert image.freeze(0.0, 0.0).number(FLOW.name) is None


@pytest.mark.parametrize(
    ("age_s", "quality"), [(1.4, Quality.GOOD), (1.6, Quality.UNCERTAIN), (3.1, Quality.BAD)]
)
def test_age_turns_good_to_uncertain_to_bad(
    image: ProcessImage, age_s: float, quality: Quality
) -> None:
    image.put(FLOW.name, 90.0, 100.0)

    snapshot = image.freeze(100.0 + age_s, 0.0)

    assert snapshot.quality[0] == quality
    assert snapshot.number(FLOW.name) == (None if quality is Quality.BAD else 90.0)
    assert snapshot.good(FLOW.name) == (90.0 if quality is Quality.GOOD else None)


def test_zero_is_a_measurement(image: ProcessImage) -> None:
    image.put(FLOW.name, 0.0, 100.0)

    assert image.freeze(100.0, 0.0).number(FLOW.name) == 0.0


def test_none_makes_a_tag_bad_at_once(image: ProcessImage) -> None:
    image.put(FLOW.name, 90.0, 100.0)
    image.put(FLOW.name, None, 100.1)

    assert image.freeze(100.2, 0.0).number(FLOW.name) is None


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(image: ProcessImage, value: float) -> None:
    with pytest.raises(ValueError, match=r"primary\.flow_lpm"):
        image.put(FLOW.name, value, 100.0)


def test_a_snapshot_does_not_change_while_it_is_thought_about(image: ProcessImage) -> None:
    image.put(FLOW.name, 90.0, 100.0)
    snapshot = image.freeze(100.0, 0.0)

    image.put(FLOW.name, 5.0, 100.1)
    image.fleet.put(0, ROW, 100.1)

    assert snapshot.number(FLOW.name) == 90.0
    assert np.isnan(snapshot.fleet.power_kw[0])


def test_a_protective_flag_that_changes_is_told(image: ProcessImage) -> None:
    changes = [image.put(LEAK.name, value, 100.0) for value in (False, False, True, None, None)]

    assert changes == [True, False, True, True, False]


def test_a_protective_number_is_told_when_it_comes_or_goes(image: ProcessImage) -> None:
    changes = [image.put(FLOW.name, value, 100.0) for value in (90.0, 91.0, None, 90.0)]

    assert changes == [True, False, True, True]


def test_a_silent_unit_loses_its_values(image: ProcessImage) -> None:
    image.fleet.put(0, ROW, 100.0)

    fresh, old = image.freeze(114.0, 0.0).fleet, image.freeze(131.0, 0.0).fleet

    assert (fresh.state[0], fresh.power_kw[0]) == (UnitState.RUNNING, 8.4)
    assert old.state[0] == UnitState.UNKNOWN
    assert np.isnan(old.power_kw[0])


@given(st.sampled_from(["power_kw", "outlet_c", "chip_c"]), st.sampled_from([math.nan, math.inf]))
def test_a_unit_cannot_bring_nan_in(column: str, value: float) -> None:
    fleet = Fleet(FleetLayout(("c01-001",), np.array([0]), 1))
    fields = {name: getattr(ROW, name) for name in UnitRow._fields}

    with pytest.raises(ValueError, match=f"c01-001.{column}"):
        fleet.put(0, UnitRow(**{**fields, column: value}), 100.0)

    assert fleet.freeze(100.0).quality[0] == Quality.BAD


@given(
    st.lists(
        st.tuples(
            st.dictionaries(
                st.sampled_from([FLOW.name, LEAK.name, "of another plant"]),
                st.none() | st.floats(0.0, 1.0),
            ),
            st.floats(0.0, 9.0),
        )
    )
)
def test_many_samples_at_once_are_as_each_by_itself(
    told: list[tuple[dict[str, float | None], float]],
) -> None:
    layout = FleetLayout(("c01-001",), np.array([0]), 1)
    many, single = (ProcessImage([FLOW, LEAK], Fleet(layout)) for _ in range(2))
    for samples, now_s in told:
        many.put_many(samples, now_s)
        for name, value in samples.items():
            if name in single.index:
                single.put(name, value, now_s)

    ours, theirs = many.freeze(9.0, 0.0), single.freeze(9.0, 0.0)

    assert np.array_equal(ours.values, theirs.values, equal_nan=True)
    assert np.array_equal(ours.source_s, theirs.source_s)


def test_none_of_many_samples_is_taken_when_one_is_no_number(image: ProcessImage) -> None:
    with pytest.raises(ValueError, match=r"container-01\.leak"):
        image.put_many({FLOW.name: 90.0, LEAK.name: math.nan}, 100.0)

    assert image.freeze(100.0, 0.0).number(FLOW.name) is None
