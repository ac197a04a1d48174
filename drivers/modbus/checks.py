"""What must be true of a register map before a byte is sent because of it."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from drivers.modbus.limits import Exists, Limits, exist
from drivers.modbus.register import BIT_TABLES, FLOATS, WRITABLE_TABLES, Register

LAST_ADDRESS: Final = 65_535


def check_registers(registers: Sequence[Register], exists: Exists, limits: Limits) -> None:
    """ValueError names the first register that cannot be, and why."""
    names: set[str] = set()
    for register in registers:
        if register.name in names:
            raise ValueError(f"{register.name}: is there twice")
        names.add(register.name)
        _check_place(register, exists, limits)
        _check_kind(register)
        _check_meaning(register)
        for beside in register.beside:
            _check_place(beside.register, exists, limits)
    for table in WRITABLE_TABLES:
        writable = sorted(
            (one for one in registers if one.writable and one.table == table),
            key=lambda one: one.address,
        )
        for before, after in pairwise(writable):
            if after.address < before.end:
                raise ValueError(f"{after.name}: overlaps {before.name}, and both are writable")


def _check_place(register: Register, exists: Exists, limits: Limits) -> None:
    first, last = register.address, register.end - 1
    name = f"{register.name}: {register.table} {first}"
    if not 0 <= first <= last <= LAST_ADDRESS:
        raise ValueError(f"{name} does not exist")
    if register.table in exists and not exist(exists, register.table, first, last):
        raise ValueError(f"{name} does not exist")
    if limits.forbids(register.table, first, last):
        raise ValueError(f"{name} is forbidden")
    longest = limits.read_bits if register.table in BIT_TABLES else limits.read_words
    if register.length > longest:
        raise ValueError(f"{name} is longer than a request may be")


def _check_kind(register: Register) -> None:
    name = register.name
    if register.writable and register.table not in WRITABLE_TABLES:
        raise ValueError(f"{name}: table {register.table} cannot be written")
    if register.table in BIT_TABLES and register.type != "bool":
        raise ValueError(f"{name}: table {register.table} holds bool, not {register.type}")
    if register.scale == 0.0:
        raise ValueError(f"{name}: scale is zero")
    if None not in (register.low, register.high) and not register.low <= register.high:  # type: ignore[operator]
        raise ValueError(f"{name}: low is above high")
    if register.bit is not None:
        if register.type in FLOATS or register.type == "bool":
            raise ValueError(f"{name}: a bit is one of a whole number, not of {register.type}")
        if not 0 <= register.bit < 16 * register.length:
            raise ValueError(f"{name}: {register.type} has no bit {register.bit}")
        if register.writable:
            raise ValueError(
                f"{name}: one bit of a word cannot be written alone: write the whole word, with"
                " its numbers as states"
            )


def _check_meaning(register: Register) -> None:
    name = register.name
    if register.states and (
        register.type in FLOATS or (register.is_flag and register.flag is None)
    ):
        raise ValueError(f"{name}: states are numbers of a whole number, not of {register.type}")
    if register.writable and register.beside:
        raise ValueError(f"{name}: a value with its factor or unit beside cannot be written")
    bounded = register.is_flag or register.states
    if register.writable and not bounded and None in (register.low, register.high):
        raise ValueError(f"{name}: a writable register needs low and high")
    if register.writable and register.flag is not None:
        if register.flag.above is not None or not (register.flag.on and register.flag.off):
            raise ValueError(f"{name}: what is written needs a number for on and one for off")
        for on in (True, False):
            register.encode(on)
