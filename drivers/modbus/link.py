"""The one way to a Modbus device, or to the units behind a gateway: one request at a time.

One second for each, connecting included. An answer that cannot be trusted ends the request at once
and by name, and the connection with it; the next request opens a new one, after a rest that grows
with the failures. Behind a gateway a unit that is silent costs the others as little as can be.
"""

import asyncio
from collections.abc import Sequence
from random import Random, SystemRandom
from typing import Final

from pymodbus.pdu import ModbusPDU
from pymodbus.pdu.bit_message import WriteMultipleCoilsRequest, WriteSingleCoilRequest
from pymodbus.pdu.register_message import WriteMultipleRegistersRequest

from drivers.device import InTime, LoopSeconds
from drivers.errors import BadReply, DeviceError, NoAnswer, TooLate
from drivers.modbus.connection import Connection, Framing, packet_of
from drivers.modbus.counts import LinkCounts
from drivers.modbus.frame import EXCEPTION, EXCEPTIONS, GATEWAY, refusal
from drivers.modbus.read_packet import read_packet
from drivers.modbus.reading import words_of
from drivers.modbus.register import Table
from drivers.modbus.turns import Rank, Rest, Turns
from drivers.modbus.unit import Unit, longest

PORT: Final = 502
TOTAL_S: Final = 1.0
# A gateway that has kept a late answer hands it over at once when it is connected anew.
LISTEN_SHARE: Final = 0.05

_DATA: Final = 3  # after unit, function and byte count


