"""A loop by itself: whatever mode, set-point and measurement come, nothing jumps or winds up."""

from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.control.loops.drive import Aim, Driver
from controller.control.loops.orders import LoopOrder
from controller.control.loops.state import LoopState
from controller.control.loops.table import Loop
from controller.control.pi import PiTuning

TUNING = PiTuning(gain=2.0, integral_s=20.0, low=10.0, high=100.0)
LOOP = Loop("one", "a value", "one.value", "K", (), 40.0, 90.0, 0.05, TUNING)
Mode = Literal["manual", "automatic", "cascade"]


def driver(mode: Mode = "cascade", value: float = 0.0, dt_s: float = 1.0) -> Driver:
    orders = {} if mode == "cascade" else {"one": LoopOrder(mode, value)}
    return Driver({"one": LOOP}, orders, {}, dt_s)


def step(
    driver: Driver, state: LoopState, above: float, value: float | None
) -> tuple[LoopState, float]:
    """One scan of a loop that raises its output while the value is below the set-point."""
    state, setpoint = driver.setpoint("one", state, above)
    error = 0.0 if value is None else setpoint - value
    return driver.drive("one", state, Aim(setpoint, value, error, 0.5 * setpoint))


class Tank:
    """A first-order process under the loop: 1 K for each per cent, 30 s."""

    def __init__(self, value: float = 60.0) -> None:
        self.value = value
        self.state = LoopState()
        self.output = 0.0

    def run(self, seconds: int, driver: Driver, above: float = 70.0) -> list[float]:
        """The outputs of so many scans."""
        outputs = []
        for _ in range(seconds):
            self.state, self.output = step(driver, self.state, above, self.value)
            outputs.append(self.output)
            self.value += (20.0 + self.output - self.value) / 30.0
        return outputs


scans = st.tuples(
    st.sampled_from(["manual", "automatic", "cascade"]),
    st.floats(-50.0, 150.0),
    st.floats(30.0, 100.0),
    st.one_of(st.none(), st.floats(0.0, 120.0)),
    st.sampled_from([0.2, 1.0, 5.0]),
)


@given(st.lists(scans, min_size=2, max_size=40))
def test_a_change_of_mode_is_no_bump_whatever_is_asked_or_measured(
    story: list[tuple[Mode, float, float, float | None, float]],
) -> None:
    state = LoopState()
    for mode, asked, above, value, dt_s in story:
        before = state
        state, output = step(driver(mode, asked, dt_s), state, above, value)

        assert TUNING.low <= output <= TUNING.high
        assert state.mode == mode
        assert state.output == output
        if before.output is not None and (mode != before.mode or mode == "manual"):
            assert abs(output - before.output) <= LOOP.output_pct_per_s * dt_s + 1e-9
        if before.setpoint is not None and mode == "automatic":
            assert state.setpoint is not None
            assert abs(state.setpoint - before.setpoint) <= LOOP.ramp_per_s * dt_s + 1e-9


@given(st.lists(scans, min_size=1, max_size=40))
def test_nothing_winds_up_over_any_story(
    story: list[tuple[Mode, float, float, float | None, float]],
) -> None:
    state = LoopState()
    for mode, asked, above, value, dt_s in story:
        state, _ = step(driver(mode, asked, dt_s), state, above, value)

        # The range, the lead, and the greatest error with its gain.
        assert abs(state.pi.integral) <= 90.0 + 50.0 + 2.0 * 120.0


@pytest.mark.parametrize("there", ["manual", "automatic"])
def test_there_and_back_at_rest_changes_nothing(there: Mode) -> None:
    tank = Tank()
    settled = tank.run(900, driver())[-1]
    as_it_is = settled if there == "manual" else 70.0

    outputs = tank.run(60, driver(there, as_it_is)) + tank.run(60, driver())

    assert outputs == pytest.approx([settled] * 120, abs=0.01)


def test_a_person_s_setpoint_is_reached_and_left_again() -> None:
    tank = Tank()
    tank.run(900, driver())

    tank.run(1_500, driver("automatic", 75.0))
    at_theirs = tank.value
    tank.run(1_500, driver())

    assert at_theirs == pytest.approx(75.0, abs=0.1)
    assert tank.value == pytest.approx(70.0, abs=0.1)
    assert not tank.state.leading


def test_the_range_of_the_design_outranks_a_setpoint() -> None:
    tank = Tank()
    tank.run(900, driver())

    tank.run(1_500, driver("automatic", 200.0))

    assert tank.state.setpoint == LOOP.high


def test_a_long_stay_at_a_bound_by_hand_or_by_error_leaves_at_once() -> None:
    for mode in ("manual", "cascade"):
        state = LoopState(output=100.0)
        for _ in range(2_000):
            state, _ = step(driver(mode, 100.0), state, 70.0, 20.0)

        state, _ = step(driver(), state, 70.0, 95.0)
        state, output = step(driver(), state, 70.0, 95.0)

        assert output < 100.0, mode


@pytest.mark.parametrize("mode", ["manual", "automatic", "cascade"])
def test_a_value_that_is_lost_moves_nothing_by_itself(mode: Mode) -> None:
    tank = Tank()
    value = 50.0 if mode == "manual" else 70.0
    tank.run(1_500, driver(mode, value))
    before = tank.output

    state = tank.state
    for _ in range(60):
        state, output = step(driver(mode, value), state, 70.0, None)

    assert output == pytest.approx(before, abs=0.2)
    assert state.value is None


def test_a_restart_in_the_middle_of_a_mode_begins_where_the_plant_is() -> None:
    found = LoopState(output=37.0, setpoint=70.0)

    state, output = step(driver("manual", 60.0), found, 70.0, 66.0)
    _, automatic = step(driver("automatic", 80.0), replace(found, mode="cascade"), 70.0, 66.0)

    assert output == 39.0
    assert abs(automatic - 37.0) <= LOOP.output_pct_per_s
    assert state.mode == "manual"
