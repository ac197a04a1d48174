"""From a recorded step to proposed gains."""

import numpy as np
import pytest

from controller.control.pi import PiState, PiTuning, pi_step
from controller.control.tuning import Response, fitted, proposed

STEP_S, ALL_S = 100.0, 1_500.0


def record(
    gain: float, dead_s: float, lag_s: float, noise: float = 0.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A step of 5 % after 100 s, and what a first-order process makes of it."""
    at_s = np.arange(0.0, ALL_S, 1.0)
    output = np.where(at_s >= STEP_S, 45.0, 40.0)
    since_s = np.maximum(at_s - STEP_S - dead_s, 0.0)
    value = 70.0 + gain * 5.0 * -np.expm1(-since_s / lag_s)
    return at_s, output, value + noise * np.random.default_rng(3).standard_normal(len(at_s))


@pytest.mark.parametrize("noise", [0.0, 0.02])
@pytest.mark.parametrize(("gain", "dead_s", "lag_s"), [(0.4, 20.0, 60.0), (-0.3, 5.0, 200.0)])
def test_a_process_is_found_again(gain: float, dead_s: float, lag_s: float, noise: float) -> None:
    found = fitted(*record(gain, dead_s, lag_s, noise))

    assert found.gain == pytest.approx(gain, rel=0.03)
    assert found.dead_s == pytest.approx(dead_s, abs=0.15 * lag_s + 3.0)
    assert found.lag_s == pytest.approx(lag_s, rel=0.2)
    assert found.explained_pct > 95.0


def test_the_gains_are_those_of_the_rule() -> None:
    told = proposed(Response(gain=-0.5, dead_s=20.0, lag_s=60.0, explained_pct=99.0))

    # Closed loop 30 s: 60 / (0.5 x 50), and the lag is shorter than 4 x 50 s.
    assert told.closed_s == 30.0
    assert told.gain == pytest.approx(2.4)
    assert told.integral_s == pytest.approx(60.0)


def test_a_loop_with_the_proposed_gains_settles_without_much_overshoot() -> None:
    gain, dead_s, lag_s = 0.4, 20, 60.0
    told = proposed(fitted(*record(gain, float(dead_s), lag_s)))
    tuning = PiTuning(told.gain, told.integral_s, 0.0, 100.0)

    state, value, sent, seen = PiState(), 0.0, [0.0] * dead_s, []
    for _ in range(600):
        output, state = pi_step(state, tuning, 10.0 - value, 0.0, 1.0)
        sent.append(output)
        value += (gain * sent[-1 - dead_s] - value) / lag_s
        seen.append(value)

    assert max(seen) < 11.0
    assert seen[-1] == pytest.approx(10.0, abs=0.1)


def test_an_answer_of_another_shape_gives_no_gains() -> None:
    at_s, output, value = record(0.4, 20.0, 60.0)
    value = value + np.where(at_s > STEP_S, 4.0 * np.sin(at_s / 7.0), 0.0)

    with pytest.raises(ValueError, match="explains only"):
        fitted(at_s, output, value)


@pytest.mark.parametrize("noise", [0.0, 0.01])
@pytest.mark.parametrize("gain", [0.4, -0.4])
def test_what_comes_round_a_circuit_later_is_not_the_answer(gain: float, noise: float) -> None:
    at_s, output, value = record(gain, 4.0, 20.0, noise)
    back = -np.expm1(-np.maximum(at_s - STEP_S - 120.0, 0.0) / 60.0)

    found = fitted(at_s, output, value - 0.6 * gain * 5.0 * back)

    assert found.gain == pytest.approx(gain, rel=0.05)
    assert found.lag_s == pytest.approx(20.0, rel=0.25)
    assert found.turned_s is not None
    assert 80.0 < found.turned_s < 150.0


def test_a_little_overshoot_is_no_circuit() -> None:
    at_s, output, value = record(0.4, 4.0, 20.0)
    over = np.where(at_s > STEP_S, 0.2 * np.exp(-np.square((at_s - STEP_S - 60.0) / 20.0)), 0.0)

    assert fitted(at_s, output, value + over).turned_s is None


def test_a_value_that_is_seldom_new_is_followed_more_slowly() -> None:
    quick = Response(gain=0.5, dead_s=2.0, lag_s=20.0, explained_pct=99.0)

    told = proposed(quick, 5.0)

    # Ten samples, and what a poll is late is dead time: 20 / (0.5 x (50 + 6)).
    assert told.closed_s == 50.0
    assert told.gain == pytest.approx(20.0 / 28.0)


def test_no_loop_is_asked_to_be_faster_than_its_scans() -> None:
    told = proposed(Response(gain=0.5, dead_s=0.0, lag_s=2.0, explained_pct=99.0))

    assert told.closed_s == 10.0
    assert told.gain == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda at, out, val: (at, np.full_like(out, 40.0), val), "has not changed"),
        (lambda at, out, val: (at, out, np.full_like(val, 70.0)), "does not answer"),
        (lambda at, out, val: (at[:160], out[:160], val[:160]), "still moving"),
        (lambda at, out, val: (at[99:], out[99:], val[99:]), "begins with the step"),
        (lambda at, out, val: (at[:9], out[:9], val[:9]), "at least"),
        (lambda at, out, val: (at, np.where(at == 7.0, np.nan, out), val), "without a gap"),
    ],
    ids=["no-step", "no-answer", "too-short", "no-beginning", "too-few", "a-gap"],
)
def test_a_record_that_tells_nothing_is_refused(change: object, told: str) -> None:
    broken = change(*record(0.4, 20.0, 60.0))  # type: ignore[operator]

    with pytest.raises(ValueError, match=told):
        fitted(*broken)