class ModbusLink:
    """The one connection to a device, or to a gateway with several units behind it."""

    def __init__(
        self,
        host: str,
        port: int = PORT,
        *,
        total_s: float = TOTAL_S,
        framing: Framing = "tcp",
        dice: Random | None = None,
        on_loop: LoopSeconds = float,
    ) -> None:
        self.where = f"{host}:{port}"
        self.counts = LinkCounts()
        # Counts connections: a new number means that another device may answer now.
        self.connection = 0
        self._host = host
        self._port = port
        self._framing: Framing = framing
        self._real_total_s = total_s
        self._on_loop = on_loop
        self._dice = SystemRandom() if dice is None else dice
        self._turns = Turns(total_s)
        self._units: dict[int, Unit] = {}
        self._rest = Rest(self._dice)
        self._open: Connection | None = None
        self._usual_s = 0.0
        # Whether an answer may still be on its way that nothing tells from another.
        self._listens_first = False
        # Who has answered on this connection since somebody was silent there.
        self._alive: set[int] = set()

    @property
    def _total_s(self) -> float:
        return self._on_loop(self._real_total_s)

    @property
    def connected(self) -> bool:
        """Whether the connection stands, as far as is known."""
        return self._open is not None and self._open.stands

    @property
    def shared(self) -> bool:
        """Whether several units are asked on it."""
        return len(self._units) > 1

    def join(self, number: int, *, zero_transaction: bool = False) -> Unit:
        """Be known as a unit of this link; its gateway may send transaction 0 back, whatever."""
        if number not in self._units:
            self._units[number] = Unit(number, f"{self.where}: unit {number}", Rest(self._dice))
        unit = self._units[number]
        unit.zero_transaction = unit.zero_transaction or zero_transaction
        return unit

    async def read(
        self, table: Table, address: int, count: int, unit: int, *, protective: bool = False
    ) -> list[int]:
        """Words of a register table, or bits as 0 and 1: exactly as many as asked."""
        data = await self.read_data(table, address, count, unit, protective=protective)
        return words_of(table, count, data)

    async def read_data(
        self, table: Table, address: int, count: int, unit: int, *, protective: bool = False
    ) -> bytes:
        """The same as the bytes of the answer, as many as belong to `count`."""
        packet = read_packet(self._framing, table, address, count, unit)
        rank = Rank.PROTECTIVE if protective else Rank.READ
        return (await self._request(packet, unit, rank))[_DATA:]

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
        request = WriteMultipleRegistersRequest(address=address, registers=list(words), dev_id=unit)
        packet = packet_of(request, self._framing)
        await self._request(packet, unit, Rank.WRITE, connection, in_time)

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
        kind: type[ModbusPDU]
        kind = WriteSingleCoilRequest if len(bits) == 1 else WriteMultipleCoilsRequest
        request = kind(address=address, bits=list(bits), dev_id=unit)
        packet = packet_of(request, self._framing)
        await self._request(packet, unit, Rank.WRITE, connection, in_time)

    async def close(self) -> None:
        """Let go of the connection."""
        await self._turns.take(Rank.WRITE, asyncio.get_running_loop().time())
        try:
            self._drop()
        finally:
            self._turns.give_back()

    async def _request(
        self,
        packet: bytes,
        number: int,
        rank: Rank,
        only_on: int | None = None,
        in_time: InTime | None = None,
    ) -> bytes:
        """The checked answer from its unit on, when the turn has come."""
        unit = self._units.get(number) or self.join(number)
        loop = asyncio.get_running_loop()
        if not self._turns.free():
            await self._turns.take(rank, loop.time())
        try:
            begun_s = loop.time()
            self._rest.check(self.where, begun_s)
            unit.rest.check(unit.where, begun_s)
            connection = self._open
            if connection is None or not connection.clean() or only_on is not None:
                connection = await self._connected(only_on)
            if in_time is not None and not in_time():
                raise TooLate(f"{self.where}: not sent: the order is no longer meant")
            return await self._ask(connection, packet, unit, begun_s)
        finally:
            self._turns.give_back()

    async def _connected(self, only_on: int | None) -> Connection:
        if self._open is not None and self._open.clean():
            if only_on is None or only_on == self.connection:
                return self._open
        elif only_on is None:
            return await self._connect()
        raise NoAnswer(f"{self.where}: the connection was lost before the order left")

    async def _connect(self) -> Connection:
        self._drop()
        # A new client each time: pymodbus lets the end of an old connection close the next one.
        zero = frozenset(one.number for one in self._units.values() if one.zero_transaction)
        connection = Connection(
            self._host, self._port, self._framing, self.counts, zero, self._total_s
        )
        made, reason = False, "nobody listens"
        try:
            async with asyncio.timeout(self._total_s):
                made = await connection.open()
                if made and self._listens_first:
                    await asyncio.sleep(LISTEN_SHARE * self._total_s)
                    made = connection.stands
                    reason = "a late answer came first"
        except TimeoutError:
            reason = f"nothing in {self._total_s:g} s"
        finally:
            if not made:
                connection.close()
        if not made:
            self.counts.connect_failures += 1
            told = f"{self.where}: no connection: {reason}"
            self._rest.failed(asyncio.get_running_loop().time(), told)
            raise NoAnswer(told)
        self._rest.ended()
        self._listens_first = False
        self.connection += 1
        self.counts.connects += 1
        self._open = connection
        return connection

    async def _ask(
        self, connection: Connection, packet: bytes, unit: Unit, begun_s: float
    ) -> bytes:
        loop = asyncio.get_running_loop()
        sent_s = loop.time()
        limit_s = unit.limit_s(self._total_s, self._usual_s) if self.shared else self._total_s
        due_s = min(sent_s + limit_s, begun_s + self._total_s)
        self.counts.requests += 1
        try:
            told = await connection.ask(packet, due_s)
        except asyncio.CancelledError:
            # Its answer may still come, and nobody would be there to take it.
            self._drop()
            raise
        if not isinstance(told, bytes):
            raise self._failed(connection, unit, told, due_s - begun_s)
        self._answered(unit, told, loop.time() - sent_s)
        if not connection.clean():
            self._drop()
        if told[1] & EXCEPTION:
            raise refusal(unit.where, told[1] & ~EXCEPTION, told[2])
        return told

    def _answered(self, unit: Unit, body: bytes, took_s: float) -> None:
        self.counts.answers += 1
        self._alive.add(unit.number)
        self._usual_s = longest(took_s, self._usual_s)
        if body[1] & EXCEPTION:
            self.counts.exceptions[body[2]] += 1
            if body[2] in GATEWAY:
                # The gateway has answered, the unit has not.
                unit.rest.failed(asyncio.get_running_loop().time(), EXCEPTIONS[body[2]])
                return
        if unit.answered(took_s, self._total_s):
            self.counts.late += 1

    def _failed(
        self, connection: Connection, unit: Unit, error: DeviceError | None, waited_s: float
    ) -> DeviceError:
        """What to raise; the connection goes too, unless it is known to be sound."""
        found: DeviceError
        if error is None:
            self.counts.timeouts += 1
            found = NoAnswer(f"{unit.where}: no answer in {waited_s:.3g} s{_beside(connection)}")
        elif isinstance(error, BadReply):
            found = BadReply(f"{unit.where}: {error}")
        else:
            found = NoAnswer(f"{unit.where}: {error}")
        # Only transactions tell a late answer from the next one. Without them the connection goes,
        # the unit has time to come to its end, and what it says then is listened for.
        told_apart = self._framing == "tcp" and not unit.zero_transaction
        late_s = 0.0 if told_apart or error is not None else self._total_s
        unit.rest.failed(asyncio.get_running_loop().time(), str(found), late_s)
        self._listens_first = self._listens_first or late_s > 0.0
        if error is None and told_apart and self._alive - {unit.number} and connection.clean():
            self._alive.clear()
        else:
            self._drop()
        return found

    def _drop(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open = None
        self._alive.clear()


def _beside(connection: Connection) -> str:
    if not connection.foreign:
        return ""
    return f", but {connection.foreign} frames of other transactions"
