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


def pi_track(tuning: PiTuning, error: float, feedforward: float, output: float) -> PiState:
    """The memory with which the next step begins at `output`: bumpless take-over.

    Many memories give an output that stands at its bound: the one nearest to none is taken, the
    others would only be wind-up.
    """
    integral = output - feedforward - tuning.gain * error
    if output <= tuning.low:
        integral = min(integral, 0.0)
    elif output >= tuning.high:
        integral = max(integral, 0.0)
    return PiState(integral)


def _between(value: float, one: float, other: float) -> float:
    return min(max(value, min(one, other)), max(one, other))
