"""The mirror shows what core said last, and nothing that is not a value."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from controller.link.frames import BadFrame
from controller.link.messages import Hello, Report
from controller.link.mirror import Mirror

Make = Callable[..., Report]


def test_values_and_columns_are_those_of_the_latest_report(hello: Hello, report: Make) -> None:
    mirror = Mirror(hello)

    mirror.apply(report(1, (0, 70.0, 2), (1, True, 2), full=True, power_kw=(8.4, 0.3)))
    mirror.apply(report(2, (0, 71.0, 1)))

    assert mirror.value("district.supply_temperature_c") == 71.0
    assert mirror.value("pump-1.running") is True
    assert mirror.columns["power_kw"].tolist() == [8.4, 0.3]
    assert mirror.cycle == 2


def test_nothing_is_known_before_the_first_report(hello: Hello) -> None:
    mirror = Mirror(hello)

    assert mirror.value("plant.mode") is None
    assert np.isnan(mirror.columns["power_kw"]).all()
    assert mirror.cycle is None


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_bad(hello: Hello, report: Make, number: float) -> None:
    mirror = Mirror(hello)

    mirror.apply(report(1, (0, number, 2)))

    sample = mirror.sample("district.supply_temperature_c")
    assert sample is not None
    assert (sample.value, sample.quality) == (None, 0)


def test_a_bad_sample_has_no_value(hello: Hello, report: Make) -> None:
    mirror = Mirror(hello)

    mirror.apply(report(1, (0, 70.0, 0)))

    assert mirror.value("district.supply_temperature_c") is None


def test_a_full_report_forgets_what_it_does_not_mention(hello: Hello, report: Make) -> None:
    mirror = Mirror(hello)
    mirror.apply(report(1, (0, 70.0, 2)))

    mirror.apply(report(2, full=True))

    assert mirror.value("district.supply_temperature_c") is None


def test_only_new_events_are_given_back(hello: Hello, report: Make) -> None:
    mirror = Mirror(hello)
    mirror.apply(report(2, events=("trip",)))

    fresh = mirror.apply(report(2, full=True, events=("trip", "reset")))

    assert [event.text for event in fresh] == ["reset"]
    assert [event.text for event in mirror.events] == ["trip", "reset"]


def test_a_column_of_the_wrong_length_is_refused(hello: Hello, report: Make) -> None:
    mirror = Mirror(hello)

    with pytest.raises(BadFrame, match="2 units"):
        mirror.apply(report(1, power_kw=(8.4, 8.4, 8.4)))


def test_a_tag_that_was_not_announced_is_refused(hello: Hello, report: Make) -> None:
    mirror = Mirror(hello)

    with pytest.raises(BadFrame, match="tag 3"):
        mirror.apply(report(1, (3, 1.0, 2)))
