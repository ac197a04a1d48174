"""Each recorded figure over the run, with steps and limits, as SVG for the page.

Lines and letters take the colour of the page, so that a plot is readable in the dark and on paper.
"""

import io
import math
from collections.abc import Iterator, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from controller.lab.hil.limits import shown
from controller.lab.hil.outcome import Judged, Outcome, Series, StepResult
from controller.lab.hil.steps import Value

PAGE_INK = "#010203"
"""Stands for the colour of the page's own letters, and is replaced by it."""
LINE, WANTED, MISSED, ALWAYS = "#2f7ed8", "#2e9e5b", "#d64545", "#b7791f"
WIDTH_IN, HEIGHT_IN, WORDS_HEIGHT_IN = 9.2, 2.3, 1.5
MOST_POINTS = 1_600
MINUTES_FROM_S = 600.0
SECONDS_PER_MINUTE = 60.0
MARGIN = 0.08
LEAST_SPAN = 0.02
MOST_ROWS, LONGEST_WORD, OTHER = 8, 32, "other"
STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "hearth",
    "font.family": "sans-serif",
    "font.size": 9.0,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "text.color": PAGE_INK,
    "axes.labelcolor": PAGE_INK,
    "axes.edgecolor": PAGE_INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": PAGE_INK,
    "ytick.color": PAGE_INK,
}


def plots(outcome: Outcome) -> list[tuple[str, str]]:
    """Each figure that was ever seen, and its SVG."""
    with mpl.rc_context(STYLE):
        return [
            (series.figure, _plot(outcome, series))
            for series in outcome.figures
            if any(value is not None for value in series.values)
        ]


def _plot(outcome: Outcome, series: Series) -> str:
    minutes = outcome.lasted_s > MINUTES_FROM_S
    scale = 1.0 / SECONDS_PER_MINUTE if minutes else 1.0
    words = any(isinstance(value, bool | str) for value in series.values)
    height_in = WORDS_HEIGHT_IN if words else HEIGHT_IN
    figure = Figure(figsize=(WIDTH_IN, height_in), layout="constrained")
    axes = figure.add_subplot()
    times = [time_s * scale for time_s in series.times_s]
    if words:
        _draw_words(axes, times, series.values)
    else:
        _draw_numbers(axes, times, series.values)
        _draw_limits(axes, outcome, series.figure, scale)
    _draw_steps(axes, outcome.steps, scale)
    axes.set_xlim(0.0, max(outcome.lasted_s, 1.0) * scale)
    axes.set_xlabel("min" if minutes else "s")
    axes.set_ylabel(series.unit)
    return as_svg(figure)


def _draw_numbers(axes: Axes, times: Sequence[float], values: Sequence[Value | None]) -> None:
    numbers = [math.nan if value is None else float(value) for value in values]
    thin = list(thinned(times, numbers))
    axes.plot([x for x, _ in thin], [y for _, y in thin], color=LINE, linewidth=1.4, zorder=3)
    known = [number for number in numbers if not math.isnan(number)]
    low, high = min(known), max(known)
    # Noise in the last digit of a steady figure is no news, and is not drawn as such.
    span = max(high - low, LEAST_SPAN * max(1.0, abs(high)))
    middle = (low + high) / 2.0
    axes.set_ylim(middle - (0.5 + MARGIN) * span, middle + (0.5 + MARGIN) * span)
    axes.ticklabel_format(useOffset=False, style="plain")
    axes.grid(visible=True, color=PAGE_INK, alpha=0.12, linewidth=0.6)


def _draw_words(axes: Axes, times: Sequence[float], values: Sequence[Value | None]) -> None:
    """One row for each word, in the order of their first coming."""
    words = [None if value is None else _short(shown(value)) for value in values]
    rows = list(dict.fromkeys(word for word in words if word is not None))
    if len(rows) > MOST_ROWS:
        rows = [*rows[: MOST_ROWS - 1], OTHER]
    places = {row: float(place) for place, row in enumerate(rows)}
    last = float(len(rows) - 1)
    heights = [math.nan if word is None else places.get(word, last) for word in words]
    axes.plot(times, heights, color=LINE, linewidth=2.0, drawstyle="steps-post", zorder=3)
    axes.set_yticks(range(len(rows)), rows)
    axes.set_ylim(-0.5, len(rows) - 0.5)


