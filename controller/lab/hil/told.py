"""From judgements to what stands in the report."""

import math

from controller.lab.hil.judge import Judgement, Watch
from controller.lab.hil.limits import bounds, in_words, shown
from controller.lab.hil.outcome import AlwaysResult, Judged, Outcome, StepResult
from controller.lab.hil.recorder import unit_of_figure
from controller.lab.hil.steps import Wanted


def judged(one: Judgement) -> Judged:
    """One expectation as it was decided."""
    wanted = one.wanted
    low, high = plot_bounds(wanted)
    return Judged(
        figure=wanted.figure,
        wanted=in_words(wanted),
        unit=unit_of_figure(wanted.figure),
        low=low,
        high=high,
        within_s=wanted.within_s,
        for_s=wanted.for_s,
        passed=one.passed is True,
        measured=one.measured,
        reached_after_s=rounded(one.reached_after_s),
        lowest=one.lowest,
        highest=one.highest,
        why=one.why,
    )


def watched(one: Watch) -> AlwaysResult:
    """What has always been so, or not."""
    low, high = plot_bounds(one.wanted)
    return AlwaysResult(
        figure=one.wanted.figure,
        wanted=in_words(one.wanted),
        unit=unit_of_figure(one.wanted.figure),
        low=low,
        high=high,
        passed=one.passed,
        looks=one.looks,
        misses=one.misses,
        first_miss_s=rounded(one.first_miss_s),
        first_miss=one.first_miss,
        lowest=one.lowest,
        highest=one.highest,
    )


def plot_bounds(wanted: Wanted) -> tuple[float | None, float | None]:
    """The bounds as numbers of JSON: what is open has none."""
    if wanted.equals is not None:
        return None, None
    low, high = bounds(wanted)
    return (low if math.isfinite(low) else None, high if math.isfinite(high) else None)


def rounded(seconds: float | None) -> float | None:
    """Seconds to the millisecond."""
    return None if seconds is None else round(seconds, 3)


def lines_of(step: StepResult) -> list[str]:
    """What is said when a step is over."""
    lines = [f"  {step.result}"]
    done = (*step.set, *([step.asked] if step.asked else []))
    lines += [f"    not done: {one.what} = {one.value}: {one.why}" for one in done if not one.done]
    for one in (*step.until, *step.expect):
        mark = "ok " if one.passed else "NOT"
        after = "" if one.reached_after_s is None else f", after {one.reached_after_s:.0f} s"
        why = f": {one.why}" if one.why else ""
        unit = "" if one.measured is None else one.unit
        measured = f"{shown(one.measured)} {unit}".strip()
        lines.append(f"    {mark} {one.figure} {one.wanted}: {measured}{after}{why}")
    return lines


def verdict(outcome: Outcome) -> str:
    """The run in one line."""
    counts = {
        result: sum(step.result == result for step in outcome.steps)
        for result in ("passed", "failed", "aborted", "not run")
    }
    told = ", ".join(f"{count} {result}" for result, count in counts.items() if count)
    broken = sum(not one.passed for one in outcome.always)
    always = (
        f"; {broken} of {len(outcome.always)} that must always be so were not" if broken else ""
    )
    why = f" ({outcome.why})" if outcome.why else ""
    return f"{outcome.result.upper()}{why}: {told}{always}"
