"""A device type as data: its registers from a TOML file that names the manual they come from."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, get_args

from drivers.modbus.checks import check_registers
from drivers.modbus.command_frame import FrameSpan
from drivers.modbus.entry import Entry, merged, open_keys, registers_of
from drivers.modbus.life import LIFE_KEYS, Life, read_life
from drivers.modbus.limits import Exists, Limits, Span
from drivers.modbus.register import Register, Table

__all__ = ["Exists", "Limits", "Profile", "ProfileError", "Span", "load_profile", "read_profile"]

FOLDER: Final = Path(__file__).parent / "profiles"
# One request writes it: Modbus Application Protocol V1.1b3 section 6.12.
MAX_FRAME_WORDS: Final = 123

_PROFILE_KEYS: Final = {
    *("manual", "model_code", "exists", "forbidden", "requests", "frame", "defaults", "register"),
    *("generic", *LIFE_KEYS),
}
_FRAME_KEYS: Final = {"table", "first", "last", "heartbeat", "epoch"}


@dataclass(frozen=True, slots=True)
class Profile:
    """One device type: its manual, registers, addresses that exist, model code and frame.

    A device with a frame takes its set-points only all together (`CommandFrame`). `open` are the
    registers that cannot be used yet because the manual leaves something open, such as a unit: what
    that is, and what it may be; `undecided` are the same registers without it, only to look at. A
    `generic` profile has the registers that the plant gives it.
    """

    name: str
    manual: str
    registers: tuple[Register, ...]
    exists: Exists
    model_code: int | None = None
    frame: FrameSpan | None = None
    life: Life = field(default_factory=Life)
    limits: Limits = field(default_factory=Limits)
    open: Mapping[str, Mapping[str, tuple[Any, ...]]] = field(default_factory=dict)
    undecided: tuple[Register, ...] = ()
    generic: bool = False


class ProfileError(ValueError):
    """A profile that cannot be used; the message names file and register."""


@cache
def load_profile(name: str) -> Profile:
    """The profile of this name that ships with the drivers."""
    return read_profile(FOLDER / f"{name}.toml")


def profile_names() -> tuple[str, ...]:
    """The profiles that ship with the drivers."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def read_profile(
    path: Path,
    more: Sequence[Entry] = (),
    changes: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> Profile:
    """The profile in a file, checked, with what a plant knows more of its registers.

    `changes` are what the plant knows better of its requests and of what exists.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ProfileError(f"{path.name}: {error}") from error
    if unknown := data.keys() - _PROFILE_KEYS:
        raise ProfileError(f"{path.name}: unknown keys {sorted(unknown)}")
    if not data.get("manual"):
        raise ProfileError(f"{path.name}: expected the manual it was written from")
    try:
        data |= {key: {**data.get(key, {}), **table} for key, table in changes.items()}
        return _profile(path.stem, data, more)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ProfileError(f"{path.name}: {error}") from error


def _profile(title: str, data: Mapping[str, Any], more: Sequence[Entry]) -> Profile:
    defaults = {"source": data["manual"], **data.get("defaults", {})}
    given = {str(entry.get("name")): entry for entry in more}
    entries = merged(data.get("register", []) if data.get("generic") else data["register"], more)
    missing = {
        str(entry.get("name")): open_keys(entry, given.get(str(entry.get("name")), {}))
        for entry in entries
    }
    parsed = [(str(entry.get("name")), registers_of({**defaults, **entry})) for entry in entries]
    registers = tuple(one for name, ones in parsed if not missing[name] for one in ones)
    # Their ranges are those of the unit and scale that nobody has said yet.
    undecided = tuple(
        replace(one, low=None, high=None) for name, ones in parsed if missing[name] for one in ones
    )
    exists, forbidden = _spans(data, "exists"), _spans(data, "forbidden")
    limits = _limits(data.get("requests", {}), forbidden)
    check_registers((*registers, *undecided), exists, limits)
    frame = None if "frame" not in data else _frame(data["frame"], registers)
    return Profile(
        title,
        data["manual"],
        registers,
        exists,
        data.get("model_code"),
        frame,
        read_life(data, registers, frame),
        limits,
        {name: keys for name, keys in missing.items() if keys},
        undecided,
        data.get("generic", False),
    )


def _spans(data: Mapping[str, Any], key: str) -> Exists:
    """First and last addresses by table: one span [0, 9], or several."""
    spans: dict[Table, tuple[Span, ...]] = {}
    for table, told in data.get(key, {}).items():
        if table not in get_args(Table):
            raise ValueError(f"{key}: there is no table {table!r}")
        pairs = told if told and isinstance(told[0], list) else [told]
        for first, last in pairs:
            if not 0 <= first <= last:
                raise ValueError(f"{key}: {table} {first} to {last} is not a span")
        spans[table] = tuple((first, last) for first, last in pairs)
    return spans


def _limits(told: Mapping[str, Any], forbidden: Exists) -> Limits:
    """What one request may hold; ValueError beyond what the protocol allows."""
    known = {one.name for one in fields(Limits)} - {"forbidden"}
    if unknown := told.keys() - known:
        raise ValueError(f"requests: unknown keys {sorted(unknown)}")
    return Limits(**told, forbidden=forbidden).checked()


def _frame(entry: Mapping[str, Any], registers: Iterable[Register]) -> FrameSpan:
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
    for one in named.values():
        if one.writable and span.holds(one) and one.end - 1 > last:
            raise ValueError(f"frame: {one.name} does not end inside it")
    return span
