"""One end of an in-memory TCP connection."""

import asyncio
import errno
from collections import deque
from collections.abc import Iterable
from enum import Enum
from typing import Final, assert_never

Address = tuple[str, int]

# What an unread peer may owe before its sender is asked to pause, and when it may go on.
HIGH_WATER_BYTES: Final = 64 * 1024


class Sign(Enum):
    """What travels on a wire beside data."""

    END = "no more data comes from the peer"
    RESET = "the peer is gone"


class Wire(asyncio.Transport):
    """What a protocol writes here arrives at the peer: complete, in order, one latency later."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        protocol: asyncio.Protocol,
        addresses: tuple[Address, Address],
        latency_s: float,
    ) -> None:
        super().__init__({"sockname": addresses[0], "peername": addresses[1]})
        self._loop = loop
        self._protocol = protocol
        self._latency_s = latency_s
        self.peer: Wire | None = None
        self._on_the_way: deque[bytes | Sign] = deque()
        self._unread: deque[bytes | Sign] = deque()
        self._owed_bytes = 0
        self._high_bytes = HIGH_WATER_BYTES
        self._low_bytes = HIGH_WATER_BYTES // 4
        self._reading = True
        self._writing_paused = False
        self._ended = False
        self._closing = False

    # ------------------------------------------------------------------ sending

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send; what is written after the close is lost, as on a socket."""
        if self._ended and not self._closing:
            raise RuntimeError("Cannot call write() after write_eof()")
        if self._closing or not data:
            return
        self._owed_bytes += len(data)
        self._send(bytes(data))
        if self._owed_bytes > self._high_bytes and not self._writing_paused:
            self._writing_paused = True
            self._protocol.pause_writing()

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        """Send the parts as one."""
        self.write(b"".join(list_of_data))

    def can_write_eof(self) -> bool:
        """TCP can end one direction only."""
        return True

    def write_eof(self) -> None:
        """End the sending direction; the peer may still answer."""
        if not self._ended:
            self._ended = True
            self._send(Sign.END)

    def close(self) -> None:
        """Send what was written, end, and read no more."""
        if not self._closing:
            self.write_eof()
            self._leave(None)

    def abort(self) -> None:
        """Vanish at once; the peer sees its connection reset."""
        if not self._closing:
            self._send(Sign.RESET)
            self._leave(None)

    def _send(self, item: bytes | Sign) -> None:
        if self.peer is not None:
            self.peer.expect(item)

    def _leave(self, error: Exception | None) -> None:
        self._closing = True
        self._loop.call_soon(self._protocol.connection_lost, error)

    # ------------------------------------------------------------------ receiving

    def expect(self, item: bytes | Sign) -> None:
        """Take what the peer has just sent; it arrives one latency later."""
        # Timers due at the same instant have no order, so each wire keeps its own queue.
        self._on_the_way.append(item)
        if self._latency_s > 0.0:
            self._loop.call_later(self._latency_s, self._arrive)
        else:
            self._loop.call_soon(self._arrive)

    def _arrive(self) -> None:
        item = self._on_the_way.popleft()
        if self._closing:
            if isinstance(item, bytes):
                self._send(Sign.RESET)
        elif item is Sign.RESET:
            self._leave(ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"))
        else:
            self._unread.append(item)
            self._hand_over()

    def _hand_over(self) -> None:
        """Give the protocol what has arrived, as long as it reads."""
        while self._unread and self.is_reading():
            item = self._unread.popleft()
            match item:
                case bytes():
                    self._protocol.data_received(item)
                    self._acknowledge(len(item))
                case Sign.END:
                    if not self._protocol.eof_received():
                        self.close()
                case Sign.RESET:
                    raise AssertionError("a reset is never left unread")
                case _:
                    assert_never(item)

    def _acknowledge(self, length_bytes: int) -> None:
        if self.peer is not None:
            self.peer.relieve(length_bytes)

    def relieve(self, length_bytes: int) -> None:
        """Hear that the peer has read so much; a paused sender may go on."""
        self._owed_bytes -= length_bytes
        if self._writing_paused and self._owed_bytes <= self._low_bytes and not self._closing:
            self._writing_paused = False
            self._protocol.resume_writing()

    def is_reading(self) -> bool:
        """Whether data that arrives now is handed over now."""
        return self._reading and not self._closing

    def pause_reading(self) -> None:
        """Leave what arrives unread."""
        self._reading = False

    def resume_reading(self) -> None:
        """Read again, first what has waited."""
        self._reading = True
        self._loop.call_soon(self._hand_over)

    # ------------------------------------------------------------------ what asyncio may ask

    def is_closing(self) -> bool:
        """Whether this end was closed, aborted or reset."""
        return self._closing

    def get_protocol(self) -> asyncio.BaseProtocol:
        """Who is told what arrives here."""
        return self._protocol

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Tell another protocol from now on."""
        if not isinstance(protocol, asyncio.Protocol):
            raise TypeError(f"a virtual wire speaks to an asyncio.Protocol, not to {protocol!r}")
        self._protocol = protocol

    def get_write_buffer_size(self) -> int:
        """How many bytes the peer has not read yet."""
        return self._owed_bytes

    def get_write_buffer_limits(self) -> tuple[int, int]:
        """At how many unread bytes the sender may go on, and must pause."""
        return self._low_bytes, self._high_bytes

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Set when the sender must pause, and when it may go on."""
        if high is None:
            high = HIGH_WATER_BYTES if low is None else 4 * low
        self._high_bytes = high
        self._low_bytes = high // 4 if low is None else low
