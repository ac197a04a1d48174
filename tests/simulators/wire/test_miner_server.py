"""The door of a miner: one client at a time, one request each, and the ways in which it fails."""

import asyncio
import errno
import json

import pytest

from simulators.wire.listen import AddressUnusable
from tests.harness.loopback import FreeLoopback
from tests.simulators.wire.hands import ADDRESSES, Ask, HandFaults, HandFleet, Miners

FIRST, SECOND, THIRD = ADDRESSES
VERSION = b'{"command":"version"}'


async def test_each_miner_answers_on_its_own_address_and_closes(miners: Miners, ask: Ask) -> None:
    async with miners(ADDRESSES):
        replies = [await ask(address, VERSION) for address in ADDRESSES]

    serials = [json.loads(raw[:-1])["VERSION"][0]["DNA"] for raw in replies]
    assert serials == ["0201000000000001", "0201000000000002", "0201000000000003"]
    assert all(raw.endswith(b"}\0") for raw in replies)


async def test_sleep_through_the_wire_reaches_that_unit_only(
    miners: Miners, ask: Ask, fleet: HandFleet
) -> None:
    async with miners(ADDRESSES):
        await ask(SECOND, b"ascset|0,softoff")
        await ask(THIRD, b"ascset|0,reboot,1")

    assert fleet.heard == [("sleep", 1), ("reboot", 2)]


async def test_a_second_client_is_served_when_the_first_is_done(miners: Miners, ask: Ask) -> None:
    async with miners(ADDRESSES):
        _, idle = await asyncio.open_connection(*FIRST)
        loop = asyncio.get_running_loop()
        started_s = loop.time()

        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(ask(FIRST, VERSION))
            group.create_task(_write_after(idle, 3.0))
        idle.close()

    assert waiting.result().endswith(b"\0")
    assert loop.time() - started_s == pytest.approx(3.0, abs=0.1)


async def _write_after(writer: asyncio.StreamWriter, delay_s: float) -> None:
    await asyncio.sleep(delay_s)
    writer.write(VERSION)


async def test_clients_are_served_in_the_order_in_which_they_came(miners: Miners) -> None:
    served: list[int] = []

    async def client(number: int) -> None:
        reader, writer = connections[number]
        await reader.read()
        served.append(number)
        writer.close()

    async with miners(ADDRESSES):
        connections = [await asyncio.open_connection(*FIRST) for _ in range(4)]
        async with asyncio.TaskGroup() as group:
            for number in range(4):
                group.create_task(client(number))
            for number in (3, 1, 2, 0):
                connections[number][1].write(VERSION)

    assert served == [0, 1, 2, 3]


async def test_an_idle_client_is_dropped_after_ten_seconds(miners: Miners) -> None:
    loop = asyncio.get_running_loop()
    async with miners(ADDRESSES):
        started_s = loop.time()
        reader, writer = await asyncio.open_connection(*FIRST)

        with pytest.raises(ConnectionResetError):
            await reader.read()
        writer.close()

    assert loop.time() - started_s == pytest.approx(10.0, abs=0.1)


async def test_a_client_that_gives_up_in_the_line_is_skipped(miners: Miners, ask: Ask) -> None:
    async with miners(ADDRESSES):
        _, idle = await asyncio.open_connection(*FIRST)
        _, impatient = await asyncio.open_connection(*FIRST)
        impatient.write(VERSION)
        impatient.close()
        idle.close()

        assert (await ask(FIRST, VERSION)).endswith(b"\0")


async def test_a_request_in_two_segments_is_cut_after_the_first(miners: Miners) -> None:
    async with miners(ADDRESSES):
        reader, writer = await asyncio.open_connection(*FIRST)
        writer.write(b'{"command":')
        await asyncio.sleep(0.1)
        writer.write(b'"version"}')

        answer = json.loads((await reader.read())[:-1])
        writer.close()

    assert answer["STATUS"][0]["Code"] == 23


async def test_a_silent_miner_accepts_and_never_answers(
    miners: Miners, ask: Ask, faults: HandFaults
) -> None:
    faults.silent[0] = True
    async with miners(ADDRESSES):
        reader, writer = await asyncio.open_connection(*FIRST)
        writer.write(VERSION)

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await reader.read()
        writer.close()

        assert (await ask(SECOND, VERSION)).endswith(b"\0")


