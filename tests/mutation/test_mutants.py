"""Mutants are made as they should be; a few are tried against the tests of their rooms."""

from random import Random

import pytest

from tests.mutation.run import SEED, all_mutants, score

FEW, LEAST_PCT = 2, 90.0


def test_there_are_mutants_of_every_kind() -> None:
    mutants = all_mutants()
    changes = " ".join(mutant.change for mutant in mutants)

    assert len(mutants) > 300
    assert all(sign in changes for sign in ("<=", ">=", " or ", " and ", "is not", "False"))
    assert len({str(mutant) + str(mutant.number) for mutant in mutants}) == len(mutants)


def test_a_mistake_in_a_limit_is_noticed() -> None:
    limits = [one for one in all_mutants() if one.function == "hot_units"]
    found = score(limits[:FEW], processes=1)

    assert not found.survived


@pytest.mark.campaign
@pytest.mark.timeout(14_400)
def test_nine_of_ten_mistakes_are_noticed() -> None:
    mutants = all_mutants()
    Random(SEED).shuffle(mutants)
    found = score(mutants, processes=2)

    assert found.percent >= LEAST_PCT, "\n".join(map(str, found.survived))
