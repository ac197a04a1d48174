"""Everything that a device tells of its profile, once: values, raw words, and why one is missing.

For people who connect a device. It asks with reading functions alone: it is given nothing to write
with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from drivers.device import Value
from drivers.errors import BadReply, DeviceError, NoAnswer, Refused
from drivers.modbus.blocks import Block, read_blocks
from drivers.modbus.profile import Profile
from drivers.modbus.register import Register, Table

Words = dict[tuple[Table, int], int]
"""What was read, by table and address."""


class Reader(Protocol):
    """The part of a link that reads."""

    async def read(self, table: Table, address: int, count: int, unit: int) -> list[int]:
        """Words of a register table, or bits as 0 and 1."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One point: its words if the device told them, its value, and why there is none."""

    register: Register
    words: tuple[int, ...] | None
    value: Value
    why: str


async def survey(reader: Reader, profile: Profile, unit: int) -> tuple[Surveyed, ...]:
    """Every point of the profile, in the order of its tables; nobody there ends it at once."""
    registers = [*profile.registers, *profile.undecided]
    found: Words = {}
    reasons: dict[Register, str] = {}
    silent = ""
    for block in read_blocks(profile, registers):
        if silent:
            reasons |= dict.fromkeys(block.registers, silent)
            continue
        try:
            await _read(reader, block, unit, found, reasons)
        except NoAnswer as error:
            silent = str(error)
            reasons |= dict.fromkeys(block.registers, silent)
    rows = [_told(one, profile, found, reasons) for one in registers]
    return tuple(sorted(rows, key=lambda row: (row.register.table, row.register.address)))


async def _read(
    reader: Reader, block: Block, unit: int, found: Words, reasons: dict[Register, str]
) -> None:
    """The block at once, or register by register where the device refuses it as a whole."""
    try:
        await _take(reader, block, unit, found)
    except Refused as error:
        if len(block.registers) == 1:
            reasons[block.registers[0]] = str(error)
            return
        for one in block.registers:
            alone = Block(one.table, one.address, one.length, (one,))
            await _read(reader, alone, unit, found, reasons)
    except BadReply as error:
        reasons |= dict.fromkeys(block.registers, str(error))


async def _take(reader: Reader, block: Block, unit: int, found: Words) -> None:
    words = await reader.read(block.table, block.address, block.count, unit)
    found |= {(block.table, block.address + at): word for at, word in enumerate(words)}


def _told(one: Register, profile: Profile, found: Words, reasons: dict[Register, str]) -> Surveyed:
    words = _words(one, found)
    beside = {beside.register: _words(beside.register, found) for beside in one.beside}
    lost = next((aside for aside, told in beside.items() if told is None), None)
    if words is None or lost is not None:
        why = reasons.get(one) or (reasons.get(lost, "") if lost is not None else "")
        return Surveyed(one, words, None, why or "not read")
    try:
        value = one.decode(words, {aside.name: told or () for aside, told in beside.items()})
    except DeviceError as error:
        return Surveyed(one, words, None, str(error))
    why = "the device says: not available" if value is None else ""
    asked = profile.open.get(one.name)
    if asked:
        may = (f"{key}{_choices(choices)}" for key, choices in asked.items())
        why = f"open: {' and '.join(may)}"
    return Surveyed(one, words, value, why)


def _choices(choices: Sequence[object]) -> str:
    return f" ({' or '.join(map(str, choices))})" if choices else ""


def _words(one: Register, found: Words) -> tuple[int, ...] | None:
    words = tuple(found.get((one.table, at), -1) for at in range(one.address, one.end))
    return None if -1 in words else words
