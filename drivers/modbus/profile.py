"""A device type as data: its registers from a TOML file that names the manual they come from."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, get_args

from drivers.modbus.register import BIT_TABLES, WRITABLE_TABLES, Group, Kind, Register, Table

FOLDER: Final = Path(__file__).parent / "profiles"
LAST_ADDRESS: Final = 65_535

Span = tuple[int, int]  # first and last address, both included

_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "table": get_args(Table),
    "type": get_args(Kind),
    "group": get_args(Group),
    "word_order": ("high_first", "low_first"),
}
_REGISTER_KEYS: Final = {field.name for field in fields(Register)}
_REPEAT_KEYS: Final = {"repeat", "step", "page"}
_PROFILE_KEYS: Final = {"manual", "model_code", "exists", "register"}


@dataclass(frozen=True, slots=True)
class Profile:
    """One device type: its manual, its registers, the addresses that exist and its model code."""

    name: str
    manual: str
    registers: tuple[Register, ...]
    exists: Mapping[Table, Span]
    model_code: int | None = None


class ProfileError(ValueError):
    """A profile that cannot be used; the message names file and register."""


@cache
def load_profile(name: str) -> Profile:
    """The profile of this name that ships with the drivers."""
    return read_profile(FOLDER / f"{name}.toml")


def read_profile(path: Path) -> Profile:
    """The profile in a file, checked."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ProfileError(f"{path.name}: {error}") from error
    if unknown := data.keys() - _PROFILE_KEYS:
        raise ProfileError(f"{path.name}: unknown keys {sorted(unknown)}")
    if not data.get("manual"):
        raise ProfileError(f"{path.name}: expected the manual it was written from")
    try:
        registers = tuple(one for entry in data["register"] for one in _registers(entry))
        exists = {table: (first, last) for table, (first, last) in data.get("exists", {}).items()}
        _check(registers, exists)
    except (KeyError, TypeError, ValueError) as error:
        raise ProfileError(f"{path.name}: {error}") from error
    return Profile(path.stem, data["manual"], registers, exists, data.get("model_code"))


def _registers(entry: dict[str, Any]) -> list[Register]:
    """One register, or as many as its entry repeats."""
    name = entry.get("name", "a register without a name")
    if unknown := entry.keys() - _REGISTER_KEYS - _REPEAT_KEYS:
        raise ValueError(f"{name}: unknown keys {sorted(unknown)}")
    if missing := {"name", "table", "address", "type"} - entry.keys():
        raise ValueError(f"{name}: missing {sorted(missing)}")
    for key, allowed in _CHOICES.items():
        if entry.get(key, allowed[0]) not in allowed:
            raise ValueError(f"{name}: {key} is {entry[key]!r}, expected one of {list(allowed)}")
    given = {key: value for key, value in entry.items() if key in _REGISTER_KEYS}
    given["not_available"] = tuple(entry.get("not_available", ()))
    step = entry.get("step", 1)
    return [
        Register(
            **given | {"name": _numbered(name, n), "address": entry["address"] + (n - 1) * step}
        )
        for n in range(1, entry.get("repeat", 1) + 1)
    ]


def _numbered(name: str, n: int) -> str:
    return name.format(n=n)


def _check(registers: tuple[Register, ...], exists: Mapping[Table, Span]) -> None:
    names: set[str] = set()
    for register in registers:
        if register.name in names:
            raise ValueError(f"{register.name}: is there twice")
        names.add(register.name)
        _check_one(register, exists)
    for table in WRITABLE_TABLES:
        writable = sorted(
            (one for one in registers if one.writable and one.table == table),
            key=lambda one: one.address,
        )
        for before, after in pairwise(writable):
            if after.address < before.end:
                raise ValueError(f"{after.name}: overlaps {before.name}, and both are writable")


def _check_one(register: Register, exists: Mapping[Table, Span]) -> None:
    first, last = exists.get(register.table, (0, LAST_ADDRESS))
    if not (first <= register.address and register.end - 1 <= last):
        raise ValueError(f"{register.name}: {register.table} {register.address} does not exist")
    if register.writable and register.table not in WRITABLE_TABLES:
        raise ValueError(f"{register.name}: table {register.table} cannot be written")
    if register.table in BIT_TABLES and register.type != "bool":
        raise ValueError(f"{register.name}: table {register.table} holds bool, not {register.type}")
    if register.scale == 0.0:
        raise ValueError(f"{register.name}: scale is zero")
    if register.writable and register.type != "bool" and None in (register.low, register.high):
        raise ValueError(f"{register.name}: a writable register needs low and high")
