"""Answers as bad lines, bad gateways and bad people make them."""

from collections.abc import Callable
from random import Random

from tests.drivers.modbus.oracle import Question

Frame = Callable[[int, bytes], bytes]
"""Makes a frame of a transaction and a body."""


def question(dice: Random, transaction: int) -> Question:
    """Any request that the driver can make."""
    function = dice.choice((1, 2, 3, 3, 4, 4, 5, 15, 16))
    longest = {1: 2000, 2: 2000, 3: 125, 4: 125, 15: 1968, 16: 123}
    count = dice.choice((0, 0xFF00)) if function == 5 else _count(dice, longest[function])
    return Question(transaction, dice.randint(1, 255), function, dice.randint(0, 9_999), count)


def heard(dice: Random, asked: Question, data: bytes, frame: Frame) -> bytes:
    """The right answer after one or two accidents; now and then without any."""
    stream = frame(asked.transaction, asked.answer(data))
    for _ in range(dice.choice((0, 1, 1, 1, 2))):
        stream = dice.choice(ACCIDENTS)(dice, asked, stream, frame)
    return stream


def pieces(dice: Random, stream: bytes) -> list[bytes]:
    """The same bytes as they may arrive."""
    if dice.random() < 0.6 or len(stream) < 2:
        return [stream]
    cuts = sorted({dice.randrange(1, len(stream)) for _ in range(dice.randint(1, 4))})
    return [stream[start:end] for start, end in zip((0, *cuts), (*cuts, len(stream)), strict=True)]


def _count(dice: Random, longest: int) -> int:
    return dice.choice((1, 2, dice.randint(1, longest), dice.randint(1, min(longest, 40)), longest))


def _flip(dice: Random, _asked: Question, stream: bytes, _frame: Frame) -> bytes:
    """One to three bits, mostly near the start, where the meaning is."""
    damaged = bytearray(stream)
    for _ in range(dice.randint(1, 3)):
        if damaged:
            reach = min(len(damaged), dice.choice((12, 12, 300)))
            damaged[dice.randrange(reach)] ^= 1 << dice.randrange(8)
    return bytes(damaged)


def _cut_out(dice: Random, _asked: Question, stream: bytes, _frame: Frame) -> bytes:
    start = dice.randint(0, len(stream))
    return stream[:start] + stream[start + dice.randint(1, 4) :]


def _put_in(dice: Random, _asked: Question, stream: bytes, _frame: Frame) -> bytes:
    at = dice.randint(0, len(stream))
    return stream[:at] + dice.randbytes(dice.randint(1, 9)) + stream[at:]


def _truncate(dice: Random, _asked: Question, stream: bytes, _frame: Frame) -> bytes:
    return stream[: dice.randint(0, len(stream))]


def _double(dice: Random, _asked: Question, stream: bytes, _frame: Frame) -> bytes:
    return stream * dice.randint(2, 3)


def _other_length(dice: Random, asked: Question, _stream: bytes, frame: Frame) -> bytes:
    """More or fewer registers than asked, told consistently."""
    size = max(0, min(251, asked.size + dice.choice((-4, -2, -1, 1, 2, 4))))
    body = bytes([asked.unit, asked.function, size]) + dice.randbytes(size)
    return frame(asked.transaction, body)


def _foreign(dice: Random, asked: Question, stream: bytes, frame: Frame) -> bytes:
    """An answer to something else before, behind or instead of ours."""
    other = question(dice, (asked.transaction - dice.randint(-2, 3)) % 65_536)
    one = frame(other.transaction, other.answer(dice.randbytes(other.size)))
    return dice.choice((one + stream, stream + one, one))


def _neighbour(dice: Random, asked: Question, _stream: bytes, frame: Frame) -> bytes:
    """Ours, but of another unit, function or transaction."""
    body = bytearray(asked.answer(dice.randbytes(asked.size)))
    body[dice.randrange(2)] ^= 1 << dice.randrange(8)
    return frame(asked.transaction ^ dice.choice((0, 0, 1)), bytes(body))


def _exception(dice: Random, asked: Question, _stream: bytes, frame: Frame) -> bytes:
    function = dice.choice((asked.function, asked.function, 3)) | 0x80
    return frame(asked.transaction, bytes([asked.unit, function, dice.randrange(256)]))


def _garbage(dice: Random, _asked: Question, stream: bytes, _frame: Frame) -> bytes:
    noise = dice.randbytes(dice.randint(1, 300))
    return dice.choice((noise, noise + stream, b"HTTP/1.1 400 Bad Request\r\n\r\n", bytes(40)))


ACCIDENTS = (
    *(_flip, _flip, _flip, _cut_out, _put_in, _truncate, _double),
    *(_other_length, _foreign, _neighbour, _exception, _garbage),
)
