from dataclasses import replace

import pytest

from tests.field.bench_plant import bench_plant, running
from tests.field.hands import Hands, decision, hands_on_a_plant


async def test_only_what_differs_counts_and_it_is_read_back() -> None:
    async with hands_on_a_plant() as hands:
        same = hands.ordered("pump-2.speed_pct")
        await hands.want(decision(pump_1__speed_pct=91.0, pump_2__speed_pct=same))

        counts = hands.counts
        assert hands.ordered("pump-1.speed_pct") == pytest.approx(91.0)
        assert (counts.sent, counts.verified, counts.failed) == (1, 1, 0)


async def test_nothing_is_written_while_nothing_may_be() -> None:
    async with hands_on_a_plant() as hands:
        before = hands.set_points()
        wish = replace(decision(pump_1__speed_pct=91.0), writing=False)
        await hands.want(wish, 5)

        assert hands.set_points() == before
        assert hands.counts.sent == 0
        assert hands.shown("plc.epoch") == 0.0, "the watchdog of the PLC was never armed"


async def test_every_decision_is_a_heartbeat_also_when_nothing_differs() -> None:
    async with hands_on_a_plant() as hands:
        before = hands.set_points()
        ages_s = []
        for _ in range(30):
            await hands.want(decision())
            ages_s.append(hands.shown("plc.controller_age_s"))

        assert max(ages_s) <= 1.0
        assert hands.shown("plc.local_automatic") is False
        assert hands.shown("plc.epoch") == 1.0
        assert hands.set_points() == before, "what is not wanted keeps what it has"
        assert hands.counts.sent == 0


async def test_who_falls_silent_loses_the_plant_and_a_newer_epoch_has_it_again() -> None:
    async with hands_on_a_plant() as hands:
        await hands.want(decision(epoch=1), 3)
        await hands.plant.pass_time(12.0)
        assert hands.shown("plc.local_automatic") is True
        await hands.want(decision(epoch=1, pump_1__speed_pct=97.0), 3)
        assert hands.shown("plc.local_automatic") is True
        assert hands.ordered("pump-1.speed_pct") != 97.0

        await hands.want(decision(epoch=2, pump_1__speed_pct=97.0), 2)

        assert hands.shown("plc.local_automatic") is False
        assert hands.ordered("pump-1.speed_pct") == 97.0
        assert [event.text for event in hands.counts.news if "refuses" in event.text]


async def test_a_refusal_is_told_once_and_no_coil_follows_a_refused_frame() -> None:
    async with hands_on_a_plant() as hands:
        await hands.want(decision(epoch=9), 2)
        await hands.want(decision(epoch=5, container_01__contactor_close=False), 5)

        assert hands.ordered("container-01.contactor_close") is True
        assert sum("refuses our orders" in event.text for event in hands.counts.news) == 1


async def test_coils_follow_the_set_points() -> None:
    async with hands_on_a_plant() as hands:
        wish = decision(pump_1__speed_pct=88.0, container_01__contactor_close=False)
        await hands.want(wish)

        assert hands.ordered("pump-1.speed_pct") == 88.0
        assert hands.ordered("container-01.contactor_close") is False
        assert hands.counts.verified == 2


async def test_a_set_point_that_nobody_knows_holds_the_frame_back() -> None:
    async with bench_plant() as plant:
        hands = Hands(plant)
        async with running(hands.water.run()):
            await hands.want(decision(pump_1__speed_pct=91.0), 3)

        assert hands.shown("plc.epoch") == 0.0
        assert hands.ordered("pump-1.speed_pct") != 91.0


async def test_without_an_epoch_nothing_is_written() -> None:
    async with hands_on_a_plant() as hands:
        before = hands.set_points()
        wish = decision(epoch=None, pump_1__speed_pct=91.0, container_01__contactor_close=False)
        await hands.want(wish, 3)

        assert hands.set_points() == before
        assert hands.ordered("container-01.contactor_close") is True


