"""Where each generation of Avalon puts its telemetry text.

Flat `MM ID0` (A10 to A15, Nano3, Nano3S, Mini3); `MM ID0:Summary` with `HBinfo` beside it (Q,
1566HA, 1566HU; single quotes round a name, braces round the text); and `MM ID1` to `MM IDn` under
each controller of a chain (A7 to A9). Captured replies of all three: tests/wire/transcripts.
"""

import re
from collections.abc import Mapping
from typing import Final

from drivers.cgminer.codec import Section
from drivers.errors import BadReply

COMMANDS: Final = ("estats", "stats", "litestats")
FLAT: Final = "MM ID0"
BRACED: Final = "MM ID0:Summary"
NEXT: Final = "MM ID1"
MODULE: Final = re.compile(r"MM ID\d{1,3}")


class EmptyText(BadReply):
    """The unit left its telemetry text out of this reply; it stands in the one to litestats."""


def stats_in(replies: Mapping[str, Section]) -> tuple[Section, list[Section]]:
    """The reply that holds telemetry, and its STATS entries."""
    for command in COMMANDS:
        if (reply := replies.get(command)) is not None:
            entries = reply.get("STATS")
            if not isinstance(entries, list):
                raise BadReply(f"expected section STATS in the reply to {command}")
            return reply, [entry for entry in entries if isinstance(entry, dict)]
    raise BadReply("expected a reply to estats, stats or litestats")


def texts_in(entries: list[Section]) -> list[str]:
    """The telemetry text of each module; one for a unit that is not a chain."""
    first = entries[0] if entries else {}
    # The usual case first: a thousand units are asked every few seconds.
    flat = first.get(FLAT)
    if isinstance(flat, str) and flat and not flat.isspace() and NEXT not in first:
        return [flat]
    for entry in entries:
        if BRACED in entry:
            return [_braced(entry[BRACED])]
    texts = [
        value
        for entry in entries
        for name, value in entry.items()
        if name.startswith("MM ID") and MODULE.fullmatch(name)
    ]
    told = [text for text in texts if isinstance(text, str)]
    if not told or len(told) < len(texts):
        raise BadReply(f"expected STATS with a flat text {FLAT}, {BRACED} or MM ID1 to MM IDn")
    # A module that has dropped out of its chain leaves its place blank.
    heard = [text for text in told if text and not text.isspace()]
    if not heard:
        raise EmptyText(f"expected telemetry in {FLAT}, it is empty: ask litestats")
    return heard


def _braced(told: object) -> str:
    """The text within `'STATS':{…}`."""
    if not isinstance(told, str):
        raise BadReply(f"expected a text in {BRACED}, got {type(told).__name__}")
    if not told.strip():
        raise EmptyText(f"expected telemetry in {BRACED}, it is empty: ask litestats")
    _, opened, rest = told.partition("{")
    text, closed, _ = rest.partition("}")
    if not opened or not closed:
        raise BadReply(f"expected {{…}} in {BRACED}, it is cut off after {told[-20:]!r}")
    if not text.strip():
        raise EmptyText(f"expected telemetry in {BRACED}, it is empty: ask litestats")
    return text
