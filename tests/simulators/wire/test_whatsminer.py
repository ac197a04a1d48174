"""The simulated WhatsMiner's door, by bytes alone: frames, clients, tokens and refusals."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from simulators.description import Container, PlantDescription, whatsminer
from simulators.wire.listen import serve_whatsminers
from simulators.wire.whatsminer import Access
from simulators.world import World

PLACE = ("127.9.1.1", 4433)
CLOCK_S = 1_800_000_000
ACCESS = Access("geheim 12")
MODEL = whatsminer("M65S", 7.308, 0.03)
SALT_ORDER = "set.miner.service"


@asynccontextmanager
async def served() -> AsyncIterator[World]:
    """One unit at full work."""
    plant = PlantDescription((Container("container-01", 1, MODEL),), warm_heat_kw=7.0)
    world = World(plant, 7)
    door = serve_whatsminers(
        world.fleet, (MODEL,), (PLACE,), world.faults, (ACCESS,), lambda: CLOCK_S
    )
    async with door:
        yield world


def frame(request: object) -> bytes:
    body = request if isinstance(request, bytes) else json.dumps(request).encode()
    return len(body).to_bytes(4, "little") + body


async def said(reader: asyncio.StreamReader) -> dict[str, Any]:
    async with asyncio.timeout(5.0):
        head = await reader.readexactly(4)
        body = await reader.readexactly(int.from_bytes(head, "little"))
    found: dict[str, Any] = json.loads(body)
    return found


async def ask(*requests: object) -> list[dict[str, Any]]:
    """The replies to requests over one connection."""
    reader, writer = await asyncio.open_connection(*PLACE)
    replies = []
    for request in requests:
        writer.write(frame(request))
        replies.append(await said(reader))
    writer.close()
    return replies


async def signed(command: str, param: object, **changed: object) -> dict[str, Any]:
    """The reply to an order that is signed as it should be, but for what is changed."""
    (told,) = await ask({"cmd": "get.device.info", "param": "salt"})
    stamp = int(str(changed.pop("ts", CLOCK_S)))
    token = ACCESS.token(command, told["msg"]["salt"], stamp)
    order = {"cmd": command, "param": param, "ts": stamp, "token": token, "account": "super"}
    (reply,) = await ask(order | changed)
    return reply


async def test_one_connection_serves_many_requests_and_heartbeats() -> None:
    async with served():
        reader, writer = await asyncio.open_connection(*PLACE)
        both = frame({"cmd": "get.miner.status", "param": "summary"})
        writer.write(b"\0\0\0\0" + both[:7])
        writer.write(both[7:] + both)

        first, second = await said(reader), await said(reader)

        assert first == second
        assert first["desc"] == "get.miner.status"
        assert first["msg"]["summary"]["up-freq-finish"] == 1
        writer.close()


@pytest.mark.parametrize(
    ("request_", "code", "msg"),
    [
        (b"{", -3, "invalid json"),
        (b"[" * 5_000, -3, "invalid json"),
        (b"[]", -3, "cmd item is null"),
        ({"cmd": "restart"}, -2, "invalid command"),
        ({"cmd": "get.device.info", "param": "secrets"}, -1, "invalid param"),
        ({"cmd": "get.miner.status", "param": "summary+all"}, -1, "invalid param"),
        ({"cmd": "set.miner.service", "param": "stop"}, -4, "no permission"),
    ],
)
async def test_what_it_does_not_understand_or_allow(request_: object, code: int, msg: str) -> None:
    async with served():
        (reply,) = await ask(request_)

        assert (reply["code"], reply["msg"]) == (code, msg)


async def test_a_status_without_a_filter_holds_nothing() -> None:
    async with served():
        (reply,) = await ask({"cmd": "get.miner.status"})

        assert (reply["code"], reply["msg"]) == (0, {})


@pytest.mark.parametrize(
    "changed",
    [
        {"ts": CLOCK_S - 61},
        {"ts": CLOCK_S + 61},
        {"ts": str(CLOCK_S)},
        {"token": "AAAAAAAA"},
        {"account": "admin"},
        {"account": None},
    ],
    ids=["expired", "from the future", "a text", "foreign", "admin", "nobody"],
)
async def test_a_token_that_does_not_fit_is_no_permission(changed: dict[str, Any]) -> None:
    async with served() as world:
        text = isinstance(changed.get("ts"), str)
        reply = await (_with_text(changed) if text else signed(SALT_ORDER, "stop", **changed))

        assert (reply["code"], reply["msg"]) == (-4, "no permission")
        assert not world.fleet.commands


async def _with_text(changed: dict[str, Any]) -> dict[str, Any]:
    (told,) = await ask({"cmd": "get.device.info", "param": "salt"})
    token = ACCESS.token(SALT_ORDER, told["msg"]["salt"], CLOCK_S)
    order = {"cmd": SALT_ORDER, "param": "stop", "token": token, "account": "super"}
    (reply,) = await ask(order | changed)
    return reply


@pytest.mark.parametrize(
    ("command", "param", "code"),
    [
        ("set.miner.service", "stop", 0),
        ("set.miner.service", "enable", 0),
        ("set.miner.service", "explode", -1),
        ("set.miner.service", None, -3),
        ("set.miner.power_percent", {"percent": "80", "mode": "fast"}, 0),
        ("set.miner.power_percent", {"percent": 80, "mode": "fast"}, -3),
        ("set.miner.power_percent", {"percent": "101", "mode": "fast"}, -1),
        ("set.miner.power_percent", {"percent": "80", "mode": "soon"}, -1),
        ("set.miner.power", 5_000, 0),
        ("set.miner.power", 0, -1),
        ("set.miner.power", "5000", -3),
        ("set.system.reboot", None, 0),
    ],
)
async def test_an_order_by_its_parameter(command: str, param: object, code: int) -> None:
    async with served():
        assert (await signed(command, param))["code"] == code


async def test_no_share_of_power_before_the_frequencies_are_found() -> None:
    async with served() as world:
        await signed("set.miner.service", "restart")
        world.step(1.0)

        reply = await signed("set.miner.power_percent", {"percent": "80", "mode": "fast"})

        assert (reply["code"], reply["msg"]) == (-1, "up freq not finish")


async def test_the_eleventh_client_is_sent_away() -> None:
    async with served():
        inside = [await asyncio.open_connection(*PLACE) for _ in range(10)]
        reader, writer = await asyncio.open_connection(*PLACE)
        async with asyncio.timeout(5.0):
            with pytest.raises(ConnectionResetError):
                await reader.read()
        writer.close()

        inside[0][1].close()
        await asyncio.sleep(0.1)
        assert (await ask({"cmd": "get.miner.setting"}))[0]["code"] == 0
        for _, client in inside:
            client.close()


async def test_who_says_nothing_for_five_minutes_is_dropped() -> None:
    async with served():
        reader, writer = await asyncio.open_connection(*PLACE)
        began_s = asyncio.get_running_loop().time()

        with pytest.raises(ConnectionResetError):
            await reader.read()

        assert asyncio.get_running_loop().time() - began_s == pytest.approx(300.0, abs=1.0)
        writer.close()


async def test_a_request_that_goes_on_for_ever_is_not_read() -> None:
    async with served():
        reader, writer = await asyncio.open_connection(*PLACE)
        writer.write(b"\xff\xff\xff\x7f{")

        async with asyncio.timeout(5.0):
            with pytest.raises(ConnectionResetError):
                await reader.read()
        writer.close()


def test_a_password_shows_up_in_no_text() -> None:
    assert "geheim" not in repr(ACCESS)
