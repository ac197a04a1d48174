"""The engine against a naive reading of the standard: no step lost, doubled or invented."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from controller.control.alarms.base import LETTERS
from controller.control.alarms.columns import columns
from controller.control.alarms.conditions import Conditions
from controller.control.alarms.engine import Moment, step
from controller.control.alarms.orders import obey
from controller.control.alarms.replay import replay, standing_entries
from controller.control.alarms.state import AlarmState, Transition, first_alarms
from controller.control.request_table import (
    ALARM_ACK,
    ALARM_IN_SERVICE,
    ALARM_OUT_OF_SERVICE,
    ALARM_RESET,
    ALARM_SHELVE,
    ALARM_UNSHELVE,
)
from controller.control.state import Request
from tests.control.alarms.naive import NaiveAlarm
from tests.control.alarms.small import alarm
from tests.control.small_plant import SmallPlant

UTC_S = 1_767_225_600.0
ALARMS = (
    alarm("plain", tag="x", limit=10.0, deadband=1.0),
    alarm("slow", tag="x", limit=10.0, on_delay_s=5.0, off_delay_s=3.0, group="slow"),
    alarm("latch", tag="x", limit=8.0, deadband=2.0, latching=True),
    alarm("again", tag="x", limit=9.0, realarm_s=90.0, latching=True, group="slow"),
    alarm("short", tag="x", limit=11.0, longest_shelf_s=600.0),
)
TABLE = columns(replace(SmallPlant().settings, alarms=ALARMS))
ORDERS = (
    ALARM_ACK,
    ALARM_RESET,
    ALARM_SHELVE,
    ALARM_UNSHELVE,
    ALARM_OUT_OF_SERVICE,
    ALARM_IN_SERVICE,
)
names = st.sampled_from([one.name for one in ALARMS])
values = st.none() | st.sampled_from([0.0, 6.5, 8.0, 8.9, 9.5, 10.0, 12.0])


class AlarmMachine(RuleBasedStateMachine):
    """Values, acts, time and restarts in any order; naive alarms go beside.

    Times are whole quarters of a second, which UTC of today holds exactly.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 1_000.0
        self.state: AlarmState = first_alarms(len(ALARMS))
        self.naive = {one.name: NaiveAlarm(one) for one in ALARMS}
        self.journal: list[Transition] = []
        self.asked = 0

    @rule(value=values, dt_s=st.sampled_from([0.25, 1.0, 1.0, 3.0, 61.0, 4_000.0]))
    def look(self, value: float | None, dt_s: float) -> None:
        """One scan."""
        self.now_s += dt_s
        number = math.nan if value is None else value
        limits = np.array([one.limit for one in ALARMS])
        deadbands = np.array([one.deadband for one in ALARMS])
        held = np.isin(self.state.base, (1, 2))
        standing = np.where(held, number > limits - deadbands, number >= limits)
        seen = Conditions(
            standing,
            np.full(len(ALARMS), value is None),
            np.full(len(ALARMS), self.now_s),
            np.zeros(len(ALARMS), np.bool_),
        )
        self.state, steps = step(self.state, seen, self.moment, TABLE)
        self.journal += steps
        for one in self.naive.values():
            one.look(value, self.now_s)

    @rule(name=names, order=st.sampled_from(ORDERS), life_s=st.integers(1, 43_200))
    def act(self, name: str, order: str, life_s: int) -> None:
        """Somebody does something."""
        self.asked += 1
        until_s = self.now_s + life_s
        request = Request(f"r{self.asked}", "op", "engineer", order, name, "why", until_s)
        base = self.state.base.copy()
        self.state, steps, (verdict,) = obey(self.state, [request], self.moment, TABLE)
        assert verdict.accepted == bool(steps)
        self.journal += steps
        one = self.naive[name]
        match order:
            case "alarm_ack":
                one.ack(self.now_s)
            case "alarm_reset":
                one.reset(self.now_s)
            case "alarm_shelve" if verdict.accepted:
                one.shelved_until_s = until_s
            case "alarm_unshelve":
                one.shelved_until_s = None
            case "alarm_out_of_service" | "alarm_in_service":
                one.out = order == "alarm_out_of_service"
        if order not in (ALARM_ACK, ALARM_RESET):
            assert (self.state.base == base).all(), "a flag never changes A to F"
        for row in np.flatnonzero(base != self.state.base).tolist():
            assert base[row] in (1, 3, 4, 5)

    @precondition(lambda self: len(self.journal) > 0)
    @rule(away_s=st.sampled_from([0.0, 5.0, 7_200.0]), compact=st.booleans())
    def restart(self, away_s: float, compact: bool) -> None:  # noqa: FBT001 - drawn
        """The program ends and begins again, some time later, from the journal alone."""
        self.now_s += away_s
        entries = self.journal
        if compact:
            entries = standing_entries(self.state, self.journal, TABLE)
        before = self.state
        self.state, gone = replay(entries, self.now_s, self.now_s + UTC_S, TABLE)
        assert not gone
        assert (self.state.base == before.base).all()
        assert (self.state.out_of_service == before.out_of_service).all()
        for one, mine, then in zip(
            ALARMS, self.state.shelved_until_s, before.shelved_until_s, strict=True
        ):
            assert math.isnan(mine) == math.isnan(then)
            assert math.isnan(mine) or mine - self.now_s <= one.longest_shelf_s
            assert math.isnan(mine) or mine == pytest.approx(max(then, self.now_s), abs=1e-3)
        for naive in self.naive.values():
            naive.differs_since_s = None
            naive.standing = naive.letter in "BC"

    @property
    def moment(self) -> Moment:
        """Now."""
        return Moment(self.now_s, self.now_s + UTC_S, "running")

    @invariant()
    def same(self) -> None:
        """State and steps are those of the naive alarms."""
        for row, one in enumerate(ALARMS):
            naive = self.naive[one.name]
            assert LETTERS[self.state.base[row]] == naive.letter, one.name
            shelved = not math.isnan(self.state.shelved_until_s[row])
            assert shelved == (naive.shelved_until_s is not None)
            assert self.state.out_of_service[row] == naive.out
            told = [
                step.what
                for step in self.journal
                if step.alarm == one.name
                and step.what in ("raised", "cleared", "acknowledged", "reset", "sounds again")
            ]
            assert told == [what for what in naive.log if what != "unshelved"], one.name


TestAlarmMachine = AlarmMachine.TestCase
TestAlarmMachine.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)


@pytest.mark.campaign
@pytest.mark.timeout(3_600)
def test_a_hundred_thousand_steps() -> None:
    """100 steps in each of 1,000 stories."""
    run_state_machine_as_test(
        AlarmMachine, settings=settings(max_examples=1_000, stateful_step_count=100, deadline=None)
    )
