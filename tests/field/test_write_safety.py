"""Writes that go wrong: lost, not taken, undone by somebody, never to be repeated."""

import asyncio

import pytest

from tests.field.obstinate_device import RUN, SPEED, bench, changed


async def test_what_is_acknowledged_and_not_taken_is_written_once_more_and_told() -> None:
    async with bench() as one:
        one.bank.takes = False
        await one.want(4, pump_1__run=True)

        (told,) = one.told("pump-1.run")[:1]
        assert "does not take what is written: on was written 2 times and acknowledged" in told
        assert "off is read back" in told
        assert one.told("security") == [], "nobody else has been at work"


async def test_in_ten_minutes_it_is_written_four_times_and_then_again() -> None:
    async with bench(periods_s={"output": 2.0}) as one:
        one.bank.takes = False
        await one.want(590, pump_1__run=True)
        assert one.bank.writes(5) == 4
        assert one.counts.left == {"pump-1.run"}
        assert "written 4 times and left" in one.told("pump-1.run")[-1]

        one.bank.takes = True
        await one.want(30, pump_1__run=True)

        assert one.bank.coils[RUN] is True
        assert one.bank.writes(5) == 5
        assert not one.counts.left


@pytest.mark.parametrize("read_every_s", [1.0, 4.0, 7.0])
async def test_what_the_device_took_without_an_answer_is_not_written_again(
    read_every_s: float,
) -> None:
    async with bench(periods_s={"output": read_every_s}) as one:
        one.bank.answers = False
        await one.want(8, pump_1__run=True)

        assert one.bank.writes(5) == 1
        assert one.bank.coils[RUN] is True
        assert one.told("pump-1.run") == []


async def test_what_was_lost_on_the_way_is_read_back_before_it_is_written_again() -> None:
    async with bench() as one:
        one.bank.answers = one.bank.takes = False
        await one.want(1, pump_1__run=True)
        assert one.bank.writes(5) == 1
        one.bank.answers = one.bank.takes = True
        await one.want(3, pump_1__run=True)

        assert one.bank.writes(5) == 2
        assert one.bank.coils[RUN] is True


@pytest.mark.parametrize(("takes", "writes"), [(True, 1), (False, 2)])
async def test_after_a_wrong_echo_the_device_is_asked_what_it_took(
    *, takes: bool, writes: int
) -> None:
    async with bench() as one:
        one.bank.echoes_wrong, one.bank.takes = True, takes
        await one.want(1, pump_1__run=True)
        one.bank.echoes_wrong, one.bank.takes = False, True
        await one.want(5, pump_1__run=True)

        assert one.bank.writes(5) == writes
        assert one.bank.coils[RUN] is True


async def test_every_write_is_read_back_within_three_seconds() -> None:
    async with bench() as one:
        loop = asyncio.get_running_loop()
        begun_s = loop.time()
        await one.want(1, pump_1__run=True, pump_1__speed_pct=44.0)

        assert one.counts.verified == 2
        assert loop.time() - begun_s <= 3.0
        assert one.snapshot().number("pump-1.speed_pct") == 44.0


async def test_somebody_who_changes_an_output_is_told_to_those_who_guard_the_network() -> None:
    async with bench() as one:
        await one.want(3, pump_1__run=True)
        one.bank.coils[RUN] = False
        await one.want(3, pump_1__run=True)

        assert one.bank.coils[RUN] is True
        assert one.counts.foreign == 1
        (told,) = one.told("pump-1.run")
        assert told == "changed by somebody else from on to off; on is wanted"
        assert one.told("security") == [f"pump-1.run was {told}"]


async def test_an_output_that_we_never_wrote_is_watched_too() -> None:
    async with bench() as one:
        await one.want(3, pump_1__run=False)
        assert one.bank.written == []
        one.bank.coils[RUN] = True
        await one.want(3, pump_1__run=False)

        assert one.bank.coils[RUN] is False
        assert len(one.told("security")) == 1


