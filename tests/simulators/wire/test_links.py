"""Links that break and are mended while somebody uses them, with and without a proxy."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from simulators.meters import HeatMeter
from simulators.wire.bank import Bank
from simulators.wire.layouts.meters import HEAT_METER
from simulators.wire.link import Link, LooseLinks
from simulators.wire.listen import AddressUnusable, serve_units
from simulators.wire.proxy import serve_proxy
from tests.harness.loopback import FreeLoopback

HERE, THERE = ("127.9.5.1", 502), ("127.9.5.2", 502)
READ = bytes.fromhex("0007 0000 0006 01 04 000c 0004")
REPLY = bytes.fromhex("0007 0000 000b 01 04 08 043b 5fc1 4e01 0064")
WAIT_S = 2.0
BOTH = pytest.mark.parametrize("by_proxy", [False, True], ids=["in place", "by proxy"])


@asynccontextmanager
async def meter(
    links: LooseLinks,
    *,
    by_proxy: bool,
    here: tuple[str, int] = HERE,
    there: tuple[str, int] = THERE,
) -> AsyncIterator[None]:
    """A heat meter behind a link called meter."""
    bank = Bank(HEAT_METER, HeatMeter(), asyncio.get_running_loop().time)
    link = Link(links, {1: "meter"})
    async with AsyncExitStack() as doors:
        if by_proxy:
            await doors.enter_async_context(serve_units({1: bank}, there, "meter"))
            await doors.enter_async_context(serve_proxy(here, there, link, "proxy"))
        else:
            await doors.enter_async_context(serve_units({1: bank}, here, "meter", link))
        yield


class Visitor:
    """Somebody with a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def ask(self, request: bytes = READ) -> bytes:
        """What comes within two seconds; nothing at all where the other side has hung up."""
        self.writer.write(request)
        told = b""
        try:
            async with asyncio.timeout(WAIT_S):
                while piece := await self.reader.read(4_096):
                    told += piece
        except (TimeoutError, ConnectionError):
            pass
        return told

    async def hung_up_on(self) -> bool:
        """Whether the other side is gone."""
        try:
            async with asyncio.timeout(WAIT_S):
                return not await self.reader.read(1)
        except ConnectionError:
            return True
        except TimeoutError:
            return False


