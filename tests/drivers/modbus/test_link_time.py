"""One connection on virtual time: slow, silent, torn and lost devices."""

import asyncio
from contextlib import suppress
from random import Random

import pytest

from drivers.errors import BadReply, NoAnswer, Resting
from drivers.modbus.connection import Framing
from drivers.modbus.device import ModbusDevice
from drivers.modbus.link import ModbusLink
from drivers.modbus.profile import Profile
from drivers.modbus.register import Register
from tests.drivers.modbus.oracle import rtu
from tests.drivers.modbus.served import (
    PLACE,
    WORDS,
    Server,
    at_once,
    byte_by_byte,
    in_s,
    never,
    now_s,
    served,
)


@pytest.mark.parametrize("framing", ["tcp", "rtu_over_tcp"])
async def test_an_answer_byte_by_byte_is_ended_by_the_total_time(framing: Framing) -> None:
    async with served(byte_by_byte, framing, total_s=0.5) as (_, link):
        with pytest.raises(NoAnswer, match=r"no answer in 0\.5 s"):
            await link.read("input", 0, 2, unit=1)

        assert now_s() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("framing", ["tcp", "rtu_over_tcp"])
async def test_both_framings_read_and_keep_their_connection(framing: Framing) -> None:
    async with served(at_once, framing) as (server, link):
        for _ in range(3):
            assert await link.read("input", 0, 2, unit=9) == [0x0102, 0x0304]

        assert len(server.connections_s) == 1
        assert (link.counts.requests, link.counts.answers) == (3, 3)


async def test_a_late_serial_answer_is_never_taken_for_the_next_one() -> None:
    async def late_once(writer: asyncio.StreamWriter, number: int, frame: bytes) -> None:
        if number == 1:
            await asyncio.sleep(1.1)
            frame = rtu(frame[:3] + b"\x66\x66\x66\x66")
        if not writer.is_closing():
            writer.write(frame)

    async with served(late_once, "rtu_over_tcp") as (server, link):
        with pytest.raises(NoAnswer, match="no answer in 1 s"):
            await link.read("input", 0, 2, unit=1)
        with pytest.raises(Resting):
            await link.read("input", 0, 2, unit=1)
        await asyncio.sleep(1.0)

        assert await link.read("input", 0, 2, unit=1) == [0x0102, 0x0304]
        assert len(server.connections_s) == 2


async def test_a_late_answer_that_a_gateway_has_kept_is_not_taken_on_the_next_connection() -> None:
    """Of the same unit, function and length, so that only its moment tells that it is wrong."""
    kept = [rtu(b"\1" + WORDS[:2] + b"\x66\x66\x66\x66")]

    class Keeping(Server):
        async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if self.connections_s and kept:
                writer.write(kept.pop())
            await super().serve(reader, writer)

    async def not_first(writer: asyncio.StreamWriter, number: int, frame: bytes) -> None:
        if number > 1:
            writer.write(frame)

    server = Keeping(not_first, "rtu_over_tcp")
    door = await asyncio.start_server(server.serve, *PLACE)
    link = ModbusLink(*PLACE, framing="rtu_over_tcp", dice=Random(5))
    with pytest.raises(NoAnswer, match="no answer in 1 s"):
        await link.read("input", 0, 2, unit=1)
    await asyncio.sleep(1.1)
    with pytest.raises(NoAnswer, match="a late answer came first"):
        await link.read("input", 0, 2, unit=1)

    assert await link.read("input", 0, 2, unit=1) == [0x0102, 0x0304]
    assert link.counts.refused["frame"] == 1
    await link.close()
    door.close()
    await door.wait_closed()
    await asyncio.sleep(1.0)


@pytest.mark.parametrize("framing", ["tcp", "rtu_over_tcp"])
async def test_answers_in_time_but_late_are_taken_and_counted(framing: Framing) -> None:
    async with served(in_s(0.95), framing) as (_, link):
        for _ in range(4):
            assert await link.read("input", 0, 2, unit=1) == [0x0102, 0x0304]

        assert (link.counts.late, link.counts.timeouts) == (4, 0)


@pytest.mark.parametrize("zero_transaction", [False, True])
async def test_transaction_0_is_taken_only_where_it_is_allowed(*, zero_transaction: bool) -> None:
    async def zeroed(writer: asyncio.StreamWriter, _number: int, frame: bytes) -> None:
        writer.write(b"\0\0" + frame[2:])

    async with served(zeroed) as (_, link):
        link.join(1, zero_transaction=zero_transaction)
        if zero_transaction:
            assert await link.read("input", 0, 2, unit=1) == [0x0102, 0x0304]
            return
        with pytest.raises(NoAnswer, match="but 1 frames of other transactions"):
            await link.read("input", 0, 2, unit=1)
        assert link.counts.discarded == 1


async def test_a_device_may_be_known_for_transaction_0() -> None:
    flow = Register("flow_lpm", "input", 0, "uint32", low=0.0, high=1e9)

    async def zeroed(writer: asyncio.StreamWriter, _number: int, frame: bytes) -> None:
        writer.write(b"\0\0" + frame[2:])

    async with served(zeroed) as (_, link):
        profile = Profile("meter", "made up for this test", (flow,), {})
        meter = ModbusDevice("m", *PLACE, 3, profile, link=link, zero_transaction=True)

        assert await meter.read("normal") == {"m.flow_lpm": 0x0102_0304}


