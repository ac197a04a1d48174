"""What surrounds a simulated plant: files of weather, demand and prices, and what is called."""

from pathlib import Path

import pytest

from controller.config.load import ConfigError
from controller.lab.description import describe
from controller.lab.simulate.courses import courses
from controller.lab.simulate.run import Simulation, simulate
from tests.lab.test_simulate import JANUARY_S, task


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("demand", "t,kw\n2026-01-01T00:00Z,5\n2026-01-01T01:00Z,-1\n", ":3: -1.0 kW is not"),
        ("demand", "t,kw\nyesterday,5\n", ":2: 'yesterday,5' is not a time like"),
        ("prices", "t,p\n2026-01-01T00:00Z,5\n", "there are not two rows of time and price"),
        ("weather", "t,c\n2026-01-01T00:00Z,5\n2026-01-01T00:00Z,5\n", "is not later than"),
    ],
)
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, name: str, text: str, told: str) -> None:
    path = tmp_path / "hours.csv"
    path.write_text(text, encoding="utf-8")
    weather = str(path) if name == "weather" else "seed:1"
    demand, prices = (path if name == one else None for one in ("demand", "prices"))

    with pytest.raises(ConfigError) as error:
        courses(describe(task().plant), JANUARY_S, weather, demand, prices, 500.0)
    assert told in str(error.value)
    assert "hours.csv" in str(error.value)


def test_demand_and_prices_of_a_file_are_what_the_run_has(tmp_path: Path) -> None:
    path = tmp_path / "demand.csv"
    path.write_text("t,kw\n2026-01-01T00:00Z,100\n2026-01-01T02:00Z,100\n", encoding="utf-8")
    prices = tmp_path / "prices.csv"
    prices.write_text("t,p\n2026-01-01T00:00Z,33\n2026-01-01T02:00Z,33\n", encoding="utf-8")

    found = simulate(task(demand=path, prices=prices))

    assert found.column("demand_kw") == pytest.approx(100.0)
    assert found.column("power_eur_mwh") == pytest.approx(33.0)


def test_files_of_one_simulation_are_looked_at_at_the_same_time(tmp_path: Path) -> None:
    weather, demand = tmp_path / "w.csv", tmp_path / "d.csv"
    weather.write_text(
        "t,c\n2026-01-14T23:00Z,4\n2026-01-15T00:00Z,5\n2026-01-15T09:00Z,5\n", "utf-8"
    )
    demand.write_text("t,kw\n2026-01-15T01:30+02:00,0\n2026-01-15T02:00+02:00,300\n", "utf-8")

    found = courses(describe(task().plant), JANUARY_S, str(weather), demand, None, 500.0)

    assert found.outdoor_c.at(0.0) == 5.0
    assert found.demand_kw.at(0.0) == 300.0


def test_files_of_another_year_begin_together(tmp_path: Path) -> None:
    weather, demand = tmp_path / "w.csv", tmp_path / "d.csv"
    weather.write_text("t,c\n2019-02-01T00:00Z,4\n2019-02-01T06:00Z,10\n", "utf-8")
    demand.write_text("t,kw\n2019-02-01T03:00Z,100\n2019-02-01T09:00Z,300\n", "utf-8")

    found = courses(describe(task().plant), JANUARY_S, str(weather), demand, None, 500.0)

    assert (found.outdoor_c.at(0.0), found.demand_kw.at(0.0)) == (7.0, 100.0)


def test_a_demand_beyond_the_plant_is_called_up_to_its_most(tmp_path: Path) -> None:
    path = tmp_path / "demand.csv"
    path.write_text("t,kw\n2026-01-15T00:00Z,9000\n2026-01-16T00:00Z,9000\n", encoding="utf-8")
    simulation = Simulation(task(demand=path))

    decision = [simulation.second() for _ in range(70)][-1]

    most_kw = simulation.plant.settings.heat.max_heat_kw
    assert decision.derived["plant.heat_target_kw"] == pytest.approx(most_kw)
