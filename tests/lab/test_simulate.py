"""Days of a plant in virtual time: the same bytes for the same seed, judged from the world."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from controller.__main__ import app
from controller.lab.simulate.because import because
from controller.lab.simulate.kpis import Money, hourly_off_pct, kpis, limits_in_force
from controller.lab.simulate.outcome import Outcome, as_csv, as_json, judged, table
from controller.lab.simulate.record import COLUMNS, Record
from controller.lab.simulate.report.page import page
from controller.lab.simulate.run import Simulation, Task, simulate, simulate_in_pieces
from tests.config.broken_plant import plant_with
from tests.scenarios.evening import ALL_METERS, small_plant
from tests.scenarios.test_scenarios import CONTAINERS, PLANTS, UNITS

JANUARY_S = 1_768_435_200.0
MONEY = Money(35.0, 0.04)


def task(kind: str = "no tank", **changes: object) -> Task:
    plant = small_plant(UNITS, CONTAINERS, devices=ALL_METERS, **PLANTS[kind])
    made = Task(plant, 0.014, 7, JANUARY_S, "seed:3", warm_up_s=300)
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def record() -> Record:
    return simulate(task())


def flat(hours: int, **columns: object) -> Record:
    """A run in which everything stays as it is, but for some columns."""
    usual = dict.fromkeys(COLUMNS, 0.0) | {"demand_kw": 1_000.0, "delivered_kw": 1_000.0}
    given = {**usual, **columns}
    rows = 12 * hours
    spread = {name: np.broadcast_to(np.asarray(value), rows) for name, value in given.items()}
    table = [tuple(float(spread[name][row]) for name in COLUMNS) for row in range(rows)]
    return Record(
        table,
        ["none"] * rows,
        [""] * rows,
        ["running"] * rows,
        [np.ones(1)] * rows,
        [0.2] * rows,
        70.0,
        [np.array([1, 2])],
    )


def test_what_was_delivered_is_all_that_the_world_has_sold_since_the_warm_up() -> None:
    ten_minutes = task(days=600 / 86_400)
    simulation = Simulation(ten_minutes)
    sold_kwh = []
    for seconds in (ten_minutes.warm_up_s, 600):
        for _ in range(seconds):
            simulation.second()
        sold_kwh.append(float(simulation.plant.world.truth()["energy_sold_kwh"]))

    delivered_kw = simulate(ten_minutes).column("delivered_kw")

    assert len(delivered_kw) == 2
    assert delivered_kw.sum() / 12.0 == pytest.approx(sold_kwh[1] - sold_kwh[0])


def figure(record: Record, name: str, *, tank: bool = False) -> float:
    found = kpis(record, tank=tank, supply_max_c=90.0, money=MONEY)
    return next(one.value for one in found if one.name == name)


def test_a_run_follows_its_demand_and_nothing_unsafe_happens(record: Record) -> None:
    assert len(record.rows) == 4
    assert record.unsafe_unit_s == 0.0
    assert record.trips == []
    assert figure(record, "hourly_worst_pct") < 10.0


def test_two_runs_with_one_seed_are_the_same_bytes(record: Record) -> None:
    again = simulate(task())
    first, second = (
        as_json(Outcome(task(), one, {"hearth": judged(task(), one)})) + as_csv(one)
        for one in (record, again)
    )

    assert first == second


def test_another_seed_is_another_run(record: Record) -> None:
    other = simulate(task(seed=8))

    assert as_csv(other) != as_csv(record)


def test_errors_of_tracking_are_those_of_five_minutes() -> None:
    off = flat(2, delivered_kw=np.tile([1_030.0, 970.0], 12))

    assert figure(off, "track_rmse_kw") == pytest.approx(30.0)
    assert figure(off, "hourly_worst_pct") == pytest.approx(0.0)


def test_an_hour_that_is_short_is_the_worst_hour() -> None:
    short = flat(3, delivered_kw=np.repeat([1_000.0, 950.0, 1_000.0], 12))

    assert hourly_off_pct(short) == pytest.approx([0.0, -5.0, 0.0])
    assert figure(short, "unmet_pct") == pytest.approx(100.0 * 50.0 / 3_000.0)


def test_aims_are_tighter_with_a_tank() -> None:
    off = flat(2, delivered_kw=np.tile([1_030.0, 970.0], 12))
    met = {}
    for tank in (True, False):
        found = kpis(off, tank=tank, supply_max_c=90.0, money=MONEY)
        met[tank] = next(one.met for one in found if one.name == "track_rmse_kw")

    assert met == {True: False, False: True}


def test_money_is_energy_times_its_price() -> None:
    day = flat(24, electric_kw=1_000.0, power_eur_mwh=50.0, hash_ths=1_000.0)

    assert figure(day, "power_eur") == pytest.approx(1_200.0)
    assert figure(day, "heat_eur") == pytest.approx(840.0)
    assert figure(day, "hash_eur") == pytest.approx(40.0)


def test_limits_are_told_by_their_hours() -> None:
    held = flat(2)
    held.limits[:6] = ["coolant too warm"] * 6

    assert limits_in_force(held) == [("coolant too warm", 0.5)]


def test_an_empty_run_is_an_error() -> None:
    with pytest.raises(ValueError, match="simulate five minutes at least"):
        kpis(Record(), tank=False, supply_max_c=90.0, money=MONEY)


def test_the_report_says_what_happened_and_shows_the_others(record: Record) -> None:
    figures = {"hearth": judged(task(), record), "pi-on-power": judged(task(), record)}
    text = page(Outcome(task(), record, figures))

    assert "MWh of wanted heat were delivered" in text
    assert "PI on the metered heat alone" in text
    assert text.count("<svg") == 6
    assert not any(word in text for word in ("<script", "src=", "<link", "@import", "url(http"))


def test_the_verb_writes_what_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "plant.toml"
    path.write_text(plant_with(), encoding="utf-8")
    wanted = tmp_path / "out.json"
    short = ("--days", "0.01", "--json", str(wanted), "--csv", str(tmp_path / "out.csv"))
    result = CliRunner().invoke(app, ["simulate", str(path), *short, "--warm-up", "120"])

    assert result.exit_code == 0, result.output
    assert "heat that was delivered" in result.output
    told = json.loads(wanted.read_text(encoding="utf-8"))
    assert told["figures"]["hearth"]["trips"]["value"] == 0.0
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()) == 3


@pytest.mark.campaign
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("kind", ["no tank", "full", "sole source"])
def test_pieces_with_their_warm_up_agree_with_a_run_in_one(kind: str) -> None:
    """Heat within half a per cent and tracking within 0.5 % of the demand of one another."""
    whole = task(kind, days=0.5, warm_up_s=3_600)
    one, pieces = simulate(whole), simulate_in_pieces(whole, 2)

    assert len(pieces.rows) == len(one.rows)
    assert figure(pieces, "delivered_mwh") == pytest.approx(figure(one, "delivered_mwh"), rel=0.005)
    demand_kw = float(one.column("demand_kw").mean())
    assert figure(pieces, "track_rmse_kw") == pytest.approx(
        figure(one, "track_rmse_kw"), abs=0.005 * demand_kw
    )


def test_forecasts_of_the_weather_reach_the_plant() -> None:
    simulation = Simulation(task(forecast_error_k=1.0))
    for _ in range(400):
        decision = simulation.second()

    assert decision.derived["plant.weather_forecast_h"] == pytest.approx(23.97, abs=0.01)


def why(record: Record, name: str, kind: str = "no tank") -> str:
    plant = task(kind).plant
    found = judged(task(kind), record)
    return because(next(one for one in found if one.name == name), record, plant)


def test_an_aim_that_was_missed_says_which_limit_held_meanwhile() -> None:
    short = flat(4, demand_kw=200.0, delivered_kw=np.repeat([200.0, 200.0, 140.0, 200.0], 12))
    short.limits[24:36] = ["coolant too warm"] * 12
    short.limits[:6] = ["site power"] * 6

    assert why(short, "hourly_worst_pct").startswith("coolant too warm held for 1.0 h of it")


def test_a_demand_beyond_the_plant_and_a_step_too_large_are_named() -> None:
    most_kw = task().plant.heat.max_heat_kw
    beyond = flat(2, demand_kw=1.2 * most_kw, delivered_kw=most_kw)
    tiny = flat(2, demand_kw=20.0, delivered_kw=24.0)

    assert why(beyond, "track_rmse_kw").startswith("more was wanted than heat.max_heat_kw")
    assert "half of the smallest step is 4.2 kW" in why(tiny, "hourly_mean_pct")


def test_what_held_the_water_back_is_named_where_no_power_was_limited() -> None:
    short = flat(2, demand_kw=200.0, delivered_kw=180.0)
    short.held_back[:12] = ["network-pump at full speed"] * 12

    told = why(short, "hourly_worst_pct")

    assert told.startswith("network-pump at full speed held for 1.0 h of it")


def test_nothing_is_blamed_without_a_limit() -> None:
    off = flat(2, demand_kw=200.0, delivered_kw=180.0)

    assert why(off, "hourly_mean_pct").startswith("no limit was in force")


def test_a_missed_aim_stands_with_its_reason_in_table_page_and_json() -> None:
    off = flat(2, demand_kw=200.0, delivered_kw=180.0, utc_s=300.0 * np.arange(24))
    outcome = Outcome(task(), off, {"hearth": judged(task(), off)})

    assert any("no limit was in force" in line for line in table(outcome))
    assert "no limit was in force" in page(outcome)
    assert "no limit" in json.loads(as_json(outcome))["missed"]["hourly_mean_pct"]


def test_a_sole_source_says_how_much_of_it_consumers_felt() -> None:
    off = flat(2, demand_kw=200.0, delivered_kw=180.0, missed_kw=2.0)

    said = why(off, "hourly_mean_pct", "sole source")

    assert said.startswith("consumers missed 1.00 %: the rest was taken or given by the water")


def test_units_whose_modes_are_listed_take_them() -> None:
    modes = [
        {"name": "eco", "power_kw": 5.2, "hashrate_ths": 310.0},
        {"name": "normal", "power_kw": 8.4, "hashrate_ths": 460.0},
    ]
    file = small_plant(devices=ALL_METERS, miners={"modes": modes})

    world = Simulation(task(plant=file)).plant.world

    assert world.description.model.personality == "modes_live"
