"""Keeps every figure over the run, for plots and report."""

from collections.abc import Iterable, Mapping

from controller.desk.schema import unit_of
from controller.lab.hil.outcome import Series
from controller.lab.hil.steps import Value, split

MOST_LOOKS = 20_000
"""Beyond that every second look is forgotten: a report must stay readable."""


class Recorder:
    """One series a figure; all have the same times."""

    def __init__(self, figures: Iterable[str]) -> None:
        self._figures = tuple(figures)
        self._times_s: list[float] = []
        self._values: dict[str, list[Value | None]] = {figure: [] for figure in self._figures}
        self._every = 1
        self._looks = 0

    def note(self, now_s: float, seen: Mapping[str, Value | None]) -> None:
        """Take one look."""
        self._looks += 1
        if self._looks % self._every:
            return
        self._times_s.append(round(now_s, 3))
        for figure, values in self._values.items():
            values.append(_short(seen.get(figure)))
        if len(self._times_s) >= MOST_LOOKS:
            self._every *= 2
            self._times_s = self._times_s[::2]
            self._values = {figure: values[::2] for figure, values in self._values.items()}

    def series(self) -> list[Series]:
        """All of them, in the order of the file."""
        return [
            Series(figure, unit_of_figure(figure), list(self._times_s), self._values[figure])
            for figure in self._figures
        ]


def unit_of_figure(figure: str) -> str:
    """The unit that ends a figure's name."""
    return unit_of(split(figure)[1].rpartition(".")[2])


def _short(value: Value | None) -> Value | None:
    """Six significant figures are more than any instrument has."""
    if isinstance(value, bool | str) or value is None:
        return value
    return float(f"{value:.6g}")
