"""Virtual time and addresses behave as the real ones would, only at once."""

import asyncio
import errno
import re

import pytest
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusIOException

from controller.lab.virtual_loop import NothingDueError, VirtualLoop
from tests.lab.notebook import Echo, Notebook

HERE = ("10.0.0.1", 4028)


@pytest.fixture
async def loop() -> VirtualLoop:
    running = asyncio.get_running_loop()
    assert isinstance(running, VirtualLoop)
    return running


async def turn() -> None:
    """Let everything happen that is due now."""
    await asyncio.sleep(1.0)


# ---------------------------------------------------------------------- time


async def test_an_hour_of_sleep_costs_nothing(loop: VirtualLoop) -> None:
    before_s = loop.time()

    await asyncio.sleep(3600.0)

    assert loop.time() == pytest.approx(before_s + 3600.0)


async def test_a_sleep_over_many_days_is_no_deadlock(loop: VirtualLoop) -> None:
    await asyncio.sleep(400 * 86_400.0)

    assert loop.time() == pytest.approx(400 * 86_400.0)


async def test_a_time_limit_strikes_at_its_time(loop: VirtualLoop) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2.5):
            await loop.create_future()

    assert loop.time() == pytest.approx(2.5)


async def test_timers_fire_in_the_order_of_their_times(loop: VirtualLoop) -> None:
    seen = []
    for delay_s in (3.0, 1.0, 2.0):
        loop.call_later(delay_s, seen.append, delay_s)

    await asyncio.sleep(5.0)

    assert seen == [1.0, 2.0, 3.0]


def test_waiting_for_what_never_comes_is_an_error_that_names_the_task() -> None:
    async def wait_for_nothing() -> None:
        await asyncio.get_running_loop().create_future()

    with (
        asyncio.Runner(loop_factory=VirtualLoop) as runner,
        pytest.raises(NothingDueError, match=re.escape("test_virtual_loop.py")),
    ):
        runner.run(wait_for_nothing())


async def test_work_for_a_thread_is_done_without_one() -> None:
    assert await asyncio.to_thread(divmod, 7, 2) == (3, 1)


async def test_an_error_in_work_for_a_thread_is_told() -> None:
    with pytest.raises(ZeroDivisionError):
        await asyncio.to_thread(divmod, 7, 0)


# ---------------------------------------------------------------------- addresses


async def test_nobody_listening_refuses(loop: VirtualLoop) -> None:
    with pytest.raises(ConnectionRefusedError, match="4028"):
        await loop.create_connection(Notebook, *HERE)


async def test_a_black_hole_never_answers(loop: VirtualLoop) -> None:
    loop.black_holes.add(HERE)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(3.0):
            await loop.create_connection(Notebook, *HERE)

    assert loop.time() == pytest.approx(3.0)


async def test_a_closed_server_refuses(loop: VirtualLoop) -> None:
    server = await loop.create_server(Echo, *HERE)
    server.close()
    await server.wait_closed()

    with pytest.raises(ConnectionRefusedError):
        await loop.create_connection(Notebook, *HERE)


async def test_an_address_in_use_is_refused(loop: VirtualLoop) -> None:
    async with await loop.create_server(Echo, *HERE):
        with pytest.raises(OSError, match="in use") as refusal:
            await loop.create_server(Echo, *HERE)

    assert refusal.value.errno == errno.EADDRINUSE


async def test_one_server_listens_at_several_hosts_and_no_other(loop: VirtualLoop) -> None:
    async with await loop.create_server(Echo, ["10.0.0.1", "10.0.0.2"], 502) as server:
        for host in ("10.0.0.1", "10.0.0.2"):
            transport, _ = await loop.create_connection(Notebook, host, 502)
            transport.close()
        with pytest.raises(ConnectionRefusedError):
            await loop.create_connection(Notebook, "10.0.0.3", 502)

        assert [door.getsockname()[0] for door in server.sockets] == ["10.0.0.1", "10.0.0.2"]


async def test_a_free_port_is_given_and_reached_by_name(loop: VirtualLoop) -> None:
    async with await loop.create_server(Echo, "localhost", 0) as server:
        host, port = server.sockets[0].getsockname()

        transport, _ = await loop.create_connection(Notebook, "127.0.0.1", port)
        transport.close()

    assert (host, port > 0) == ("127.0.0.1", True)


async def test_tls_is_refused_by_name(loop: VirtualLoop) -> None:
    with pytest.raises(NotImplementedError, match="ssl"):
        await loop.create_connection(Notebook, *HERE, ssl=True)


# ---------------------------------------------------------------------- latency and order


async def test_latency_counts_each_way(loop: VirtualLoop) -> None:
    loop.latency_s = 0.05
    async with await loop.create_server(Echo, *HERE):
        reader, writer = await asyncio.open_connection(*HERE)
        connected_s = loop.time()

        writer.write(b"ping")
        await reader.readexactly(4)
        writer.close()
        answered_s = loop.time()

        await turn()

    assert connected_s == pytest.approx(0.1)
    assert answered_s == pytest.approx(0.2)


@pytest.mark.parametrize("latency_s", [0.0, 0.01])
async def test_a_thousand_wires_each_keep_their_order(loop: VirtualLoop, latency_s: float) -> None:
    loop.latency_s = latency_s
    servers: list[Echo] = []

    def accept() -> Echo:
        servers.append(Echo())
        return servers[-1]

    sent = [bytes([number]) for number in range(20)]
    async with await loop.create_server(accept, *HERE):
        clients = [await loop.create_connection(Notebook, *HERE) for _ in range(1000)]
        for part in sent:
            for transport, _ in clients:
                transport.write(part)
        await turn()
        for transport, _ in clients:
            transport.close()
        await turn()

    assert all(near.events == [*sent, "closed"] for _, near in clients)
    assert all(far.events == [*sent, "end", "closed"] for far in servers)


# ---------------------------------------------------------------------- what is built on a loop


async def test_streams_run_unmodified() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = await reader.readline()
        writer.write(line.upper())
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, *HERE):
        reader, writer = await asyncio.open_connection(*HERE)
        writer.write(b"status\n")
        reply = await reader.read()
        writer.close()
        await writer.wait_closed()

    assert reply == b"STATUS\n"


class OneRegister(asyncio.Protocol):
    """Answers every Modbus TCP request with one register that holds 421."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Keep the wire for the answers."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer."""
        transaction, unit, function = data[0:2], data[6:7], data[7:8]
        pdu = unit + function + bytes([2]) + (421).to_bytes(2, "big")
        header = transaction + bytes(2) + len(pdu).to_bytes(2, "big")
        self.transport.write(header + pdu)


async def test_pymodbus_runs_unmodified(loop: VirtualLoop) -> None:
    async with await loop.create_server(OneRegister, "10.0.0.9", 502):
        client = AsyncModbusTcpClient("10.0.0.9", port=502, timeout=1.0, retries=0)
        assert await client.connect()

        reply = await client.read_holding_registers(0, count=1)
        client.close()
        await turn()

    assert reply.registers == [421]


async def test_a_silent_modbus_device_costs_its_time_limit(loop: VirtualLoop) -> None:
    async with await loop.create_server(Notebook, "10.0.0.9", 502):
        client = AsyncModbusTcpClient("10.0.0.9", port=502, timeout=1.0, retries=0)
        await client.connect()

        with pytest.raises(ModbusIOException, match="No response"):
            await client.read_holding_registers(0, count=1)
        client.close()
        await turn()

    assert loop.time() >= 1.0
