"""Voted tags join the snapshot at the beginning of a scan, so that all that follows has one value.

Control goes by the middle of the good channels; what protection decides goes by their vote.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from controller.control.settings import FEW_PLANTS, Settings
from controller.control.voting import Voted, ballot, middle
from controller.image.evolve import replace
from controller.image.process_image import Snapshot, TagIndex
from controller.image.tag import Quality, Tag


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """The tags of an image with the voted ones behind them."""

    tags: tuple[Tag, ...]
    index: TagIndex
    voted: tuple[Voted, ...]


def join(snapshot: Snapshot, settings: Settings) -> Snapshot:
    """The snapshot with a row for each voted tag; the same one where nothing is voted."""
    if not settings.voted:
        return snapshot
    joined = _joined(snapshot.tags, settings)
    values, quality, source_s = [], [], []
    for voted in joined.voted:
        value, good, seen_s = _value(snapshot, voted)
        values.append(value)
        quality.append(good)
        source_s.append(seen_s)
    return replace(
        snapshot,
        tags=joined.tags,
        index=joined.index,
        values=np.concatenate((snapshot.values, np.array(values))),
        quality=np.concatenate((snapshot.quality, np.array(quality, np.int8))),
        source_s=np.concatenate((snapshot.source_s, np.array(source_s))),
    )


def apart(snapshot: Snapshot, voted: Voted) -> bool:
    """Whether two good channels differ by more than they may; flags may not differ at all."""
    values = _good(snapshot, voted)
    return bool(values) and max(values) - min(values) > voted.spread


def lost(snapshot: Snapshot, voted: Voted) -> tuple[str, ...]:
    """The channels that are taken out because nothing is known of them."""
    return tuple(name for name in voted.channels if snapshot.number(name) is None)


def _good(snapshot: Snapshot, voted: Voted) -> list[float]:
    found = (snapshot.number(name) for name in voted.channels)
    return [value for value in found if value is not None]


def _value(snapshot: Snapshot, voted: Voted) -> tuple[float, int, float]:
    """Value, quality and source time of a voted tag."""
    rows = [snapshot.index[name] for name in voted.channels if name in snapshot.index]
    seen_s = max((float(snapshot.source_s[row]) for row in rows), default=-np.inf)
    if rows and snapshot.tags[rows[0]].kind == "flag":
        says = [snapshot.flag(name) for name in voted.channels]
        found = ballot(voted.vote, [None if one is None else one != voted.safe for one in says])
        value = None if found.unknown else float(voted.safe != found.trips)
    else:
        value = middle(_good(snapshot, voted))
    if value is None:
        return np.nan, int(Quality.BAD), seen_s
    doubtful = apart(snapshot, voted) or bool(lost(snapshot, voted))
    return value, int(Quality.UNCERTAIN if doubtful else Quality.GOOD), seen_s


@lru_cache(FEW_PLANTS)
def _joined(tags: tuple[Tag, ...], settings: Settings) -> Joined:
    of = {tag.name: tag for tag in tags}
    there = {name: one for name, one in settings.voted.items() if one.channels[0] in of}
    extra = (
        replace(of[one.channels[0]], name=name, description=f"voted {one.vote}")
        for name, one in there.items()
    )
    whole = (*tags, *extra)
    return Joined(whole, TagIndex(tag.name for tag in whole), tuple(there.values()))
