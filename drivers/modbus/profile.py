"""A device type as data: its registers from a TOML file that names the manual they come from."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, get_args

from drivers.modbus.command_frame import FrameSpan
from drivers.modbus.life import LIFE_KEYS, Life, read_life
from drivers.modbus.register import BIT_TABLES, WRITABLE_TABLES, Group, Kind, Register, Table

FOLDER: Final = Path(__file__).parent / "profiles"
LAST_ADDRESS: Final = 65_535
# One request writes it: Modbus Application Protocol V1.1b3 section 6.12.
MAX_FRAME_WORDS: Final = 123

Span = tuple[int, int]  # first and last address, both included

_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "table": get_args(Table),
    "type": get_args(Kind),
    "group": get_args(Group),
    "word_order": ("high_first", "low_first"),
}
_REGISTER_KEYS: Final = {one.name for one in fields(Register)}
_REPEAT_KEYS: Final = {"repeat", "step", "page"}
_PROFILE_KEYS: Final = {"manual", "model_code", "exists", "frame", "register"} | LIFE_KEYS
_FRAME_KEYS: Final = {"table", "first", "last", "heartbeat", "epoch"}


@dataclass(frozen=True, slots=True)
class Profile:
    """One device type: its manual, registers, addresses that exist, model code and frame.

    A device with a frame takes its set-points only all together (`CommandFrame`).
    """

    name: str
    manual: str
    registers: tuple[Register, ...]
    exists: Mapping[Table, Span]
    model_code: int | None = None
    frame: FrameSpan | None = None
    life: Life = field(default_factory=Life)


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
        frame = None if "frame" not in data else _frame(data["frame"], registers)
        life = read_life(data, registers, frame)
    except (KeyError, TypeError, ValueError) as error:
        raise ProfileError(f"{path.name}: {error}") from error
    return Profile(
        path.stem, data["manual"], registers, exists, data.get("model_code"), frame, life
    )


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


def _frame(entry: dict[str, Any], registers: tuple[Register, ...]) -> FrameSpan:
    """Where the frame lies, checked against the registers that it carries."""
    if entry.keys() != _FRAME_KEYS:
        raise ValueError(f"frame: expected the keys {sorted(_FRAME_KEYS)}, got {sorted(entry)}")
    if entry["table"] != "holding":
        raise ValueError(f"frame: table is {entry['table']!r}, expected 'holding'")
    named = {one.name: one for one in registers}
    if unknown := {entry["heartbeat"], entry["epoch"]} - named.keys():
        raise ValueError(f"frame: no register is called {sorted(unknown)}")
    first, last = entry["first"], entry["last"]
    if not 0 <= last - first < MAX_FRAME_WORDS:
        raise ValueError(f"frame: {first} to {last} is not 1 to {MAX_FRAME_WORDS} registers")
    span = FrameSpan("holding", first, last, named[entry["heartbeat"]], named[entry["epoch"]])
    for one in (span.heartbeat, span.epoch):
        if not (span.holds(one) and one.type == "uint16") or one.writable:
            raise ValueError(f"frame: {one.name} must be a uint16 inside it, written only with it")
    for one in registers:
        if one.writable and span.holds(one) and one.end - 1 > last:
            raise ValueError(f"frame: {one.name} does not end inside it")
    return span


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
