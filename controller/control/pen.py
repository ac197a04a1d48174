"""The pen: the right to order this plant, as a number that the PLC keeps and that only grows."""

import math
from dataclasses import dataclass
from typing import Final, Literal

EPOCHS: Final = 65_536

Holder = Literal[
    "tracking",
    "ours",
    "local automatic",
    "taken by another",
    "plc silent",
    "plc without watchdog",
    "dry-run",
]
"""Who orders the plant now, or why nobody does through us."""


@dataclass(frozen=True)
class Pen:
    """Who has the pen, our epoch (None: we never had one, or the PLC keeps none), and since when.

    `why` says more of a holder that needs it. `boots` is the PLC's count of its own starts when we
    took the pen. Samples of tags older than `tags_from_s`, and of units older than `units_from_s`,
    tell of the time before we lost sight.
    """

    holder: Holder = "tracking"
    epoch: int | None = None
    why: str = ""
    boots: float | None = None
    taken_s: float = -math.inf
    tags_from_s: float = -math.inf
    units_from_s: float = -math.inf


def newer(one: int, other: int) -> bool:
    """Whether an epoch comes after another: 16-bit serial number arithmetic (RFC 1982, 3.2)."""
    return 0 < (one - other) % EPOCHS < EPOCHS // 2


def following(epoch: int) -> int:
    """The next epoch; 0 is that of a PLC which has never had a controller."""
    return (epoch + 1) % EPOCHS or 1
