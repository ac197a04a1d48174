"""A scenario: what weather, network and equipment do to the plant, and what must come of it.

Pure data and the player that does it to a world; the world's own time is the only clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.faults import Faults
from simulators.hand import Hand
from simulators.monitor import Monitor
from simulators.world import World

JUDGE_EVERY_S = 5.0


@dataclass(frozen=True, slots=True)
class Step:
    """What happens so many seconds after the beginning; values are reached within `over_s`."""

    at_s: float
    say: str = ""
    values: Mapping[str, float] = field(default_factory=dict)
    over_s: float = 0.0
    faults: tuple[tuple[str, str], ...] = ()
    mend: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectation:
    """A figure of the plant's truth that must stay within bounds for a while."""

    figure: str
    from_s: float
    until_s: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """All of it; `allowed` names the monitor's rules that may be broken."""

    name: str
    line: str
    steps: tuple[Step, ...]
    expectations: tuple[Expectation, ...] = ()
    allowed: tuple[str, ...] = ()

    @property
    def lasts_s(self) -> float:
        """When the last of it is over."""
        ends = [step.at_s + step.over_s for step in self.steps]
        return max([*ends, *(one.until_s for one in self.expectations)])


@dataclass(slots=True)
class Judgement:
    """How often one expectation was looked at and missed."""

    expectation: Expectation
    looks: int = 0
    misses: int = 0
    first_miss_s: float | None = None


@dataclass(slots=True)
class Ramp:
    """A value on its way."""

    name: str
    begun_s: float
    over_s: float
    start: float
    end: float

    def at(self, now_s: float) -> float:
        """Where it is at this time."""
        share = min(1.0, (now_s - self.begun_s) / self.over_s) if self.over_s > 0.0 else 1.0
        return self.start + share * (self.end - self.start)

    def done(self, now_s: float) -> bool:
        """Whether it has arrived."""
        return now_s - self.begun_s >= self.over_s


class Player:
    """Does one scenario to a world; asked again and again while the world's time passes."""

    def __init__(self, world: World, hand: Hand, monitor: Monitor, scenario: Scenario) -> None:
        self.scenario = scenario
        self.said: list[tuple[float, str]] = []
        self._world, self._hand, self._monitor = world, hand, monitor
        self._begun_s = world.now_s
        self._judged_s = world.now_s
        self._next = 0
        self._ramps: dict[str, Ramp] = {}
        self._broken_before = {name: rule.count for name, rule in monitor.rules.items()}
        self._judgements = tuple(Judgement(one) for one in scenario.expectations)
        refuse_what_is_not_there(world, scenario)

    @property
    def elapsed_s(self) -> float:
        """How long it has been going on."""
        return self._world.now_s - self._begun_s

    @property
    def over(self) -> bool:
        """Whether all of it has happened."""
        return self.elapsed_s >= self.scenario.lasts_s

    def advance(self) -> None:
        """Do what is due, move what is moving, look at what is expected."""
        steps = self.scenario.steps
        while self._next < len(steps) and steps[self._next].at_s <= self.elapsed_s:
            self._do(steps[self._next])
            self._next += 1
        now_s = self._world.now_s
        if self._ramps:
            self._hand.set({name: ramp.at(now_s) for name, ramp in self._ramps.items()})
            moving = self._ramps.items()
            self._ramps = {name: ramp for name, ramp in moving if not ramp.done(now_s)}
        if now_s - self._judged_s >= JUDGE_EVERY_S:
            self._judged_s = now_s
            self._judge()

    def unsafe(self) -> dict[str, int]:
        """How often each rule was broken since the beginning, without what is allowed."""
        counts = {
            name: rule.count - self._broken_before[name]
            for name, rule in self._monitor.rules.items()
            if name not in self.scenario.allowed
        }
        return {name: count for name, count in counts.items() if count}

    def told(self) -> dict[str, object]:
        """How far it is and what has come of it."""
        return {
            "name": self.scenario.name,
            "line": self.scenario.line,
            "elapsed_s": self.elapsed_s,
            "lasts_s": self.scenario.lasts_s,
            "over": self.over,
            "said": [{"at_s": at_s, "text": text} for at_s, text in self.said],
            "unsafe": self.unsafe(),
            "expectations": [
                {
                    "figure": one.expectation.figure,
                    "from_s": one.expectation.from_s,
                    "until_s": one.expectation.until_s,
                    "low": one.expectation.low,
                    "high": one.expectation.high,
                    "looks": one.looks,
                    "misses": one.misses,
                    "first_miss_s": one.first_miss_s,
                }
                for one in self._judgements
            ],
        }

    def _do(self, step: Step) -> None:
        if step.say:
            self.said.append((step.at_s, step.say))
        for target in step.mend:
            self._world.faults.clear(target)
        for target, verb in step.faults:
            self._world.faults.set(target, verb)
        for name, value in step.values.items():
            begun_s = self._begun_s + step.at_s
            self._ramps[name] = Ramp(name, begun_s, step.over_s, self._hand.values[name], value)

    def _judge(self) -> None:
        truth = self._world.truth()
        for one in self._judgements:
            wanted = one.expectation
            if not wanted.from_s <= self.elapsed_s <= wanted.until_s:
                continue
            one.looks += 1
            if not wanted.low <= truth[wanted.figure] <= wanted.high:
                one.misses += 1
                one.first_miss_s = self.elapsed_s if one.first_miss_s is None else one.first_miss_s


def refuse_what_is_not_there(world: World, scenario: Scenario) -> None:
    """ValueError where a scenario needs what this plant has not."""
    trial = Faults(world.description)
    for step in scenario.steps:
        for target in step.mend:
            trial.clear(target)
        for target, verb in step.faults:
            trial.set(target, verb)
    truth = world.truth()
    for one in scenario.expectations:
        if one.figure not in truth:
            raise ValueError(f"{scenario.name}: the plant has no figure {one.figure!r}")
