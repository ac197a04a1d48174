"""The figures of a demonstration: how well heat followed, how well the loop ran, what it used."""

import math
from collections.abc import Mapping
from typing import Any

from controller.lab.processes import Usage
from controller.link.mirror import Mirror

LONG_MEAN_S, SHORT_MEAN_S = 300.0, 10.0
ENOUGH_MEANS = 3


class MeanErrors:
    """The root mean square of an error's means over a fixed time; unfinished means do not count."""

    def __init__(self, mean_s: float) -> None:
        self.mean_s = mean_s
        self.means = 0
        self._squares = 0.0
        self._begun_s: float | None = None
        self._sum, self._count = 0.0, 0

    def add(self, error: float, now_s: float) -> None:
        """Take the error of this moment."""
        if self._begun_s is None or not 0.0 <= now_s - self._begun_s < 2.0 * self.mean_s:
            self._begin(now_s)
        elif now_s - self._begun_s >= self.mean_s:
            self._squares += (self._sum / self._count) ** 2
            self.means += 1
            self._begin(now_s)
        self._sum += error
        self._count += 1

    def rmse(self) -> float | None:
        """Root of the mean square; None before the first mean is complete."""
        return math.sqrt(self._squares / self.means) if self.means else None

    def _begin(self, now_s: float) -> None:
        self._begun_s, self._sum, self._count = now_s, 0.0, 0


class Tracking:
    """How well the delivered heat follows the wanted heat, and how many polls came meanwhile."""

    def __init__(self) -> None:
        self._errors = tuple(MeanErrors(mean_s) for mean_s in (LONG_MEAN_S, SHORT_MEAN_S))
        self._first: tuple[float, float] | None = None
        self._last: tuple[float, float] | None = None

    def note(self, mirror: Mirror) -> None:
        """Take what the newest report says."""
        if mirror.utc_s is None:
            return
        demand_kw = number(mirror, "plant.heat_target_kw")
        delivered_kw = number(mirror, "plant.heat_delivered_kw")
        if demand_kw is not None and delivered_kw is not None:
            for errors in self._errors:
                errors.add(delivered_kw - demand_kw, mirror.utc_s)
        polls = number(mirror, "poll.polls")
        if polls is not None:
            self._last = (mirror.utc_s, polls)
            self._first = self._last if self._first is None else self._first

    def polls_per_s(self) -> float | None:
        """Miner polls a second over all that was seen; None while too little was."""
        if self._first is None or self._last is None or self._last[0] <= self._first[0]:
            return None
        return (self._last[1] - self._first[1]) / (self._last[0] - self._first[0])

    def rmse(self) -> tuple[float | None, float]:
        """The tracking error in kW and over what time it was averaged: 5 min if seen for long."""
        long, short = self._errors
        chosen = long if long.means >= ENOUGH_MEANS else short
        return chosen.rmse(), chosen.mean_s


def figures(
    mirror: Mirror,
    tracking: Tracking,
    usages: Mapping[str, Usage | None],
    truth: Mapping[str, float | int | bool] | None,
) -> dict[str, Any]:
    """What `hearth demo --json` writes; None is unknown."""
    rmse_kw, mean_s = tracking.rmse()
    return {
        **{
            name: number(mirror, f"loop.{name}")
            for name in ("scans", "skipped", *(f"lateness_{p}_ms" for p in ("p50", "p99", "max")))
        },
        "miners_good": number(mirror, "plant.units_good"),
        "polls_per_s": tracking.polls_per_s(),
        "demand_kw": number(mirror, "plant.heat_target_kw"),
        "delivered_kw": number(mirror, "plant.heat_delivered_kw"),
        "tracking_rmse_kw": rmse_kw,
        "tracking_mean_s": mean_s,
        "supply_temperature_c": number(mirror, "district.supply_temperature_c"),
        "commands": {
            name: number(mirror, f"commands.{name}") for name in ("sent", "verified", "failed")
        },
        "processes": {
            name: None if usage is None else {"cpu_s": usage.cpu_s, "peak_mb": usage.peak_mb}
            for name, usage in usages.items()
        },
        "truth": None if truth is None else dict(truth),
    }


def number(mirror: Mirror, tag: str) -> float | None:
    """A tag's value where it is a number that may be reckoned with."""
    value = mirror.value(tag)
    return None if value is None or isinstance(value, (bool, str)) else float(value)
