"""The simulated plant with everything around it: the hand, the monitor, a scenario, the pace."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from controller.lab.governor import Governor
from controller.lab.pace import Pace
from simulators.hand import Hand
from simulators.hours import Hours
from simulators.monitor import Monitor
from simulators.scenario import Player, Scenario
from simulators.seasons import Seasons
from simulators.world import World


@dataclass(frozen=True, slots=True)
class Setup:
    """What the rig is told beside the plant: its limit, its facts for strangers, what happens.

    `courses` are values of the hand that change with the time of the year.
    """

    site_power_kw: float = math.inf
    facts: Mapping[str, object] = field(default_factory=dict)
    scenario: Scenario | None = None
    courses: Mapping[str, Hours] = field(default_factory=dict)


class Laboratory:
    """Steps the world and looks at it; whoever visits the rig speaks to this."""

    def __init__(self, world: World, setup: Setup | None = None) -> None:
        setup = setup or Setup()
        self.world = world
        self.hand = Hand(world)
        self.monitor = Monitor(world, setup.site_power_kw)
        self.pace = Pace(world.now_s)
        self.governor = Governor()
        self.facts = setup.facts
        self._seasons = Seasons(self.hand, setup.courses)
        self.player: Player | None = None
        if setup.scenario is not None:
            self.play(setup.scenario)

    @property
    def now_s(self) -> float:
        """The plant's own time."""
        return self.world.now_s

    def play(self, scenario: Scenario) -> None:
        """Begin a scenario in the place of the one that may run; ValueError if it cannot be."""
        self.player = Player(self.world, self.hand, self.monitor, scenario)

    def step(self, dt_s: float) -> None:
        """Let time pass."""
        self._seasons.advance(self.world.now_s)
        if self.player is not None:
            self.player.advance()
        self.world.step(dt_s)
        self.monitor.look()
        self.pace.note(self.world.now_s)
        self.governor.note(dt_s, self.world.plc.waited_s)

    def clock(self) -> dict[str, float | str | None]:
        """The speed that was asked for, the one of the clock, and how the plant follows it."""
        return {"asked_speed": self.governor.asked, **self.pace.told(self.world.now_s)}

    def truth(self) -> dict[str, float | int | bool]:
        """What is really the case, and how often what must not be was."""
        return {**self.world.truth(), "unsafe_outputs_total": self.monitor.total}