async def test_a_silent_device_is_not_asked_during_its_rest() -> None:
    async with served(never) as (server, link):
        for _ in range(2):
            with pytest.raises(NoAnswer):
                await link.read("input", 0, 2, unit=1)
        with pytest.raises(Resting, match=r"unit 1: not asked for 0\.\d s more after 2 failures"):
            await link.write_coils(0, [True], unit=1)

        assert server.requests == 2
        assert link.counts.timeouts == 2


async def test_reconnecting_backs_off_and_is_back_within_ten_seconds() -> None:
    link = ModbusLink(*PLACE, dice=Random(5))
    asked = 0

    async def known() -> bool:
        with suppress(NoAnswer):
            await link.read("input", 0, 2, unit=1)
            return True
        return False

    while now_s() < 120.0:
        asked += 1
        assert not await known()
        await asyncio.sleep(0.5)
    assert asked > 200
    assert 120 / 12 <= link.counts.connect_failures <= 24

    server = Server(at_once, "tcp")
    door = await asyncio.start_server(server.serve, *PLACE)
    for _ in range(21):
        if await known():
            break
        await asyncio.sleep(0.5)

    assert link.connected
    assert now_s() - 120.0 <= 10.5
    await link.close()
    door.close()
    await door.wait_closed()
    await asyncio.sleep(1.0)


async def test_half_an_answer_and_the_end_is_no_answer_and_the_next_connection_is_sound() -> None:
    async def half(writer: asyncio.StreamWriter, number: int, frame: bytes) -> None:
        writer.write(frame if number > 1 else frame[:9])
        if number == 1:
            writer.transport.abort()

    async with served(half) as (_, link):
        with pytest.raises(NoAnswer, match="hung up before the answer"):
            await link.read("input", 0, 2, unit=1)

        assert await link.read("input", 0, 2, unit=1) == [0x0102, 0x0304]
        assert link.counts.hang_ups == 1


async def test_every_kind_of_refused_answer_is_counted_by_name() -> None:
    flaws = {
        "unit": lambda frame: frame[:6] + b"\x09" + frame[7:],
        "function": lambda frame: frame[:7] + b"\x03" + frame[8:],
        "length": lambda frame: frame[:5] + b"\x05" + frame[6:8] + b"\2\1\2",
        "byte count": lambda frame: frame[:8] + b"\x05" + frame[9:],
        "frame": lambda _frame: b"SSH-2.0-OpenSSH_9.2\r\n",
    }
    told = list(flaws.values())

    async def flawed(writer: asyncio.StreamWriter, number: int, frame: bytes) -> None:
        writer.write(told[number - 1](frame))

    async with served(flawed) as (_, link):
        for _ in flaws:
            with pytest.raises(BadReply):
                await link.read("input", 0, 2, unit=1)
            await asyncio.sleep(11.0)

        assert link.counts.refused == dict.fromkeys(flaws, 1)
        assert link.counts.connects == len(flaws)


async def test_a_doubled_answer_is_used_once_and_counted() -> None:
    async def twice(writer: asyncio.StreamWriter, _number: int, frame: bytes) -> None:
        writer.write(frame)
        await asyncio.sleep(0.05)
        writer.write(frame)

    async with served(twice) as (_, link):
        for _ in range(3):
            assert await link.read("input", 0, 2, unit=1) == [0x0102, 0x0304]
            await asyncio.sleep(0.1)

        assert (link.counts.discarded, link.counts.connects) == (3, 1)


async def test_a_serial_gateway_that_talks_unasked_gets_a_new_connection() -> None:
    async def twice(writer: asyncio.StreamWriter, _number: int, frame: bytes) -> None:
        writer.write(frame)
        await asyncio.sleep(0.05)
        if not writer.is_closing():
            writer.write(frame)

    async with served(twice, "rtu_over_tcp") as (_, link):
        for _ in range(3):
            assert await link.read("input", 0, 2, unit=1) == [0x0102, 0x0304]
            await asyncio.sleep(0.1)

        assert (link.counts.refused["frame"], link.counts.connects) == (3, 3)


async def test_a_write_overtakes_the_reads_that_wait() -> None:
    async with served(in_s(0.1)) as (_, link):
        done: list[str] = []

        async def read(name: str) -> None:
            await link.read("input", 0, 2, unit=1, protective=name == "protective")
            done.append(name)

        async def write() -> None:
            with suppress(BadReply):
                await link.write_coils(0, [True], unit=1)
            done.append("write")

        async with asyncio.TaskGroup() as group:
            for name in ("first", "second", "protective"):
                group.create_task(read(name))
            group.create_task(write())

        assert done == ["first", "write", "protective", "second"]


async def test_a_misasked_device_keeps_its_connection() -> None:
    async def exception(writer: asyncio.StreamWriter, _number: int, frame: bytes) -> None:
        writer.write(frame[:5] + b"\3" + frame[6:7] + b"\x84\2")

    async with served(exception) as (server, link):
        for _ in range(5):
            with pytest.raises(Exception, match="exception 2"):
                await link.read("input", 0, 2, unit=1)

        assert len(server.connections_s) == 1
        assert link.counts.exceptions == {2: 5}
