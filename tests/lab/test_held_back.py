"""What kept heat or supply from being as wanted is named, when no limit of power was in force."""

from dataclasses import replace
from typing import Any

import pytest

from controller.control.decision import Decision
from controller.lab.simulate.because import because
from controller.lab.simulate.held_back import AT_LIMIT, BOOSTER_FULL, held_back
from controller.lab.simulate.kpis import Kpi
from tests.lab.test_simulate import flat
from tests.scenarios.evening import ALL_METERS, small_plant, soft_plant
from tests.scenarios.test_scenarios import PLANTS

WANTED_C = 68.0
TRUTH = {
    "heat_sold_kw": 200.0,
    "heat_rejected_kw": 0.0,
    "electric_kw": 210.0,
    "running_units": 25,
    "network_supply_c": WANTED_C,
    "primary_hot_c": 78.0,
    "tank_charge_pct": 50.0,
}


@pytest.fixture(scope="module")
def decision() -> Decision:
    plant = soft_plant(small_plant(devices=ALL_METERS, **PLANTS["full"]))
    for _ in range(3):
        found = plant.second()
    assert found.trace is not None
    trace = replace(found.trace, power_kw=210.0)
    derived = {**found.derived, "district.supply_setpoint_c": WANTED_C}
    outputs = {**found.outputs, "booster.power_pct": 0.0, "network-pump.speed_pct": 50.0}
    return replace(found, trace=trace, derived=derived, outputs=outputs)


def with_outputs(decision: Decision, **outputs: float) -> Decision:
    named = {name.replace("__", ".").replace("_pump", "-pump"): v for name, v in outputs.items()}
    return replace(decision, outputs={**decision.outputs, **named})


@pytest.mark.parametrize(
    ("truth", "outputs", "told"),
    [
        ({}, {}, ""),
        ({"heat_sold_kw": 197.0}, {}, ""),
        ({"heat_sold_kw": 150.0, "heat_rejected_kw": 40.0}, {}, "heat rejected, as the miners'"),
        ({"heat_sold_kw": 150.0}, {"network_pump__speed_pct": 100.0}, "network-pump at full"),
        ({"heat_sold_kw": 150.0, "tank_charge_pct": 0.0}, {}, "an empty tank"),
        ({"network_supply_c": 64.0}, {"booster__power_pct": 100.0}, "a booster at full power"),
        ({"heat_sold_kw": 150.0, "electric_kw": 150.0}, {}, "miners that were waking"),
        ({"heat_sold_kw": 250.0, "electric_kw": 260.0}, {}, "miners that had to run on"),
        ({"heat_sold_kw": 250.0, "electric_kw": 0.1, "running_units": 0}, {}, ""),
    ],
)
def test_what_holds_back_is_named(
    decision: Decision, truth: dict[str, Any], outputs: dict[str, float], told: str
) -> None:
    found = held_back({**TRUTH, **truth}, with_outputs(decision, **outputs), 200.0)

    assert found.startswith(told)
    assert bool(found) == bool(told)


def test_water_that_is_too_cold_for_the_supply_is_named_where_nothing_lifts_it(
    decision: Decision,
) -> None:
    cold = {**TRUTH, "network_supply_c": 64.0, "primary_hot_c": 66.0}
    without = {k: v for k, v in decision.outputs.items() if not k.startswith("booster")}

    found = held_back(cold, replace(decision, outputs=without), 200.0)

    assert found == "miners' water that was not warm enough for the supply"


def test_water_at_its_limits_is_named(decision: Decision) -> None:
    cooling = replace(decision.state.cooling, relief_k=2.0)
    relieved = replace(decision, state=replace(decision.state, cooling=cooling))

    assert held_back({**TRUTH, "network_supply_c": 64.0}, relieved, 200.0) == AT_LIMIT


@pytest.mark.parametrize("reason", [AT_LIMIT, BOOSTER_FULL])
def test_a_cold_supply_is_told_by_the_water_and_not_by_installed_power(reason: str) -> None:
    record = flat(1, supply_c=70.0, setpoint_c=75.0)
    record.limits, record.held_back = ["installed units"] * 12, [reason] * 7 + [""] * 5
    missed = Kpi("supply_within_1k_pct", "", 0.0, "%", "", met=False)

    assert because(missed, record, small_plant()) == f"{reason} held for 0.6 h of it"
    record.held_back = [reason] * 3 + [""] * 9
    assert because(missed, record, small_plant()) == "installed units held for 1.0 h of it"
