"""The link to a serial device breaks by the same names."""

import asyncio

import pytest

from simulators.meters import HeatMeter
from simulators.wire.bank import Bank
from simulators.wire.layouts.meters import HEAT_METER
from simulators.wire.link import Link, LooseLinks
from simulators.wire.serial import checksum, serve_serial

HERE = ("127.9.5.3", 502)


def sealed(text: str) -> bytes:
    frame = bytes.fromhex(text)
    return frame + checksum(frame)


READ = sealed("07 04 000c 0004")
REPLY = sealed("07 04 08 043b 5fc1 4e01 0064")


async def ask(verb: str, times: int = 1) -> list[tuple[bytes, float]]:
    """What comes back for each request, and after how long the last byte of it."""
    loop = asyncio.get_running_loop()
    links = LooseLinks()
    links.set("meter", verb)
    bank = Bank(HEAT_METER, HeatMeter(), loop.time)
    told = []
    async with serve_serial({7: bank}, HERE, "meter", Link(links, {7: "meter"})):
        reader, writer = await asyncio.open_connection(*HERE)
        for _ in range(times):
            writer.write(READ)
            begun_s, heard, last_s = loop.time(), b"", 0.0
            try:
                async with asyncio.timeout(5.0):
                    while piece := await reader.read(100):
                        heard, last_s = heard + piece, loop.time() - begun_s
            except (TimeoutError, ConnectionError):
                pass
            told.append((heard, last_s))
        writer.transport.abort()
    return told


@pytest.mark.parametrize(
    ("verb", "reply"),
    [
        ("ok", REPLY),
        ("stuck", b""),
        ("wrong-transaction", REPLY),
        ("wrong-unit", sealed("47 04 08 043b 5fc1 4e01 0064")),
        ("fewer-registers", sealed("07 04 06 043b 5fc1 4e01")),
        ("odd-registers", sealed("07 04 09 043b 5fc1 4e01 0064 00")),
        ("other-function", sealed("07 03 08 043b 5fc1 4e01 0064")),
        ("exception:6", sealed("07 84 06")),
        ("bad-protocol", REPLY[:-1] + bytes((REPLY[-1] ^ 0xFF,))),
        ("length", REPLY[:-1] + bytes((REPLY[-1] ^ 0xFF,))),
        ("duplicate", REPLY + REPLY),
        ("half-frame-fin", REPLY[: len(REPLY) // 2]),
    ],
)
async def test_an_answer_on_the_bus_is_so(verb: str, reply: bytes) -> None:
    ((told, _),) = await ask(verb)

    assert told == reply


async def test_garbage_has_no_right_checksum() -> None:
    ((told, _),) = await ask("garbage")

    assert told
    assert told[-2:] != checksum(told[:-2])


@pytest.mark.parametrize(
    ("verb", "after_s"), [("slow:0.02", 0.02 * len(REPLY)), ("delayed:2", 2.0)]
)
async def test_an_answer_on_the_bus_takes_its_time(verb: str, after_s: float) -> None:
    ((told, took_s),) = await ask(verb)

    assert told == REPLY
    assert took_s == pytest.approx(after_s, abs=0.001)


async def test_a_late_answer_on_the_bus_cannot_be_told_from_the_right_one() -> None:
    first, second = await ask("late-answer", times=2)

    assert (first[0], second[0]) == (REPLY, REPLY + REPLY)
