"""Who goes first on a connection that many share, and who is left alone."""

import asyncio
from random import Random

import pytest

from drivers.errors import Resting
from drivers.modbus.turns import FIRST_REST_S, LONGEST_REST_S, Rank, Rest, Turns
from drivers.modbus.unit import Unit


async def order_of(*arrivals: tuple[float, Rank]) -> list[tuple[float, Rank]]:
    """In which order these are let in, when the turn before them ends after ten seconds."""
    turns = Turns(patience_s=1.0)
    loop = asyncio.get_running_loop()
    start_s = loop.time()
    let_in: list[tuple[float, Rank]] = []

    async def one(at_s: float, rank: Rank) -> None:
        await asyncio.sleep(at_s)
        await turns.take(rank, loop.time() - start_s)
        let_in.append((at_s, rank))
        turns.give_back()

    await turns.take(Rank.READ, 0.0)
    async with asyncio.TaskGroup() as group:
        for arrival in arrivals:
            group.create_task(one(*arrival))
        await asyncio.sleep(10.0)
        turns.give_back()
    return let_in


async def test_writes_go_before_protective_reads_and_these_before_others() -> None:
    arrivals = [(0.1, Rank.READ), (0.2, Rank.PROTECTIVE), (0.3, Rank.WRITE), (0.4, Rank.WRITE)]

    assert await order_of(*arrivals) == [arrivals[2], arrivals[3], arrivals[1], arrivals[0]]


async def test_equals_go_in_the_order_they_came() -> None:
    arrivals = [(0.1 * n, Rank.READ) for n in range(1, 9)]

    assert await order_of(*arrivals) == arrivals


async def test_a_read_that_has_waited_long_goes_before_a_new_write() -> None:
    old, new = (0.1, Rank.READ), (2.2, Rank.WRITE)

    assert await order_of(old, new) == [old, new]


async def test_who_gives_up_waiting_does_not_keep_the_turn() -> None:
    turns = Turns(patience_s=1.0)
    await turns.take(Rank.READ, 0.0)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await turns.take(Rank.READ, 0.0)

    turns.give_back()

    async with asyncio.timeout(0.1):
        await turns.take(Rank.READ, 0.0)


async def test_a_turn_that_comes_in_the_moment_of_giving_up_goes_to_the_next() -> None:
    turns = Turns(patience_s=1.0)
    await turns.take(Rank.READ, 0.0)
    async with asyncio.TaskGroup() as group:
        given_up = group.create_task(turns.take(Rank.READ, 0.0))
        next_one = group.create_task(turns.take(Rank.READ, 0.1))
        await asyncio.sleep(0.0)
        turns.give_back()
        given_up.cancel()

    assert next_one.done()


def test_the_first_failure_is_forgiven_and_rests_grow_to_ten_seconds() -> None:
    rest = Rest(Random(1))
    rests_s = []
    for _ in range(12):
        rest.failed(100.0, "silent")
        rests_s.append(max(0.0, rest.until_s - 100.0))

    assert rests_s[0] == 0.0
    assert 0.75 * FIRST_REST_S <= rests_s[1] <= FIRST_REST_S
    assert rests_s[2] < rests_s[4] < rests_s[6]
    assert all(0.75 * LONGEST_REST_S <= rest_s <= LONGEST_REST_S for rest_s in rests_s[8:])
    assert len({round(rest_s, 6) for rest_s in rests_s[8:]}) == len(rests_s[8:]), "jittered"


def test_who_rests_is_named_with_the_reason_and_the_time_left() -> None:
    rest = Rest(Random(1), failures=5, until_s=104.0, why="no answer")

    with pytest.raises(
        Resting, match=r"plc: not asked for 1\.5 s more after 5 .*: no answer"
    ) as told:
        rest.check("plc", 102.5)

    assert told.value.for_s == 1.5
    rest.check("plc", 104.0)


def test_an_answer_ends_the_rest() -> None:
    unit = Unit(3, "plc", Rest(Random(1), failures=5, until_s=104.0))

    unit.answered(0.1, 1.0)

    unit.rest.check("plc", 100.0)
    assert unit.rest.failures == 0


def test_a_unit_believed_dead_gets_a_fifth_of_the_time_and_now_and_then_the_whole() -> None:
    unit = Unit(3, "plc", Rest(Random(1)))
    limits_s = []
    for failures in range(11):
        unit.rest.failures = failures
        limits_s.append(unit.limit_s(total_s=1.0, usual_s=0.02))

    assert limits_s == [1.0, 1.0, 0.2, 0.2, 0.2, 1.0, 0.2, 0.2, 0.2, 0.2, 1.0]


def test_a_unit_that_was_always_slow_keeps_its_time() -> None:
    unit = Unit(3, "plc", Rest(Random(1)))
    unit.answered(0.6, 1.0)
    unit.rest.failures = 2

    assert unit.limit_s(total_s=1.0, usual_s=0.02) == 1.0


def test_two_late_answers_in_a_row_are_slowness_and_one_is_not() -> None:
    unit = Unit(3, "plc", Rest(Random(1)))

    seen = [(unit.answered(took_s, 1.0), unit.slow_s) for took_s in (0.9, 0.1, 0.9, 0.95, 0.1)]

    assert seen == [(True, 0.0), (False, 0.0), (True, 0.0), (True, 0.95), (False, 0.0)]
