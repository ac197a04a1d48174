"""The registers of a simulated device: filled from its points, written through its commands."""

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from typing import Protocol, TypeVar

from simulators.watchdog import Busy
from simulators.wire.layouts.layout import Bit, Fixed, Frame, Layout, Setting
from simulators.wire.words import encode, signed

WORD_BYTES = 2
Entry = TypeVar("Entry", Setting, Bit)
Points = Mapping[str, float | bool | None]


class Code(IntEnum):
    """Why a device refuses a request (Modbus specification V1.1b3, section 7)."""

    ILLEGAL_FUNCTION = 1
    ILLEGAL_DATA_ADDRESS = 2
    ILLEGAL_DATA_VALUE = 3
    DEVICE_BUSY = 6
    NO_SUCH_UNIT = 0x0B


class Refusal(Exception):  # noqa: N818 - an answer of the protocol, not a fault of the program
    """The device answers with an exception code."""

    def __init__(self, code: Code) -> None:
        super().__init__(code.name)
        self.code = code


class Device(Protocol):
    """A device that measures."""

    def points(self) -> Points:
        """Everything it measures; None is not available."""


class Controller(Device, Protocol):
    """A device that also obeys."""

    def command(self, point: str, value: float | bool) -> None:  # noqa: FBT001 - a point's value
        """Set a point; KeyError if it does not exist, ValueError if it cannot be, Busy if later."""

    def command_value(self, point: str) -> float | bool:
        """What the point was last set to."""

    def take_frame(self, values: Mapping[str, float], heartbeat: int, epoch: int) -> None:
        """Set all these points or none; ValueError if the frame is not accepted."""


def sound() -> None:
    """Nothing is broken."""
    return


class Bank:
    """The tables of a device that only measures; read at most once for each moment of its world.

    `broken` tells by which verb the device is broken: a foreign one has another serial number, a
    swapped one tells the low word of its long numbers first.
    """

    def __init__(
        self,
        layout: Layout,
        device: Device,
        now_s: Callable[[], float],
        broken: Callable[[], str | None] = sound,
    ) -> None:
        self.layout = layout
        self._broken = broken
        self._device = device
        self._now_s = now_s
        self._read_at: tuple[float, str | None] | None = None
        self._inputs = b""
        self._discretes = 0

    def inputs(self) -> bytes:
        """The whole table of input registers."""
        self._refresh()
        return self._inputs

    def discretes(self) -> int:
        """The whole table of discrete inputs, address 0 in the lowest bit."""
        self._refresh()
        return self._discretes

    def holdings(self) -> bytes:
        """The whole table of holding registers."""
        return b""

    def coils(self) -> int:
        """The whole table of coils, address 0 in the lowest bit."""
        return 0

    def write_holdings(self, start: int, values: Sequence[int]) -> None:
        """Refuse: nothing is writable here."""
        del start, values
        raise Refusal(Code.ILLEGAL_DATA_ADDRESS)

    def write_coils(self, start: int, values: Sequence[bool]) -> None:
        """Refuse: nothing is writable here."""
        del start, values
        raise Refusal(Code.ILLEGAL_DATA_ADDRESS)

    def _refresh(self) -> None:
        """Fill the input tables anew if the world has moved."""
        now_s, broken = self._now_s(), self._broken()
        if (now_s, broken) == self._read_at:
            return
        points = self._device.points()
        table = bytearray(2 * self.layout.inputs_length)
        for word in self.layout.inputs:
            if isinstance(word, Fixed):
                other = broken == "foreign" and word.type == "uint32"
                data = encode(word.type, word.value + other)
            else:
                value = points.get(word.point)
                data = encode(word.type, value, word.counts, wraps=word.wraps)
            if broken == "swapped" and len(data) > WORD_BYTES:
                data = data[WORD_BYTES:] + data[:WORD_BYTES]
            table[2 * word.address : 2 * word.address + len(data)] = data
        self._inputs = bytes(table)
        self._discretes = sum(
            1 << bit.address for bit in self.layout.discretes if points.get(bit.point)
        )
        self._read_at = now_s, broken


