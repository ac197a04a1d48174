"""One entry of a register map, from a profile or plant.toml, as the registers it stands for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Final, get_args

from drivers.modbus.meaning import Beside
from drivers.modbus.register import FLOATS, Group, Kind, Order, Register, Table
from drivers.modbus.units import conversion, known_units, unit_named

Entry = Mapping[str, Any]

_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "table": get_args(Table),
    "type": get_args(Kind),
    "group": get_args(Group),
    "word_order": get_args(Order),
    "byte_order": get_args(Order),
    "order": ("ABCD", "CDAB", "BADC", "DCBA"),
}
_ORDERS: Final[dict[str, tuple[Order, Order]]] = {
    "ABCD": ("high_first", "high_first"),
    "CDAB": ("low_first", "high_first"),
    "BADC": ("high_first", "low_first"),
    "DCBA": ("low_first", "low_first"),
}
"""Word order and byte order by the letters that manuals use for the four bytes of a number."""

_PLAIN: Final = {one.name for one in fields(Register) if one.init} - {"states", "flag", "beside"}
_MADE: Final = {"order", "states", "bits", "sentinels", "factor", "unit_code"}
_AROUND: Final = {"repeat", "step", "page", "ask"}
_FACTOR_KEYS: Final = {"table", "address", "type", "means"}
_CODE_KEYS: Final = {"table", "address", "type", "codes"}


def registers_of(entry: Entry) -> list[Register]:
    """The registers of an entry: one, one for each bit, each as often as it repeats."""
    name = str(entry.get("name", "a register without a name"))
    if unknown := entry.keys() - _PLAIN - _MADE - _AROUND:
        raise ValueError(f"{name}: unknown keys {sorted(unknown)}")
    if missing := {"name", "table", "address", "type"} - entry.keys():
        raise ValueError(f"{name}: missing {sorted(missing)}")
    _choose(name, entry)
    count, step = entry.get("repeat", 1), entry.get("step", 1)
    if not 1 <= count <= MOST_REPEATS:
        raise ValueError(f"{name}: repeat is {count}, expected 1 to {MOST_REPEATS}")
    return [
        _moved(one, n, (n - 1) * step)
        for n in range(1, count + 1)
        for one in _bits(_one(name, entry), entry.get("bits", {}))
    ]


MOST_REPEATS: Final = 1024


def numbered(name: str, n: int) -> str:
    """The name of the n-th repetition: {n} or {n:02} stands for its number."""
    try:
        return name.format(n=n)
    except (KeyError, IndexError, ValueError) as error:
        raise ValueError(f"{name}: only {{n}} and {{n:02}} may stand in a name") from error


def merged(entries: Sequence[Entry], more: Sequence[Entry]) -> list[Entry]:
    """The entries with what `more` says of them by name, and what is new in it."""
    told = {entry.get("name"): entry for entry in more}
    known = {entry.get("name") for entry in entries}
    completed = [{**entry, **told.get(entry.get("name"), {})} for entry in entries]
    return [*completed, *(entry for entry in more if entry.get("name") not in known)]


def open_keys(entry: Entry, given: Entry) -> dict[str, tuple[Any, ...]]:
    """What the manual leaves open in an entry and nobody has given, with what it may be."""
    asked = {key: tuple(choices) for key, choices in entry.get("ask", {}).items()}
    for key, choices in asked.items():
        may = {unit_named(one) for one in choices} if key == "unit" else set(choices)
        told = unit_named(given.get(key, "")) if key == "unit" else given.get(key)
        if key in given and choices and told not in may:
            name = entry.get("name")
            raise ValueError(f"{name}: {key} is {given[key]!r}, expected one of {list(choices)}")
    return {key: choices for key, choices in asked.items() if key not in given}


def _choose(name: str, entry: Entry) -> None:
    for key, allowed in _CHOICES.items():
        if entry.get(key, allowed[0]) not in allowed:
            raise ValueError(f"{name}: {key} is {entry[key]!r}, expected one of {list(allowed)}")


def _one(name: str, entry: Entry) -> Register:
    given = {key: value for key, value in entry.items() if key in _PLAIN}
    given["source"] = entry.get("source") or entry.get("page") or ""
    if "order" in entry:
        given["word_order"], given["byte_order"] = _ORDERS[entry["order"]]
    if given.get("scale") == 0.0:
        raise ValueError(f"{name}: scale is zero")
    given["unit"] = unit_named(given.get("unit", "")) or given.get("unit", "")
    given["states"] = tuple(
        (_whole(name, number), str(word)) for number, word in entry.get("states", {}).items()
    )
    patterns = given.pop("not_available", ())
    one = Register(**given)
    known = tuple(_pattern(one, pattern) for pattern in patterns)
    known += tuple(one.raw_of(value) for value in entry.get("sentinels", ()))
    return replace(one, not_available=known, beside=tuple(_beside(one, entry)))


def _pattern(one: Register, pattern: int) -> int:
    """A bit pattern; a signed number, as manuals write it, stands for its two's complement."""
    bits = 16 * one.length
    if not -(1 << (bits - 1)) <= pattern < 1 << bits:
        raise ValueError(f"{one.name}: not_available {pattern} does not fit {one.type}")
    return pattern & ((1 << bits) - 1)


