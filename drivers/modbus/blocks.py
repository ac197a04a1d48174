"""Registers to requests: neighbours go together, reads also over small gaps that exist."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from drivers.modbus.limits import (
    GAP_BITS,
    GAP_WORDS,
    MAX_READ_BITS,
    MAX_READ_WORDS,
    MAX_WRITE_BITS,
    MAX_WRITE_WORDS,
    Limits,
    exist,
)
from drivers.modbus.profile import Profile
from drivers.modbus.register import BIT_TABLES, Register, Table

__all__ = [
    "GAP_BITS",
    "GAP_WORDS",
    "MAX_READ_BITS",
    "MAX_READ_WORDS",
    "MAX_WRITE_BITS",
    "MAX_WRITE_WORDS",
    "Block",
    "read_blocks",
    "write_blocks",
]

ANY: Final = Limits()
May = Callable[[int, int], bool]
"""Whether what lies between an end and the next address may be read over."""


@dataclass(frozen=True, slots=True)
class Block:
    """Registers of one table that are read with one request."""

    table: Table
    address: int
    count: int
    registers: tuple[Register, ...]


def read_blocks(profile: Profile, registers: Iterable[Register]) -> tuple[Block, ...]:
    """The requests that read these registers, and those that tell their factors and units."""
    by_table: dict[Table, list[Register]] = {}
    for register in registers:
        for one in (register, *(beside.register for beside in register.beside)):
            by_table.setdefault(one.table, []).append(one)
    limits = profile.limits
    return tuple(
        _block(run)
        for table, members in sorted(by_table.items())
        for run in _runs(
            members,
            limits.read_bits if table in BIT_TABLES else limits.read_words,
            limits.registers,
            _bridge(profile, table),
        )
    )


def write_blocks(registers: Iterable[Register], limits: Limits = ANY) -> tuple[Block, ...]:
    """The requests that write these registers: no gaps, set-points before what they start."""
    ordered: list[Block] = []
    members = list(registers)
    for table, longest in (("holding", limits.write_words), ("coil", limits.write_bits)):
        chosen = [register for register in members if register.table == table]
        runs = _runs(chosen, longest, limits.registers, lambda end, start: end == start)
        ordered.extend(_block(run) for run in runs)
    return tuple(ordered)


def _bridge(profile: Profile, table: Table) -> May:
    limits = profile.limits
    widest = limits.gap_bits if table in BIT_TABLES else limits.gap_words

    def may(end: int, start: int) -> bool:
        """Neighbours always; a gap only where the profile says that all of it exists."""
        if start <= end:
            return True
        known = exist(profile.exists, table, end, start - 1)
        return known and start - end <= widest and not limits.forbids(table, end, start - 1)

    return may


def _runs(
    registers: Sequence[Register], longest: int, most: int | None, may: May
) -> list[list[Register]]:
    runs: list[list[Register]] = []
    end = 0
    for register in sorted(registers, key=lambda one: (one.address, one.end)):
        run = runs[-1] if runs else None
        if (
            run is not None
            and may(end, register.address)
            and max(end, register.end) - run[0].address <= longest
            and (most is None or _places([*run, register]) <= most)
        ):
            run.append(register)
            end = max(end, register.end)
        else:
            runs.append([register])
            end = register.end
    return runs


def _places(run: Iterable[Register]) -> int:
    """How many values lie there; several bits of one word are one."""
    return len({(one.address, one.length) for one in run})


def _block(run: Sequence[Register]) -> Block:
    first = run[0].address
    return Block(run[0].table, first, max(one.end for one in run) - first, tuple(run))