async def test_a_miner_that_was_silent_answers_the_next_client(
    miners: Miners, ask: Ask, faults: HandFaults
) -> None:
    faults.silent[0] = True
    async with miners(ADDRESSES):
        _, hung = await asyncio.open_connection(*FIRST)
        hung.write(VERSION)
        await asyncio.sleep(1)
        hung.close()
        faults.silent[0] = False

        assert (await ask(FIRST, VERSION)).endswith(b"\0")


@pytest.mark.parametrize("request_bytes", [VERSION, b""])
async def test_a_unit_away_from_the_network_hangs_up_without_a_word(
    miners: Miners, fleet: HandFleet, request_bytes: bytes
) -> None:
    fleet.api_up[0] = False
    async with miners(ADDRESSES):
        reader, writer = await asyncio.open_connection(*FIRST)
        writer.write(request_bytes)

        with pytest.raises(ConnectionResetError):
            async with asyncio.timeout(1):
                await reader.read()
        writer.close()


async def test_a_unit_that_goes_away_answers_nobody_who_is_connected(
    miners: Miners, fleet: HandFleet
) -> None:
    async with miners(ADDRESSES):
        reader, writer = await asyncio.open_connection(*FIRST)
        await asyncio.sleep(1)
        fleet.api_up[0] = False
        writer.write(VERSION)

        with pytest.raises(ConnectionResetError):
            await reader.read()
        writer.close()


async def test_the_line_has_an_end(miners: Miners) -> None:
    async with miners(ADDRESSES):
        waiting = [await asyncio.open_connection(*FIRST) for _ in range(100)]
        reader, writer = await asyncio.open_connection(*FIRST)

        with pytest.raises(ConnectionResetError):
            async with asyncio.timeout(1):
                await reader.read()
        for _, each in (*waiting, (reader, writer)):
            each.close()


async def test_an_address_given_twice_is_named_with_a_remedy(miners: Miners) -> None:
    with pytest.raises(AddressUnusable, match=r"c01-002 cannot listen on 127\.1\.1\.1:4028"):
        async with miners((FIRST, FIRST, THIRD)):
            pass

    async with miners(ADDRESSES):
        pass


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "rig.example"])  # noqa: S104 - refused
async def test_only_loopback_is_listened_on(miners: Miners, host: str) -> None:
    with pytest.raises(AddressUnusable, match="c01-001"):
        async with miners(((host, 4028), SECOND, THIRD)):
            pass


async def test_every_miner_needs_an_address(miners: Miners) -> None:
    with pytest.raises(AddressUnusable, match="3 miners"):
        async with miners((FIRST,)):
            pass


@pytest.mark.real_sockets
async def test_real_sockets_carry_the_reply_and_the_end(
    miners: Miners, ask: Ask, free_loopback: FreeLoopback
) -> None:
    addresses = tuple(free_loopback(port=4028) for _ in range(3))
    async with miners(addresses):
        replies = await asyncio.gather(*(ask(addresses[0], b"estats") for _ in range(20)))

    assert {len(raw) for raw in replies} == {len(replies[0])}
    assert all(raw.endswith(b"|\0") for raw in replies)


@pytest.mark.real_sockets
async def test_a_taken_address_is_named_with_a_remedy(
    miners: Miners, free_loopback: FreeLoopback
) -> None:
    addresses = tuple(free_loopback() for _ in range(3))
    async with miners(addresses):
        with pytest.raises(AddressUnusable, match="other addresses") as refusal:
            async with miners(addresses):
                pass

    assert refusal.value.errno == errno.EADDRINUSE


@pytest.mark.real_sockets
async def test_a_client_that_takes_no_reply_does_not_block_the_miner(
    miners: Miners, ask: Ask, free_loopback: FreeLoopback
) -> None:
    addresses = tuple(free_loopback() for _ in range(3))
    async with miners(addresses):
        _, deaf = await asyncio.open_connection(*addresses[0], limit=1)
        deaf.write(b"estats")

        assert (await ask(addresses[0], VERSION)).endswith(b"\0")
        deaf.close()
