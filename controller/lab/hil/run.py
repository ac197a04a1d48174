"""Does the steps one after the other, and puts back whatever it has set, however it ends."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from controller.clock.now import chosen_clock, real_limit_s
from controller.lab.hil.bench import Bench
from controller.lab.hil.door import DoorError, Undo
from controller.lab.hil.judge import Judgement
from controller.lab.hil.limits import shown
from controller.lab.hil.looker import Looker
from controller.lab.hil.outcome import Judged, Outcome, Setting, StepResult
from controller.lab.hil.person import Person
from controller.lab.hil.steps import Expect, Step, StepsFile, longest_s
from controller.lab.hil.told import judged, lines_of, rounded, watched

RESTORE_WITHIN_S = 15.0
"""Real seconds in which one thing is put back, or given up."""
SPARE_S = 120.0
"""By which a wish outlives the steps that are left."""
ENDED = "the run was ended"

Say = Callable[[str], object]


@dataclass(slots=True)
class Run:
    """One run over an open bench."""

    file: StepsFile
    bench: Bench
    looker: Looker
    person: Person
    say: Say
    outcome: Outcome
    _undos: dict[str, Undo] = field(default_factory=dict)

    async def until(self, stop: asyncio.Event) -> None:
        """All steps, or as many as there are until `stop`; the outcome tells what came of it."""
        try:
            async with asyncio.TaskGroup() as group:
                looking = group.create_task(self.looker.run(), name="hil looks")
                asked = group.create_task(stop.wait(), name="hil stop")
                playing = group.create_task(self._play(), name="hil steps")
                await asyncio.wait({playing, asked}, return_when=asyncio.FIRST_COMPLETED)
                ended = not playing.done()
                playing.cancel(ENDED)
                await asyncio.wait({playing})
                await self._restore()
                looking.cancel()
                asked.cancel()
            self._conclude(ENDED if ended else "")
        finally:
            # Nothing is left to do here unless a look or a step has failed in an unforeseen way.
            await self._restore()
            self._sum_up()

    async def _play(self) -> None:
        for step, result in zip(self.file.step, self.outcome.steps, strict=True):
            self.say(f"{self.looker.now_s:8,.0f} s  {step.name}")
            if step.say:
                self.say(f"  {step.say}")
            await self._step(step, result)
            for line in lines_of(result):
                self.say(line)
            if step.needed and result.result != "passed":
                self.outcome.why = f"{step.name!r} is needed for what follows"
                return

    async def _step(self, step: Step, result: StepResult) -> None:
        result.begun_s = rounded(self.looker.now_s)
        result.result = "aborted"
        try:
            done = await self._person(step, result) and await self._set_all(step, result)
            if done:
                await asyncio.sleep(step.wait_s)
                done = await self._judge(step.until, result.until)
            if done:
                done = await self._judge(step.expect, result.expect)
            else:
                self._leave_out(step, result)
            result.result = "passed" if done else "failed"
        finally:
            result.ended_s = rounded(self.looker.now_s)

    async def _person(self, step: Step, result: StepResult) -> bool:
        if not step.ask:
            return True
        result.asked = Setting("a person", step.ask, done=False)
        result.asked.why = await self.person.does(step.ask, step.ask_within_s)
        result.asked.done = not result.asked.why
        return result.asked.done

    async def _set_all(self, step: Step, result: StepResult) -> bool:
        life_s = self._left_s(step) + SPARE_S
        for point, value in step.set.items():
            setting = Setting(point, shown(value), done=False)
            result.set.append(setting)
            try:
                # Known before it is tried: what perhaps was done is put back too.
                if point not in self._undos and (undo := await self.bench.undo(point)) is not None:
                    self._undos[point] = undo
                await self.bench.put(point, value, life_s)
            except DoorError as error:
                setting.why = str(error)
                return False
            setting.done = True
        return True

    def _left_s(self, step: Step) -> float:
        """How long this step and all that follow take at most."""
        first = self.file.step.index(step)
        left = self.file.step[first:]
        people_s = sum(real_limit_s(one.ask_within_s) for one in left if one.ask)
        return people_s + sum(longest_s(one) for one in left)

    async def _judge(self, wanted: tuple[Expect, ...], into: list[Judged]) -> bool:
        """Wait until all are decided; gives whether all came."""
        judgements = [Judgement(one, self.looker.now_s) for one in wanted]
        try:
            await self.looker.judged(judgements)
        finally:
            for one in judgements:
                one.give_up(ENDED)
            into.extend(judged(one) for one in judgements)
        return all(one.passed for one in into)

    def _leave_out(self, step: Step, result: StepResult) -> None:
        for one in step.expect:
            left_out = Judgement(one, self.looker.now_s)
            left_out.give_up("not judged: the step did not get so far")
            result.expect.append(judged(left_out))

    async def _restore(self) -> None:
        """Put everything back, the last first; each in its time, and what cannot be is told."""
        while self._undos:
            point = next(reversed(self._undos))
            undo = self._undos[point]
            setting = Setting(point, undo.value, done=False)
            self.outcome.restored.append(setting)
            try:
                async with asyncio.timeout(real_limit_s(RESTORE_WITHIN_S)):
                    await undo.do()
                setting.done = True
            except (DoorError, TimeoutError) as error:
                setting.why = str(error) or f"not done within {RESTORE_WITHIN_S:g} s"
                self.say(f"NOT put back: {point} to {undo.value}: {setting.why}")
            del self._undos[point]

    def _conclude(self, ended: str) -> None:
        outcome = self.outcome
        if ended:
            outcome.result, outcome.why = "aborted", ended
            return
        fine = all(step.result == "passed" for step in outcome.steps)
        fine = fine and all(one.passed for one in self.looker.watches)
        back = all(one.done for one in outcome.restored)
        outcome.result = "passed" if fine and back else "failed"
        if fine and not back:
            outcome.why = "not everything could be put back"

    def _sum_up(self) -> None:
        outcome = self.outcome
        outcome.lasted_s = round(self.looker.now_s, 3)
        outcome.always = [watched(one) for one in self.looker.watches]
        outcome.figures = self.looker.recorder.series()
        outcome.speed = chosen_clock().speed
