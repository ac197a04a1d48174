"""The pipe of the Liège test bench, and how far the model is from what was measured there."""

import csv
import math
from collections import defaultdict
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from simulators.pipe import Pipe, PipeShape

DATA: Final = Path(__file__).parent / "data" / "pipe_ulg.csv"
AROUND_C: Final = 18.0
LONGEST_S: Final = 1.0
BENCH_TESTS: Final = (
    "ULg150801",
    "ULg151202",
    "ULg151204_1",
    "ULg151204_2",
    "ULg151204_4",
    "ULg160104_2",
    "ULg160118_1",
)


class Moment(NamedTuple):
    """One row of a step test."""

    at_s: float
    kg_s: float
    entering_c: float
    leaving_c: float


def rmse_k(test: str, wall_m: float = 0.0039) -> float:
    """How far the model's outlet is from the measured one, root mean square over a test."""
    moments = _measured()[test]
    pipe = Pipe(PipeShape(39.0, 0.05248, wall_m, loss_w_per_m_k=1.0 / 2.164))
    pipe.fill_all(moments[0].leaving_c)
    squares = []
    for before, after in pairwise(moments):
        _advance(pipe, before, after)
        squares.append((pipe.outlet_c - after.leaving_c) ** 2)
    return math.sqrt(sum(squares) / len(squares))


def _advance(pipe: Pipe, before: Moment, after: Moment) -> None:
    pieces = max(1, math.ceil((after.at_s - before.at_s) / LONGEST_S))
    dt_s = (after.at_s - before.at_s) / pieces
    for piece in range(pieces):
        share = (piece + 0.5) / pieces
        kg_s = before.kg_s + share * (after.kg_s - before.kg_s)
        entering_c = before.entering_c + share * (after.entering_c - before.entering_c)
        pipe.draw(dt_s, 60.0 * kg_s / _kg_per_l(entering_c))
        pipe.fill(entering_c)
        pipe.lose(dt_s, AROUND_C)


def _kg_per_l(water_c: float) -> float:
    # Water between 10 and 65 °C within 0.1 % (Kell's table, a parabola through 4, 25 and 50 °C).
    return 1.0 - 5.6e-6 * (water_c - 4.0) ** 2


@cache
def _measured() -> dict[str, list[Moment]]:
    tests: dict[str, list[Moment]] = defaultdict(list)
    with DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            values = (row[key] for key in ("t_s", "m_kg_s", "T_water_in_C", "T_water_out_C"))
            tests[row["test"]].append(Moment(*map(float, values)))
    return tests
