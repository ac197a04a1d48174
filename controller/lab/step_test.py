"""A step test in the simulated plant: what a loop's value makes of a step of its output.

The plant settles, the loop is taken in manual as it is, and its output then moved by some per cent.
Everything else stays as it would be on the site.
"""

import csv
from pathlib import Path

import numpy as np

from controller.config.plant import PlantFile
from controller.config.settings import fleet_layout, scan_settings
from controller.control.loops.table import loops
from controller.control.pi import PiTuning
from controller.control.settings import Settings
from controller.control.state import Asked, Request
from controller.control.tuning import fitted, proposed
from controller.field.devices import build_field
from controller.image.fleet import Floats
from controller.lab.description import describe
from controller.lab.soft_plant import SoftPlant
from simulators.world import World

SETTLE_S, HELD_S = 2_700, 300
HEAT_SHARE = 0.5
# The step in % of the output, and for how long the answer is recorded: until it has come to rest,
# and not until other loops have answered it.
STEPS = {
    "outlet": (30.0, 180),
    "flow": (5.0, 120),
    "supply": (5.0, 1_800),
    "reject": (10.0, 600),
    "heat": (5.0, 120),
    "pressure": (5.0, 120),
    "mixing": (20.0, 120),
    "booster": (50.0, 300),
}
BESIDE = {"booster": (("hand:booster.run", True), ("loop:mixing.manual", 0.0))}
"""What must be ordered beside, so that the answer of this loop shows: mixing would hide it."""
HOLD_S = 7_200.0
# Miners are usually polled so often, where no plant.toml says it.
POLL_S = 5.0
OPEN_PCT = 100.0
COLUMNS = ("at_s", "output_pct", "value")

Record = tuple[Floats, Floats, Floats]
"""Time, output and value."""


def step_test(plant: PlantFile, name: str, step_pct: float | None = None, seed: int = 7) -> Record:
    """The record of one step, at half of the most heat; ValueError names the loops there are.

    Without `step_pct` it is the loop's usual one, downwards where there is no room above.
    """
    settings = scan_settings(plant)
    known = loops(settings)
    if name not in known:
        raise ValueError(f"there is no loop {name!r}; this plant has {', '.join(known)}")
    usual_pct, lasts_s = STEPS[name]
    world = World(describe(plant), seed)
    soft = SoftPlant(world, settings, fleet_layout(plant), build_field(plant, settings).tags)
    asked_kw = HEAT_SHARE * settings.heat.max_heat_kw
    rows: list[tuple[float, float, float]] = []
    for second in range(SETTLE_S + HELD_S + lasts_s):
        asked: list[tuple[str, Asked]] = []
        if second % 600 == 0:
            asked.append(("heat_demand_kw", asked_kw))
        if second == SETTLE_S:
            asked += [(f"loop:{name}.manual", None), *BESIDE.get(name, ())]
        if second == SETTLE_S + HELD_S:
            moved_pct = _moved(rows[-1][1], usual_pct if step_pct is None else step_pct)
            asked.append((f"loop:{name}.manual", moved_pct))
        decision = soft.second(
            [_asked(f"{second}-{n}", *one, world.now_s) for n, one in enumerate(asked)]
        )
        value, output = (decision.derived[f"loop.{name}.{point}"] for point in ("pv", "output"))
        if second >= SETTLE_S and isinstance(value, float) and isinstance(output, float):
            rows.append((world.now_s, output, _scaled(value, name, settings)))
    at_s, output, values = np.array(rows, np.float64).T
    return at_s, output, values


def told(record: Record, name: str, tuning: PiTuning | None, poll_s: float = POLL_S) -> list[str]:
    """What the record shows and what follows from it, in lines; miners are polled in `poll_s`."""
    found = fitted(*record)
    gains = proposed(found, poll_s if name == "outlet" else 1.0)
    answer = f"dead time and lag {found.dead_s:.0f} and {found.lag_s:.0f} s"
    explained = f"this explains {found.explained_pct:.0f} % of it"
    if found.turned_s is not None:
        explained = f"{explained} until it turned after {found.turned_s:.0f} s"
    rule = f"closed loop of {gains.closed_s:.0f} s"
    lines = [
        f"{name}: {found.gain:.3g} per % of output; {answer}; {explained}",
        f"proposed: gain {gains.gain:.2f}, integral time {gains.integral_s:.0f} s ({rule})",
    ]
    if tuning is not None:
        lines.append(f"in use:   gain {tuning.gain:.2f}, integral time {tuning.integral_s:.0f} s")
    return [
        *lines,
        "nothing has been changed; to use them, write into plant.toml:",
        "[loops]",
        f"{name}_gain = {gains.gain:.3g}",
        f"{name}_integral_s = {max(gains.integral_s, 0.1):.3g}",
    ]


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


def _moved(output_pct: float, step_pct: float) -> float:
    """The output after the step, which is made the other way where it would meet a bound."""
    moved_pct = output_pct + step_pct
    return moved_pct if 0.0 <= moved_pct <= OPEN_PCT else output_pct - step_pct


def _scaled(value: float, name: str, settings: Settings) -> float:
    """The value as the loop reckons: flow and heat in per cent of their greatest."""
    if name == "flow":
        return 100.0 * value / settings.hydraulics.primary_flow_max_lpm
    return 100.0 * value / settings.heat.max_heat_kw if name == "heat" else value


def _asked(name: str, request: str, value: Asked, now_s: float) -> Request:
    return Request(name, "step test", "engineer", request, value, "step test", now_s + HOLD_S)
