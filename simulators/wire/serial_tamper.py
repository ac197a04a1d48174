"""What a broken link makes of an exchange with a serial device: the same, without transactions.

The link breaks frames as Modbus TCP has them. Here each whole one is given the form that it has on
a bus; what is no longer a frame of that kind becomes one with a wrong checksum, or half of one.
"""

from collections.abc import Callable, Iterator

from simulators.wire.modbus import HEADER, LENGTH_FIELD_END, SHORTEST
from simulators.wire.tamper import Chunk, Delivery

Seal = Callable[[bytes], bytes]
"""A serial frame without its checksum to the one with it."""


def framed(unit: int, pdu: bytes) -> bytes:
    """A serial request or answer as Modbus TCP would carry it."""
    return HEADER.pack(1, 0, len(pdu) + 1, unit) + pdu


def serial(delivery: Delivery, honest: bytes, seal: Seal) -> Delivery:
    """The delivery as the bus brings it; `honest` is what the unit really said, as TCP frame."""
    whole = b"".join(data for _, data in delivery.chunks)
    if len(delivery.chunks) > 2 and whole == honest:  # noqa: PLR2004 - byte by byte
        after_s = delivery.chunks[0][0]
        bytes_ = seal(whole[LENGTH_FIELD_END:])
        return Delivery(tuple((after_s, bytes((byte,))) for byte in bytes_), delivery.end)
    return Delivery(
        tuple(_on_the_bus(chunk, honest, seal) for chunk in delivery.chunks), delivery.end
    )


def _on_the_bus(chunk: Chunk, honest: bytes, seal: Seal) -> Chunk:
    after_s, data = chunk
    frames = list(_frames(data))
    if sum(map(len, frames)) == len(data):
        return after_s, b"".join(seal(frame[LENGTH_FIELD_END:]) for frame in frames)
    truth = seal(honest[LENGTH_FIELD_END:]) if honest else b""
    if honest.startswith(data):
        return after_s, truth[: len(truth) // 2]
    if data[LENGTH_FIELD_END:] == honest[LENGTH_FIELD_END:]:
        # A header that lies: on a bus it is the checksum that does.
        return after_s, truth[:-1] + bytes((truth[-1] ^ 0xFF,))
    return after_s, data


def _frames(data: bytes) -> Iterator[bytes]:
    """The whole frames at the beginning of these bytes."""
    while len(data) >= HEADER.size:
        _, protocol, length, _ = HEADER.unpack_from(data)
        end = LENGTH_FIELD_END + length
        if protocol != 0 or length < SHORTEST or len(data) < end:
            return
        yield data[:end]
        data = data[end:]