@asynccontextmanager
async def visitor(address: tuple[str, int] = HERE) -> AsyncIterator[Visitor]:
    """Come in, and leave at the end."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        yield Visitor(reader, writer)
    finally:
        writer.transport.abort()


@BOTH
async def test_a_sound_link_changes_nothing(by_proxy: bool) -> None:  # noqa: FBT001
    async with meter(LooseLinks(), by_proxy=by_proxy), visitor() as one:
        assert await one.ask() == REPLY
        assert await one.ask(b"\x00\x09" + READ[2:]) == b"\x00\x09" + REPLY[2:]


@BOTH
async def test_a_link_breaks_and_is_mended_on_a_living_connection(
    by_proxy: bool,  # noqa: FBT001
) -> None:
    links = LooseLinks()
    async with meter(links, by_proxy=by_proxy), visitor() as one:
        links.set("meter", "stuck")
        nothing = await one.ask()
        links.set("meter", "wrong-unit")
        foreign = await one.ask()
        links.set("meter", "ok")

        assert (nothing, foreign) == (b"", REPLY[:6] + b"\x41" + REPLY[7:])
        assert await one.ask() == REPLY


@BOTH
async def test_a_closed_port_refuses_and_opens_again(by_proxy: bool) -> None:  # noqa: FBT001
    links = LooseLinks()
    async with meter(links, by_proxy=by_proxy):
        async with visitor() as one:
            links.set("meter", "off")
            assert await one.hung_up_on()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*HERE)

        links.set("meter", "ok")
        await asyncio.sleep(0.1)
        async with visitor() as other:
            assert await other.ask() == REPLY


@BOTH
async def test_one_client_is_served_and_the_next_hung_up_on(by_proxy: bool) -> None:  # noqa: FBT001
    links = LooseLinks()
    links.set("meter", "one-client")
    async with meter(links, by_proxy=by_proxy):
        async with visitor() as first, visitor() as second:
            assert await second.hung_up_on()
            assert await first.ask() == REPLY
        await asyncio.sleep(0.1)
        async with visitor() as third:
            assert await third.ask() == REPLY


@BOTH
async def test_a_link_that_is_taken_puts_everybody_out(by_proxy: bool) -> None:  # noqa: FBT001
    links = LooseLinks()
    async with meter(links, by_proxy=by_proxy), visitor() as one:
        assert await one.ask() == REPLY
        links.set("meter", "taken")

        assert await one.hung_up_on()
        async with visitor() as other:
            assert await other.hung_up_on()


@BOTH
async def test_bytes_trickle_in_order(by_proxy: bool) -> None:  # noqa: FBT001
    links = LooseLinks()
    links.set("meter", "slow:0.05")
    async with meter(links, by_proxy=by_proxy), visitor() as one:
        loop = asyncio.get_running_loop()
        begun_s = loop.time()
        one.writer.write(READ)
        told = await one.reader.readexactly(len(REPLY))

        assert told == REPLY
        assert loop.time() - begun_s == pytest.approx(0.05 * len(REPLY), abs=0.01)


@BOTH
@pytest.mark.parametrize("verb", ["half-frame-fin", "half-frame-reset"])
async def test_half_a_frame_and_the_end(by_proxy: bool, verb: str) -> None:  # noqa: FBT001
    links = LooseLinks()
    links.set("meter", verb)
    async with meter(links, by_proxy=by_proxy), visitor() as one:
        told = await one.ask()

        assert told in (REPLY[: len(REPLY) // 2], b"")
        assert await one.hung_up_on()


async def test_a_device_that_is_not_there_hangs_up_through_the_proxy() -> None:
    link = Link(LooseLinks(), {1: "meter"})
    async with serve_proxy(HERE, THERE, link, "proxy"), visitor() as one:
        assert await one.ask() == b""
        assert await one.hung_up_on()


async def test_what_is_not_modbus_is_hung_up_on_by_the_proxy() -> None:
    async with meter(LooseLinks(), by_proxy=True), visitor() as one:
        assert await one.ask(b"GET / HTTP/1.1\r\n\r\n") == b""
        assert await one.hung_up_on()


async def test_an_address_that_cannot_be_had_is_named_as_ever() -> None:
    async with meter(LooseLinks(), by_proxy=False):
        with pytest.raises(AddressUnusable, match=r"proxy cannot listen on 127\.9\.5\.1:502"):
            async with serve_proxy(HERE, THERE, Link(LooseLinks(), {1: "meter"}), "proxy"):
                pass


async def test_a_failure_inside_keeps_its_own_face() -> None:
    with pytest.raises(KeyError):
        async with meter(LooseLinks(), by_proxy=True):
            raise KeyError("mine")


async def test_chance_on_a_link_comes_from_the_seed() -> None:
    async def answered(seed: int) -> list[bool]:
        links = LooseLinks(seed)
        links.set("meter", "intermittent:0.5")
        async with meter(links, by_proxy=False), visitor() as one:
            return [bool(await one.ask()) for _ in range(24)]

    assert await answered(1) == await answered(1)
    assert await answered(1) != await answered(2)


def test_an_unknown_verb_of_a_loose_link_is_refused() -> None:
    with pytest.raises(ValueError, match="meter has no fault 'sings': it has ok, off"):
        LooseLinks().set("meter", "sings")


@pytest.mark.real_sockets
@BOTH
async def test_on_real_sockets_it_is_the_same(
    by_proxy: bool,  # noqa: FBT001
    free_loopback: FreeLoopback,
) -> None:
    links, here, there = LooseLinks(), free_loopback(), free_loopback()
    async with meter(links, by_proxy=by_proxy, here=here, there=there):
        async with visitor(here) as one:
            one.writer.write(READ)
            assert await one.reader.readexactly(len(REPLY)) == REPLY
            links.set("meter", "half-frame-reset")
            assert len(await one.ask()) < len(REPLY)
            assert await one.hung_up_on()
        links.set("meter", "off")
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*here)
        links.set("meter", "ok")
        await asyncio.sleep(0.05)
        async with visitor(here) as other:
            other.writer.write(READ)
            assert await other.reader.readexactly(len(REPLY)) == REPLY
