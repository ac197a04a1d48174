"""Core and its readers over the real socket: nothing a reader does is felt by core."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pytest

from controller.core.link_reader import OUTSTANDING
from controller.core.link_server import READERS, LinkServer
from controller.link.client import LinkClient, LinkLost, NoVerdict, WrongProtocol
from controller.link.frames import Splitter, bodies, decode_from_core
from controller.link.messages import PROTOCOL, Hello, Report, Request, Verdict

pytestmark = pytest.mark.real_sockets

Make = Callable[..., Report]
WISH = {"source": "test", "role": "operator", "reason": "because", "expires_in_s": 60.0}


def ignore(_: Request) -> None:
    """Never answer."""


async def test_a_reader_gets_hello_a_full_image_and_then_differences(
    hello: Hello, report: Make, socket_path: Path
) -> None:
    async with (
        LinkServer(socket_path, hello, on_request=ignore) as core,
        LinkClient(socket_path) as client,
    ):
        reports = client.reports()
        core.publish(report(1, (0, 70.0, 2)), lambda: report(1, (0, 70.0, 2), (1, True, 2)))
        first = await anext(reports)
        core.publish(report(2, (0, 71.0, 2)), lambda: report(2))
        second = await anext(reports)

    assert client.hello == hello
    assert first.full
    assert len(first.values) == 2
    assert not second.full
    assert second.cycle == 2


async def test_a_verdict_reaches_the_reader_that_asked(hello: Hello, socket_path: Path) -> None:
    asked: list[Request] = []

    def decide(wish: Request) -> None:
        asked.append(wish)
        core.verdict(Verdict(wish.id, accepted=wish.value == 900.0, reason="seen"))

    async with (
        LinkServer(socket_path, hello, on_request=decide) as core,
        LinkClient(socket_path) as one,
        LinkClient(socket_path) as other,
    ):
        yes, no = await asyncio.gather(
            one.ask("heat_demand_kw", 900.0, **WISH), other.ask("heat_demand_kw", 1.0, **WISH)
        )

    assert (yes.accepted, no.accepted) == (True, False)
    assert {wish.role for wish in asked} == {"operator"}


async def test_a_wish_without_verdict_is_given_up(
    hello: Hello, socket_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("controller.link.client.VERDICT_WITHIN_S", 0.05)
    async with (
        LinkServer(socket_path, hello, on_request=ignore),
        LinkClient(socket_path) as client,
    ):
        with pytest.raises(NoVerdict, match="heat_demand_kw"):
            await client.ask("heat_demand_kw", 900.0, **WISH)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
async def test_a_wish_for_no_number_is_refused_before_core_hears_of_it(
    hello: Hello, socket_path: Path, value: float
) -> None:
    asked: list[Request] = []
    async with (
        LinkServer(socket_path, hello, on_request=asked.append),
        LinkClient(socket_path) as client,
    ):
        verdict = await client.ask("heat_demand_kw", value, **WISH)

    assert not verdict.accepted
    assert asked == []


async def test_a_slow_reader_gets_the_newest_full_image_with_the_events_it_missed(
    hello: Hello, report: Make, socket_path: Path
) -> None:
    heavy = msgspec.structs.replace(hello, plant="x" * 200_000)
    async with LinkServer(socket_path, heavy, on_request=ignore) as core:
        stream, writer = await asyncio.open_unix_connection(str(socket_path), limit=1)
        await until(lambda: core.readers == 1)

        for cycle in range(1, 11):
            event = report(cycle, (0, 60.0 + cycle, 2), events=(f"event {cycle}",))
            core.publish(event, lambda at=cycle: report(at, (0, 60.0 + at, 2)))
        seen = await read(stream, 2)
        writer.close()

    assert isinstance(seen[1], Report)
    assert seen[1].full
    assert seen[1].cycle == 10
    assert [event.text for event in seen[1].events] == [f"event {n}" for n in range(1, 11)]


async def test_a_reader_that_falls_behind_later_is_counted_and_caught_up(
    hello: Hello, report: Make, socket_path: Path
) -> None:
    bulk = "x" * 300_000
    async with LinkServer(socket_path, hello, on_request=ignore) as core:
        stream, writer = await asyncio.open_unix_connection(str(socket_path), limit=1)
        core.publish(report(0), lambda: report(0))
        await read(stream, 2)

        for cycle in range(1, 21):
            core.publish(report(cycle, (2, bulk, 2)), lambda at=cycle: report(at, (2, "now", 2)))
            await asyncio.sleep(0)
        skipped = core.skipped
        last = [message async for message in until_cycle(stream, 20)][-1]
        writer.close()

    assert skipped >= 17
    assert last.full
    assert last.values[0].value == "now"


async def test_garbage_closes_only_the_reader_that_sent_it(
    hello: Hello, report: Make, socket_path: Path
) -> None:
    async with (
        LinkServer(socket_path, hello, on_request=ignore) as core,
        LinkClient(socket_path) as good,
    ):
        stream, writer = await asyncio.open_unix_connection(str(socket_path))
        writer.write(b"\x00\x00\x00\x05hello")
        rest = await closed(stream)
        core.publish(report(1), lambda: report(1))
        first = await anext(good.reports())
        writer.close()

    assert len(Splitter().feed(rest)) <= 1
    assert first.cycle == 1


async def test_a_frame_over_the_requests_cap_closes_the_reader(
    hello: Hello, socket_path: Path
) -> None:
    async with LinkServer(socket_path, hello, on_request=ignore) as core:
        stream, writer = await asyncio.open_unix_connection(str(socket_path))
        writer.write((64 * 1024 + 1).to_bytes(4, "big"))
        await closed(stream)
        await until(lambda: core.readers == 0)
        writer.close()


async def test_a_flood_of_requests_is_refused_beyond_what_may_wait(
    hello: Hello, socket_path: Path
) -> None:
    asked: list[Request] = []
    async with (
        LinkServer(socket_path, hello, on_request=asked.append),
        LinkClient(socket_path) as client,
        asyncio.TaskGroup() as tasks,
    ):
        wishes = [
            tasks.create_task(outcome(client, f"wish {number}"))
            for number in range(OUTSTANDING + 8)
        ]
        await until(lambda: sum(task.done() for task in wishes) == 8)
        done = [task.result() for task in wishes if task.done()]
        for task in wishes:
            task.cancel()

    assert len(asked) == OUTSTANDING
    assert all("already wait" in verdict.reason for verdict in done)


async def test_a_reader_too_many_is_turned_away(hello: Hello, socket_path: Path) -> None:
    async with LinkServer(socket_path, hello, on_request=ignore) as core:
        crowd = [await asyncio.open_unix_connection(str(socket_path)) for _ in range(READERS)]
        await until(lambda: core.readers == READERS)

        with pytest.raises(LinkLost):
            async with LinkClient(socket_path):
                pass
        for _, writer in crowd:
            writer.close()


async def test_another_user_is_turned_away(hello: Hello, socket_path: Path) -> None:
    nobody: frozenset[int] = frozenset()
    async with LinkServer(socket_path, hello, on_request=ignore, users=nobody):
        with pytest.raises(LinkLost, match="did not greet"):
            async with LinkClient(socket_path):
                pass


async def test_another_protocol_is_named(hello: Hello, socket_path: Path) -> None:
    newer = msgspec.structs.replace(hello, protocol=PROTOCOL + 1)
    async with LinkServer(socket_path, newer, on_request=ignore):
        with pytest.raises(WrongProtocol, match=f"protocol {PROTOCOL + 1}, this"):
            async with LinkClient(socket_path):
                pass


async def test_a_client_hears_that_core_has_gone(
    hello: Hello, report: Make, socket_path: Path
) -> None:
    async with LinkServer(socket_path, hello, on_request=ignore) as core:
        client = LinkClient(socket_path)
        await client.__aenter__()
        core.publish(report(1), lambda: report(1))
        reports = client.reports()
        await anext(reports)

    with pytest.raises(LinkLost):
        await anext(reports)
    with pytest.raises(LinkLost):
        await client.ask("heat_demand_kw", 1.0, **WISH)
    await client.__aexit__(None, None, None)


async def test_a_silent_core_is_a_lost_one(hello: Hello, socket_path: Path) -> None:
    async with (
        LinkServer(socket_path, hello, on_request=ignore),
        LinkClient(socket_path, silent_after_s=0.05) as client,
    ):
        with pytest.raises(LinkLost, match="silent"):
            await anext(client.reports())


async def test_no_core_is_told_at_once(socket_path: Path) -> None:
    with pytest.raises(LinkLost, match="no core answers"):
        async with LinkClient(socket_path):
            pass


async def outcome(client: LinkClient, name: str) -> Verdict:
    return await client.ask(name, 1.0, **WISH)


async def until(reached: Callable[[], bool]) -> None:
    for _ in range(1_000_000):
        if reached():
            return
        await asyncio.sleep(0)
    pytest.fail("it did not come to that")


async def closed(stream: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(5):
        try:
            return await stream.read(-1)
        except ConnectionResetError:
            return b""


async def read(stream: asyncio.StreamReader, count: int) -> list[object]:
    messages: list[object] = []
    async for body in bodies(stream, 5):
        messages.append(decode_from_core(body))
        if len(messages) == count:
            break
    return messages


async def until_cycle(stream: asyncio.StreamReader, cycle: int) -> AsyncIterator[Report]:
    async for body in bodies(stream, 5):
        message = decode_from_core(body)
        assert isinstance(message, Report)
        yield message
        if message.cycle == cycle:
            return
