"""Which pools a miner works for, as its reply to `pools` tells it."""

from dataclasses import dataclass
from typing import Final

from drivers.cgminer.codec import Section
from drivers.errors import BadReply

MOST_POOLS: Final = 16
LONGEST_TEXT: Final = 300
MOST_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Pool:
    """Where its work comes from, and whose account it is booked to."""

    url: str
    user: str


def pools_in(told: Section) -> tuple[Pool, ...]:
    """The pools in the order in which the unit tries them; BadReply names what is not there."""
    entries = told.get("POOLS")
    if not isinstance(entries, list) or len(entries) > MOST_POOLS:
        raise BadReply("expected section POOLS in the reply to pools")
    found = []
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict):
            raise BadReply(f"expected a table in entry {number} of POOLS")
        rank = _rank(entry.get("Priority", number), number)
        # A place without a pool tells an empty URL.
        if url := _text(entry, "URL", number):
            found.append((rank, number, Pool(url, _text(entry, "User", number))))
    return tuple(pool for _, _, pool in sorted(found, key=lambda one: one[:2]))


def _rank(told: object, number: int) -> int:
    """A whole number, which the text notation tells as a text."""
    if isinstance(told, str) and told.isascii() and told.isdigit() and len(told) <= MOST_DIGITS:
        return int(told)
    if not isinstance(told, int):
        raise BadReply(f"expected a Priority in entry {number} of POOLS")
    return told


def _text(entry: Section, key: str, number: int) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise BadReply(f"expected a text {key} in entry {number} of POOLS")
    return value.strip()
