import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.control.pi import PiState, PiTuning, pi_step, pi_track

TUNING = PiTuning(gain=2.0, integral_s=10.0, low=0.0, high=100.0)
errors = st.floats(-1e3, 1e3)


@given(st.lists(errors, max_size=50), st.floats(-1e3, 1e3))
def test_the_output_stays_within_its_bounds(ladder: list[float], feedforward: float) -> None:
    state = PiState()

    for error in ladder:
        output, state = pi_step(state, TUNING, error, feedforward, 1.0)

        assert 0.0 <= output <= 100.0


@given(st.integers(1, 10_000))
def test_a_long_stay_at_a_bound_leaves_no_wind_up(steps: int) -> None:
    state = PiState()
    for _ in range(min(steps, 500)):
        _, state = pi_step(state, TUNING, 80.0, 0.0, 1.0)

    output, _ = pi_step(state, TUNING, -1.0, 0.0, 1.0)

    assert output < 100.0


def test_an_integral_removes_a_lasting_error() -> None:
    state, level = PiState(), 0.0

    for _ in range(600):
        output, state = pi_step(state, TUNING, 30.0 - level, 0.0, 1.0)
        level += (0.5 * output - level) / 5.0

    assert level == pytest.approx(30.0, abs=0.1)


@given(errors, st.floats(-50, 50), st.floats(0, 100))
def test_taking_over_is_bumpless(error: float, feedforward: float, output: float) -> None:
    state = pi_track(TUNING, error, feedforward, output)

    first, _ = pi_step(state, TUNING, error, feedforward, 0.0)

    assert first == pytest.approx(output, abs=1e-6)
