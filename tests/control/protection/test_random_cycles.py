"""Protection and envelope keep their promises whatever happens, and whatever anybody wants."""

import os
from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.control.protection.dice import Judge, ScanDice, judged

SHORT, LONG, PIECES = 3_000, 10_000_000, 200
SCANS, LONG_SCANS = 1_000, 100_000


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


def test_nothing_is_broken_in_a_thousand_whole_scans() -> None:
    judge = judged(1, SCANS, ScanDice(1))

    assert not judge.broken


def scans(seed: int) -> Judge:
    return judged(seed, LONG_SCANS // 20, ScanDice(seed, containers=10, units=92))


@pytest.mark.campaign
@pytest.mark.timeout(7_200)
def test_nothing_is_broken_in_a_hundred_thousand_scans_of_the_whole_plant() -> None:
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        judges = list(pool.map(scans, range(20)))

    assert sum(judge.cycles for judge in judges) == LONG_SCANS
    assert not [judge.broken for judge in judges if judge.broken]
