"""The picture of the heat's way holds the stages that this plant has, and no other."""

import re
from collections.abc import Mapping

import pytest

from controller.lab.shown import NOTHING
from tests.lab.drawn import NARROW, WIDTH, row, shown
from tests.lab.hand_made import BOOSTER, COOLER, EXCHANGER_1, PUMP_1, TANK, Value

HEADER = {name: value for name, value in TANK.items() if not name.startswith("tank.")}


def path(text: str) -> list[str]:
    """The lines of the picture."""
    lines = text.splitlines()
    first = next(place for place, line in enumerate(lines) if "─ miners " in line)
    return lines[first : first + 6]


def stages(text: str) -> list[str]:
    return re.findall(r"─ (\S+)", path(text)[0])


@pytest.mark.parametrize("width", [WIDTH, NARROW])
@pytest.mark.parametrize(
    ("equipment", "names"),
    [
        ({}, ["miners", "exchangers", "network"]),
        (BOOSTER, ["miners", "exchangers", "booster", "network"]),
        (HEADER, ["miners", "exchangers", "header", "network"]),
        (TANK, ["miners", "exchangers", "tank", "network"]),
        (HEADER | BOOSTER, ["miners", "exchangers", "header", "booster", "network"]),
        (TANK | BOOSTER, ["miners", "exchangers", "tank", "booster", "network"]),
    ],
)
def test_only_the_stages_that_there_are_are_drawn(
    equipment: Mapping[str, Value], names: list[str], width: int
) -> None:
    text = shown(EXCHANGER_1 | equipment, width=width)

    assert [name.strip("─╮") for name in stages(text)] == names


def test_a_plant_without_tank_booster_and_cooler_speaks_of_none() -> None:
    text = shown(PUMP_1 | EXCHANGER_1 | {"tank.charge_pct": None, "tank.charge_kwh": None})

    assert not re.search(r"tank|kWh|booster|cooler|mixing|network-pump", text)


def test_each_stage_tells_its_figure() -> None:
    text = "\n".join(path(shown(TANK | BOOSTER | EXCHANGER_1 | COOLER)))

    for words in (
        *("3,175 kW", "5/10 run", "max 79.8 °C"),
        *("2,950 kW", "1 ●", "cooler 44 %"),
        *("37 %", "2,614 kWh", "71 ▸ 45 °C", "███"),
        *("640 kW", "runs", "set 43 %"),
        *("2,900 kW", "sold", "set 67.1 °C", "mixing 12 %"),
    ):
        assert words in text


def test_the_pipes_tell_their_flows_and_temperatures() -> None:
    _, out, _, flow, _, back = path(shown(TANK | EXCHANGER_1))[0:6]
    lines = path(shown(TANK | EXCHANGER_1))

    assert re.findall(r"[\d.]+ °C", lines[1])[:3] == ["72.3 °C", "70.5 °C", "68.0 °C"]
    assert re.findall(r"[\d,]+ L/min", flow) == ["4,963 L/min", "1,660 L/min", "2,560 L/min"]
    assert re.findall(r"[\d.]+ °C", back) == ["61.5 °C", "45.0 °C", "44.0 °C"]
    assert "72.3" in out


def test_a_low_loss_header_tells_what_is_made_and_what_is_taken() -> None:
    text = "\n".join(path(shown(HEADER | EXCHANGER_1)))

    assert "made" in text
    assert "taken" in text
    assert "█" not in text


def test_a_layer_that_is_not_known_is_marked_and_the_charge_a_dash() -> None:
    text = "\n".join(
        path(
            shown(
                TANK
                | {
                    "tank.layer_2_temperature_c": None,
                    "tank.charge_pct": None,
                    "tank.charge_kwh": None,
                }
            )
        )
    )

    assert "█?█" in text
    assert "37 %" not in text
    assert "2,614" not in text


@pytest.mark.parametrize(
    ("opened", "closed", "sign"),
    [(True, False, "●"), (False, True, "○"), (False, False, "◐"), (None, None, "?")],
)
def test_an_exchanger_is_open_shut_on_its_way_or_not_known(
    opened: Value, closed: Value, sign: str
) -> None:
    valve = {"exchanger-1.valve_open": opened, "exchanger-1.valve_closed": closed}

    assert f"1 {sign}" in "\n".join(path(shown(EXCHANGER_1 | valve)))


def test_an_exchanger_without_a_valve_is_open_while_core_is_heard() -> None:
    assert "1 ●" in "\n".join(path(shown(EXCHANGER_1)))
    assert "1 ?" in "\n".join(path(shown(EXCHANGER_1, later_s=30.0)))


@pytest.mark.parametrize(
    ("running", "ordered", "failed", "word"),
    [
        (True, True, "", "runs"),
        (True, False, "", "stops"),
        (False, True, "", "starts"),
        (False, True, "pump-1", "FAILED"),
        (False, False, "", "stand-by"),
        (None, True, "", NOTHING),
    ],
)
def test_a_pump_runs_waits_or_fails(running: Value, ordered: Value, failed: str, word: str) -> None:
    text = shown(
        PUMP_1 | {"pump-1.running": running, "pump-1.run": ordered, "plant.pumps_failed": failed}
    )

    assert row(text, "pump-1 ").partition("pump-1 ")[2].split()[0] == word


def test_a_pump_that_tells_no_speed_shows_the_ordered_one() -> None:
    silent = {name: value for name, value in PUMP_1.items() if "feedback" not in name}

    assert "60 %" in row(shown(PUMP_1), "pump-1 ")
    assert "60 %" in row(shown(silent), "pump-1 ")
    assert "%" not in row(shown(PUMP_1 | {"pump-1.speed_feedback_pct": None}), "pump-1 ")


def test_the_dry_cooler_rests_works_or_is_not_known() -> None:
    rests = COOLER | {"dry-cooler.fan_pct": 0.0, "three-way-valve.position_pct": 0.0}
    unknown = COOLER | {"three-way-valve.position_pct": None}

    assert "44 % of the flow, fan 30 %" in row(shown(COOLER), "dry cooler")
    assert "rests" in row(shown(rests), "dry cooler")
    assert NOTHING in row(shown(unknown), "dry cooler")
