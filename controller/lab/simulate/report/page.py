"""Makes the page: what happened in one sentence, the figures, the pictures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from controller.lab.simulate.baselines import BASELINES
from controller.lab.simulate.kpis import Kpi, limits_in_force
from controller.lab.simulate.outcome import Outcome, reasons
from controller.lab.simulate.report.plots import plots

HOURS_PER_DAY = 24.0
FACTS = ("delivered_mwh", "track_rmse_kw", "recovered_pct", "sleeps_worst", "margin_eur")
SMALL, LARGE = 10.0, 1_000.0


@dataclass(frozen=True, slots=True)
class Line:
    """One figure with its value by each way of control."""

    words: str
    values: tuple[Kpi, ...]
    aim: str
    met: bool | None


def page(outcome: Outcome) -> str:
    """The page's HTML; whatever stands in it was escaped, but for our own pictures."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["number"] = number
    template = (files(__package__ or "") / "page.html").read_text(encoding="utf-8")
    task, plant = outcome.task, outcome.task.plant
    own = {one.name: one for one in outcome.own}
    names = list(outcome.figures)
    missed = [one for one in outcome.own if one.met is False]
    return environment.from_string(template).render(
        plant=plant.plant.name,
        days=length(task.days),
        begin=datetime.fromtimestamp(task.begin_utc_s, UTC).date().isoformat(),
        weather=task.weather,
        seed=task.seed,
        scenario=task.scenario,
        units=sum(container.units for container in plant.container),
        role=plant.plant.network_role.replace("_", " "),
        tank=plant.tank is not None,
        warm_up=f"{task.warm_up_s / 3600.0:g} h",
        lead=lead(own, missed),
        good=not missed,
        missed=[(own[name].words, why) for name, why in reasons(outcome).items()],
        facts=[own[name] for name in FACTS],
        hows=names,
        rows=_lines(outcome),
        others=[(how, one.words) for how, one in BASELINES.items() if how in names],
        plots=plots(outcome.record),
        limits=limits_in_force(outcome.record),
    )


def length(days: float) -> str:
    """How long was simulated: in days, or in hours where that is shorter."""
    return counted(days, "day") if days >= 1.0 else counted(HOURS_PER_DAY * days, "hour")


def counted(number: float, what: str) -> str:
    """A number of things: one is single, the others are many."""
    shown = f"{round(number, 1):g}"
    return f"{shown} {what}" if shown == "1" else f"{shown} {what}s"


def lead(own: Mapping[str, Kpi], missed: list[Kpi]) -> str:
    """What a manager wants to know first."""
    hours = (own[name].value for name in ("hourly_mean_pct", "hourly_worst_pct"))
    mean, worst = (f"{value:.1f} %" for value in hours)
    got, wanted = (f"{own[name].value:,.1f}" for name in ("delivered_mwh", "demand_mwh"))
    heat = (
        f"{got} of {wanted} MWh of wanted heat were delivered; an hour was off by {mean} on average"
        f" and by {worst} at worst."
    )
    trips = own["trips"].value
    quiet = "Nothing tripped." if not trips else f"The plant tripped {counted(trips, 'time')}."
    aims = "Every aim was met." if not missed else f"Missed: {'; '.join(m.words for m in missed)}."
    streets = ""
    if "missed_pct" in own:
        missed_pct = own["missed_pct"].value
        streets = (
            f" Consumers missed {missed_pct:.2f} % of their heat; the rest of what an hour is off"
            " was taken up by the water in the streets, or given back by it: its way is long."
        )
    return f"{heat}{streets} {quiet} {aims}"


def number(value: float) -> str:
    """A number as people read it."""
    digits = 2 if abs(value) < SMALL and value != round(value) else 0 if abs(value) >= LARGE else 1
    return f"{value:,.{digits}f}"


def _lines(outcome: Outcome) -> list[Line]:
    return [
        Line(one.words, tuple(found[row] for found in outcome.figures.values()), one.aim, one.met)
        for row, one in enumerate(outcome.own)
    ]
