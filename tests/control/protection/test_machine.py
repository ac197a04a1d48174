"""The life of trips and bypasses as a machine: causes, persons, time and restarts in any order."""

import json
from dataclasses import asdict, fields

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

from controller.control.decision import Decision, Wanted
from controller.control.request_table import BYPASS
from controller.control.state import Trip
from tests.control.small_plant import ASLEEP, SmallPlant

EXTRA = {
    "safety.emergency_stop_released": True,
    "primary.suction_pressure_kpa": 180.0,
    "primary.inlet_pressure_kpa": 300.0,
    "primary.conductivity_us_cm": 50.0,
}
BAD: dict[str, tuple[str, float | bool, float | bool]] = {
    "emergency-stop": ("safety.emergency_stop_released", False, True),
    "hot-header-over-temperature": ("primary.hot_temperature_c", 90.0, 60.0),
    "low-suction": ("primary.suction_pressure_kpa", 20.0, 180.0),
    "high-inlet-pressure": ("primary.inlet_pressure_kpa", 900.0, 300.0),
    "conductivity": ("primary.conductivity_us_cm", 900.0, 50.0),
    "container-01.leak": ("container-01.leak", True, False),
    "container-02.leak": ("container-02.leak", True, False),
}
"""Each cause by its key: its tag, what is bad and what is good."""
keys = st.sampled_from(sorted(BAD))
DELAY_OF = {"container-01.leak": "leak", "container-02.leak": "leak"}


class TripMachine(RuleBasedStateMachine):
    """The plant, and beside it what a person with pencil and paper would have noted."""

    def __init__(self) -> None:
        super().__init__()
        self.plant = SmallPlant(extra=EXTRA)
        self.plant.all_units(ASLEEP)
        self.plant.scans(3)
        self.rows = {row.cause: row for row in self.plant.settings.matrix}
        self.since_s: dict[str, float] = {}
        self.latched: set[str] = set()
        self.bypassed: dict[str, float] = {}
        self.decision: Decision = self.plant.scan()

    @rule(key=keys)
    def break_it(self, key: str) -> None:
        """A cause begins."""
        tag, bad, _ = BAD[key]
        self.plant.values[tag] = bad

    @rule(key=keys)
    def mend_it(self, key: str) -> None:
        """A cause ends."""
        tag, _, good = BAD[key]
        self.plant.values[tag] = good

    @rule(seconds=st.sampled_from([1, 1, 2, 6, 15]))
    def wait(self, seconds: int) -> None:
        """Time passes, a scan a second."""
        for _ in range(seconds):
            self._scan()

    @rule(role=st.sampled_from(["operator", "engineer"]))
    def reset(self, role: str) -> None:
        """Somebody resets."""
        before = set(self.latched)
        verdict = self._scan(self.plant.request("trip_reset", role=role)).verdicts[0]
        standing = [key for key in self.since_s if key not in self.bypassed]
        if verdict.accepted:
            assert not standing, "nothing is reset while a cause stands"
            assert before
            self.latched.clear()
        else:
            assert self.latched >= before

    @rule(key=keys, hours=st.floats(0.001, 12.0))
    def bypass(self, key: str, hours: float) -> None:
        """An engineer takes a row out."""
        row = self.rows[DELAY_OF.get(key, key)]
        until_s = self.plant.now_s + 3_600.0 * hours
        request = self.plant.request(BYPASS + key, role="engineer", until_s=until_s)
        group = {
            one
            for one, end_s in self.bypassed.items()
            if self.rows[DELAY_OF.get(one, one)].bypass_group == row.bypass_group
            and end_s > self.plant.now_s + 1.0
        }
        accepted = self._scan(request, bypass=(key, until_s)).verdicts[0].accepted
        assert accepted == (bool(row.bypass_group) and not (group - {key}))

    @precondition(lambda self: self.bypassed)
    @rule(data=st.data())
    def end_bypass(self, data: st.DataObject) -> None:
        """It is put back."""
        key = data.draw(st.sampled_from(sorted(self.bypassed)))
        self._scan(self.plant.request("withdraw", BYPASS + key, role="engineer"), unbypass=key)

    @rule()
    def restart(self) -> None:
        """The program begins again with the trips of its file and its standing requests."""
        kept = json.loads(json.dumps([asdict(one) for one in self.plant.state.protection.trips]))
        fresh = SmallPlant(extra=EXTRA, trips=tuple(Trip(**one) for one in kept))
        fresh.values, fresh.rows, fresh.now_s = self.plant.values, self.plant.rows, self.plant.now_s
        fresh._asked = self.plant._asked + 1_000  # noqa: SLF001 - ids go on
        requests = self.plant.state.requests
        fresh.state = type(fresh.state)(
            **{
                **{one.name: getattr(fresh.state, one.name) for one in fields(fresh.state)},
                "requests": requests,
            }
        )
        assert fresh.state.protection.trips == self.plant.state.protection.trips
        self.plant, self.since_s = fresh, {}
        self._scan()

    def _scan(
        self,
        *requests: object,
        bypass: tuple[str, float] | None = None,
        unbypass: str | None = None,
    ) -> Decision:
        """One scan of the plant and of the paper."""
        self.decision = self.plant.scan(*requests)  # type: ignore[arg-type]
        now_s = self.plant.now_s
        self.bypassed = {key: end_s for key, end_s in self.bypassed.items() if end_s > now_s}
        if bypass is not None and self.decision.verdicts[0].accepted:
            self.bypassed[bypass[0]] = bypass[1]
        if unbypass is not None:
            self.bypassed.pop(unbypass, None)
        for key, (tag, bad, _) in BAD.items():
            if self.plant.values[tag] != bad or key in self.bypassed:
                self.since_s.pop(key, None)
                continue
            since_s = self.since_s.setdefault(key, now_s)
            if now_s - since_s >= self.rows[DELAY_OF.get(key, key)].delay_s:
                self.latched.add(key)
        return self.decision

    @invariant()
    def trips_are_those_on_paper(self) -> None:
        """None is lost, doubled or invented."""
        trips = self.plant.state.protection.trips
        names = [
            one.cause if one.container is None else f"container-{one.container + 1:02}.{one.cause}"
            for one in trips
        ]
        assert sorted(names) == sorted(self.latched)
        assert sum(one.first_out for one in trips) == min(len(trips), 1)

    @invariant()
    def what_is_tripped_does_not_run(self) -> None:
        """Whatever anybody asked for."""
        units = self.decision.units
        if self.latched - {"container-01.leak", "container-02.leak"}:
            assert (units != Wanted.NORMAL).all()
        for number in (1, 2):
            if f"container-{number:02}.leak" in self.latched:
                assert (units[4 * number - 4 : 4 * number] != Wanted.NORMAL).all()


TestTripMachine = TripMachine.TestCase
TestTripMachine.settings = settings(max_examples=8, stateful_step_count=25, deadline=None)


@pytest.mark.campaign
@pytest.mark.timeout(7_200)
def test_a_hundred_thousand_steps() -> None:
    """100 steps in each of 1,000 stories."""
    run_state_machine_as_test(
        TripMachine, settings=settings(max_examples=1_000, stateful_step_count=100, deadline=None)
    )