class CommandBank(Bank):
    """The tables of a device that also obeys.

    A coil that is not installed refuses; a setting that is not installed reads 0 and takes only 0.
    """

    def __init__(
        self,
        layout: Layout,
        device: Controller,
        now_s: Callable[[], float],
        broken: Callable[[], str | None] = sound,
    ) -> None:
        super().__init__(layout, device, now_s, broken)
        self._controller = device
        self._settings = {setting.address: setting for setting in layout.holdings}
        self._spare = {s.point for s in layout.holdings if not _installed(device, s.point)}
        self._switches = {b.address: b for b in layout.coils if _installed(device, b.point)}
        frame = layout.frame
        self._framing = frozenset(() if frame is None else (frame.heartbeat, frame.epoch))

    def holdings(self) -> bytes:
        """The whole table of holding registers."""
        table = bytearray(2 * self.layout.holdings_length)
        for setting in self.layout.holdings:
            spare = setting.point in self._spare
            value = 0.0 if spare else float(self._controller.command_value(setting.point))
            at = 2 * setting.address
            wraps = setting.point in self._framing
            table[at : at + 2] = encode(setting.type, value, setting.counts, wraps=wraps)
        return bytes(table)

    def coils(self) -> int:
        """The whole table of coils, address 0 in the lowest bit."""
        return sum(
            1 << address
            for address, bit in self._switches.items()
            if self._controller.command_value(bit.point)
        )

    def write_holdings(self, start: int, values: Sequence[int]) -> None:
        """Set all of them or none; heartbeat and epoch are written only with all the others."""
        settings = _all(self._settings, start, len(values))
        wanted = {
            setting.point: _number(setting, value)
            for setting, value in zip(settings, values, strict=True)
        }
        for setting in settings:
            high = 0.0 if setting.point in self._spare else setting.high
            if not setting.low <= wanted[setting.point] <= high:
                raise Refusal(Code.ILLEGAL_DATA_VALUE)
        installed = {name: value for name, value in wanted.items() if name not in self._spare}
        # Epoch, age and relays follow an order at once.
        self._read_at = None
        frame = self.layout.frame
        if frame is None or not self._framing & wanted.keys():
            self._command(installed)
        elif len(settings) == len(self._settings):
            self._take_frame(frame, installed)
        else:
            raise Refusal(Code.ILLEGAL_DATA_VALUE)

    def write_coils(self, start: int, values: Sequence[bool]) -> None:
        """Set all of them or none."""
        bits = _all(self._switches, start, len(values))
        self._read_at = None
        self._command({bit.point: value for bit, value in zip(bits, values, strict=True)})

    def _take_frame(self, frame: Frame, wanted: dict[str, float]) -> None:
        heartbeat, epoch = int(wanted.pop(frame.heartbeat)), int(wanted.pop(frame.epoch))
        try:
            self._controller.take_frame(wanted, heartbeat, epoch)
        except ValueError:
            raise Refusal(Code.ILLEGAL_DATA_VALUE) from None

    def _command(self, wanted: Mapping[str, float | bool]) -> None:
        # The device refuses by kind of point, and all of one request are of one kind: the first
        # of them speaks for all.
        try:
            for point, value in wanted.items():
                self._controller.command(point, value)
        except ValueError:
            raise Refusal(Code.ILLEGAL_DATA_VALUE) from None
        except Busy:
            raise Refusal(Code.DEVICE_BUSY) from None


def _number(setting: Setting, word: int) -> float:
    """A written word as the setting's number."""
    return (signed(word) if setting.type == "int16" else word) / setting.counts


def _installed(device: Controller, point: str) -> bool:
    """Whether the plant has this point."""
    try:
        device.command_value(point)
    except KeyError:
        return False
    return True


def _all(table: Mapping[int, Entry], start: int, count: int) -> list[Entry]:
    """The entries at every address from `start`, or a refusal if one of them has none."""
    try:
        return [table[address] for address in range(start, start + count)]
    except KeyError:
        raise Refusal(Code.ILLEGAL_DATA_ADDRESS) from None
