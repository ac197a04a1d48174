"""Days of a plant with all its wires, in memory: as without wires, and the same in every run."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from controller.__main__ import app
from controller.config.load import ConfigError
from controller.lab.simulate.outcome import Outcome, as_csv, as_json, judged
from controller.lab.simulate.record import Record
from controller.lab.simulate.run import Simulation, Task, simulate
from controller.lab.simulate.wired_plant import WiredPlant
from tests.config.broken_plant import plant_with
from tests.lab.test_simulate import figure, task

pytestmark = pytest.mark.timeout(240)
SHORT = {"days": 0.0075, "warm_up_s": 120}


def wired(**changes: object) -> Task:
    return task(wired=True, **{**SHORT, **changes})


@pytest.fixture(scope="module")
def record() -> Record:
    return simulate(wired())


def test_heat_is_as_without_wires(record: Record) -> None:
    bare = simulate(task(**SHORT))

    assert record.unsafe_unit_s == 0.0
    assert record.trips == []
    assert figure(record, "delivered_mwh") == pytest.approx(figure(bare, "delivered_mwh"), rel=0.02)


def test_two_wired_runs_with_one_seed_are_the_same_bytes(record: Record) -> None:
    again = simulate(wired())
    first, second = (
        as_json(Outcome(wired(), one, {"hearth": judged(wired(), one)})) + as_csv(one)
        for one in (record, again)
    )

    assert first == second


@pytest.mark.parametrize("kind", ["full", pytest.param("sole source", marks=pytest.mark.campaign)])
def test_every_kind_of_plant_runs_on_its_wires(kind: str) -> None:
    found = simulate(wired(kind=kind, days=0.004, warm_up_s=120))

    assert found.trips == []
    assert found.column("electric_kw").min() > 100.0


async def _fall(*_: object) -> None:
    raise OSError("the wire is gone")


def test_a_controller_that_dies_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    simulation = Simulation(wired(days=0.004, warm_up_s=30))
    assert isinstance(simulation.plant, WiredPlant)
    monkeypatch.setattr(simulation.plant._work.poller, "poll", _fall)  # noqa: SLF001 - dies in it

    with pytest.raises(ExceptionGroup, match="unhandled errors"):
        simulation.run(lambda _: None)


def test_others_have_no_wires() -> None:
    with pytest.raises(ConfigError, match="leave out --with-wire"):
        simulate(wired(how="on-off"))


@pytest.mark.real_sockets
def test_a_plant_at_other_addresses_than_loopback_is_played_too(tmp_path: Path) -> None:
    path, wanted = tmp_path / "plant.toml", tmp_path / "out.json"
    path.write_text(plant_with(), encoding="utf-8")
    short = ("--days", "0.01", "--warm-up", "30", "--json", str(wanted), "--with-wire")
    result = CliRunner().invoke(app, ["simulate", str(path), *short])

    assert result.exit_code == 0, result.output
    assert json.loads(wanted.read_text(encoding="utf-8"))["wired"] is True
