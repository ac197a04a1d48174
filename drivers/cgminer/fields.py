"""The grammar that all Avalons share: one text of `Name[value]` fields, and numbers in them."""

from math import inf, isnan
from typing import Final

from drivers.errors import BadReply

Fields = dict[str, str]
Limits = tuple[float, float]

# What firmware says for a sensor that is not there: cgminer's -273, the 1-wire bus's -127, and
# 16-bit words with every bit set. No coolant and no chip of a unit that answers has them.
ABSENT: Final = frozenset({-273.0, -273.15, -127.0, 65_535.0, 6_553.5, 32_767.0, -32_768.0})

EVERY_NUMBER: Final = (-inf, inf)

MOST_LISTED: Final = 64  # numbers in a list per board; what is longer is an array per chip
MOST_DIGITS: Final = 18


def fields_in(text: str) -> Fields:
    """Every field by its name; a text that ends within one is cut off, and refused."""
    *parts, rest = text.split("]")
    if not parts or (rest and not rest.isspace()):
        raise BadReply(f"expected ] at the end of MM ID0, it is cut off after {text[-20:]!r}")
    found = {}
    for part in parts:
        name, _, value = part.partition("[")
        found[name.strip()] = value
    return found


def number(fields: Fields, name: str, limits: Limits) -> float | None:
    """A field that matters: None where it is missing, empty or nan, refused where impossible."""
    told = fields.get(name)
    return None if told is None else checked(name, told, limits)


def checked(name: str, told: str | float, limits: Limits) -> float | None:
    """The number in a text, None for nan; BadReply names a field that is none or out of range."""
    try:
        value = float(told)
    except ValueError:
        raise BadReply(f"{name}: expected a number, got {str(told)[:40]!r}") from None
    except OverflowError:
        raise BadReply(f"{name}: expected a number, got one of too many digits") from None
    low, high = limits
    if low <= value <= high:
        return value
    if isnan(value):
        return None
    raise BadReply(f"{name}: expected {low:g} to {high:g}, got {value:g}")


def whole(fields: Fields, name: str, limits: Limits) -> int | None:
    """A whole number that matters."""
    value = number(fields, name, limits)
    return None if value is None else int(value)


def temperature_c(fields: Fields, names: tuple[str, ...], limits: Limits) -> float | None:
    """The first of these fields that a sensor stands behind."""
    for name in names:
        told = fields.get(name)
        if told is None:
            continue
        value = checked(name, told, EVERY_NUMBER)
        if value is not None and value not in ABSENT:
            return value if limits[0] <= value <= limits[1] else checked(name, told, limits)
    return None


def hint(fields: Fields, name: str, limits: Limits) -> float | None:
    """A number that only informs: what is garbled or out of range is unknown, and nothing more."""
    told = fields.get(name)
    if not told:
        return None
    try:
        value = float(told.removesuffix("%"))
    except ValueError:
        return None
    return value if limits[0] <= value <= limits[1] else None


def hinted_whole(fields: Fields, name: str, limits: Limits) -> int | None:
    """A whole number that only informs."""
    value = hint(fields, name, limits)
    return None if value is None else int(value)


def integers(fields: Fields, name: str) -> tuple[int, ...] | None:
    """A list of whole numbers, one a board, that only informs."""
    words = fields.get(name, "").split()
    if not 0 < len(words) <= MOST_LISTED:
        return None
    numbers = [digits(word) for word in words]
    known = tuple(one for one in numbers if one is not None)
    return known if len(known) == len(numbers) else None


def digits(told: str) -> int | None:
    """The whole number that is written in plain digits, None for anything else."""
    plain = told.isascii() and told.isdigit() and len(told) <= MOST_DIGITS
    return int(told) if plain else None
