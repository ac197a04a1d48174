"""Two reports made one say what both have said."""

from collections.abc import Callable

from controller.link.merge import EVENT_HISTORY, merge
from controller.link.messages import Report

Make = Callable[..., Report]


def test_the_newer_value_wins_and_the_other_tags_stay(report: Make) -> None:
    older = report(1, (0, 70.0, 2), (1, True, 2))
    newer = report(2, (0, 71.0, 2))

    both = merge(older, newer)

    assert {value.tag: value.value for value in both.values} == {0: 71.0, 1: True}
    assert both.cycle == 2


def test_a_full_image_stays_full_under_a_later_difference(report: Make) -> None:
    older = report(1, (0, 70.0, 2), full=True)

    both = merge(older, report(2))

    assert both.full
    assert len(both.values) == 1


def test_a_full_image_replaces_what_was_there(report: Make) -> None:
    newer = report(2, (1, True, 2), full=True)

    both = merge(report(1, (0, 70.0, 2)), newer)

    assert [value.tag for value in both.values] == [1]


def test_events_are_kept_once_and_within_bounds(report: Make) -> None:
    texts = tuple(f"event {number}" for number in range(EVENT_HISTORY))
    older = report(1, events=texts)
    newer = report(1, events=(*texts[1:], "the last"))

    both = merge(older, newer)

    assert len(both.events) == EVENT_HISTORY
    assert both.events[-1].text == "the last"
    assert len(set(both.events)) == EVENT_HISTORY
