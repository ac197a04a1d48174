"""Merit order: which units climb or descend which rungs, so that power meets its target.

The steps of all units are taken in the order of their worth, and at last one or two rungs are
exchanged where that comes nearer. Everything is columns; nothing here knows time or state.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from controller.image.fleet import Flags, Floats

Rungs = NDArray[np.int64]
# Deltas closer than this are one and the same; so many different ones are looked at.
ALIKE_KW = 0.01
MOST_DELTAS = 300
REPAIRS = 4
MOST_TRIED_LOG2 = 12.0
FEW_UNITS, SHIFTS = 64, (0, 1, -1, 2, -2, 3, -3)


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be chosen from: the rung of each unit, and what it may do now.

    `kw` and `ths` are one row a unit and one column a rung, `hull` marks rungs that are worth their
    power. `order` is the rank in which units of equal worth climb; they descend the other way.
    """

    at: Rungs
    kw: Floats
    ths: Floats
    hull: Flags
    may_wake: Flags
    may_sleep: Flags
    may_change: Flags
    order: NDArray[np.int64]


def meet(choice: Choice, error_kw: float, room_kw: float, tolerance_kw: float) -> Rungs:
    """The rungs with which the power changes by `error_kw`, and by no more than `room_kw`."""
    steps = _upward(choice) if error_kw > 0.0 else _downward(choice)
    count = _nearest(steps, error_kw, room_kw)
    # Few units of many kinds may be met better from a step more or less.
    shifts = SHIFTS if len(choice.at) <= FEW_UNITS else SHIFTS[:1]
    best, best_kw = choice.at, np.inf
    for shift in shifts:
        begun = _after(choice.at, steps, min(max(count + shift, 0), len(steps.kw)))
        to = _repaired(choice, begun, error_kw, room_kw, tolerance_kw)
        changed_kw = _changed_kw(choice, to)
        off_kw = abs(error_kw - changed_kw) if changed_kw <= room_kw + 1e-9 else np.inf
        if off_kw < best_kw - ALIKE_KW:
            best, best_kw = to, off_kw
        if best_kw <= tolerance_kw:
            return best
    exact = _tried(choice, error_kw, room_kw, tolerance_kw)
    return best if exact is None else exact


def _tried(choice: Choice, error_kw: float, room_kw: float, tolerance_kw: float) -> Rungs | None:
    """The most valuable of all that come nearest; None where there are too many to try them all."""
    allowed = _allowed(choice)
    # The logarithm of a product of thousands of counts is no number too large.
    if np.log2(np.count_nonzero(allowed, axis=1)).sum() > MOST_TRIED_LOG2 + 1e-9:
        return None
    may = [np.flatnonzero(row) for row in allowed]
    every = np.array(list(product(*(rungs.tolist() for rungs in may))), np.int64)
    rows = np.arange(len(may))
    changed_kw = (choice.kw[rows, every] - choice.kw[rows, choice.at]).sum(axis=1)
    off_kw = np.where(changed_kw <= room_kw + 1e-9, np.abs(error_kw - changed_kw), np.inf)
    near = np.flatnonzero(off_kw <= off_kw.min() + tolerance_kw)
    moved = np.count_nonzero(every[near] != choice.at, axis=1)
    ths = choice.ths[rows, every[near]].sum(axis=1)
    return np.asarray(every[near[np.lexsort((moved, -np.round(ths, 3)))[0]]])


def _allowed(choice: Choice) -> Flags:
    """Which rungs each unit may be on after this decision, its present one among them."""
    allowed = np.where(choice.at == 0, choice.may_wake, choice.may_change)[:, None] & ~np.isnan(
        choice.kw
    )
    allowed[:, 0] = choice.may_sleep
    allowed[np.arange(len(choice.at)), choice.at] = True
    return allowed


def _changed_kw(choice: Choice, to: Rungs) -> float:
    rows = np.arange(len(to))
    return float((choice.kw[rows, to] - choice.kw[rows, choice.at]).sum())


@dataclass(frozen=True, slots=True)
class _Steps:
    """Single steps in the order in which they are taken."""

    units: NDArray[np.int64]
    rungs: NDArray[np.int64]
    kw: Floats


def _upward(choice: Choice) -> _Steps:
    """Every step that units may climb, the most valuable first."""
    rows = np.arange(len(choice.at))
    from_kw, from_ths = choice.kw[rows, choice.at], choice.ths[rows, choice.at]
    allowed = np.where(choice.at == 0, choice.may_wake, choice.may_change)
    found = []
    for rung in range(1, choice.kw.shape[1]):
        units = np.flatnonzero(allowed & choice.hull[:, rung] & (choice.at < rung))
        kw, ths = choice.kw[units, rung], choice.ths[units, rung]
        worth = (ths - from_ths[units]) / (kw - from_kw[units])
        found.append((units, rung, kw - from_kw[units], -worth, choice.order[units]))
        from_kw[units], from_ths[units] = kw, ths
    return _sorted(found)


