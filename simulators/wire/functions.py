"""The Modbus functions a simulated device knows: request PDU in, reply PDU out, no socket.

Limits and echo rules are those of the Modbus application protocol specification V1.1b3, section 6.
"""

from collections.abc import Callable, Mapping
from struct import pack, unpack, unpack_from

from simulators.wire.bank import Bank, Code, Refusal
from simulators.wire.layouts.layout import Layout

READ_BITS_CAP = 2000
READ_WORDS_CAP = 125
WRITE_BITS_CAP = 1968
WRITE_WORDS_CAP = 123
COIL_ON = 0xFF00
EXCEPTION_FLAG = 0x80


def answer(pdu: bytes, bank: Bank) -> bytes:
    """The reply of the device, or its exception."""
    handler, length_of = _FUNCTIONS.get(pdu[0], (_read_inputs, _not_offered))
    length = length_of(bank.layout)
    if length == 0:
        return exception(pdu, Code.ILLEGAL_FUNCTION)
    try:
        return pdu[:1] + handler(pdu[1:], bank, length)
    except Refusal as refusal:
        return exception(pdu, refusal.code)


def exception(pdu: bytes, code: Code) -> bytes:
    """The reply that refuses this request."""
    return bytes((pdu[0] | EXCEPTION_FLAG, code))


def _not_offered(_layout: Layout) -> int:
    """The length of a table that no device has."""
    return 0


def _two(body: bytes) -> tuple[int, int]:
    """The two numbers of a request of fixed length."""
    if len(body) != 4:  # noqa: PLR2004 - two words
        raise Refusal(Code.ILLEGAL_DATA_VALUE)
    first, second = unpack(">HH", body)
    return first, second


def _span(start: int, count: int, cap: int, length: int) -> None:
    """Refuse a count that the function forbids, then addresses that the table does not have."""
    if not 1 <= count <= cap:
        raise Refusal(Code.ILLEGAL_DATA_VALUE)
    if start + count > length:
        raise Refusal(Code.ILLEGAL_DATA_ADDRESS)


def _pack_bits(table: int, start: int, count: int) -> bytes:
    """Bits from `start`, lowest first, filled up with zeros to whole bytes."""
    size = (count + 7) // 8
    bits = (table >> start) & ((1 << count) - 1)
    return bytes((size,)) + bits.to_bytes(size, "little")


def _pack_words(table: bytes, start: int, count: int) -> bytes:
    return bytes((2 * count,)) + table[2 * start : 2 * (start + count)]


def _read_coils(body: bytes, bank: Bank, length: int) -> bytes:
    start, count = _two(body)
    _span(start, count, READ_BITS_CAP, length)
    return _pack_bits(bank.coils(), start, count)


def _read_discretes(body: bytes, bank: Bank, length: int) -> bytes:
    start, count = _two(body)
    _span(start, count, READ_BITS_CAP, length)
    return _pack_bits(bank.discretes(), start, count)


def _read_holdings(body: bytes, bank: Bank, length: int) -> bytes:
    start, count = _two(body)
    _span(start, count, READ_WORDS_CAP, length)
    return _pack_words(bank.holdings(), start, count)


def _read_inputs(body: bytes, bank: Bank, length: int) -> bytes:
    start, count = _two(body)
    _span(start, count, READ_WORDS_CAP, length)
    return _pack_words(bank.inputs(), start, count)


def _write_coil(body: bytes, bank: Bank, length: int) -> bytes:
    address, value = _two(body)
    if value not in {0, COIL_ON}:
        raise Refusal(Code.ILLEGAL_DATA_VALUE)
    _span(address, 1, 1, length)
    bank.write_coils(address, [value == COIL_ON])
    return body


def _write_holding(body: bytes, bank: Bank, length: int) -> bytes:
    address, value = _two(body)
    _span(address, 1, 1, length)
    bank.write_holdings(address, [value])
    return body


def _write_coils(body: bytes, bank: Bank, length: int) -> bytes:
    start, count, data = _several(body)
    if len(data) != (count + 7) // 8:
        raise Refusal(Code.ILLEGAL_DATA_VALUE)
    _span(start, count, WRITE_BITS_CAP, length)
    bits = int.from_bytes(data, "little")
    bank.write_coils(start, [bool(bits >> i & 1) for i in range(count)])
    return pack(">HH", start, count)


def _write_holdings(body: bytes, bank: Bank, length: int) -> bytes:
    start, count, data = _several(body)
    if len(data) != 2 * count:
        raise Refusal(Code.ILLEGAL_DATA_VALUE)
    _span(start, count, WRITE_WORDS_CAP, length)
    bank.write_holdings(start, unpack(f">{count}H", data))
    return pack(">HH", start, count)


def _several(body: bytes) -> tuple[int, int, bytes]:
    """Start, count and data of a request that writes several; its byte count must be true."""
    if len(body) < 5 or len(body) != 5 + body[4]:  # noqa: PLR2004 - start, count, byte count
        raise Refusal(Code.ILLEGAL_DATA_VALUE)
    start, count = unpack_from(">HH", body)
    return start, count, body[5:]


_FUNCTIONS: Mapping[int, tuple[Callable[[bytes, Bank, int], bytes], Callable[[Layout], int]]] = {
    1: (_read_coils, lambda layout: layout.coils_length),
    2: (_read_discretes, lambda layout: layout.discretes_length),
    3: (_read_holdings, lambda layout: layout.holdings_length),
    4: (_read_inputs, lambda layout: layout.inputs_length),
    5: (_write_coil, lambda layout: layout.coils_length),
    6: (_write_holding, lambda layout: layout.holdings_length),
    15: (_write_coils, lambda layout: layout.coils_length),
    16: (_write_holdings, lambda layout: layout.holdings_length),
}
