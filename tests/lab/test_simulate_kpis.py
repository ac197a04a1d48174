"""Figures of odd runs: hours that want nothing, and runs that want nothing at all."""

import math
from pathlib import Path

import numpy as np
import pytest

from controller.lab.simulate.kpis import hourly_off_pct
from controller.lab.simulate.outcome import Outcome, as_json, judged
from controller.lab.simulate.run import simulate
from tests.lab.test_simulate import figure, flat, task, why


def test_an_hour_that_wants_nothing_is_judged_by_the_mean_demand() -> None:
    wanted, found = (np.repeat(each, 12) for each in ([300.0, 0.0, 300.0], [300.0, 10.0, 294.0]))

    off_pct = hourly_off_pct(flat(3, demand_kw=wanted, delivered_kw=found))

    assert off_pct == pytest.approx([0.0, 5.0, -2.0])


@pytest.mark.parametrize("found_kw", [0.0, 5.0])
def test_a_run_that_wants_nothing_has_figures_that_people_can_read(found_kw: float) -> None:
    nothing = flat(2, demand_kw=0.0, delivered_kw=found_kw)

    for name in ("track_rmse_pct", "hourly_worst_pct", "unmet_pct"):
        assert figure(nothing, name) <= 100.0 * found_kw


def test_the_supply_is_judged_while_somebody_wants_heat() -> None:
    standing = flat(2)
    standing.supply_off_k[:] = [0.1] * 12 + [math.nan] * 12

    assert figure(standing, "supply_within_1k_pct") == 100.0


def test_beyond_the_most_heat_nothing_else_needs_to_be_blamed() -> None:
    told = why(flat(2, demand_kw=9_000.0, delivered_kw=500.0), "track_rmse_kw")

    assert "no limit was in force" not in told


def test_a_simulation_without_demand_has_no_supply_to_judge(tmp_path: Path) -> None:
    path = tmp_path / "nothing.csv"
    path.write_text("t,kw\n2026-01-15T00:00Z,0\n2026-01-16T00:00Z,0\n", encoding="utf-8")

    found = simulate(task(demand=path))

    assert np.isnan(found.supply_off_k).all()
    assert "supply_within" not in as_json(Outcome(task(), found, {"hearth": judged(task(), found)}))