def _downward(choice: Choice) -> _Steps:
    """Every step that units may descend, the least valuable first."""
    rows = np.arange(len(choice.at))
    from_kw, from_ths = choice.kw[rows, choice.at], choice.ths[rows, choice.at]
    found = []
    for rung in range(choice.kw.shape[1] - 2, -1, -1):
        allowed = choice.may_sleep if rung == 0 else choice.may_change
        units = np.flatnonzero(allowed & choice.hull[:, rung] & (choice.at > rung))
        kw, ths = choice.kw[units, rung], choice.ths[units, rung]
        worth = (from_ths[units] - ths) / (from_kw[units] - kw)
        found.append((units, rung, kw - from_kw[units], worth, -choice.order[units]))
        from_kw[units], from_ths[units] = kw, ths
    return _sorted(found)


def _sorted(
    found: list[tuple[NDArray[np.int64], int, Floats, Floats, NDArray[np.int64]]],
) -> _Steps:
    units = np.concatenate([step[0] for step in found])
    rungs = np.concatenate([np.full(len(step[0]), step[1]) for step in found])
    kw = np.concatenate([step[2] for step in found])
    worth = np.concatenate([step[3] for step in found])
    tie = np.concatenate([step[4] for step in found])
    order = np.lexsort((tie, np.round(worth, 6)))
    return _Steps(units[order], rungs[order], kw[order])


def _nearest(steps: _Steps, error_kw: float, room_kw: float) -> int:
    """How many of the first steps come nearest; of equally near ones the fewest."""
    sums_kw = np.concatenate([[0.0], np.cumsum(steps.kw)])
    off_kw = np.where(sums_kw <= room_kw + 1e-9, np.abs(error_kw - sums_kw), np.inf)
    return int(np.argmin(np.round(off_kw, 6)))


def _after(at: Rungs, steps: _Steps, count: int) -> Rungs:
    """The rungs after the first steps, of which those of one unit follow on each other."""
    to = at.copy()
    to[steps.units[:count]] = steps.rungs[:count]
    return to


def _repaired(
    choice: Choice, to: Rungs, error_kw: float, room_kw: float, tolerance_kw: float
) -> Rungs:
    """One or two rungs exchanged as long as that comes nearer; a repair is worth its wear."""
    for _ in range(REPAIRS):
        changed_kw = _changed_kw(choice, to)
        left_kw, room_left_kw = error_kw - changed_kw, room_kw - changed_kw
        if abs(left_kw) <= tolerance_kw:
            break
        units, rungs, deltas_kw = _moves(choice, to)
        picked = _best(units, deltas_kw, left_kw, room_left_kw)
        if not picked or abs(left_kw - float(deltas_kw[picked].sum())) > abs(left_kw) - ALIKE_KW:
            break
        to = to.copy()
        to[units[picked]] = rungs[picked]
    return to


def _moves(choice: Choice, to: Rungs) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Every other rung that a unit may be sent to, and what that changes; few of each kind."""
    rows = np.arange(len(to))
    allowed = _allowed(choice)
    allowed[rows, to] = False
    units, rungs = np.nonzero(allowed)
    deltas_kw = choice.kw[units, rungs] - choice.kw[rows, to][units]
    kinds = np.round(deltas_kw / ALIKE_KW).astype(np.int64)
    order = np.lexsort((choice.order[units], kinds))
    kinds = kinds[order]
    # Two of a kind are enough: a pair needs two different units.
    first = np.concatenate([[True], kinds[1:] != kinds[:-1]]) if len(kinds) else np.zeros(0, bool)
    second = np.concatenate([[False], first[:-1]]) & ~first if len(kinds) else first
    kept = order[first | second][:MOST_DELTAS]
    return units[kept], rungs[kept], deltas_kw[kept]


def _best(units: NDArray[np.int64], deltas_kw: Floats, left_kw: float, room_kw: float) -> list[int]:
    """The one move, or the two of different units, that leave the least."""
    if not len(units):
        return []
    single = np.where(deltas_kw <= room_kw + 1e-9, np.abs(left_kw - deltas_kw), np.inf)
    pairs_kw = deltas_kw[:, None] + deltas_kw[None, :]
    fits = (pairs_kw <= room_kw + 1e-9) & (units[:, None] != units[None, :])
    double = np.where(fits, np.abs(left_kw - pairs_kw), np.inf)
    one = int(np.argmin(single))
    both = int(np.argmin(double))
    if double.flat[both] < single[one] - ALIKE_KW:
        return list(divmod(both, len(units)))
    return [one] if np.isfinite(single[one]) else []
