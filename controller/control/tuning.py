"""Tuning: from a recorded step of a loop's output to the gains that are proposed for it.

A first-order answer with a dead time is fitted to the record; the rule is SIMC (Skogestad 2003),
with the closed loop as fast as the dead time, half of the lag, or ten samples, whichever is longer.
It only proposes.
"""

from dataclasses import dataclass, replace

import numpy as np

from controller.image.fleet import Floats

# The output has stepped where it leaves its first value by this share of all its change.
STEPPED_SHARE = 0.5
# An answer is at rest when its last part moves by less than this share of the whole.
REST_SHARE, LAST_SHARE = 0.1, 0.3
# Answers that are tried: dead times up to this share of the record, so many of them and of lags.
LONGEST_DEAD, TRIED = 0.4, 24
# No loop is asked to be faster than so many looks at its value, and strokes of its valve.
SAMPLES_CLOSED = 10.0
# A fit that explains less of the answer is none.
LEAST_EXPLAINED_PCT = 50.0
LEAST_SAMPLES = 20
# An answer smaller than this many times its noise tells nothing.
CLEAR = 4.0
# An answer that turns and comes back by this share of its greatest has gone round a circuit (the
# miners' inlet follows their outlet): the loop meets what came before. It turns once, no more.
TURNED_SHARE, ONCE_SHARE, SMOOTH_SHARE = 0.25, 0.9, 0.02


@dataclass(frozen=True, slots=True)
class Response:
    """How a loop answers: value per output, dead time, lag, and how much of it this explains.

    Where the answer turned and came back, all of it is what came before, and `turned_s` when.
    """

    gain: float
    dead_s: float
    lag_s: float
    explained_pct: float
    turned_s: float | None = None


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
    turn = _turn(answer, final)
    if turn is not None:
        found = _closest(after_s[: turn + 1], answer[: turn + 1], step)
        found = replace(found, turned_s=float(after_s[turn]))
    else:
        drift = float(answer[-last // 2 :].mean() - answer[-last : -last // 2].mean())
        if abs(drift) > REST_SHARE * abs(final):
            raise ValueError("the value is still moving at the end: record for longer")
        found = _closest(after_s, answer, step)
    if found.explained_pct < LEAST_EXPLAINED_PCT:
        raise ValueError(
            f"a lag with a dead time explains only {found.explained_pct:.0f} % of the answer:"
            " make the step larger, or the record shorter or quieter"
        )
    return found


def proposed(response: Response, sampled_s: float = 1.0) -> Proposal:
    """SIMC gains of a PI controller for this answer of a value that is new every `sampled_s`."""
    dead_s = response.dead_s + sampled_s - 1.0
    closed_s = max(dead_s, 0.5 * response.lag_s, SAMPLES_CLOSED * sampled_s)
    speed_s = closed_s + dead_s
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


def _turn(answer: Floats, final: float) -> int | None:
    """The row at which the answer turned, once and to come back; None where it did not."""
    wide = max(int(SMOOTH_SHARE * len(answer)), 1)
    along = np.sign(final) * np.convolve(answer, np.full(wide, 1.0 / wide), mode="same")
    turn = int(along.argmax())
    most, rest = float(along[turn]), along[2 * turn :]
    came_back = most - abs(final) > TURNED_SHARE * most and turn >= LEAST_SAMPLES // 2
    return turn if came_back and len(rest) and rest.max() < ONCE_SHARE * most else None


def _closest(after_s: Floats, answer: Floats, step: float) -> Response:
    """Of all answers `1 - exp(-(t - dead) / lag)` the one with the least squares, found twice."""
    span_s = float(after_s[-1])
    every_s = span_s / (len(after_s) - 1)
    deads_s = np.linspace(0.0, LONGEST_DEAD * span_s, TRIED)
    lags_s = np.geomspace(every_s, span_s, TRIED)
    for _ in range(2):
        dead_s, lag_s, gain, unexplained = _best(after_s, answer, deads_s, lags_s)
        deads_s = np.linspace(max(dead_s - deads_s[1], 0.0), dead_s + deads_s[1], TRIED)
        ratio = lags_s[1] / lags_s[0]
        lags_s = np.geomspace(lag_s / ratio, lag_s * ratio, TRIED)
    spread = float(np.square(answer - answer.mean()).sum())
    return Response(gain / step, dead_s, lag_s, 100.0 * max(0.0, 1.0 - unexplained / spread))


def _best(
    after_s: Floats, answer: Floats, deads_s: Floats, lags_s: Floats
) -> tuple[float, float, float, float]:
    """The dead time, lag and gain with the least squares, and these."""
    since_s = np.maximum(after_s - deads_s[:, None, None], 0.0)
    shapes = -np.expm1(-since_s / lags_s[None, :, None])
    power = np.maximum(np.square(shapes).sum(axis=2), 1e-12)
    gains = (shapes * answer).sum(axis=2) / power
    left = np.square(answer).sum() - gains**2 * power
    dead, lag = np.unravel_index(int(left.argmin()), left.shape)
    return deads_s[dead], lags_s[lag], float(gains[dead, lag]), float(left[dead, lag])
