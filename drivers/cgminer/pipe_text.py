r"""CGMiner's other notation: sections that end with a bar, fields parted by commas.

`STATUS=S,When=7,Code=70,Msg=…,Description=cgminer 4.11.1|STATS=0,ID=AVA100,…|`, and before each
reply of a joined request `CMD=summary|`. A value may hold commas within brackets, and a message
bars, so neither parts what stands inside them; a backslash takes a mark's meaning away
(Canaan "Avalon A10 API manual" v0.4 section 1, captured replies of the 1066, Nano3 and Mini3).
Every value stays a text: this notation does not tell a number from a serial number of digits.
"""

import re
from collections.abc import Iterator
from typing import Final

from drivers.errors import BadReply

Entry = dict[str, object]
Reply = dict[str, object]

# The section that JSON gives a list of its own name, by the first key of an entry in text.
LIST_NAMES: Final = {"POOL": "POOLS", "ASC": "DEVS", "PGA": "DEVS"}

DESCRIPTION: Final = ",Description="

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def replies_in(text: str) -> tuple[Reply | None, dict[str, Reply]]:
    """The reply to a single command, or the replies to joined ones by name."""
    single: Reply = {}
    joined: dict[str, Reply] = {}
    reply = single
    for section in _sections(text):
        if section.startswith("CMD="):
            reply = joined.setdefault(section[4:], {})
            continue
        name, entry = _entry(section)
        entries = reply.setdefault(name, [])
        if isinstance(entries, list):
            entries.append(entry)
    return (single or None), joined


def _sections(text: str) -> Iterator[str]:
    """Each section without the bar that ends it."""
    begin = 0
    described = True
    while begin < len(text):
        if text[begin].isspace():
            begin += 1
            continue
        bars_from = begin
        # A message may hold bars, so the end of a status is looked for behind its description.
        if described and text.startswith("STATUS=", begin):
            told = text.find(DESCRIPTION, begin)
            described = told >= 0
            bars_from = max(begin, told)
        end = text.find("|", bars_from)
        while end >= 0 and _escapes_next(text, end):
            end = text.find("|", end + 1)
        if end < 0:
            raise BadReply(f"expected | at the end, the reply is cut off after {text[-20:]!r}")
        yield text[begin:end]
        begin = end + 1


def _escapes_next(text: str, end: int) -> bool:
    """Whether an odd number of backslashes stands before this place."""
    first = end
    while first > 0 and text[first - 1] == "\\":
        first -= 1
    return (end - first) % 2 == 1


def _entry(section: str) -> tuple[str, Entry]:
    if section.startswith("STATUS="):
        return "STATUS", _status(section)
    entry: Entry = {}
    name = ""
    for field in _fields(section):
        key, equals, value = field.partition("=")
        if not name:
            name = LIST_NAMES.get(key, key)
            if not equals:
                continue
        if not equals:
            raise BadReply(f"expected key=value in section {name[:40]}, got {field[:40]!r}")
        entry[key] = _plain(value)
    return name, entry


def _status(section: str) -> Entry:
    """The status, whose message may hold any mark."""
    head, found, rest = section.partition(",Msg=")
    if not found:
        raise BadReply(f"expected Msg in STATUS, got {section[:40]!r}")
    message, told, description = rest.rpartition(DESCRIPTION)
    entry: Entry = {"Msg": _plain(message if told else rest)}
    if told:
        entry["Description"] = _plain(description)
    for field in head.split(","):
        key, _, value = field.partition("=")
        entry[key] = _plain(value)
    return entry


def _fields(section: str) -> Iterator[str]:
    """Each field; a comma within brackets, behind a backslash or before no key parts nothing."""
    parts: list[str] = []
    depth = 0
    for piece in section.removesuffix(",").split(","):
        if parts and depth == 0 and "=" in piece and not _escapes_next(parts[-1], len(parts[-1])):
            yield ",".join(parts)
            parts = []
        parts.append(piece)
        depth = max(0, depth + piece.count("[") - piece.count("]"))
    yield ",".join(parts)


def _plain(told: str) -> str:
    return _ESCAPED.sub(r"\1", told) if "\\" in told else told
