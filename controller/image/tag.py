"""A named point of the plant, and how far its value can be trusted."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

Value = float | bool


class Quality(IntEnum):
    """How far a value can be trusted, in OPC UA's three steps."""

    BAD = 0
    UNCERTAIN = 1
    GOOD = 2


@dataclass(frozen=True, slots=True)
class Tag:
    """One point: `equipment.point`, its kind, unit and engineering range, and how fast it ages.

    A sample older than `uncertain_after_s` is uncertain, one older than `bad_after_s` is bad. A
    start waits for what is `awaited`; the rest is only shown.
    """

    name: str
    kind: Literal["number", "flag"]
    unit: str
    description: str
    low: float
    high: float
    uncertain_after_s: float
    bad_after_s: float
    protective: bool = False
    awaited: bool = True
