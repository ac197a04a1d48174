"""A Modbus device as four tables of memory, filled before a read and followed after a write."""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from simulators.wire.layouts.layout import Layout

Take = Callable[[str, int, int], None]
"""Table, address and word or bit that a client has written."""


@dataclass
class MemoryBank:
    """What the server of simulated devices asks of a device; `show` fills it, `take` is told."""

    inputs_length: int = 0
    discretes_length: int = 0
    holdings_length: int = 0
    coils_length: int = 0
    show: Callable[["MemoryBank"], None] = lambda _bank: None
    take: Take = lambda _table, _address, _word: None
    now_s: Callable[[], float] = lambda: 0.0
    layout: Layout = field(init=False)

    def __post_init__(self) -> None:
        self.layout = Layout(
            inputs=(),
            inputs_length=self.inputs_length,
            discretes_length=self.discretes_length,
            holdings_length=self.holdings_length,
            coils_length=self.coils_length,
        )
        self.words = {
            "input": bytearray(2 * self.inputs_length),
            "holding": bytearray(2 * self.holdings_length),
        }
        self.bits = {
            "discrete": [False] * self.discretes_length,
            "coil": [False] * self.coils_length,
        }
        self.written: list[tuple[str, int, int]] = []
        self._shown_s: float | None = None

    def inputs(self) -> bytes:
        """All input registers."""
        return self._shown().words["input"]

    def holdings(self) -> bytes:
        """All holding registers."""
        return self._shown().words["holding"]

    def discretes(self) -> int:
        """All discrete inputs, address 0 in the lowest bit."""
        return sum(bit << at for at, bit in enumerate(self._shown().bits["discrete"]))

    def coils(self) -> int:
        """All coils, address 0 in the lowest bit."""
        return sum(bit << at for at, bit in enumerate(self._shown().bits["coil"]))

    def write_holdings(self, start: int, values: Sequence[int]) -> None:
        """Take what a client has written."""
        for address, value in enumerate(values, start):
            self.put("holding", address, value)
            self.written.append(("holding", address, value))
            self.take("holding", address, value)
        self._shown_s = None

    def write_coils(self, start: int, values: Sequence[bool]) -> None:
        """Take what a client has written."""
        for address, value in enumerate(values, start):
            self.bits["coil"][address] = value
            self.written.append(("coil", address, int(value)))
            self.take("coil", address, value)
        self._shown_s = None

    def put(self, table: str, address: int, value: float) -> None:
        """A whole number, negative ones as two's complement."""
        struct.pack_into(">H", self.words[table], 2 * address, round(value) & 0xFFFF)

    def put_float(self, table: str, address: int, value: float, *, low_first: bool = False) -> None:
        """A number as IEEE 754 in two words."""
        words = struct.unpack(">2H", struct.pack(">f", value))
        for offset, word in enumerate(reversed(words) if low_first else words):
            self.put(table, address + offset, word)

    def _shown(self) -> "MemoryBank":
        """Itself, filled for this moment."""
        if self.now_s() != self._shown_s:
            self.show(self)
            self._shown_s = self.now_s()
        return self
