"""A miner asked over a socket: who it is, how it is, sleep and wake."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest

from drivers.cgminer.dialects import dialect_for
from drivers.cgminer.miner import Miner
from drivers.cgminer.reading import MinerState
from drivers.errors import BadReply, NoAnswer, Refused
from tests.drivers.cgminer.said import POLL, VERSION, as_reply, said

pytestmark = pytest.mark.real_sockets

Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter
Listen = Callable[[Callable[[Reader, Writer], Awaitable[None]]], Awaitable[int]]
Serve = Callable[..., Awaitable[tuple[Miner, list[dict[str, str]]]]]


async def test_a_poll_is_one_joined_request(serve: Serve) -> None:
    miner, asked = await serve(POLL)

    reading = await miner.poll()

    assert asked == [{"command": "summary+estats"}]
    assert (reading.state, reading.power_kw) == (MinerState.RUNNING, 3.348)


async def test_a_miner_without_a_dialect_takes_the_one_of_its_model(serve: Serve) -> None:
    miner, _ = await serve(as_reply(said(code=22, VERSION=[VERSION])))

    identity = await miner.identify()

    assert (identity.product, identity.model) == ("AvalonMiner 1346-110", "1346-110")
    assert (identity.serial, identity.mac, identity.firmware) == ("02ab", "0011", None)
    assert miner.dialect.name == "a1346"


async def test_a_given_dialect_is_kept(serve: Serve) -> None:
    accepted = dialect_for("A1566HA").accept()
    miner, _ = await serve(as_reply(said(code=22, VERSION=[VERSION])), dialect=accepted)

    await miner.identify()

    assert miner.dialect is accepted


@pytest.mark.parametrize("version", [None, [], [{"PROD": "x"}], [{"MODEL": 7}]])
async def test_a_version_without_a_model_is_a_bad_reply(serve: Serve, version: object) -> None:
    miner, _ = await serve(as_reply(said(code=22, VERSION=version)))

    with pytest.raises(BadReply, match=r"c01-001: expected .*version"):
        await miner.identify()


async def test_sleep_and_wake_send_what_the_dialect_says(serve: Serve) -> None:
    miner, asked = await serve(as_reply(said()), as_reply(said()), dialect=dialect_for("1346"))

    await miner.sleep()
    await miner.wake()

    assert asked == [
        {"command": "ascset", "parameter": "0,softoff"},
        {"command": "ascset", "parameter": "0,reboot,1"},
    ]


async def test_an_error_to_an_order_is_refused_in_the_miners_words(serve: Serve) -> None:
    answer = as_reply(said("E", 120, "ASC 0 set failed: softoff invalid"))
    miner, _ = await serve(answer, dialect=dialect_for("1346"))

    with pytest.raises(Refused, match="c01-001: ascset: E120 ASC 0 set failed: softoff invalid"):
        await miner.sleep()


async def test_an_answer_that_the_dialect_does_not_list_is_not_success(serve: Serve) -> None:
    answer = as_reply(said("I", 118, "ASC 0 set info: help|softoff|"))
    miner, _ = await serve(answer, dialect=dialect_for("1346"))

    with pytest.raises(Refused, match="expected S119, got I118 ASC 0 set info"):
        await miner.sleep()


@pytest.mark.parametrize("model", ["A1566HA", "Nano3s"])
async def test_a_model_nobody_has_accepted_gets_no_order(serve: Serve, model: str) -> None:
    miner, asked = await serve(dialect=dialect_for(model))

    with pytest.raises(Refused, match="may not sleep"):
        await miner.sleep()
    with pytest.raises(Refused, match="may not wake"):
        await miner.wake()

    assert asked == []


@pytest.mark.parametrize(
    ("firmware", "parameter", "answer"),
    [
        ("26020101_0", "0,workmode,set,2", said()),
        ("26030101_0", "0,workmode,2", said("I", 118, "ASC 0 set info: WORKMODE[2]")),
    ],
)
async def test_a_work_mode_is_ordered_by_name_as_the_dialect_says(
    serve: Serve, firmware: str, parameter: str, answer: dict[str, object]
) -> None:
    miner, asked = await serve(as_reply(answer), dialect=dialect_for("1566HA", firmware).accept())

    await miner.set_mode("boost")

    assert asked == [{"command": "ascset", "parameter": parameter}]


@pytest.mark.parametrize(
    ("model", "firmware", "mode", "known"),
    [
        ("1566HA", "26020101_0", "turbo", "eco, normal, boost"),
        ("1566HA", "26010101_0", "eco", "none"),
        ("1346", "", "eco", "none"),
        ("S21 Hyd", "", "eco", "none"),
    ],
)
async def test_a_mode_that_the_dialect_does_not_know_is_refused_before_a_byte_leaves(
    serve: Serve, model: str, firmware: str, mode: str, known: str
) -> None:
    miner, asked = await serve(dialect=dialect_for(model, firmware).accept())

    with pytest.raises(Refused, match=f"can set {known}$"):
        await miner.set_mode(mode)

    assert not asked


async def test_a_unit_nobody_has_accepted_gets_no_mode(serve: Serve) -> None:
    miner, asked = await serve(dialect=dialect_for("1566HA", "26020101_0"))

    with pytest.raises(Refused, match="may not set mode eco"):
        await miner.set_mode("eco")

    assert not asked


async def test_a_unit_that_calibrates_refuses_a_mode_in_its_own_words(serve: Serve) -> None:
    refusal = said("E", 120, "ASC 0 set failed: current mode 1 is caling")
    dialect = dialect_for("1566HA", "26020101_0").accept()
    miner, _ = await serve(as_reply(refusal), dialect=dialect)

    with pytest.raises(Refused, match="current mode 1 is caling"):
        await miner.set_mode("eco")


async def test_a_unit_without_a_list_of_words_is_a_bad_reply(serve: Serve) -> None:
    miner, _ = await serve(as_reply(said("I", 118, "ASC 0 set info: ")))

    with pytest.raises(BadReply, match="expected a list of words"):
        await miner.capabilities()


async def test_a_lost_reply_to_an_order_is_no_answer_and_sent_once(serve: Serve) -> None:
    miner, asked = await serve(b"", dialect=dialect_for("1346"))

    with pytest.raises(NoAnswer):
        await miner.wake()

    assert len(asked) == 1


async def test_garbage_is_a_bad_reply_with_the_miners_name(serve: Serve) -> None:
    miner, _ = await serve(b"\x00\x01garbage")

    with pytest.raises(BadReply, match="c01-001"):
        await miner.poll()


async def test_a_miner_is_asked_one_thing_at_a_time(listen: Listen) -> None:
    open_now, most = 0, 0

    async def handler(reader: Reader, writer: Writer) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await reader.read(4095)
        # Long enough for a second request to come, if one were on its way.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.02):
                await reader.read(4095)
        open_now -= 1
        writer.write(POLL)

    miner = Miner("c01-001", "127.0.0.1", await listen(handler))

    async with asyncio.TaskGroup() as group:
        for n in range(4):
            group.create_task(miner.poll(), name=f"poll {n}")

    assert most == 1
