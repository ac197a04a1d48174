"""A WhatsMiner asked over a socket: readings, orders, and everything that goes wrong."""

import asyncio
from typing import Any

import pytest

from drivers.cgminer.reading import MinerState
from drivers.errors import (
    BadReply,
    Busy,
    Misasked,
    NoAnswer,
    NotAllowed,
    Refused,
    TooLate,
    TooOften,
)
from drivers.whatsminer.codec import NoPermission
from drivers.whatsminer.dialects import MONITORING_ONLY
from drivers.whatsminer.login import Login
from tests.drivers.whatsminer.conftest import LOGIN, Make, frame, reply

pytestmark = pytest.mark.real_sockets

INFO, STATUS, SETTING = "get.device.info", "get.miner.status", "get.miner.setting"
SALT = reply(INFO, {"salt": "px5hoXa9"}, when=1_700_000_000)
SUMMARY: dict[str, Any] = {
    "hash-realtime": 390.5,
    "power-realtime": 7_290,
    "up-freq-finish": 1,
    "bootup-time": 4_000,
    "environment-temperature": 66.0,
    "chip-temp-max": 88.5,
}
DEVICE: dict[str, Any] = {
    "miner": {"working": "true", "type": "M65S_VL40", "miner-sn": "HTM65S1"},
    "system": {"api": "3.0.5", "fwversion": "20260312.16.REL3", "apiswitch": "1"},
    "power": {"pin": 7_300, "liquid-temperature": 76.5},
    "salt": "px5hoXa9",
}


def poll_answers(setting: int = 80) -> tuple[bytes, bytes, bytes]:
    """Three replies of a unit at full work."""
    return (
        reply(INFO, DEVICE),
        reply(STATUS, {"summary": SUMMARY}),
        reply(SETTING, {"power-percent": setting}),
    )


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


async def test_who_it_is(make: Make) -> None:
    network = {"network": {"mac": "A0:5B:06:00:36:60"}}
    unit = await make(reply(INFO, DEVICE | network))

    who = await unit.miner.identify()

    assert (who.product, who.model, who.serial) == ("WhatsMiner", "M65S", "HTM65S1")
    assert (who.firmware, who.mac) == ("20260312.16.REL3", "A0:5B:06:00:36:60")


async def test_whether_orders_are_on_is_asked_and_never_assumed(make: Make) -> None:
    off = {"system": DEVICE["system"] | {"apiswitch": "0"}}
    unit = await make(reply(INFO, off))

    assert await unit.miner.capabilities() == ("api 3.0.5", "orders off")
    assert unit.asked == [{"cmd": INFO, "param": "system"}]


@pytest.mark.parametrize(("verb", "param"), [("sleep", "stop"), ("wake", "start")])
async def test_an_order_is_signed_with_the_salt_and_the_clock_of_the_unit(
    make: Make, verb: str, param: str
) -> None:
    unit = await make(SALT, reply("set.miner.service"))

    await getattr(unit.miner, verb)()

    assert unit.asked[0] == {"cmd": INFO, "param": "salt"}
    assert unit.asked[1] == {
        "cmd": "set.miner.service",
        "param": param,
        "ts": 1_700_000_000,
        "token": LOGIN.token("set.miner.service", "px5hoXa9", 1_700_000_000),
        "account": "super",
    }
    assert unit.connections == 1


async def test_every_order_asks_for_the_salt_anew(make: Make) -> None:
    changed = reply(INFO, {"salt": "QbVy1Ou3"}, when=1_700_000_009)
    unit = await make(SALT, reply("set.miner.service"), changed, reply("set.miner.service"))

    await unit.miner.sleep()
    await unit.miner.wake()

    assert unit.asked[3]["token"] == LOGIN.token("set.miner.service", "QbVy1Ou3", 1_700_000_009)


async def test_a_power_is_a_percentage_in_a_text_with_its_speed(make: Make) -> None:
    unit = await make(*poll_answers(), SALT, reply("set.miner.power_percent"))
    await unit.miner.poll()

    await unit.miner.set_power_pct(63)

    assert unit.asked[-1]["param"] == {"percent": "63", "mode": "normal"}


