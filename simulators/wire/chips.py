"""The temperatures of a unit's 640 chips as text, made anew only when a whole degree has changed.

Four boards of 160 chips are what public drivers report for the 1566HA. How the chips spread between
the water and the hottest one is an assumption; the captured 15-194 shows the same kind of spread.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BOARDS = 4
CHIPS_PER_BOARD = 160
PATTERNS = 16
COOLEST_SHARE = 0.2


class ChipTexts(NamedTuple):
    """The bracketed fields about chips: machine, boards, every chip; and the hottest of them."""

    machine: str
    boards: str
    every_chip: str
    hottest_c: int


class Chips:
    """The chips of one unit."""

    def __init__(self, index: int) -> None:
        self._index = index
        self._key = (0, 0)
        self._texts: ChipTexts | None = None

    def texts(self, outlet_c: float, hottest_c: float) -> ChipTexts:
        """The fields at this water outlet and this hottest chip, both to the whole degree."""
        key = (round(outlet_c), round(hottest_c))
        if self._texts is None or key != self._key:
            self._key = key
            self._texts = _render(key[0], key[1], _spread(self._index % PATTERNS))
        return self._texts


def _render(outlet_c: int, hottest_c: int, spread: NDArray[np.float64]) -> ChipTexts:
    """Every chip lies between the water and the hottest chip."""
    chips = np.rint(outlet_c + (hottest_c - outlet_c) * spread).astype(int)
    return ChipTexts(
        machine=f"TMax[{chips.max()}] TAvg[{round(float(chips.mean()))}]",
        boards=f"MTmax[{_row(chips.max(axis=1))}] MTavg[{_row(np.rint(chips.mean(axis=1)))}]",
        every_chip=" ".join(
            f"PVT_T{number}[{' '.join(f'{chip:3d}' for chip in board)}]"
            for number, board in enumerate(chips.tolist())
        ),
        hottest_c=int(chips.max()),
    )


def _row(values: NDArray[np.float64] | NDArray[np.int_]) -> str:
    """Whole degrees of each board."""
    return " ".join(f"{int(value)}" for value in values)


@lru_cache(maxsize=PATTERNS)
def _spread(kind: int) -> NDArray[np.float64]:
    """Where each chip lies between the water (0) and the hottest chip (1, met once)."""
    dice = np.random.default_rng(kind)
    spread = dice.uniform(COOLEST_SHARE, 0.7, (BOARDS, CHIPS_PER_BOARD))
    spread[:, CHIPS_PER_BOARD // 2 :] += 0.2
    spread[kind % BOARDS, CHIPS_PER_BOARD - 1 - kind] = 1.0
    return spread
