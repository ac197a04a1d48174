"""What an operator is told of an incident: the true cause first, and few alarms."""

from collections.abc import Sequence

import pytest

from tests.faults.incidents import Incident, Outcome, drawn, play, told

FEW, MANY = 6, 240
MOST_ALARMS, NAMED_PCT = 10, 95.0


def judge(outcomes: Sequence[Outcome]) -> None:
    """The promises about incidents."""
    unsafe = [told(one) for one in outcomes if one.unsafe]
    floods = [told(one) for one in outcomes if len(one.raised) >= MOST_ALARMS]
    unnamed = [told(one) for one in outcomes if not one.named]

    assert not unsafe
    assert not floods
    assert 100.0 * (1.0 - len(unnamed) / len(outcomes)) >= NAMED_PCT, unnamed


@pytest.mark.parametrize(
    ("kind", "incident", "seed"), drawn(FEW), ids=lambda one: getattr(one, "name", None)
)
def test_a_few_incidents_are_told_in_a_few_words(kind: str, incident: Incident, seed: int) -> None:
    judge([play(kind, incident, seed)])


@pytest.mark.campaign
@pytest.mark.timeout(3_600)
def test_many_incidents_are_told_in_a_few_words() -> None:
    judge([play(*one) for one in drawn(MANY)])
