"""One Modbus TCP connection: one request at a time, one second each, every reply checked by us.

pymodbus frames, sends and decodes. Its hooks show us the bytes, so a wrong answer ends the request
at once and by name, and a lost connection does not wait for the clock. Anything but a clean answer
ends the connection; the next request opens a new one, nothing reconnects in the background.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException
from pymodbus.pdu import ModbusPDU

from drivers.errors import BadReply, DeviceError, NoAnswer, TooLate
from drivers.modbus.frame import EXCEPTION, answer, refusal
from drivers.modbus.register import BIT_TABLES, Table

PORT: Final = 502
TOTAL_S: Final = 1.0
# pymodbus forgets unseen what exceeds one frame: late answers before the awaited one, or garbage.
BUFFER_BYTES: Final = 65_536

# What pymodbus would log it also raises, and whoever asked says it once.
logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)

Ask = Callable[[AsyncModbusTcpClient], Awaitable[ModbusPDU]]
InTime = Callable[[], bool]
"""Asked in the moment in which an order would leave: whether it is still meant."""


class ModbusLink:
    """The one connection to a device, or to a gateway with several units behind it."""

    def __init__(self, host: str, port: int = PORT, *, total_s: float = TOTAL_S) -> None:
        self.where = f"{host}:{port}"
        # Counts connections: a new number means that another device may answer now.
        self.connection = 0
        self._host = host
        self._port = port
        self._total_s = total_s
        self._client: AsyncModbusTcpClient | None = None
        self._sent = b""
        self._one_at_a_time = asyncio.Lock()

    @property
    def connected(self) -> bool:
        """Whether the connection stands, as far as is known."""
        return self._client is not None and self._client.connected

    async def read(self, table: Table, address: int, count: int, unit: int) -> list[int]:
        """Words of a register table, or bits as 0 and 1: exactly as many as asked."""

        def ask(client: AsyncModbusTcpClient) -> Awaitable[ModbusPDU]:
            match table:
                case "coil":
                    return client.read_coils(address, count=count, device_id=unit)
                case "discrete":
                    return client.read_discrete_inputs(address, count=count, device_id=unit)
                case "input":
                    return client.read_input_registers(address, count=count, device_id=unit)
                case "holding":
                    return client.read_holding_registers(address, count=count, device_id=unit)

        reply = await self._request(ask)
        # Bits come in whole bytes, so up to seven more than asked.
        values = reply.bits if table in BIT_TABLES else reply.registers
        if len(values) < count:
            raise BadReply(f"{self.where}: expected {count} values, got {len(values)}")
        return [int(value) for value in values[:count]]

    async def write_registers(
        self,
        address: int,
        words: Sequence[int],
        unit: int,
        *,
        connection: int | None = None,
        in_time: InTime | None = None,
    ) -> None:
        """Contiguous holding registers in one request; given a connection, on no other."""
        await self._request(
            lambda client: client.write_registers(address, list(words), device_id=unit),
            only_on=connection,
            in_time=in_time,
        )

    async def write_coils(
        self,
        address: int,
        bits: Sequence[bool],
        unit: int,
        *,
        connection: int | None = None,
        in_time: InTime | None = None,
    ) -> None:
        """Contiguous coils in one request; given a connection, on no other."""
        await self._request(
            lambda client: (
                client.write_coil(address, bits[0], device_id=unit)
                if len(bits) == 1
                else client.write_coils(address, list(bits), device_id=unit)
            ),
            only_on=connection,
            in_time=in_time,
        )

    async def close(self) -> None:
        """Let go of the connection."""
        async with self._one_at_a_time:
            self._drop()

    async def _request(
        self, ask: Ask, only_on: int | None = None, in_time: InTime | None = None
    ) -> ModbusPDU:
        async with self._one_at_a_time:
            clean, cancels = False, _cancels()
            try:
                async with asyncio.timeout(self._total_s):
                    client = await self._connected(only_on)
                    if in_time is not None and not in_time():
                        clean = True
                        raise TooLate("not sent: the order is no longer meant")
                    reply = await ask(client)
                clean = True
            except TimeoutError:
                raise NoAnswer(f"{self.where}: no answer in {self._total_s:g} s") from None
            except (ModbusException, OSError) as error:
                raise NoAnswer(f"{self.where}: {error}") from error
            except DeviceError as error:
                raise type(error)(f"{self.where}: {error}") from None
            finally:
                if not clean:
                    self._drop()
                # asyncio.wait_for in pymodbus loses a cancellation that comes together with the
                # answer (Python before 3.12), and whoever asks in a loop would go on for ever.
                if _cancels() > cancels:
                    raise asyncio.CancelledError
        if reply.function_code & EXCEPTION:
            raise refusal(self.where, reply.function_code & ~EXCEPTION, reply.exception_code)
        return reply

    async def _connected(self, only_on: int | None) -> AsyncModbusTcpClient:
        this_one = only_on is None or only_on == self.connection
        if self._client is not None and self._client.connected and this_one:
            return self._client
        if only_on is not None:
            raise NoAnswer("the connection was lost before the order left")
        self._drop()
        # A new client each time: pymodbus lets the end of an old connection close the next one.
        client = AsyncModbusTcpClient(
            self._host,
            port=self._port,
            timeout=2.0 * self._total_s,  # ours comes first and counts connecting too
            retries=0,
            reconnect_delay=0,
            trace_packet=self._inspect,
            trace_connect=self._watch,
        )
        client.ctx.max_buffer_size = BUFFER_BYTES
        self._client = client
        if not await client.connect():
            raise NoAnswer("no connection")
        self.connection += 1
        return client

    def _inspect(self, sending: bool, data: bytes) -> bytes:  # noqa: FBT001 - pymodbus calls it so
        """Let pymodbus see the answer to what was sent, and nothing else."""
        if sending:
            self._sent = data
            return data
        try:
            return (answer(self._sent, data) if self._sent else None) or b""
        except BadReply as error:
            self._fail(error)
            return b""

    def _watch(self, connected: bool) -> None:  # noqa: FBT001 - pymodbus calls it so
        if not connected and self._sent:
            self._fail(NoAnswer("hung up before the answer"))

    def _fail(self, error: DeviceError) -> None:
        """End the request that waits, if one does."""
        if self._client is not None and not self._client.ctx.response_future.done():
            self._client.ctx.response_future.set_exception(error)

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None
        self._sent = b""


def _cancels() -> int:
    """How often the task that asks was ended; its own time limit does not count when it is over."""
    task = asyncio.current_task()
    return 0 if task is None else task.cancelling()
