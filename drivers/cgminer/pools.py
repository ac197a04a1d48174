"""Which pools a miner works for, as its reply to `pools` tells it."""

from dataclasses import dataclass
from typing import Final

from drivers.cgminer.codec import Section
from drivers.errors import BadReply

MOST_POOLS: Final = 16
LONGEST_TEXT: Final = 300


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
        rank = entry.get("Priority", number) if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(rank, int):
            raise BadReply(f"expected a table in entry {number} of POOLS")
        # A place without a pool tells an empty URL.
        if url := _text(entry, "URL", number):
            found.append((rank, number, Pool(url, _text(entry, "User", number))))
    return tuple(pool for _, _, pool in sorted(found, key=lambda one: one[:2]))


def _text(entry: Section, key: str, number: int) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise BadReply(f"expected a text {key} in entry {number} of POOLS")
    return value.strip()