async def test_a_power_may_also_be_watts(make: Make) -> None:
    unit = await make(*poll_answers(), SALT, reply("set.miner.power"))
    await unit.miner.poll()

    await unit.miner.set_power_w(5_000)

    assert (unit.asked[-1]["cmd"], unit.asked[-1]["param"]) == ("set.miner.power", 5_000)


@pytest.mark.parametrize("percent", [-1, 0, 49, 101, 200])
async def test_a_power_out_of_range_is_not_sent(make: Make, percent: int) -> None:
    unit = await make(*poll_answers())
    await unit.miner.poll()

    with pytest.raises(NotAllowed, match=rf"power {percent} %: expected 50 to 100"):
        await unit.miner.set_power_pct(percent)
    assert len(unit.asked) == 3


@pytest.mark.parametrize("power_w", [0, 3_653, 7_309])
async def test_watts_out_of_range_are_not_sent(make: Make, power_w: int) -> None:
    unit = await make()

    with pytest.raises(NotAllowed, match="expected 3654 to 7308"):
        await unit.miner.set_power_w(power_w)
    assert unit.asked == []


async def test_a_power_is_not_set_before_the_frequencies_are_found(make: Make) -> None:
    first, _, third = poll_answers()
    ramping = reply(STATUS, {"summary": SUMMARY | {"up-freq-finish": 0}})
    unit = await make(first, ramping, third)

    reading = await unit.miner.poll()

    assert reading.state is MinerState.CALIBRATING
    with pytest.raises(Refused, match="has not found its frequencies"):
        await unit.miner.set_power_pct(70)


async def test_a_power_is_not_set_twice_in_ten_seconds(make: Make) -> None:
    unit = await make(*poll_answers(), SALT, reply("set.miner.power_percent"))
    await unit.miner.poll()
    await unit.miner.set_power_pct(63)

    with pytest.raises(TooOften, match="not sent"):
        await unit.miner.set_power_pct(64)
    assert len(unit.asked) == 5


async def test_without_a_login_it_is_only_read(make: Make) -> None:
    unit = await make(login=None)

    with pytest.raises(Refused, match="no login"):
        await unit.miner.sleep()
    assert unit.connections == 0


async def test_an_unknown_model_is_only_read(make: Make) -> None:
    unit = await make()
    unit.miner.dialect = MONITORING_ONLY.accept()

    with pytest.raises(Refused, match="dialect monitoring-only may not"):
        await unit.miner.sleep()
    assert unit.connections == 0


@pytest.mark.parametrize(
    ("code", "kind"),
    [(-1, Refused), (-2, Misasked), (-3, Misasked), (-4, NoPermission), (-5, Busy)],
)
async def test_a_refused_order_is_told_by_name_and_without_a_secret(
    make: Make, code: int, kind: type[Refused]
) -> None:
    unit = await make(SALT, reply("set.miner.service", "its words", code))

    with pytest.raises(kind, match=rf"c01-001: set.miner.service: code {code} .*its words") as no:
        await unit.miner.sleep()

    assert LOGIN.password not in str(no.value)
    assert str(unit.asked[1]["token"]) not in str(no.value)


async def test_an_order_that_is_not_meant_any_more_does_not_leave(make: Make) -> None:
    unit = await make(SALT)

    with pytest.raises(TooLate):
        await unit.miner.sleep(lambda: False)
    assert [one["cmd"] for one in unit.asked] == [INFO]


async def test_a_lost_reply_to_an_order_is_no_answer_and_it_left_once(make: Make) -> None:
    unit = await make(SALT)
    unit.hang_up_after = 1

    with pytest.raises(NoAnswer, match="hung up without a word"):
        await unit.miner.sleep()
    assert [one["cmd"] for one in unit.asked] == [INFO, "set.miner.service"]


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


async def test_another_password_makes_another_token(make: Make) -> None:
    unit = await make(SALT, reply("set.miner.service"), login=Login("super", "wrong"))

    await unit.miner.sleep()

    right = LOGIN.token("set.miner.service", "px5hoXa9", 1_700_000_000)
    assert unit.asked[1]["token"] != right