def _bits(one: Register, bits: Mapping[str, int]) -> Iterator[Register]:
    """The register itself, or each of its named bits."""
    if not bits:
        yield one
    for name, bit in bits.items():
        yield replace(one, name=name, bit=bit)


def _moved(one: Register, n: int, by: int) -> Register:
    beside = tuple(replace(aside, register=_moved(aside.register, n, by)) for aside in one.beside)
    name = numbered(one.name, n)
    return replace(one, name=name, address=one.address + by, beside=beside)


def _beside(one: Register, entry: Entry) -> Iterator[Beside]:
    if "factor" in entry:
        means = entry["factor"].get("means", "factor")
        if means not in {"factor", "power_of_ten"}:
            raise ValueError(f"{one.name}: factor: means is {means!r}, not factor or power_of_ten")
        yield Beside(_aside(one, "factor", entry["factor"], _FACTOR_KEYS), means)
    if "unit_code" in entry:
        told = entry["unit_code"]
        codes = tuple(_code(one, code, unit) for code, unit in told.get("codes", {}).items())
        if not codes:
            raise ValueError(f"{one.name}: unit_code: missing ['codes']")
        yield Beside(_aside(one, "unit_code", told, _CODE_KEYS), "unit", codes)


def _aside(one: Register, key: str, told: Entry, allowed: set[str]) -> Register:
    """The register beside a value; it lies in the same table unless it says otherwise."""
    if unknown := told.keys() - allowed:
        raise ValueError(f"{one.name}: {key}: unknown keys {sorted(unknown)}")
    plain = {"table": one.table, "type": "uint16", **told}
    _choose(f"{one.name}: {key}", plain)
    if "address" not in plain:
        raise ValueError(f"{one.name}: {key}: missing ['address']")
    if plain["type"] in FLOATS and key == "unit_code":
        raise ValueError(f"{one.name}: {key}: type is {plain['type']!r}, expected whole numbers")
    return Register(
        f"{one.name} {key}",
        plain["table"],
        plain["address"],
        plain["type"],
        word_order=one.word_order,
        byte_order=one.byte_order,
        group=one.group,
        source=one.source,
    )


def _code(one: Register, code: str, unit: str) -> tuple[int, float, float]:
    found = conversion(unit, one.unit)
    if found is None:
        raise ValueError(
            f"{one.name}: unit_code: {unit!r} cannot become {one.unit!r};"
            f" known are {', '.join(known_units())}"
        )
    return _whole(one.name, code), found.factor, found.offset


def _whole(name: str, number: str) -> int:
    try:
        return int(str(number), 0)
    except ValueError:
        raise ValueError(f"{name}: {number!r} is not a whole number") from None