def _short(word: str) -> str:
    return word if len(word) <= LONGEST_WORD else word[: LONGEST_WORD - 1] + "…"


def _draw_limits(axes: Axes, outcome: Outcome, figure: str, scale: float) -> None:
    """What was wanted, while it was wanted; what must always be so, from end to end."""
    wanted: list[tuple[StepResult, Judged]] = [
        (step, one)
        for step in outcome.steps
        for one in (*step.until, *step.expect)
        if one.figure == figure and step.begun_s is not None and step.ended_s is not None
    ]
    for step, one in wanted:
        if step.begun_s is None or step.ended_s is None:
            continue
        span = (step.begun_s * scale, step.ended_s * scale)
        _band(axes, (one.low, one.high), span, WANTED if one.passed else MISSED)
    for always in outcome.always:
        for bound in (always.low, always.high):
            if always.figure == figure and bound is not None:
                axes.axhline(bound, color=ALWAYS, linewidth=1.1, linestyle=(0, (5, 3)), zorder=2)
                _make_room(axes, bound)


def _band(
    axes: Axes,
    bounds: tuple[float | None, float | None],
    span: tuple[float, float],
    colour: str,
) -> None:
    """The room between the bounds; where one is open, up or down to the end of the plot."""
    for bound in bounds:
        if bound is not None:
            _make_room(axes, bound)
            axes.plot(span, (bound, bound), color=colour, linewidth=1.2, zorder=2)
    bottom, top = axes.get_ylim()
    low = bottom if bounds[0] is None else bounds[0]
    high = top if bounds[1] is None else bounds[1]
    axes.fill_between(span, (low, low), (high, high), color=colour, alpha=0.13, linewidth=0.0)


def _make_room(axes: Axes, bound: float) -> None:
    bottom, top = axes.get_ylim()
    spare = MARGIN * (top - bottom)
    axes.set_ylim(min(bottom, bound - spare), max(top, bound + spare))


def _draw_steps(axes: Axes, steps: Sequence[StepResult], scale: float) -> None:
    """A line where each step begins, with its number; red behind those that failed."""
    top = axes.get_xaxis_transform()
    for number, step in enumerate(steps, 1):
        if step.begun_s is None:
            continue
        begun = step.begun_s * scale
        axes.axvline(begun, color=PAGE_INK, alpha=0.35, linewidth=0.8, zorder=1)
        colour = PAGE_INK if step.result == "passed" else MISSED
        axes.text(begun, 1.02, f" {number}", transform=top, fontsize=8.0, color=colour)


def thinned(times: Sequence[float], numbers: Sequence[float]) -> Iterator[tuple[float, float]]:
    """At most so many points that a page can carry; of each stretch the least and the greatest."""
    stretch = max(1, 2 * math.ceil(len(times) / MOST_POINTS))
    if stretch <= 2:  # noqa: PLR2004 - a stretch of two is its own least and greatest
        yield from zip(times, numbers, strict=True)
        return
    for first in range(0, len(times), stretch):
        places = range(first, min(first + stretch, len(times)))
        known = [place for place in places if not math.isnan(numbers[place])]
        if len(known) < len(places):
            yield times[first], math.nan
        if known:
            ends = {min(known, key=numbers.__getitem__), max(known, key=numbers.__getitem__)}
            yield from ((times[place], numbers[place]) for place in sorted(ends))


def as_svg(figure: Figure) -> str:
    """The figure as SVG that takes the colour of the page; the same bytes for the same figure."""
    drawn = io.StringIO()
    FigureCanvasSVG(figure).print_svg(drawn, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call] # theirs
    text = drawn.getvalue()
    text = text[text.index("<svg") :]
    return text.replace(PAGE_INK, "currentColor")
