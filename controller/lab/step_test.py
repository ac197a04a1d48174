"""A step test in the simulated plant: what a loop's value makes of a step of its output.

The plant settles, the output is held by hand as it is, and then moved by some per cent. Everything
else stays automatic, as it would be on the site.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from controller.config.plant import PlantFile
from controller.config.settings import fleet_layout, scan_settings
from controller.control import cooling, district, network
from controller.control.pi import PiTuning
from controller.control.settings import Settings
from controller.control.state import Request
from controller.control.tuning import fitted, proposed
from controller.field.devices import build_field
from controller.image.fleet import Floats
from controller.lab.description import describe
from controller.lab.soft_plant import SoftPlant
from simulators.world import World

SETTLE_S, HELD_S = 2_700, 300
HEAT_SHARE = 0.5
HOLD_S = 7_200.0
COLUMNS = ("at_s", "output_pct", "value")

Record = tuple[Floats, Floats, Floats]
"""Time, output and value."""


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop that can be tried: what it moves, what it holds, its gains, how long it answers."""

    outputs: tuple[str, ...]
    value: str
    tuning: PiTuning
    lasts_s: int


def loops(settings: Settings) -> dict[str, Loop]:
    """The loops of this plant by name."""
    pumps = tuple(f"{pump}.speed_pct" for pump in settings.hydraulics.pumps)
    found = {
        "supply": Loop(
            ("district-pump.speed_pct",),
            "district.supply_temperature_c",
            district.SUPPLY,
            1_800,
        ),
        "flow": Loop(pumps, "primary.flow_lpm", cooling.FLOW, 300),
    }
    if settings.separated:
        mixing = "mixing-valve.position_pct"
        found["mixing"] = Loop((mixing,), "network.supply_temperature_c", network.MIXING, 600)
    if settings.network.role == "sole_source":
        pump = ("network-pump.speed_pct",)
        pressure = "network.differential_pressure_kpa"
        found["pressure"] = Loop(pump, pressure, network.PRESSURE, 300)
    return found


def step_test(plant: PlantFile, name: str, step_pct: float, seed: int = 7) -> Record:
    """The record of one step, at half of the most heat; ValueError names the loops there are."""
    settings = scan_settings(plant)
    known = loops(settings)
    if name not in known:
        raise ValueError(f"there is no loop {name!r}; this plant has {', '.join(known)}")
    world = World(describe(plant), seed)
    soft = SoftPlant(world, settings, fleet_layout(plant), build_field(plant, settings).tags)
    asked_kw = HEAT_SHARE * settings.heat.max_heat_kw
    rows: list[tuple[float, float, float]] = []
    loop = known[name]
    held_pct = 0.0
    for second in range(SETTLE_S + HELD_S + loop.lasts_s):
        requests = []
        if second % 600 == 0:
            requests.append(_asked(f"heat-{second}", "heat_demand_kw", asked_kw, world.now_s))
        if second == SETTLE_S:
            held_pct = soft.snapshot.number(loop.outputs[0]) or 0.0 if soft.snapshot else 0.0
        if second in (SETTLE_S, SETTLE_S + HELD_S):
            held_pct += step_pct if second > SETTLE_S else 0.0
            requests += [_held(tag, second, held_pct, world.now_s) for tag in loop.outputs]
        soft.second(requests)
        value = None if soft.snapshot is None else soft.snapshot.number(loop.value)
        if second >= SETTLE_S and value is not None:
            rows.append((world.now_s, held_pct, _scaled(value, name, settings)))
    at_s, output, values = np.array(rows, np.float64).T
    return at_s, output, values


def told(record: Record, name: str, tuning: PiTuning | None) -> list[str]:
    """What the record shows and what follows from it, in lines."""
    found = fitted(*record)
    gains = proposed(found)
    answer = f"dead time and lag {found.dead_s:.0f} and {found.lag_s:.0f} s"
    explained = f"this explains {found.explained_pct:.0f} % of it"
    rule = f"closed loop of {gains.closed_s:.0f} s"
    lines = [
        f"{name}: {found.gain:.3g} per % of output; {answer}; {explained}",
        f"proposed: gain {gains.gain:.2f}, integral time {gains.integral_s:.0f} s ({rule})",
    ]
    if tuning is not None:
        lines.append(f"in use:   gain {tuning.gain:.2f}, integral time {tuning.integral_s:.0f} s")
    return [*lines, "nothing has been changed"]


def write_record(path: Path, record: Record) -> None:
    """Keep a record as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        rows.writerows(zip(*(column.tolist() for column in record), strict=True))


def read_record(path: Path) -> Record:
    """A record that was written, or exported from a trend; ValueError names what is wrong."""
    try:
        table = np.genfromtxt(path, delimiter=",", skip_header=1, dtype=np.float64)
    except (OSError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from error
    if table.ndim != 2 or table.shape[1] != len(COLUMNS):  # noqa: PLR2004
        raise ValueError(f"{path}: expected a header and the columns {', '.join(COLUMNS)}")
    return table[:, 0], table[:, 1], table[:, 2]


def _scaled(value: float, name: str, settings: Settings) -> float:
    # The flow loop reckons in per cent of the greatest flow.
    return 100.0 * value / settings.hydraulics.primary_flow_max_lpm if name == "flow" else value


def _asked(name: str, request: str, value: float, now_s: float) -> Request:
    return Request(name, "step test", "engineer", request, value, "step test", now_s + HOLD_S)


def _held(tag: str, second: int, held_pct: float, now_s: float) -> Request:
    return _asked(f"{tag}-{second}", f"hand:{tag}", held_pct, now_s)
