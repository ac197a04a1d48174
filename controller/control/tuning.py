"""Tuning: from a recorded step of a loop's output to the gains that are proposed for it.

A first-order answer with a dead time is fitted to the record; the rule is SIMC (Skogestad 2003),
with the closed loop as fast as the dead time, or half of the lag, whichever is longer. It only
proposes.
"""

from dataclasses import dataclass

import numpy as np

from controller.image.fleet import Floats

# The output has stepped where it leaves its first value by this share of all its change.
STEPPED_SHARE = 0.5
# An answer is at rest when its last part moves by less than this share of the whole.
REST_SHARE, LAST_SHARE = 0.1, 0.3
EARLY_SHARE, LATE_SHARE = 0.283, 0.632
LEAST_SAMPLES = 20
# An answer smaller than this many times its noise tells nothing.
CLEAR = 4.0


@dataclass(frozen=True, slots=True)
class Response:
    """How a loop answers: value per output, dead time, lag, and how much of it this explains."""

    gain: float
    dead_s: float
    lag_s: float
    explained_pct: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """Gain in output per error and integral time, for a closed loop with this time constant."""

    gain: float
    integral_s: float
    closed_s: float


def fitted(at_s: Floats, output: Floats, value: Floats) -> Response:
    """The answer to the one step in this record; ValueError says why there is none to be found."""
    begun = _step(at_s, output)
    step = float(output[begun:].mean() - output[:begun].mean())
    base, noise = float(value[:begun].mean()), float(value[:begun].std())
    after_s, answer = at_s[begun:] - at_s[begun], value[begun:] - base
    last = max(int(LAST_SHARE * len(answer)), 2)
    final = float(answer[-last:].mean())
    if abs(final) < CLEAR * noise or final == 0.0:
        raise ValueError("the value does not answer clearly: make the step larger")
    drift = float(answer[-last // 2 :].mean() - answer[-last : -last // 2].mean())
    if abs(drift) > REST_SHARE * abs(final):
        raise ValueError("the value is still moving at the end: record for longer")
    smooth = answer / final
    early_s, late_s = _reached(after_s, smooth, EARLY_SHARE), _reached(after_s, smooth, LATE_SHARE)
    # Two points of the answer 1 - exp(-(t - dead) / lag).
    lag_s = max(1.5 * (late_s - early_s), 0.0)
    dead_s = max(late_s - lag_s, 0.0)
    model = final * -np.expm1(-np.maximum(after_s - dead_s, 0.0) / max(lag_s, 1e-9))
    unexplained = float(np.square(answer - model).sum() / np.square(answer - answer.mean()).sum())
    return Response(final / step, dead_s, lag_s, 100.0 * max(0.0, 1.0 - unexplained))


def proposed(response: Response) -> Proposal:
    """SIMC gains of a PI controller for this answer."""
    closed_s = max(response.dead_s, 0.5 * response.lag_s)
    speed_s = closed_s + response.dead_s
    gain = response.lag_s / (abs(response.gain) * speed_s)
    return Proposal(gain, min(response.lag_s, 4.0 * speed_s), closed_s)


def _step(at_s: Floats, output: Floats) -> int:
    """The row from which on the output has its new value."""
    if len(at_s) < LEAST_SAMPLES or not np.isfinite([at_s, output]).all():
        raise ValueError(f"expected at least {LEAST_SAMPLES} samples without a gap")
    change = float(output[-1] - output[0])
    if change == 0.0:
        raise ValueError("the output has not changed")
    begun = int(np.argmax(np.abs(output - output[0]) >= STEPPED_SHARE * abs(change)))
    if begun < LEAST_SAMPLES // 4:
        raise ValueError("the record begins with the step: begin it a little earlier")
    return begun


def _reached(after_s: Floats, answer: Floats, share: float) -> float:
    """When the answer has come to this share for good."""
    below = np.flatnonzero(answer < share)
    row = int(below[-1]) + 1 if len(below) else 0
    return float(after_s[min(row, len(after_s) - 1)])
