"""Protection and envelope keep their promises whatever happens, and whatever anybody wants."""

import os
from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.control.protection.dice import Judge, judged

SHORT, LONG, PIECES = 3_000, 10_000_000, 200


def piece(seed: int) -> Judge:
    return judged(seed, LONG // PIECES)


def test_nothing_is_broken_in_some_thousand_cycles() -> None:
    judge = judged(1, SHORT)

    assert judge.cycles == SHORT
    assert not judge.broken


@pytest.mark.campaign
@pytest.mark.timeout(14_400)
def test_nothing_is_broken_in_ten_million_cycles() -> None:
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        judges = list(pool.map(piece, range(100, 100 + PIECES)))

    assert sum(judge.cycles for judge in judges) == LONG
    assert not sum((judge.broken for judge in judges), start=judges[0].broken.__class__())
