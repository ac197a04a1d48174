"""A simulated run with its figures and those of the baselines, for programs: JSON and CSV."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from controller.config.load import ConfigError
from controller.config.plant import PlantFile
from controller.disk.whole_file import write_whole
from controller.lab.simulate.because import because
from controller.lab.simulate.kpis import Kpi, Money, kpis, limits_in_force
from controller.lab.simulate.record import COLUMNS, Record
from controller.lab.simulate.run import Task

DIGITS = 6


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was simulated, what was recorded, and the figures by the way of control."""

    task: Task
    record: Record
    figures: Mapping[str, Sequence[Kpi]]

    @property
    def own(self) -> Sequence[Kpi]:
        """The figures of Hearth itself."""
        return self.figures["hearth"]


def reasons(outcome: Outcome) -> dict[str, str]:
    """Why each aim was missed that was, by the figure's name."""
    return {
        one.name: because(one, outcome.record, outcome.task.plant)
        for one in outcome.own
        if one.met is False
    }


def judged(task: Task, record: Record) -> list[Kpi]:
    """The figures of one run."""
    plant: PlantFile = task.plant
    money = Money(plant.prices.heat_eur_mwh, plant.prices.hash_eur_ths_day)
    return kpis(
        record,
        tank=plant.tank is not None,
        supply_max_c=plant.hydraulics.supply_max_c,
        money=money,
        sole=plant.plant.network_role == "sole_source",
    )


def as_json(outcome: Outcome) -> str:
    """Everything but the series; the same bytes for the same run."""
    task = outcome.task
    told = {
        "plant": task.plant.plant.name,
        "days": task.days,
        "seed": task.seed,
        "from": _utc(task.begin_utc_s),
        "weather": task.weather,
        "scenario": task.scenario,
        "warm_up_s": task.warm_up_s,
        "wired": task.wired,
        "forecast_error_k": task.forecast_error_k,
        "figures": {
            how: {one.name: {**asdict(one), "value": round(one.value, DIGITS)} for one in found}
            for how, found in outcome.figures.items()
        },
        "missed": reasons(outcome),
        "limits_h": {name: round(hours, 3) for name, hours in limits_in_force(outcome.record)},
        "trips": outcome.record.trips,
    }
    return json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def as_csv(record: Record) -> str:
    """The five-minute means, with mode and limit."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["utc", *COLUMNS[1:], "mode", "limited_by"])
    for row, mode, limit in zip(record.rows, record.modes, record.limits, strict=True):
        numbers = [f"{value:.3f}" for value in row[1:]]
        writer.writerow([_utc(row[0]), *numbers, mode, limit])
    return text.getvalue()


def write(path: Path, text: str) -> None:
    """Put a file in its place in whole; ConfigError says why it cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written ({error.strerror}); name another") from error


def table(outcome: Outcome) -> list[str]:
    """The figures as lines; each way of control is a column."""
    hows = list(outcome.figures)
    lines = [f"{'figure':<52}" + "".join(f"{how:>15}" for how in hows) + "  aim"]
    for place, one in enumerate(outcome.own):
        values = "".join(f"{_shown(outcome.figures[how][place]):>15}" for how in hows)
        mark = {None: "", True: "met", False: "MISSED"}[one.met]
        lines.append(f"{one.words:<52}{values}  {one.aim} {mark}".rstrip())
    words = {one.name: one.words for one in outcome.own}
    why = (f"missed: {words[name]}: {reason}" for name, reason in reasons(outcome).items())
    return [*lines, *why]


def _shown(one: Kpi) -> str:
    return f"{one.value:,.2f} {one.unit}".rstrip()


def _utc(moment_s: float) -> str:
    moment = datetime.fromtimestamp(moment_s, UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
