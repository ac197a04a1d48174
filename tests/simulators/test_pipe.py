"""A pipe delays by its volume, keeps the energy, and does what a measured pipe did."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.pipe import Pipe, PipeShape
from simulators.thermal import WATER_KJ_PER_L_K, WATER_KW_PER_LPM_K
from tests.simulators.bench_pipe import BENCH_TESTS, rmse_k

PLAIN = PipeShape(length_m=100.0, inner_diameter_m=0.1, wall_m=0.004, loss_w_per_m_k=0.5)


def flow_through(pipe: Pipe, seconds: float, lpm: float, entering_c: float) -> float:
    """Heat that came in less what went out, in kJ, without loss."""
    gained_kj = 0.0
    for _ in range(round(seconds)):
        leaving_c = pipe.draw(1.0, lpm)
        pipe.fill(entering_c)
        gained_kj += lpm / 60.0 * WATER_KJ_PER_L_K * (entering_c - leaving_c)
    return gained_kj


@pytest.mark.parametrize("test", BENCH_TESTS)
def test_each_step_of_the_liege_bench_is_met_within_eight_tenths_of_a_kelvin(test: str) -> None:
    assert rmse_k(test) <= 0.8


def test_without_its_steel_the_bench_would_not_be_met() -> None:
    assert rmse_k("ULg150801", wall_m=1e-6) > 2.0


@pytest.mark.parametrize("lpm", [60.0, 300.0])
def test_a_front_arrives_when_the_volume_has_passed(lpm: float) -> None:
    pipe = Pipe(PipeShape(100.0, 0.1, 1e-6))
    pipe.fill_all(40.0)
    due_s = math.pi / 4.0 * 0.1**2 * 100.0 * 1_000.0 / (lpm / 60.0)

    flow_through(pipe, math.floor(due_s) - 2, lpm, 70.0)
    before_c = pipe.outlet_c
    flow_through(pipe, 5, lpm, 70.0)

    assert before_c == pytest.approx(40.0)
    assert pipe.outlet_c == pytest.approx(70.0)


def test_the_delay_follows_the_flow_while_a_front_is_on_its_way() -> None:
    pipe = Pipe(PipeShape(100.0, 0.1, 1e-6))
    pipe.fill_all(40.0)

    flow_through(pipe, 300, 78.54, 70.0)
    flow_through(pipe, 2 * 300 - 5, 39.27, 50.0)
    before_c = pipe.outlet_c
    flow_through(pipe, 10, 39.27, 50.0)

    assert before_c == pytest.approx(40.0)
    assert pipe.outlet_c == pytest.approx(70.0)


def test_a_steady_flow_loses_what_the_formula_says() -> None:
    pipe = Pipe(PLAIN)
    pipe.fill_all(70.0)
    for _ in range(3_600):
        pipe.draw(1.0, 60.0)
        pipe.fill(70.0)
        pipe.lose(1.0, 10.0)

    # Cooling along the length with the flow's capacity: exp(-L·U/(q·c)).
    decay = math.exp(-0.5e-3 * 100.0 / (60.0 * WATER_KW_PER_LPM_K))
    assert pipe.outlet_c == pytest.approx(10.0 + 60.0 * decay, abs=0.005)
    assert pipe.steady_outlet_c(70.0, 60.0, 10.0) == pytest.approx(pipe.outlet_c, abs=0.002)


def test_standing_water_cools_with_water_and_steel_together() -> None:
    pipe = Pipe(PLAIN)
    pipe.fill_all(70.0)
    held_kj_per_k = PLAIN.litres * WATER_KJ_PER_L_K + PLAIN.wall_kj_per_k

    for _ in range(72):
        pipe.lose(600.0, 10.0)

    decay = math.exp(-0.05 * 72 * 600.0 / held_kj_per_k)
    assert pipe.outlet_c == pytest.approx(10.0 + 60.0 * decay, rel=1e-9)
    assert pipe.inlet_c == pytest.approx(10.0 + 60.0 * decay, rel=1e-9)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.floats(0.0, 400.0), st.floats(0.0, 95.0), st.floats(-20.0, 30.0)),
        min_size=1,
        max_size=80,
    ),
    st.sampled_from((0.1, 1.0, 2.0)),
)
def test_not_a_joule_is_lost_whatever_flows(
    steps: list[tuple[float, float, float]], dt_s: float
) -> None:
    pipe = Pipe(PLAIN)
    pipe.fill_all(45.0)
    at_start_kj, gained_kj = pipe.stored_kj(), 0.0

    for lpm, entering_c, around_c in steps:
        leaving_c = pipe.draw(dt_s, lpm)
        pipe.fill(entering_c)
        gained_kj += lpm / 60.0 * dt_s * WATER_KJ_PER_L_K * (entering_c - leaving_c)
        gained_kj -= pipe.lose(dt_s, around_c)

    assert pipe.stored_kj() - at_start_kj == pytest.approx(gained_kj, abs=1e-6)


def test_small_steps_do_not_blur_a_front_much() -> None:
    coarse, fine = Pipe(PLAIN), Pipe(PLAIN)
    for pipe in (coarse, fine):
        pipe.fill_all(40.0)

    for _ in range(400):
        coarse.draw(1.0, 120.0)
        coarse.fill(70.0)
        for _ in range(10):
            fine.draw(0.1, 120.0)
            fine.fill(70.0)

        assert fine.outlet_c == pytest.approx(coarse.outlet_c, abs=1.0)


def test_a_step_that_empties_the_pipe_is_refused() -> None:
    pipe = Pipe(PLAIN)
    longest_s = pipe.longest_step_s(6_000.0)

    assert pipe.draw(longest_s, 6_000.0) == pytest.approx(0.0)
    with pytest.raises(ValueError, match="more than the pipe holds"):
        pipe.draw(longest_s, 6_000.0)
