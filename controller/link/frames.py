"""Frames of the link: four bytes of length, big end first, then one message as MessagePack."""

import asyncio
import struct
from collections.abc import AsyncIterator

import msgspec

from controller.link.messages import FRAME_CAP_BYTES, FromCore, ToCore

HEAD_BYTES = 4
READ_BYTES = 64 * 1024

_ENCODER = msgspec.msgpack.Encoder()
_FROM_CORE: msgspec.msgpack.Decoder[FromCore] = msgspec.msgpack.Decoder(FromCore)
_TO_CORE: msgspec.msgpack.Decoder[ToCore] = msgspec.msgpack.Decoder(ToCore)


class BadFrame(ValueError):  # noqa: N818 - named like the drivers' BadReply
    """What came over the link is not a frame of it."""


def encode(message: FromCore | ToCore) -> bytes:
    """One message as a frame, ready for the wire."""
    body = _ENCODER.encode(message)
    if len(body) > FRAME_CAP_BYTES:
        raise BadFrame(f"{type(message).__name__} of {len(body)} B is over {FRAME_CAP_BYTES} B")
    return struct.pack(">I", len(body)) + body


def decode_from_core(body: bytes) -> FromCore:
    """The message that core sent in this body."""
    try:
        return _FROM_CORE.decode(body)
    except msgspec.DecodeError as reason:
        raise BadFrame(f"not a message of core: {reason}") from reason


def decode_to_core(body: bytes) -> ToCore:
    """The request or question that a visitor's side sent in this body."""
    try:
        return _TO_CORE.decode(body)
    except msgspec.DecodeError as reason:
        raise BadFrame(f"neither a request nor a question: {reason}") from reason


class Splitter:
    """Bytes in, whole bodies out; a frame over the cap is refused before it is collected."""

    def __init__(self, cap_bytes: int = FRAME_CAP_BYTES) -> None:
        self._cap_bytes = cap_bytes
        self._rest = bytearray()

    @property
    def inside_a_frame(self) -> bool:
        """Whether the bytes so far end in the middle of a frame."""
        return len(self._rest) > 0

    def feed(self, data: bytes) -> list[bytes]:
        """The bodies that are whole now, oldest first."""
        self._rest += data
        bodies = []
        while (body := self._next_body()) is not None:
            bodies.append(body)
        return bodies

    def _next_body(self) -> bytes | None:
        if len(self._rest) < HEAD_BYTES:
            return None
        length = int.from_bytes(self._rest[:HEAD_BYTES], "big")
        if length > self._cap_bytes:
            raise BadFrame(f"a frame of {length} B is over {self._cap_bytes} B")
        end = HEAD_BYTES + length
        if len(self._rest) < end:
            return None
        body = bytes(self._rest[HEAD_BYTES:end])
        del self._rest[:end]
        return body


async def bodies(
    stream: asyncio.StreamReader, silent_after_s: float | None, cap_bytes: int = FRAME_CAP_BYTES
) -> AsyncIterator[bytes]:
    """The bodies of a stream until its clean end; `TimeoutError` after too long a silence.

    Without `silent_after_s` the other side may be silent for ever: that is a visitor with no wish.
    """
    splitter = Splitter(cap_bytes)
    while True:
        async with asyncio.timeout(silent_after_s):
            data = await stream.read(READ_BYTES)
        if not data:
            break
        for body in splitter.feed(data):
            yield body
    if splitter.inside_a_frame:
        raise BadFrame("the stream ended in the middle of a frame")