async def test_a_set_point_that_drifts_is_noticed_and_its_creeping_wish_is_not() -> None:
    async with bench() as one:
        for second in range(30):
            await one.want(1, pump_1__speed_pct=50.0 + 0.05 * second)
        assert one.counts.foreign == 0
        assert one.counts.failed == 0

        one.bank.holdings[SPEED] = 4000
        await one.want(3, pump_1__speed_pct=51.5)

        assert one.counts.foreign == 1
        assert one.bank.holdings[SPEED] == 5150


async def test_there_is_no_war_of_writes_about_a_set_point() -> None:
    async with bench() as one:
        for _ in range(30):
            await one.want(2, pump_1__speed_pct=60.0)
            one.bank.holdings[SPEED] = 2000

        assert one.bank.writes(16) == 1 + 3
        assert one.counts.left == {"pump-1.speed_pct"}


async def test_a_stop_is_written_as_often_as_it_is_undone() -> None:
    async with bench() as one:
        one.bank.coils[RUN] = True
        for _ in range(20):
            await one.want(2, urgent=True, pump_1__run=False)
            assert one.bank.coils[RUN] is False
            one.bank.coils[RUN] = True


async def test_a_stop_does_not_wait_for_the_answer_to_the_one_before() -> None:
    async with bench() as one:
        one.bank.coils[RUN] = True
        one.bank.answers = one.bank.takes = False
        await one.want(1, urgent=True, pump_1__run=False)
        one.bank.answers = one.bank.takes = True
        await one.want(2, urgent=True, pump_1__run=False)

        assert one.bank.coils[RUN] is False


PULSE = changed("pump-2.run", pulse=True)


async def test_a_pulse_is_given_once_for_each_wish_and_not_read_back() -> None:
    async with bench(PULSE) as one:
        one.bank.takes = False
        await one.want(10, pump_2__run=True)
        assert one.bank.writes(5) == 1
        await one.want(3, pump_2__run=False)
        assert one.bank.writes(5) == 1, "it lets go by itself"

        await one.want(5, pump_2__run=True)

        assert one.bank.writes(5) == 2
        assert one.told("pump-2.run") == []


@pytest.mark.parametrize("urgent", [False, True])
async def test_a_pulse_without_an_answer_is_told_and_never_repeated(*, urgent: bool) -> None:
    async with bench(PULSE) as one:
        one.bank.answers = False
        await one.want(5, urgent=urgent, pump_2__run=True)
        one.bank.answers = True
        await one.want(30, urgent=urgent, pump_2__run=True)

        assert one.bank.writes(5) == 1
        (told,) = one.told("pump-2.run")
        assert "not known whether it was taken: it is not repeated" in told


async def test_a_pulse_that_was_too_late_to_leave_is_given_later() -> None:
    async with bench(PULSE) as one:
        one.water._clock = lambda: asyncio.get_running_loop().time() + 5.0  # noqa: SLF001
        await one.want(2, pump_2__run=True)
        assert one.bank.writes(5) == 0
        one.water._clock = asyncio.get_running_loop().time  # noqa: SLF001
        await one.want(2, pump_2__run=True)

        assert one.bank.writes(5) == 1


async def test_a_wish_beyond_the_register_becomes_the_nearest_that_it_can_be() -> None:
    async with bench(changed("pump-1.speed_pct", high=60.0)) as one:
        await one.want(5, pump_1__speed_pct=80.0, pump_1__run=True)

        assert one.bank.holdings[SPEED] == 6000
        assert one.bank.coils[RUN] is True
        assert (one.counts.failed, one.counts.verified) == (0, 2)


async def test_a_coarse_register_that_takes_the_nearest_step_has_obeyed() -> None:
    async with bench(changed("pump-1.speed_pct", scale=1.0)) as one:
        await one.want(20, pump_1__speed_pct=61.4)

        assert one.bank.holdings[SPEED] == 61
        assert one.bank.writes(16) == 1
        assert one.counts.failed == 0


async def test_a_register_that_is_seldom_written_waits_for_its_turn() -> None:
    async with bench(changed("pump-1.run", writes_per_s=0.1)) as one:
        for second in range(31):
            await one.want(1, pump_1__run=second % 2 == 0)

        assert one.bank.writes(5) == 3
        assert one.counts.failed == 0
