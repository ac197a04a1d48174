"""A step test in a simulated plant, and one that was recorded."""

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from controller.__main__ import app
from controller.lab.step_test import read_record, step_test, told, write_record
from tests.scenarios.evening import ALL_METERS, small_plant


@pytest.mark.timeout(120)
def test_a_step_of_the_district_pump_cools_what_it_delivers(tmp_path: Path) -> None:
    record = step_test(small_plant(18, 2), "supply", 8.0)
    path = tmp_path / "step.csv"
    write_record(path, record)

    lines = told(record, "supply", None)

    assert lines[0].startswith("supply: -0.")
    assert lines[1].startswith("proposed: gain ")
    assert lines[-4].startswith("nothing has been changed")
    gains = tomllib.loads("\n".join(lines[-3:]))
    loops = small_plant(18, 2, **gains).loops
    assert loops.supply_gain == gains["loops"]["supply_gain"] > 0.0
    assert loops.supply_integral_s == gains["loops"]["supply_integral_s"]
    assert told(read_record(path), "supply", None) == lines


@pytest.mark.campaign
@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", ["outlet", "flow", "reject", "heat", "mixing", "booster"])
def test_every_other_loop_of_a_plant_can_be_tried(name: str) -> None:
    plant = small_plant(
        18,
        2,
        devices=ALL_METERS,
        boundary_meter="boundary-meter",
        tank={"volume_m3": 12.0},
        booster={"rated_kw": 60.0},
    )

    lines = told(step_test(plant, name), name, None)

    assert lines[1].startswith("proposed: gain ")


def test_a_recorded_step_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "step.csv"
    rows = [f"{at},{40 if at < 60 else 45},{70 if at < 80 else 72}" for at in range(0, 600, 5)]
    path.write_text("\n".join(["at_s,output_pct,value", *rows]), encoding="utf-8")

    result = CliRunner().invoke(app, ["tune", "pressure", "--from", str(path)])

    assert result.exit_code == 0
    assert "pressure: 0.402 per % of output" in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["tune", "supply"], "give a plant.toml"),
        (["tune", "supply", "--from", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_what_cannot_be_tuned_is_said(words: list[str], said: str) -> None:
    result = CliRunner().invoke(app, words)

    assert result.exit_code != 0
    assert said in result.output + str(result.stderr if result.stderr_bytes else "")


def test_a_loop_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="outlet, flow, supply, reject"):
        step_test(small_plant(18, 2), "pressure", 5.0)
