"""What only some families of miners need: short telemetry, orders with a time, levels."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from drivers.cgminer.dialects import dialect_for
from drivers.cgminer.miner import Miner
from drivers.cgminer.reading import MinerState
from drivers.errors import Refused
from tests.drivers.cgminer.said import POLL, TEXT, VERSION, as_reply, said

pytestmark = pytest.mark.real_sockets

Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter
Listen = Callable[[Callable[[Reader, Writer], Awaitable[None]]], Awaitable[int]]
Serve = Callable[..., Awaitable[tuple[Miner, list[dict[str, str]]]]]

FLAT = as_reply(
    {
        "summary": [said(code=11, SUMMARY=[{"Elapsed": 370}])],
        "litestats": [said(code=70, STATS=[{"MM ID0:Summary": f"'STATS':{{{TEXT}}}"}])],
    }
)
EMPTY = as_reply(
    {
        "summary": [said(code=11, SUMMARY=[{"Elapsed": 370}])],
        "estats": [said(code=70, STATS=[{"MM ID0:Summary": "'STATS':{}"}])],
    }
)


async def test_a_unit_that_leaves_its_telemetry_out_is_asked_for_the_short_one_from_then_on(
    serve: Serve,
) -> None:
    miner, asked = await serve(EMPTY, FLAT, FLAT)

    first, second = await miner.poll(), await miner.poll()

    assert [one["command"] for one in asked] == ["summary+estats"] + ["summary+litestats"] * 2
    assert first.power_kw == second.power_kw == 3.348


async def test_a_dialect_may_ask_for_the_short_telemetry_at_once(serve: Serve) -> None:
    miner, asked = await serve(FLAT, dialect=dialect_for("Q"))

    await miner.poll()

    assert [one["command"] for one in asked] == ["summary+litestats"]


async def test_an_order_with_a_time_is_stamped_by_the_units_own_clock(serve: Serve) -> None:
    answer = said("I", 118, "ASC 0 set info: success softoff:1753434821")
    version = said(code=22, VERSION=[VERSION], when=1_753_434_816)
    miner, asked = await serve(
        as_reply(version), as_reply(answer), dialect=dialect_for("Q").accept()
    )

    await miner.sleep()

    assert asked == [
        {"command": "version"},
        {"command": "ascset", "parameter": "0,softoff,1:1753434821"},
    ]


@pytest.mark.parametrize(
    ("when", "ours_s", "because"),
    [
        (978, None, "expected a date"),
        (1_753_434_816, 1_753_434_819.5, "-4 s off, expected within 2 s"),
    ],
)
async def test_an_order_with_a_time_is_not_given_to_a_unit_whose_clock_is_wrong(
    listen: Listen, when: int, ours_s: float | None, because: str
) -> None:
    asked: list[bytes] = []

    async def handler(reader: Reader, writer: Writer) -> None:
        asked.append(await reader.read(4095))
        writer.write(as_reply(said(code=22, VERSION=[VERSION], when=when)))

    utc_s = None if ours_s is None else lambda: ours_s
    accepted = dialect_for("Q").accept()
    miner = Miner("c01-001", "127.0.0.1", await listen(handler), accepted, utc_s=utc_s)

    with pytest.raises(Refused, match=because):
        await miner.wake()

    assert asked == [b'{"command":"version"}']


async def test_information_that_does_not_tell_the_success_is_not_taken_for_it(
    serve: Serve,
) -> None:
    version = said(code=22, VERSION=[VERSION], when=1_753_434_816)
    answer = said("I", 118, "ASC 0 set info: help|softoff|")
    dialect = dialect_for("Q").accept()
    miner, _ = await serve(as_reply(version), as_reply(answer), dialect=dialect)

    with pytest.raises(Refused, match="success softoff"):
        await miner.sleep()


async def test_a_level_is_ordered_where_the_dialect_knows_it(serve: Serve) -> None:
    miner, asked = await serve(as_reply(said()), dialect=dialect_for("Mini3").accept())

    await miner.set_level(-1)
    with pytest.raises(Refused, match="expected -1 to 0"):
        await miner.set_level(3)

    assert asked == [{"command": "ascset", "parameter": "0,worklevel,set,-1"}]


async def test_a_model_without_levels_refuses_one_before_a_byte_leaves(serve: Serve) -> None:
    miner, asked = await serve(dialect=dialect_for("1346"))

    with pytest.raises(Refused, match="a1346 can set none"):
        await miner.set_level(0)

    assert not asked


async def test_a_unit_that_was_seen_calibrating_gets_no_other_mode(serve: Serve) -> None:
    calibrating = POLL.replace(b"SoftOFF[0]", b"SoftOFF[0] ADJ[0]")
    miner, asked = await serve(calibrating, dialect=dialect_for("1566HA", "26020101_0").accept())
    reading = await miner.poll()

    with pytest.raises(Refused, match="calibrates, and takes no other mode"):
        await miner.set_mode("eco")

    assert reading.state is MinerState.CALIBRATING
    assert len(asked) == 1
