"""How well the alarms serve an operator, against the published figures of EEMUA 191 and ISA-18.2.

Everything is counted from the journal of transitions; what was quiet disturbed nobody and does not
count.
"""

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from controller.control.alarms.definition import Priority
from controller.control.alarms.state import Transition

TEN_MIN_S, HOUR_S, DAY_S = 600.0, 3_600.0, 86_400.0
FLOOD_FROM, FLOOD_UNTIL = 10, 5
"""A flood begins with more than ten alarms in ten minutes and ends with fewer than five."""
CHATTER_COUNT, CHATTER_S = 3, 60.0
FLEETING_S = 5.0
TOP = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with what is aimed at and what is the most; None where nothing is published."""

    name: str
    value: float
    unit: str
    target: float | None
    most: float | None
    source: str

    @property
    def good(self) -> bool:
        """Whether it keeps within the most that is published."""
        return self.most is None or self.value <= self.most


@dataclass(frozen=True, slots=True)
class Performance:
    """All figures of a span of time, the most frequent alarms, and those that chatter."""

    from_utc_s: float
    to_utc_s: float
    figures: tuple[Figure, ...]
    top: tuple[tuple[str, int], ...]
    chattering: tuple[str, ...]


def performance(
    journal: Sequence[Transition],
    priorities: Mapping[str, Priority],
    from_utc_s: float,
    to_utc_s: float,
) -> Performance:
    """The figures between two moments (UTC seconds)."""
    loud = [one for one in journal if _counts(one) and from_utc_s <= one.utc_s <= to_utc_s]
    times = [one.utc_s for one in loud]
    span_s = max(to_utc_s - from_utc_s, TEN_MIN_S)
    tens = _per_period(times, from_utc_s, to_utc_s, TEN_MIN_S)
    hours = _per_period(times, from_utc_s, to_utc_s, HOUR_S)
    by_name = Counter(one.alarm for one in loud)
    top = tuple(by_name.most_common(TOP))
    chatter = chattering(loud)
    shares = Counter(priorities.get(one.alarm, "low") for one in loud)
    count = max(len(loud), 1)
    eemua, isa = "EEMUA 191", "ISA-18.2"
    figures = (
        Figure("average in ten minutes", len(times) / span_s * TEN_MIN_S, "", 1.0, 2.0, eemua),
        Figure("most in ten minutes", float(most_within(times, TEN_MIN_S)), "", 10.0, 10.0, eemua),
        Figure("ten minutes with more than 10", _share(tens, 10), "%", 1.0, 1.0, isa),
        Figure("time in a flood", 100.0 * flood_s(times, to_utc_s) / span_s, "%", 1.0, 1.0, isa),
        Figure("hours with more than 30", _share(hours, 30), "%", 1.0, 1.0, isa),
        Figure(
            "share of the ten most frequent",
            100.0 * sum(n for _, n in top) / count if len(by_name) > TOP else 0.0,
            "%",
            1.0,
            5.0,
            isa,
        ),
        Figure("alarms that chatter", float(len(chatter)), "", 0.0, 0.0, isa),
        Figure("alarms that are fleeting", float(_fleeting(journal, loud)), "", 0.0, 0.0, isa),
        Figure("stale alarms", float(_stale(journal, to_utc_s)), "", 5.0, 5.0, isa),
        Figure("share of low", 100.0 * shares["low"] / count, "%", 80.0, None, eemua),
        Figure("share of medium", 100.0 * shares["medium"] / count, "%", 15.0, None, eemua),
        Figure(
            "share of high and critical",
            100.0 * (shares["high"] + shares["critical"]) / count,
            "%",
            5.0,
            None,
            eemua,
        ),
    )
    return Performance(from_utc_s, to_utc_s, figures, top, chatter)


def most_within(times: Sequence[float], span_s: float) -> int:
    """The most alarms in any span of this length; `times` rise."""
    return max(
        (at + 1 - bisect_left(times, utc_s - span_s) for at, utc_s in enumerate(times)), default=0
    )


def flood_s(times: Sequence[float], until_utc_s: float) -> float:
    """How long floods have lasted."""
    window: deque[float] = deque()
    total_s, since_s = 0.0, None
    for utc_s, arrives in _edges(times, until_utc_s):
        if arrives:
            window.append(utc_s)
        else:
            window.popleft()
        if since_s is None and len(window) > FLOOD_FROM:
            since_s = utc_s
        elif since_s is not None and len(window) < FLOOD_UNTIL:
            total_s, since_s = total_s + utc_s - since_s, None
    return total_s if since_s is None else total_s + until_utc_s - since_s


def chattering(loud: Iterable[Transition]) -> tuple[str, ...]:
    """The alarms that were raised three times within a minute."""
    by_name: dict[str, list[float]] = {}
    for one in loud:
        by_name.setdefault(one.alarm, []).append(one.utc_s)
    return tuple(
        name for name, times in by_name.items() if most_within(times, CHATTER_S) >= CHATTER_COUNT
    )


def _counts(one: Transition) -> bool:
    return one.what in ("raised", "sounds again") and not one.quiet


def _edges(times: Sequence[float], until_utc_s: float) -> Iterator[tuple[float, bool]]:
    """Every alarm that comes, and that ten minutes later counts no more, in order."""
    moments = [(utc_s, True) for utc_s in times]
    moments += [(utc_s + TEN_MIN_S, False) for utc_s in times if utc_s + TEN_MIN_S <= until_utc_s]
    return iter(sorted(moments))


def _per_period(
    times: Sequence[float], from_utc_s: float, to_utc_s: float, period_s: float
) -> list[int]:
    counts = [0] * max(1, int((to_utc_s - from_utc_s) / period_s))
    for utc_s in times:
        counts[min(int((utc_s - from_utc_s) / period_s), len(counts) - 1)] += 1
    return counts


def _share(counts: Sequence[int], most: int) -> float:
    return 100.0 * sum(count > most for count in counts) / len(counts)


def _fleeting(journal: Sequence[Transition], loud: Sequence[Transition]) -> int:
    """Alarms that were over within seconds, and that nobody could have acted on."""
    raised = {(one.alarm, one.utc_s) for one in loud}
    since: dict[str, float] = {}
    found = set()
    for one in journal:
        if (one.alarm, one.utc_s) in raised:
            since[one.alarm] = one.utc_s
        elif one.what == "cleared" and one.utc_s - since.pop(one.alarm, -DAY_S) < FLEETING_S:
            found.add(one.alarm)
    return len(found)


def _stale(journal: Sequence[Transition], now_utc_s: float) -> int:
    since: dict[str, float] = {}
    for one in journal:
        if one.what == "raised":
            since[one.alarm] = one.utc_s
        elif one.what == "cleared":
            since.pop(one.alarm, None)
    return sum(now_utc_s - utc_s > DAY_S for utc_s in since.values())
