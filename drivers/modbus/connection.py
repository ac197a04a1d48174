"""One TCP connection to a Modbus device or gateway: a request out, its checked answer back.

pymodbus connects, encodes, frames and sends. Its hooks show us the bytes, and what is heard goes to
our inbox instead of its decoder, which would take answers that answer something else.
"""

import asyncio
import logging
from typing import Final, Literal

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.framer import FramerBase, FramerRTU, FramerSocket, FramerType
from pymodbus.pdu import DecodePDU, ModbusPDU

from drivers.errors import DeviceError, NoAnswer
from drivers.modbus.counts import LinkCounts
from drivers.modbus.frame import BadFrame, Inbox, TcpInbox
from drivers.modbus.rtu import RtuInbox

Framing = Literal["tcp", "rtu_over_tcp"]

_FRAMERS: Final = {"tcp": FramerType.SOCKET, "rtu_over_tcp": FramerType.RTU}
_CODECS: Final[dict[Framing, FramerBase]] = {
    "tcp": FramerSocket(DecodePDU(is_server=False)),
    "rtu_over_tcp": FramerRTU(DecodePDU(is_server=False)),
}
# More than an event loop hands over at once: pymodbus forgets unseen what exceeds this.
BUFFER_BYTES: Final = 4_194_304

LAST_TRANSACTION: Final = 65_535

# What pymodbus would log it also raises, and whoever asked says it once.
logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)


def packet_of(request: ModbusPDU, framing: Framing) -> bytes:
    """The bytes of a request, as pymodbus encodes and frames it, still without transaction."""
    return _CODECS[framing].buildFrame(request)


class Connection:
    """A connection from its making to its end; nothing reconnects and nothing is sent twice."""

    def __init__(
        self,
        host: str,
        port: int,
        framing: Framing,
        counts: LinkCounts,
        zero_answers: frozenset[int],
        limit_s: float,
    ) -> None:
        rtu = framing == "rtu_over_tcp"
        self._inbox: Inbox = RtuInbox(counts) if rtu else TcpInbox(counts, zero_answers)
        self._counts = counts
        self._reply: asyncio.Future[bytes | DeviceError | None] | None = None
        self._client = AsyncModbusTcpClient(
            host,
            port=port,
            framer=_FRAMERS[framing],
            timeout=2.0 * limit_s,  # ours comes first
            retries=0,
            reconnect_delay=0,
            trace_packet=self._inspect,
            trace_connect=self._watch,
        )
        self._client.ctx.max_buffer_size = BUFFER_BYTES
        self._tcp = not rtu
        self._transaction = 0
        self._stands = False

    @property
    def stands(self) -> bool:
        """Whether it stands, as far as is known."""
        return self._stands

    @property
    def foreign(self) -> int:
        """Frames that answered something else since the last request."""
        return self._inbox.foreign

    async def open(self) -> bool:
        """Connect; false where nobody listens."""
        before = _cancels()
        self._stands = await self._client.connect()
        # asyncio.wait_for in pymodbus loses a cancellation that comes together with the connection
        # (Python before 3.12), and whoever asks in a loop would go on for ever.
        if _cancels() > before:
            self.close()
            raise asyncio.CancelledError
        return self._stands

    async def ask(self, packet: bytes, due_s: float) -> bytes | DeviceError | None:
        """The answer from its unit on, what is wrong with it, or None when it is not there."""
        loop = asyncio.get_running_loop()
        reply: asyncio.Future[bytes | DeviceError | None] = loop.create_future()
        self._reply = reply
        timer = loop.call_at(due_s, self._tell, None)
        if self._tcp:
            # Transaction 0 is what some gateways answer with, so it is never asked with.
            self._transaction = self._transaction % LAST_TRANSACTION + 1
            packet = self._transaction.to_bytes(2, "big") + packet[2:]
        self._inbox.expect(packet)
        try:
            self._client.ctx.send(packet)
            return await reply
        finally:
            self._reply = None
            timer.cancel()

    def clean(self) -> bool:
        """Whether the next answer will be found where the stream stands now."""
        return self._stands and self._inbox.clean()

    def close(self) -> None:
        """Let go of it."""
        self._stands = False
        self._client.close()

    def _inspect(self, sending: bool, data: bytes) -> bytes:  # noqa: FBT001 - pymodbus calls it so
        """Keep what is heard from pymodbus, and judge it."""
        if sending:
            return data
        self._client.ctx.recv_buffer = b""
        try:
            body = self._inbox.hear(data)
        except BadFrame as error:
            self._refuse(error)
        else:
            if body is not None:
                self._tell(body)
        return b""

    def _refuse(self, error: BadFrame) -> None:
        self._counts.refused[error.flaw] += 1
        self._tell(error)
        # Where the next frame would begin is no longer known.
        self.close()

    def _watch(self, connected: bool) -> None:  # noqa: FBT001 - pymodbus calls it so
        if connected:
            return
        self._stands = False
        if self._reply is not None:
            self._counts.hang_ups += 1
            self._tell(NoAnswer("hung up before the answer"))

    def _tell(self, told: bytes | DeviceError | None) -> None:
        """End the request that waits, if one does."""
        if self._reply is None:
            self._counts.discarded += 1
        elif not self._reply.done():
            self._reply.set_result(told)


def _cancels() -> int:
    """How often the running task has been asked to end."""
    task = asyncio.current_task()
    return 0 if task is None else task.cancelling()
