"""A WhatsMiner is ordered over a socket: what is signed, refused, not sent, and lost."""

import pytest

from drivers.cgminer.reading import MinerState
from drivers.errors import Busy, Misasked, NoAnswer, NotAllowed, Refused, TooLate, TooOften
from drivers.whatsminer.codec import NoPermission
from drivers.whatsminer.dialects import MONITORING_ONLY
from drivers.whatsminer.login import Login
from tests.drivers.whatsminer.conftest import Make
from tests.drivers.whatsminer.said import (
    DEVICE,
    INFO,
    LOGIN,
    SALT,
    STATUS,
    SUMMARY,
    poll_answers,
    reply,
)

pytestmark = pytest.mark.real_sockets


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
    assert unit.connections == 2, "an order may not be repeated: it has a connection of its own"


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


async def test_another_password_makes_another_token(make: Make) -> None:
    unit = await make(SALT, reply("set.miner.service"), login=Login("super", "wrong"))

    await unit.miner.sleep()

    right = LOGIN.token("set.miner.service", "px5hoXa9", 1_700_000_000)
    assert unit.asked[1]["token"] != right
