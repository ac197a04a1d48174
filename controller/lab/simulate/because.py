"""Why an aim was missed: the limit that held while it was, or what the plant cannot do at all."""

from collections import Counter
from itertools import compress

import numpy as np

from controller.config.plant import PlantFile
from controller.config.settings import scan_settings
from controller.control.ladder import ladder
from controller.lab.simulate.held_back import AT_LIMIT, BOOSTER_FULL
from controller.lab.simulate.kpis import NOTHING_KW, PER_HOUR, H, Kpi
from controller.lab.simulate.record import Record

FREE = ("", "none")
NOTHING = "no limit was in force"
FULL_PCT = 99.0
OF_HEAT = frozenset({"track_rmse_kw", "hourly_mean_pct", "hourly_worst_pct"})
OF_SUPPLY = "supply_within"
OFF_SHARE = 0.02
SUPPLY_OFF_K = 1.0


def because(missed: Kpi, record: Record, plant: PlantFile) -> str:
    """One sentence; it says so where nothing that is known forbade it."""
    if missed.name not in OF_HEAT:
        rows = _of_supply(record, missed)
        of_water = _of_water(record, rows) if missed.name.startswith(OF_SUPPLY) else ""
        return of_water or _of_limits(record, rows)
    demand_kw = record.column("demand_kw")
    off_kw = record.column("delivered_kw") - demand_kw
    far = np.abs(off_kw) > OFF_SHARE * np.maximum(demand_kw, 1.0)
    # An hour that is off is off because of what was so in it and before it.
    begun = np.convolve(far, np.ones(PER_HOUR), "full")[: len(far)] > 0
    told = _of_limits(record, begun)
    most_kw = plant.heat.max_heat_kw
    if (demand_kw[far] > FULL_PCT / 100.0 * most_kw).any():
        beyond = f"more was wanted than heat.max_heat_kw, {most_kw:,.0f} kW"
        told = beyond if told == NOTHING else f"{beyond}; {told}"
    if plant.plant.network_role == "sole_source":
        told = f"{_streets(record)}; {told}"
    settings = scan_settings(plant)
    half_kw = 0.5 * ladder(settings).least_kw
    share_pct = 100.0 * half_kw / max(float(demand_kw.mean()), NOTHING_KW)
    step = f"half of the smallest step is {half_kw:,.1f} kW, {share_pct:.1f} % of the demand"
    return f"{told}; {step}" if share_pct > 100.0 * OFF_SHARE / 2.0 else told


def _streets(record: Record) -> str:
    """How much of it consumers have felt: the rest is on its way, or was already there."""
    missed_kw, demand_kw = record.column("missed_kw"), record.column("demand_kw")
    pct = 100.0 * float(missed_kw.sum()) / max(float(demand_kw.sum()), 1e-9)
    return f"consumers missed {pct:.2f} %: the rest was taken or given by the water in the streets"


def _of_limits(record: Record, rows: np.typing.NDArray[np.bool_]) -> str:
    if record.trips:
        return f"tripped: {', '.join(dict.fromkeys(record.trips))}"
    # What limits the power explains the water, too: the other way round it does not.
    for reasons in (record.limits, record.held_back):
        held = Counter(reason for reason in compress(reasons, rows) if reason not in FREE)
        if held:
            reason, count = held.most_common(1)[0]
            return f"{reason} held for {count * H:.1f} h of it"
    return NOTHING


def _of_water(record: Record, rows: np.typing.NDArray[np.bool_]) -> str:
    """What kept the supply from being warm whatever the power was, most of the time."""
    held = Counter(compress(record.held_back, rows))
    for reason in (BOOSTER_FULL, AT_LIMIT):
        if 2 * held[reason] > rows.sum():
            return f"{reason} held for {held[reason] * H:.1f} h of it"
    return ""


def _of_supply(record: Record, missed: Kpi) -> np.typing.NDArray[np.bool_]:
    """The periods in which the supply was off, where that is what was missed."""
    every = np.ones(len(record.rows), np.bool_)
    if not missed.name.startswith(OF_SUPPLY):
        return every
    off = np.abs(record.column("supply_c") - record.column("setpoint_c")) > SUPPLY_OFF_K
    return off if off.any() else every
