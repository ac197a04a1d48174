"""The bytes of a request to read, made once: a plant reads the same for ever."""

from functools import lru_cache
from typing import Final

from pymodbus.pdu import ModbusPDU, ReadCoilsRequest, ReadHoldingRegistersRequest
from pymodbus.pdu.bit_message import ReadDiscreteInputsRequest
from pymodbus.pdu.register_message import ReadInputRegistersRequest

from drivers.modbus.connection import Framing, packet_of
from drivers.modbus.register import Table

_READS: Final[dict[Table, type[ModbusPDU]]] = {
    "coil": ReadCoilsRequest,
    "discrete": ReadDiscreteInputsRequest,
    "input": ReadInputRegistersRequest,
    "holding": ReadHoldingRegistersRequest,
}


@lru_cache(maxsize=2048)
def read_packet(framing: Framing, table: Table, address: int, count: int, unit: int) -> bytes:
    """A request for so many addresses of a table, framed, still without transaction."""
    return packet_of(_READS[table](address=address, count=count, dev_id=unit), framing)
