"""A WhatsMiner asked over a socket: readings, and every way in which there is none."""

import asyncio

import pytest

from drivers.cgminer.reading import MinerState
from drivers.errors import BadReply, NoAnswer
from tests.drivers.whatsminer.conftest import Make
from tests.drivers.whatsminer.said import (
    DEVICE,
    INFO,
    SETTING,
    STATUS,
    SUMMARY,
    frame,
    poll_answers,
    reply,
)

pytestmark = pytest.mark.real_sockets


async def test_a_poll_is_three_requests_over_one_connection(make: Make) -> None:
    unit = await make(*poll_answers())

    reading = await unit.miner.poll()

    assert unit.connections == 1
    assert unit.asked == [{"cmd": INFO}, {"cmd": STATUS, "param": "summary"}, {"cmd": SETTING}]
    assert (reading.state, reading.power_kw) == (MinerState.RUNNING, 7.29)
    assert (reading.inlet_c, reading.outlet_c, reading.chip_c) == (66.0, 76.5, 88.5)
    assert reading.details.power_pct == 80.0
    assert (unit.miner.power_pct, unit.miner.tuned) == (80.0, True)


async def test_firmware_without_settings_is_not_asked_for_them_again(make: Make) -> None:
    first, second, _ = poll_answers()
    unit = await make(first, second, reply(SETTING, "invalid command", -2), first, second)

    await unit.miner.poll()
    reading = await unit.miner.poll()

    assert [one["cmd"] for one in unit.asked] == [INFO, STATUS, SETTING, INFO, STATUS]
    assert reading.details.power_pct is None


async def test_a_stopped_unit_that_tells_no_summary_sleeps_by_its_supply(make: Make) -> None:
    idle = DEVICE | {
        "miner": DEVICE["miner"] | {"working": "false"},
        "power": {"pin": 24, "liquid-temperature": 55.0},
    }
    unit = await make(
        reply(INFO, idle, when=1_700_000_000),
        reply(STATUS, "fail", -1),
        reply(SETTING, {"power-percent": 0}),
    )

    reading = await unit.miner.poll()

    assert (reading.state, reading.power_kw) == (MinerState.ASLEEP, 0.024)
    assert (reading.hashrate_ths, reading.chip_c, reading.elapsed_s) == (None, None, 1.7e9)
    assert not unit.miner.tuned


async def test_firmware_that_hangs_up_after_each_reply_is_asked_over_new_connections(
    make: Make,
) -> None:
    unit = await make(*poll_answers())
    unit.closes = True

    reading = await unit.miner.poll()

    assert (reading.power_kw, reading.details.power_pct) == (7.29, 80.0)
    assert unit.connections == 3


async def test_who_it_is(make: Make) -> None:
    network = {"network": {"mac": "A0:5B:06:00:36:60"}}
    unit = await make(reply(INFO, DEVICE | network))

    who = await unit.miner.identify()

    assert (who.product, who.model, who.serial) == ("WhatsMiner", "M65S", "HTM65S1")
    assert (who.firmware, who.mac) == ("20260312.16.REL3", "A0:5B:06:00:36:60")


async def test_a_unit_that_says_nothing_is_given_up(make: Make) -> None:
    unit = await make()

    with pytest.raises(NoAnswer, match=r"no reply in 0\.5 s"):
        await unit.miner.poll()


async def test_nobody_there_is_no_answer(make: Make) -> None:
    unit = await make()
    unit.miner.port = 9

    with pytest.raises(NoAnswer):
        await unit.miner.poll()


async def test_a_heartbeat_before_the_reply_is_no_reply(make: Make) -> None:
    first, second, third = poll_answers()
    unit = await make(b"\0\0\0\0" + first, b"\0\0\0\0" + second, third)

    assert (await unit.miner.poll()).power_kw == 7.29


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"\xff\xff\xff\x7f{", "announced 2147483647"),
        (frame(b"{}"), "expected a code number"),
        (reply(STATUS, {}), f"expected its own reply, got one to '{STATUS}'"),
        (reply(INFO, {}) + reply(INFO, {}), "bytes came that nobody had asked for"),
        (reply(INFO, "ok"), "expected an object in msg"),
    ],
)
async def test_a_broken_reply_is_refused_by_name(make: Make, answer: bytes, told: str) -> None:
    unit = await make(answer, *poll_answers()[1:])

    with pytest.raises(BadReply, match=told):
        await unit.miner.poll()


async def test_a_reply_that_ends_within_its_frame_is_a_bad_one(make: Make) -> None:
    whole = poll_answers()[0]
    unit = await make(whole[:-5])
    unit.closes = True

    with pytest.raises(BadReply, match=f"hung up after {len(whole) - 5} bytes of a frame"):
        await unit.miner.poll()


async def test_a_reply_without_an_end_is_given_up(make: Make) -> None:
    unit = await make(poll_answers()[0][:-5])

    with pytest.raises(NoAnswer, match=r"no reply in 0\.5 s"):
        await unit.miner.poll()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("hash-realtime", -1.0),
        ("power-realtime", 90_000),
        ("power-realtime", "much"),
        ("hash-realtime", True),
        ("chip-temp-max", 900.0),
    ],
)
async def test_a_number_that_cannot_be_is_refused(make: Make, field: str, value: object) -> None:
    first, _, third = poll_answers()
    unit = await make(first, reply(STATUS, {"summary": SUMMARY | {field: value}}), third)

    with pytest.raises(BadReply, match=f"c01-001: {field}: expected"):
        await unit.miner.poll()


async def test_one_request_at_a_time(make: Make) -> None:
    unit = await make(*poll_answers(), *poll_answers())

    await asyncio.gather(unit.miner.poll(), unit.miner.poll())

    assert [one["cmd"] for one in unit.asked] == [INFO, STATUS, SETTING] * 2
