"""The pictures of a simulated run, as SVG in the colours of the page."""

from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from numpy.typing import NDArray

from controller.lab.hil.report.plots import PAGE_INK, STYLE, as_svg
from controller.lab.simulate.kpis import limits_in_force
from controller.lab.simulate.record import Record

HEAT, WANTED, POWER, WARM, COLD = "#d9622b", "#2f7ed8", "#6b46c1", "#d64545", "#3182ce"
WIDTH_IN, HEIGHT_IN = 9.2, 2.6
DAY_S = 86_400.0
MOST_LIMITS = 8
Numbers = NDArray[np.float64]


def plots(record: Record) -> list[tuple[str, str]]:
    """Each picture with its title."""
    pictures: list[tuple[str, Callable[[Record], str]]] = [
        ("Heat that was wanted and delivered", _heat),
        ("Supply and return temperature at the network", _water),
        ("Electric power of the miners and price of power", _power),
        ("Duration curve of the heat", _duration),
        ("Share of each container's miners that ran", _fleet),
        ("What held the power back", _limits),
    ]
    if record.column("tank_pct").any():
        pictures.insert(3, ("State of charge of the tank", _tank))
    style: Any = STYLE
    with mpl.rc_context(style):
        return [(title, draw(record)) for title, draw in pictures]


def _heat(record: Record) -> str:
    figure, axes = _new()
    at = _moments(record)
    axes.fill_between(at, record.column("delivered_kw"), color=HEAT, alpha=0.35, linewidth=0)
    axes.plot(at, record.column("delivered_kw"), color=HEAT, linewidth=1.2, label="delivered")
    axes.plot(at, record.column("demand_kw"), color=WANTED, linewidth=1.2, label="wanted")
    return _dated(figure, axes, "kW", low=0.0)


def _water(record: Record) -> str:
    figure, axes = _new()
    at = _moments(record)
    axes.plot(at, record.column("setpoint_c"), color=WANTED, linewidth=1.0, label="supply wanted")
    axes.plot(at, record.column("supply_c"), color=WARM, linewidth=1.2, label="supply")
    axes.plot(at, record.column("return_c"), color=COLD, linewidth=1.2, label="return")
    return _dated(figure, axes, "°C")


def _power(record: Record) -> str:
    figure, axes = _new()
    at = _moments(record)
    axes.plot(at, record.column("electric_kw"), color=POWER, linewidth=1.2, label="power")
    price = axes.twinx()
    price.plot(
        at,
        record.column("power_eur_mwh"),
        color=PAGE_INK,
        alpha=0.5,
        linewidth=1.0,
        linestyle="--",
        label="price",
    )
    price.set_ylabel("EUR/MWh")
    price.spines["right"].set_visible(True)
    return _dated(figure, axes, "kW", low=0.0)


def _tank(record: Record) -> str:
    figure, axes = _new()
    axes.plot(_moments(record), record.column("tank_pct"), color=HEAT, linewidth=1.2)
    axes.set_ylim(0.0, 100.0)
    return _dated(figure, axes, "%", legend=False)


def _duration(record: Record) -> str:
    """How long the heat was at least so much: each sorted by itself, the highest first."""
    figure, axes = _new()
    hours = np.arange(len(record.rows)) / 12.0
    for name, colour, words in (
        ("demand_kw", WANTED, "wanted"),
        ("delivered_kw", HEAT, "delivered"),
    ):
        axes.plot(hours, np.sort(record.column(name))[::-1], color=colour, label=words)
    axes.set_xlabel("hours")
    axes.set_xlim(0.0, max(float(hours[-1]), 0.1))
    return _finished(figure, axes, "kW", low=0.0)


def _fleet(record: Record) -> str:
    share = np.array(record.running).T
    figure, axes = _new()
    at = _moments(record)
    image = axes.imshow(
        100.0 * share,
        aspect="auto",
        cmap="inferno",
        vmin=0.0,
        vmax=100.0,
        interpolation="nearest",
        extent=(float(at[0]), float(at[-1]), len(share) + 0.5, 0.5),
    )
    axes.set_ylabel("container")
    axes.set_yticks(range(1, len(share) + 1))
    figure.colorbar(image, label="% running")
    axes.xaxis_date()
    return _dated(figure, axes, "container", legend=False)


def _limits(record: Record) -> str:
    """Where a limit was in force, one line for each of the longest."""
    figure, axes = _new()
    at = _moments(record)
    names = [name for name, _ in limits_in_force(record)[:MOST_LIMITS]]
    for place, name in enumerate(names):
        inside = np.array([limit == name for limit in record.limits])
        axes.fill_between(
            at, place - 0.4, place + 0.4, where=inside, color=WARM, step="post", alpha=0.8
        )
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(-0.5, max(len(names), 1) - 0.5)
    axes.set_xlim(float(at[0]), float(at[-1]))
    if not names:
        axes.text(0.5, 0.5, "nothing", transform=axes.transAxes, ha="center", va="center")
        axes.set_yticks([])
    return _dated(figure, axes, "", legend=False)


def _new() -> tuple[Figure, Axes]:
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), layout="constrained")
    return figure, figure.add_subplot()


def _moments(record: Record) -> Numbers:
    """Days since 1970, which is what matplotlib's dates are."""
    return record.column("utc_s") / DAY_S


def _dated(
    figure: Figure, axes: Axes, unit: str, *, low: float | None = None, legend: bool = True
) -> str:
    locator = AutoDateLocator()  # type: ignore[no-untyped-call] # theirs
    axes.xaxis.set_major_locator(locator)
    words = ConciseDateFormatter(locator)  # type: ignore[no-untyped-call] # theirs
    axes.xaxis.set_major_formatter(words)
    axes.margins(x=0.0)
    return _finished(figure, axes, unit, low=low, legend=legend)


def _finished(
    figure: Figure, axes: Axes, unit: str, *, low: float | None = None, legend: bool = True
) -> str:
    axes.set_ylabel(unit)
    if low is not None:
        axes.set_ylim(bottom=low)
    axes.grid(visible=True, color=PAGE_INK, alpha=0.12, linewidth=0.6)
    if legend:
        place: Any = {"loc": "lower right", "bbox_to_anchor": (1.0, 0.99), "borderaxespad": 0.1}
        axes.legend(frameon=False, ncols=3, fontsize=8, **place)
    return as_svg(figure)
