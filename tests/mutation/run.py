"""Runs the tests against each mutant; a mutant that no test notices has survived.

`python -m tests.mutation.run [COUNT]` tries so many of them, drawn by a fixed seed, or all.
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from tests.mutation.mutants import Mutant, mutants_of, put_in

ROOM = "controller.control."
ALARMS = ("base", "engine", "first_out", "orders", "conditions", "replay")
PROTECTION = ("causes", "latch", "reset", "envelope", "effects", "feeders", "protect", "bypass")
SUITES: dict[str, tuple[str, ...]] = {
    **{f"{ROOM}alarms.{one}": ("tests/control/alarms",) for one in ALARMS},
    **{
        f"{ROOM}protection.{one}": ("tests/control/test_protection.py", "tests/control/protection")
        for one in PROTECTION
    },
    f"{ROOM}protection.feeders": (
        "tests/control/test_protection.py",
        "tests/control/protection",
        "tests/control/test_modes.py",
    ),
    f"{ROOM}voting": ("tests/control/test_voting.py",),
    f"{ROOM}channels": ("tests/control/test_voting.py",),
}
"""What is mutated, and the tests that must notice."""
LIMIT_S, SEED = 90.0, 5
ALIVE, DEAD = 0, 1


@dataclass(frozen=True, slots=True)
class Score:
    """How many mutants were tried, and those that survived."""

    tried: int
    survived: tuple[Mutant, ...]

    @property
    def percent(self) -> float:
        """Share of mutants that were noticed."""
        return 100.0 * (1.0 - len(self.survived) / self.tried)


def all_mutants() -> list[Mutant]:
    """Every mutant of what is mutated."""
    return [mutant for module in SUITES for mutant in mutants_of(module)]


def score(mutants: Sequence[Mutant], processes: int) -> Score:
    """Try them, so many at once."""
    waiting = list(mutants)
    running: dict[int, tuple[Mutant, float]] = {}
    survived: list[Mutant] = []
    while waiting or running:
        while waiting and len(running) < processes:
            mutant = waiting.pop()
            running[_start(mutant)] = mutant, time.monotonic()  # noqa: TID251 - real time
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid:
            mutant, _ = running.pop(pid)
            if os.waitstatus_to_exitcode(status) == ALIVE:
                survived.append(mutant)
            continue
        now_s = time.monotonic()  # noqa: TID251 - real time
        for late in [pid for pid, (_, since_s) in running.items() if now_s - since_s > LIMIT_S]:
            os.kill(late, 9)
        time.sleep(0.02)  # noqa: TID251 - children take real time
    return Score(len(mutants), tuple(survived))


def _start(mutant: Mutant) -> int:
    """A child in which the mutant is tested; its exit code says whether it has survived."""
    pid = os.fork()
    if pid:
        return pid
    code = DEAD
    try:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
            with contextlib.redirect_stdout(nowhere):
                put_in(mutant)
                code = ALIVE if _tests(SUITES[mutant.module]) == pytest.ExitCode.OK else DEAD
    finally:
        os._exit(code)


def _tests(paths: Sequence[str]) -> int:
    options = ("-x", "-q", "-m", "not campaign", "-p", "no:randomly", "-p", "no:xdist")
    return int(pytest.main([*options, "--no-header", "--tb=no", *paths]))


def main() -> None:
    """Try mutants and say which have survived."""
    mutants = all_mutants()
    Random(SEED).shuffle(mutants)
    if len(sys.argv) > 1:
        mutants = mutants[: int(sys.argv[1])]
    found = score(mutants, os.cpu_count() or 1)
    for mutant in found.survived:
        sys.stdout.write(f"{mutant}\n")
    sys.stdout.write(
        json.dumps({"tried": found.tried, "noticed_pct": round(found.percent, 1)}) + "\n"
    )


if __name__ == "__main__":
    main()
