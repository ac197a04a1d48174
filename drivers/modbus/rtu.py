"""Modbus RTU carried by TCP, as transparent serial gateways do: no transaction, but a checksum.

The answer's length follows from the request, never from a gap in time, which TCP does not keep.
Nothing tells a late answer from the one that is awaited, so the stream is only trusted from the
first byte after a request on, and only as long as every answer came whole and in time. Layout:
"MODBUS over Serial Line Specification and Implementation Guide" V1.02 section 2.5.1.
"""

from typing import Final

from pymodbus.framer import FramerRTU

from drivers.modbus.counts import LinkCounts
from drivers.modbus.frame import (
    EXCEPTION,
    EXCEPTION_LENGTH,
    Awaited,
    BadFrame,
    awaited,
    check_start,
    check_told,
)

CHECKSUM: Final = 2


class RtuInbox:
    """Modbus RTU: what is heard after a request is its answer from the first byte on, or wrong."""

    def __init__(self, counts: LinkCounts) -> None:
        self.foreign = 0
        self._counts = counts
        self._buffer = b""
        self._want: Awaited | None = None

    def expect(self, packet: bytes) -> None:
        """Await the answer to this packet."""
        self._want = awaited(packet[:-CHECKSUM])

    def hear(self, data: bytes) -> bytes | None:
        """The answer from its unit on, without checksum."""
        self._buffer += data
        heard, want = self._buffer, self._want
        if want is None:
            self._counts.discarded += 1
            raise BadFrame("frame", f"expected silence, got {heard[:8].hex(' ')}")
        if len(heard) < 2:  # noqa: PLR2004 - unit and function
            return None
        length = EXCEPTION_LENGTH if heard[1] & EXCEPTION else want.length
        check_start(heard[0], heard[1], length, want, CHECKSUM)
        check_told(heard, want)
        end = length + CHECKSUM
        if len(heard) < end:
            return None
        body, told = heard[:length], heard[length:end]
        wanted = FramerRTU.compute_CRC(body).to_bytes(CHECKSUM, "big")
        if told != wanted:
            raise BadFrame("checksum", f"expected checksum {wanted.hex()}, got {told.hex()}")
        self._buffer, self._want = heard[end:], None
        return body

    def clean(self) -> bool:
        """Whether nothing came behind the answer: what it would be, nobody could tell."""
        if self._buffer:
            self._counts.discarded += 1
        return not self._buffer
