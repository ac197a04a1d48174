"""Votes of redundant channels, and what is left of a vote when channels fail.

A channel that is bad is taken out: two of three become one of two, which is the safe side, and one
or two of two become one of one. Where none is left, or only one of three, nothing is known (IEC
61511 practice).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

Vote = Literal["1oo1", "1oo2", "2oo2", "2oo3"]
CHANNELS: dict[Vote, int] = {"1oo1": 1, "1oo2": 2, "2oo2": 2, "2oo3": 3}
_LEAST: dict[Vote, int] = {"1oo1": 1, "1oo2": 1, "2oo2": 1, "2oo3": 2}
"""With fewer good channels nobody knows."""


@dataclass(frozen=True, slots=True)
class Voted:
    """A tag that is voted from several: its channels, the vote, and how far they may differ.

    `safe` is the state of a flag that stops nothing; `spread` is in the unit of the tag.
    """

    channels: tuple[str, ...]
    vote: Vote
    spread: float
    safe: bool = True


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a vote gave: it trips; nothing is known; some channel was taken out."""

    trips: bool
    unknown: bool
    degraded: bool


def ballot(vote: Vote, says: Sequence[bool | None]) -> Ballot:
    """The vote of channels that say trip, stay, or nothing (None).

    ValueError where there are not as many channels as the vote has.
    """
    if len(says) != CHANNELS[vote]:
        raise ValueError(f"{vote} needs {CHANNELS[vote]} channels, not {len(says)}")
    good = [said for said in says if said is not None]
    if len(good) < _LEAST[vote]:
        return Ballot(trips=any(good), unknown=True, degraded=True)
    whole = len(good) == len(says)
    needed = int(vote[0]) if whole else 1
    return Ballot(trips=sum(good) >= needed, unknown=False, degraded=not whole)


def middle(values: Sequence[float]) -> float | None:
    """What control goes by: the median of three, the mean of two; None of none."""
    return float(median(values)) if values else None
