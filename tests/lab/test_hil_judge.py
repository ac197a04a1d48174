"""One expectation look by look, without any clock."""

import math

import pytest

from controller.lab.hil.judge import Judgement, Watch
from controller.lab.hil.limits import in_words, meets, shown
from controller.lab.hil.steps import Always, Expect, Value


def wanted(**keys: object) -> Expect:
    return Expect.model_validate({"figure": "rig:x", **keys})


def judge(one: Expect, looks: list[tuple[float, Value | None]]) -> Judgement:
    judgement = Judgement(one, 0.0)
    for now_s, value in looks:
        judgement.look(now_s, value)
    return judgement


@pytest.mark.parametrize(
    ("keys", "fine", "wrong"),
    [
        ({"low": 1.0}, [1.0, 5.0], [0.9, None, math.nan, math.inf, True, "5"]),
        ({"high": 1.0}, [1.0, -5.0], [1.1, None, math.nan, -math.inf, False]),
        ({"low": 1.0, "high": 2.0}, [1.0, 2.0], [0.9, 2.1, None]),
        ({"near": 30.0, "by": 0.1}, [29.9, 30.1], [30.11, 29.8, None]),
        ({"near": 0.0}, [0.0], [0.1, False, None]),
        ({"near": 10.0, "by": 5.0, "low": 9.0}, [9.0, 15.0], [8.0, 16.0]),
        ({"is": "running"}, ["running"], ["Running", "", None, True, 1.0]),
        ({"is": True}, [True], [False, 1.0, "True", None]),
        ({"is": False}, [False], [0.0, None, True]),
    ],
)
def test_a_value_is_within_its_bounds_or_not_and_unknown_never_is(
    keys: dict[str, object], fine: list[Value | None], wrong: list[Value | None]
) -> None:
    assert all(meets(wanted(**keys), value) for value in fine)
    assert not any(meets(wanted(**keys), value) for value in wrong)


def test_at_once_means_the_first_look() -> None:
    assert judge(wanted(low=1.0), [(0.4, 2.0)]).passed is True
    assert judge(wanted(low=1.0), [(0.4, 0.0), (0.8, 2.0)]).passed is False


def test_what_is_reached_exactly_at_its_limit_is_in_time() -> None:
    one = judge(wanted(low=1.0, within_s=5.0), [(1.0, 0.0), (4.0, 0.0), (5.0, 1.0)])

    assert (one.passed, one.reached_after_s) == (True, 5.0)


def test_what_comes_a_look_too_late_has_failed() -> None:
    one = judge(wanted(low=1.0, within_s=5.0), [(1.0, 0.0), (4.5, 0.0), (5.5, 1.0)])

    assert (one.passed, one.why) == (False, "came only after 6 s")


def test_what_comes_leaves_and_comes_again_in_time_counts_from_the_second_coming() -> None:
    looks = [(1.0, 1.0), (2.0, 0.0), (3.0, 1.0), (8.0, 1.0), (13.0, 1.0)]

    one = judge(wanted(low=1.0, within_s=5.0, for_s=10.0), looks)

    assert (one.passed, one.reached_after_s) == (True, 3.0)
    assert (one.lowest, one.highest) == (0.0, 1.0)


def test_what_comes_in_time_and_leaves_too_early_has_failed() -> None:
    one = judge(wanted(low=1.0, within_s=5.0, for_s=10.0), [(4.0, 1.0), (8.0, 1.0), (9.0, 0.0)])

    assert (one.passed, one.why) == (False, "came, and stayed for only 5 of 10 s")


def test_a_lost_value_ends_the_stay() -> None:
    one = judge(wanted(low=1.0, for_s=10.0), [(0.1, 1.0), (5.0, None), (11.0, 1.0)])

    assert one.passed is False


def test_no_value_is_told_as_the_reason() -> None:
    one = judge(wanted(low=1.0, within_s=5.0), [(1.0, None), (5.0, None)])

    assert one.why == "did not come within 5 s; no value"


def test_a_decided_expectation_stays_decided() -> None:
    one = judge(wanted(low=1.0), [(0.1, 1.0), (0.2, 0.0)])
    one.give_up("ended")

    assert (one.passed, one.why, one.measured) == (True, "", 1.0)


def test_always_lets_a_short_gap_pass_and_counts_a_long_one() -> None:
    rule = Always.model_validate({"figure": "rig:x", "high": 1.0, "gap_s": 5.0})
    short, long, never = Watch(rule), Watch(rule), Watch(rule)
    for now_s, value in [(0.0, 1.0), (3.0, None), (5.0, None), (6.0, 1.0)]:
        short.look(now_s, value)
    for now_s, value in [(0.0, 1.0), (3.0, None), (6.0, None), (7.0, 1.0)]:
        long.look(now_s, value)
    for now_s in (0.0, 3.0):
        never.look(now_s, None)

    assert (short.passed, short.misses) == (True, 0)
    assert (long.passed, long.misses, long.first_miss_s) == (False, 1, 6.0)
    assert never.passed is False


def test_what_is_wanted_is_said_in_words() -> None:
    said = [
        in_words(wanted(**keys))
        for keys in (
            {"low": 1.0},
            {"high": 2.5},
            {"low": 1.0, "high": 2.0},
            {"near": 50.0, "by": 2.0},
            {"near": 0.0},
            {"is": True},
            {"is": "running"},
        )
    ]

    assert said == [
        "at least 1",
        "at most 2.5",
        "1 to 2",
        "50 ± 2",
        "exactly 0",
        "is yes",
        "is running",
    ]
    assert [shown(value) for value in (None, False, 1234567.0, "")] == [
        "no value",
        "no",
        "1,234,567",
        '""',
    ]
