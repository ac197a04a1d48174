"""Registers to requests: neighbours go together, reads also over small gaps that exist."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from drivers.modbus.profile import Profile, Span
from drivers.modbus.register import BIT_TABLES, Register, Table

# Longest requests: Modbus Application Protocol V1.1b3 sections 6.1, 6.3, 6.11 and 6.12.
MAX_READ_BITS: Final = 2000
MAX_READ_WORDS: Final = 125
MAX_WRITE_BITS: Final = 1968
MAX_WRITE_WORDS: Final = 123
# A gap costs two bytes a word or one for eight bits, a request of its own costs a round trip.
GAP_WORDS: Final = 32
GAP_BITS: Final = 256


@dataclass(frozen=True, slots=True)
class Block:
    """Registers of one table that are read with one request."""

    table: Table
    address: int
    count: int
    registers: tuple[Register, ...]


def read_blocks(profile: Profile, registers: Iterable[Register]) -> tuple[Block, ...]:
    """The requests that read these registers."""
    by_table: dict[Table, list[Register]] = {}
    for register in registers:
        by_table.setdefault(register.table, []).append(register)
    return tuple(
        _block(run)
        for table, members in sorted(by_table.items())
        for run in _runs(members, profile.exists, *_read_limits(table))
    )


def write_blocks(registers: Iterable[Register]) -> tuple[Block, ...]:
    """The requests that write these registers: no gaps, set-points before what they start."""
    ordered: list[Block] = []
    members = list(registers)
    for table, longest in (("holding", MAX_WRITE_WORDS), ("coil", MAX_WRITE_BITS)):
        chosen = [register for register in members if register.table == table]
        ordered.extend(_block(run) for run in _runs(chosen, {}, longest, 0))
    return tuple(ordered)


def _read_limits(table: Table) -> tuple[int, int]:
    return (MAX_READ_BITS, GAP_BITS) if table in BIT_TABLES else (MAX_READ_WORDS, GAP_WORDS)


def _runs(
    registers: Sequence[Register], exists: Mapping[Table, Span], longest: int, gap_limit: int
) -> list[list[Register]]:
    runs: list[list[Register]] = []
    for register in sorted(registers, key=lambda one: one.address):
        # Without a statement about what exists, no address in between may be touched.
        bridge = gap_limit if register.table in exists else 0
        run = runs[-1] if runs else None
        if (
            run is not None
            and register.address - max(one.end for one in run) <= bridge
            and register.end - run[0].address <= longest
        ):
            run.append(register)
        else:
            runs.append([register])
    return runs


def _block(run: Sequence[Register]) -> Block:
    first = run[0].address
    return Block(run[0].table, first, max(one.end for one in run) - first, tuple(run))
