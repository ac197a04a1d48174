"""Looks at all figures again and again: for the record, for judges, for whoever waits."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from controller.lab.hil.bench import Bench
from controller.lab.hil.judge import Judgement, Watch
from controller.lab.hil.recorder import Recorder
from controller.lab.hil.steps import StepsFile, Value, figures_of


@dataclass(frozen=True, slots=True)
class Seen:
    """One look: when, in seconds of the run, and every figure's value."""

    now_s: float
    values: dict[str, Value | None] = field(default_factory=dict)


class Looker:
    """The eyes of one run; its time begins with the first look."""

    def __init__(self, bench: Bench, file: StepsFile, clock: Callable[[], float]) -> None:
        self.recorder = Recorder(figures_of(file))
        self.watches = tuple(Watch(one) for one in file.always)
        self._bench = bench
        self._figures = figures_of(file)
        self._every_s = file.bench.look_every_s
        self._clock = clock
        self._begun_s: float | None = None
        self._judging: list[Judgement] = []
        self._news = asyncio.Event()

    @property
    def now_s(self) -> float:
        """Seconds of the plant's time since the first look began."""
        return 0.0 if self._begun_s is None else self._clock() - self._begun_s

    async def run(self) -> None:
        """Look until cancelled; late looks are left out, not made up for."""
        self._begun_s = due_s = self._clock()
        while True:
            self._take(Seen(self.now_s, await self._bench.look(self._figures)))
            due_s = max(due_s + self._every_s, self._clock())
            await asyncio.sleep(due_s - self._clock())

    async def judged(self, judgements: list[Judgement]) -> None:
        """Wait until all of these are decided, by looks that begin from now on."""
        self._judging = judgements
        try:
            while not all(one.over for one in judgements):
                self._news.clear()
                await self._news.wait()
        finally:
            self._judging = []

    def _take(self, seen: Seen) -> None:
        self.recorder.note(seen.now_s, seen.values)
        for watch in self.watches:
            watch.look(seen.now_s, seen.values.get(watch.wanted.figure))
        for one in self._judging:
            # A look that had begun before the question shows what was before it.
            if seen.now_s >= one.begun_s:
                one.look(seen.now_s, seen.values.get(one.wanted.figure))
        self._news.set()
