"""The latest sample of every tag, and the frozen copy that a scan thinks about."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from controller.image.fleet import Bytes, Flags, Fleet, FleetSnapshot, Floats
from controller.image.tag import Quality, Tag, Value

# An enum's member is slow to look up in a loop of hundreds of tags.
GOOD, UNCERTAIN, BAD = (int(one) for one in (Quality.GOOD, Quality.UNCERTAIN, Quality.BAD))


class TagIndex(dict[str, int]):
    """The row of each tag by name; groups of names that are asked for in every scan stay known."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__((name, row) for row, name in enumerate(names))
        self._groups: dict[tuple[str, ...], tuple[NDArray[np.intp], bool]] = {}

    def rows(self, names: tuple[str, ...]) -> NDArray[np.intp]:
        """The rows of these tags in their order, -1 where there is none of the name."""
        return self.group(names)[0]

    def group(self, names: tuple[str, ...]) -> tuple[NDArray[np.intp], bool]:
        """The same, and whether there is a tag of every name."""
        found = self._groups.get(names)
        if found is None:
            rows = np.array([self.get(name, -1) for name in names], np.intp)
            found = self._groups[names] = rows, bool((rows >= 0).all())
        return found


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole plant at one instant: monotonic `now_s`, UTC `utc_s`, all tags, all units.

    `values` holds flags as 0 and 1, and NaN where nothing is known; `source_s` is the monotonic
    time at which each value was read (-inf for never).
    """

    now_s: float
    utc_s: float
    tags: tuple[Tag, ...]
    index: TagIndex
    values: Floats
    quality: Bytes
    source_s: Floats
    fleet: FleetSnapshot

    @property
    def awaited(self) -> Flags:
        """Which tags a start waits for, one for each tag."""
        return np.fromiter((tag.awaited for tag in self.tags), np.bool_, len(self.tags))

    def has(self, name: str) -> bool:
        """Whether this plant has the tag at all."""
        return name in self.index

    def number(self, name: str) -> float | None:
        """The tag's value unless its quality is bad; None for an unknown tag's value too."""
        row = self.index.get(name)
        if row is None:
            return None
        value: float = self.values.item(row)
        return None if math.isnan(value) else value

    def flag(self, name: str) -> bool | None:
        """The tag's state unless its quality is bad."""
        value = self.number(name)
        return None if value is None else value != 0.0

    def numbers(self, names: tuple[str, ...]) -> Floats:
        """One value a name, as `number` gives it, NaN for None."""
        rows, complete = self.index.group(names)
        if complete:
            return self.values[rows]
        there = rows >= 0
        found = np.full(len(rows), np.nan)
        found[there] = self.values[rows[there]]
        return found

    def good(self, name: str) -> float | None:
        """The tag's value only while its quality is good."""
        row = self.index.get(name)
        if row is None or self.quality.item(row) != GOOD:
            return None
        return self.number(name)


class ProcessImage:
    """The latest sample of every tag; all are bad until first heard of."""

    def __init__(self, tags: Sequence[Tag], fleet: Fleet) -> None:
        self.tags = tuple(tags)
        self.fleet = fleet
        self.index = TagIndex(tag.name for tag in self.tags)
        if len(self.index) != len(self.tags):
            raise ValueError("two tags of the image have the same name")
        self._values = np.full(len(self.tags), np.nan)
        self._source_s = np.full(len(self.tags), -np.inf)
        self._uncertain_after_s = np.array([tag.uncertain_after_s for tag in self.tags])
        self._bad_after_s = np.array([tag.bad_after_s for tag in self.tags])

    def put(self, name: str, value: Value | None, now_s: float) -> bool:
        """Take one sample; None makes the tag bad. True when a protective input has changed.

        One that is older than what is there came by a longer way and is not taken. KeyError for an
        unknown tag, ValueError for NaN and infinity.
        """
        row = self.index[name]
        number = math.nan if value is None else float(value)
        if value is not None and not math.isfinite(number):
            raise ValueError(f"{name} is {value}: not a measurement")
        if now_s < self._source_s[row]:
            return False
        before = self._values[row]
        self._values[row] = number
        self._source_s[row] = now_s
        tag = self.tags[row]
        if not tag.protective:
            return False
        if math.isnan(before) or math.isnan(number):
            return math.isnan(before) != math.isnan(number)
        return tag.kind == "flag" and before != number

    def put_many(self, samples: Mapping[str, Value | None], now_s: float) -> None:
        """Take many samples of one instant; names that this plant does not have are passed over.

        ValueError for NaN and infinity, and then none is taken. What is older is not taken.
        """
        known = [
            (row, sample)
            for row, sample in zip(map(self.index.get, samples), samples.values(), strict=True)
            if row is not None
        ]
        rows = np.array([row for row, _ in known], np.intp)
        values = np.array([sample for _, sample in known], np.float64)
        for (row, sample), finite in zip(known, np.isfinite(values).tolist(), strict=True):
            if not finite and sample is not None:
                raise ValueError(f"{self.tags[row].name} is {sample}: not a measurement")
        newer = self._source_s[rows] <= now_s
        self._values[rows[newer]] = values[newer]
        self._source_s[rows[newer]] = now_s

    def freeze(self, now_s: float, utc_s: float) -> Snapshot:
        """Everything as it stands now; age turns good to uncertain to bad."""
        age_s = now_s - self._source_s
        fresh = age_s <= self._uncertain_after_s
        old = age_s > self._bad_after_s
        quality = np.where(fresh, np.int8(GOOD), np.int8(UNCERTAIN))
        quality[old | np.isnan(self._values)] = BAD
        return Snapshot(
            now_s=now_s,
            utc_s=utc_s,
            tags=self.tags,
            index=self.index,
            values=np.where(quality == BAD, np.nan, self._values),
            quality=quality,
            source_s=self._source_s.copy(),
            fleet=self.fleet.freeze(now_s),
        )
