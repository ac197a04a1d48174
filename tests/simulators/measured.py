"""Statistics that a made-up series has to share with a measured one."""

import csv
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulators.hours import Hours

Floats = NDArray[np.float64]

DATA: Final = Path(__file__).parent / "data"
AALBORG: Final = DATA / "aalborg_outdoor.csv"
UNNA: Final = DATA / "unna_heat.csv"
DAY_H: Final = 24


def column(path: Path, name: str) -> Floats:
    """One column of a measured series."""
    with path.open(encoding="utf-8", newline="") as file:
        return np.array([float(row[name]) for row in csv.DictReader(file)])


def hours_of(series: Hours, begin: int, end: int) -> Floats:
    """The values of full hours."""
    return np.array([series.hour(hour) for hour in range(begin, end)])


def alike_after(values: Floats, hours: int) -> float:
    """Autocorrelation at this distance."""
    return float(np.corrcoef(values[:-hours], values[hours:])[0, 1])


def swings(values: Floats) -> Floats:
    """Of each day, how far its highest hour is from its lowest."""
    days = values.reshape(-1, DAY_H)
    return np.asarray(days.max(axis=1) - days.min(axis=1))
