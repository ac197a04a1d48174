"""Weather and demand go on by themselves until somebody takes them into his own hand."""

from itertools import count

import pytest

from simulators.hand import Hand
from simulators.hours import Hours
from simulators.seasons import Seasons
from simulators.world import World


def rising() -> Hours:
    """A degree, or a kilowatt, more every hour."""
    return Hours(float(hour) for hour in count())


def test_the_hand_follows_the_hours(small: World) -> None:
    hand = Hand(small)
    seasons = Seasons(hand, {"outdoor_c": rising(), "network_demand_kw": rising()})

    seasons.advance(0.0)
    seasons.advance(5_400.0)

    assert hand.values["outdoor_c"] == pytest.approx(1.5)
    assert hand.values["network_demand_kw"] == pytest.approx(1.5)
    assert small.truth()["outdoor_c"] == pytest.approx(1.5)


def test_what_somebody_has_set_stays_and_the_rest_goes_on(small: World) -> None:
    hand = Hand(small)
    seasons = Seasons(hand, {"outdoor_c": rising(), "network_demand_kw": rising()})
    seasons.advance(0.0)

    hand.set({"outdoor_c": -12.0})
    for second in range(10, 7_210, 10):
        seasons.advance(float(second))

    assert hand.values["outdoor_c"] == -12.0
    assert hand.values["network_demand_kw"] == pytest.approx(2.0)


def test_without_a_course_nothing_is_touched(small: World) -> None:
    hand = Hand(small)
    before = dict(hand.values)

    Seasons(hand, {}).advance(3_600.0)

    assert hand.values == before
