"""One step of a PI controller: bounded, without wind-up, taken over without a bump."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PiState:
    """The integral part of the output, in the output's unit."""

    integral: float = 0.0


@dataclass(frozen=True, slots=True)
class PiTuning:
    """Gain in output per error, integral time, and the bounds of the output."""

    gain: float
    integral_s: float
    low: float
    high: float


def pi_step(
    state: PiState, tuning: PiTuning, error: float, feedforward: float, dt_s: float
) -> tuple[float, PiState]:
    """The bounded output and the new memory; a positive error raises the output.

    Where the output meets a bound, the integral is moved back by what was cut off
    (back-calculation), so that it leaves the bound in the step in which the error turns round.
    """
    integral = state.integral + tuning.gain * error * dt_s / tuning.integral_s
    free = feedforward + tuning.gain * error + integral
    output = min(max(free, tuning.low), tuning.high)
    if output != free and (free - output) * error > 0.0:
        integral = _between(output - feedforward - tuning.gain * error, state.integral, integral)
    return output, PiState(integral)


def pi_follow(
    state: PiState,
    tuning: PiTuning,
    error: float,
    feedforward: float,
    dt_s: float,
    held: float | None,
) -> tuple[float, PiState]:
    """One step; while a person holds the output, the memory follows it and lets go bumplessly."""
    if held is None:
        return pi_step(state, tuning, error, feedforward, dt_s)
    return held, pi_track(tuning, error, feedforward, held)


def pi_track(tuning: PiTuning, error: float, feedforward: float, output: float) -> PiState:
    """The memory with which the next step begins at `output`: bumpless take-over."""
    return PiState(output - feedforward - tuning.gain * error)


def _between(value: float, one: float, other: float) -> float:
    return min(max(value, min(one, other)), max(one, other))
