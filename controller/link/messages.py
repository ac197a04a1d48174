"""The messages of the link, and nothing else of either side.

Core sends one `Hello`, then one `Report` a cycle, a `Verdict` for each request and an `Explanation`
for each question; visitors send `Request`s and `Question`s. Times are UTC seconds since 1970:
monotonic time never leaves its process.
"""

from typing import Literal

import msgspec

PROTOCOL = 2
LINK_NAME = "link.sock"
FRAME_CAP_BYTES = 16 * 1024 * 1024

Kind = Literal["number", "flag", "text"]


class TagInfo(msgspec.Struct, frozen=True):
    """One tag as visitors may know it; `low` and `high` are its engineering range."""

    name: str
    kind: Kind
    unit: str
    description: str
    low: float | None = None
    high: float | None = None


class UnitInfo(msgspec.Struct, frozen=True):
    """One miner: its name and its container's number (from 1)."""

    name: str
    container: int


class ColumnInfo(msgspec.Struct, frozen=True):
    """One column of the fleet; `dtype` is numpy's, NaN in a float column means unknown."""

    name: str
    dtype: Literal["f8", "i1"]
    unit: str
    description: str


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """First message of core: what will be reported. `tags_hash` names the lists that follow."""

    protocol: int
    tags_hash: str
    plant: str
    tags: tuple[TagInfo, ...]
    units: tuple[UnitInfo, ...]
    columns: tuple[ColumnInfo, ...]


class TagValue(msgspec.Struct, frozen=True, array_like=True):
    """One tag's new sample; `quality` is 0 bad, 1 uncertain, 2 good; a bad one has no value."""

    tag: int
    value: float | bool | str | None
    quality: int
    source_utc_s: float


class EventInfo(msgspec.Struct, frozen=True):
    """Something that happened: a trip, a limit that took hold, a request that lapsed."""

    utc_s: float
    severity: int
    source: str
    text: str


class Report(msgspec.Struct, frozen=True, tag="report"):
    """One cycle: what changed since the report before, or everything when `full`."""

    cycle: int
    full: bool
    utc_s: float
    values: tuple[TagValue, ...]
    fleet: dict[str, bytes]
    fleet_seen_utc_s: bytes
    events: tuple[EventInfo, ...]


class Request(msgspec.Struct, frozen=True, tag="request"):
    """A visitor's wish; core decides. `value` is absent where the name says everything.

    A value may come as text: core reads it in the kind that the request has.
    """

    id: str
    source: str
    role: str
    name: str
    value: float | bool | str | None
    reason: str
    expires_in_s: float


class Verdict(msgspec.Struct, frozen=True, tag="verdict"):
    """What became of a request, and why."""

    id: str
    accepted: bool
    reason: str


class Question(msgspec.Struct, frozen=True, tag="question"):
    """Why a tag or a unit is as it is; core answers at once, from its last decision."""

    id: str
    name: str


class Explanation(msgspec.Struct, frozen=True, tag="explanation"):
    """The answer: the chain as (stage, sentence); or `refusal`, where there is nothing of the name.

    `utc_s` is the instant of the decision that it explains.
    """

    id: str
    utc_s: float
    steps: tuple[tuple[str, str], ...]
    refusal: str = ""


FromCore = Hello | Report | Verdict | Explanation
"""Everything that core sends."""
ToCore = Request | Question
"""Everything that visitors send."""
