"""A bench of plain figures, on which steps can be run in virtual time."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from controller.lab.hil.door import DoorError, Undo
from controller.lab.hil.looker import Looker
from controller.lab.hil.outcome import Outcome, StepResult
from controller.lab.hil.run import Run
from controller.lab.hil.steps import StepsFile, Value

Show = Callable[[float], Value | None]


class HandBench:
    """Figures as functions of time; what is set is noted and read back."""

    def __init__(self, figures: Mapping[str, Show] | None = None) -> None:
        self.figures = dict(figures or {})
        self.put_down: list[tuple[str, Value]] = []
        self.lives_s: list[float] = []
        self.refused: set[str] = set()
        self.stuck: set[str] = set()
        self.begun_s = asyncio.get_running_loop().time()

    async def look(self, figures: tuple[str, ...]) -> dict[str, Value | None]:
        """What the figures are now."""
        now_s = asyncio.get_running_loop().time() - self.begun_s
        return {name: self.figures.get(name, lambda _: None)(now_s) for name in figures}

    async def undo(self, point: str) -> Undo | None:
        """How to put it back."""
        return Undo(point, "before", partial(self.put, point, "before", 0.0))

    async def put(self, point: str, value: Value, life_s: float) -> None:
        """Set it, unless it is refused or stuck."""
        if point in self.refused:
            raise DoorError(f"{point} is refused")
        if point in self.stuck and value == "before":
            await asyncio.sleep(3600.0)
        self.put_down.append((point, value))
        self.lives_s.append(life_s)


class Helper:
    """A person who does what is asked, or says why not."""

    def __init__(self, answer: str = "") -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def does(self, what: str, within_s: float) -> str:
        """Note what is asked."""
        self.asked.append(f"{what} within {within_s:g} s")
        return self.answer


def steps_file(*steps: dict[str, Any], **tables: object) -> StepsFile:
    """A file of these steps, each named by its number if it has no name."""
    named = [{"name": f"step {number}", **step} for number, step in enumerate(steps, 1)]
    return StepsFile.model_validate({"name": "By hand", "step": named, **tables})


def made_run(
    file: StepsFile, bench: HandBench, person: Helper | None = None, said: list[str] | None = None
) -> Run:
    """A run that has not begun."""
    outcome = Outcome(
        name=file.name,
        line=file.line,
        file="steps.toml",
        begun_utc="2026-01-01T00:00:00Z",
        speed=1.0,
        connected={},
        given=dict(file.given),
        steps=[StepResult(step.name, step.say) for step in file.step],
    )
    looker = Looker(bench, file, asyncio.get_running_loop().time)
    say = [].append if said is None else said.append
    return Run(file, bench, looker, person or Helper(), say, outcome)


async def outcome_of(
    file: StepsFile, bench: HandBench, person: Helper | None = None, *, stop_after_s: float = 0.0
) -> Outcome:
    """What comes of it, ended from outside after a while if that is wanted."""
    run, stop = made_run(file, bench, person), asyncio.Event()
    if stop_after_s:
        asyncio.get_running_loop().call_later(stop_after_s, stop.set)
    async with asyncio.timeout(7_200.0):
        await run.until(stop)
    return run.outcome