async def test_an_order_older_than_two_seconds_is_dropped_and_counted() -> None:
    async with hands_on_a_plant() as hands:
        hands.behind_s = 2.5
        await hands.want(decision(pump_1__speed_pct=91.0), 3)
        assert hands.ordered("pump-1.speed_pct") != 91.0
        assert hands.counts.dropped == 3

        hands.behind_s = 0.0
        await hands.want(decision(pump_1__speed_pct=91.0))

        assert hands.ordered("pump-1.speed_pct") == 91.0


async def test_what_waits_for_its_turn_while_the_program_stands_still_is_not_sent() -> None:
    async with hands_on_a_plant() as hands:
        hands.water.apply(decision(pump_1__speed_pct=91.0), hands.eyes.snapshot())
        # The program stands still after the decision and before the socket.
        hands.behind_s = 15.0
        await hands.plant.pass_time(1.0)

        assert hands.ordered("pump-1.speed_pct") != 91.0
        assert hands.shown("plc.epoch") == 0.0


async def test_a_decision_not_to_write_takes_the_waiting_orders_back() -> None:
    async with hands_on_a_plant() as hands:
        hands.water.apply(decision(pump_1__speed_pct=91.0), hands.eyes.snapshot())
        hands.water.apply(replace(decision(), writing=False), hands.eyes.snapshot())
        await hands.plant.pass_time(1.0)

        assert hands.ordered("pump-1.speed_pct") != 91.0


async def test_a_war_of_writes_ends_after_three_rewrites_and_is_told() -> None:
    async with hands_on_a_plant() as hands:
        point = "container-01.contactor_close"
        lost = 0
        for _ in range(20):
            await hands.want(decision(container_01__contactor_close=False))
            if hands.ordered(point) is False:
                lost += 1
                # Somebody else writes too.
                hands.plant.world.plc.command(point, value=True)
                await hands.plant.pass_time(1.5)

        assert lost == 4
        assert hands.counts.left == {point}
        told = [event.text for event in hands.counts.news if event.source == point]
        assert len(told) == 2
        assert "changed by somebody else from off to on; off is wanted" in told[0]
        assert "written 4 times and left" in told[1]
        assert hands.counts.foreign == 4


async def test_a_set_point_that_creeps_is_followed_and_never_taken_for_somebody_elses() -> None:
    async with hands_on_a_plant() as hands:
        speed_pct = 70.0
        for second in range(60):
            # A step now and then, and in between less than is worth a write of its own.
            speed_pct += 1.0 if second % 10 == 0 else 0.06
            await hands.want(decision(pump_1__speed_pct=speed_pct))

        assert hands.ordered("pump-1.speed_pct") == pytest.approx(speed_pct, abs=0.01)
        assert hands.counts.failed == 0
        assert not hands.counts.left


async def test_a_stop_is_never_given_up() -> None:
    async with hands_on_a_plant() as hands:
        point = "container-01.contactor_close"
        wish = decision(urgent=True, container_01__contactor_close=False)
        for _ in range(10):
            await hands.want(wish)
            hands.plant.world.plc.command(point, value=True)
            await hands.plant.pass_time(1.5)
        await hands.want(wish)

        assert hands.ordered(point) is False


async def test_a_new_wish_is_tried_although_the_old_one_was_left() -> None:
    async with hands_on_a_plant() as hands:
        point = "container-01.contactor_close"
        for _ in range(8):
            await hands.want(decision(container_01__contactor_close=False))
            hands.plant.world.plc.command(point, value=True)
            await hands.plant.pass_time(1.5)
        await hands.want(decision(container_01__contactor_close=True))
        await hands.want(decision(container_01__contactor_close=False))

        assert hands.ordered(point) is False
        assert not hands.counts.left


async def test_the_heartbeat_is_never_zero_nor_twice_the_same() -> None:
    async with hands_on_a_plant() as hands:
        hands.water._owner.heartbeat = 65_533  # noqa: SLF001 - days of beating
        await hands.want(decision(), 6)

        assert hands.shown("plc.controller_age_s") <= 1.0
        assert not hands.counts.news
