"""The reference plant of 920 units in memory, judged from the world's true state."""

import numpy as np
import pytest

from controller.control.state import Request
from controller.lab.soft_plant import SoftPlant
from tests.scenarios.evening import small_plant, soft_plant

OUTLET_LIMIT_C = 85.0


@pytest.fixture
def plant() -> SoftPlant:
    file = small_plant(units=92, containers=10)
    return soft_plant(file)


def ask(plant: SoftPlant, name: str, value: float | None = None) -> Request:
    until_s = plant.world.now_s + 7_200.0
    return Request("r1", "opcua:anna", "operator", name, value, "test", until_s)


@pytest.mark.timeout(120)
def test_a_step_of_two_megawatts_is_met_within_ten_minutes_and_held(plant: SoftPlant) -> None:
    delivered_kw, hottest_c = [], []
    plant.second()
    plant.second([ask(plant, "heat_demand_kw", 5_000.0)])

    for second in range(1_200):
        plant.second()
        truth = plant.world.truth()
        hottest_c.append(truth["hottest_unit_outlet_c"])
        if second >= 600:
            delivered_kw.append(truth["heat_delivered_kw"])

    assert np.abs(np.array(delivered_kw) / 5_000.0 - 1.0).max() <= 0.03
    assert max(hottest_c) < OUTLET_LIMIT_C
    assert truth["unsafe_unit_seconds"] == 0.0
    assert not plant.state.protection.trips


def test_all_pumps_lost_puts_the_plant_to_sleep_before_any_unit_is_too_hot(
    plant: SoftPlant,
) -> None:
    plant.second()
    for pump in ("pump-1", "pump-2"):
        plant.world.faults.set(pump, "off")

    truths = [plant.world.truth() for _ in range(60) if plant.second()]

    assert truths[20]["electric_kw"] < 0.05 * truths[0]["electric_kw"]
    assert max(truth["hottest_unit_outlet_c"] for truth in truths) < OUTLET_LIMIT_C
    assert plant.decision is not None
    assert plant.decision.derived["plant.first_out"] == "primary-flow: no primary pump runs"


def test_deaf_miners_are_cut_off_by_their_contactors(plant: SoftPlant) -> None:
    plant.second()
    plant.world.faults.set("container-01", "deaf")
    for pump in ("pump-1", "pump-2"):
        plant.world.faults.set(pump, "off")

    for _ in range(20):
        plant.second()

    truth = plant.world.truth()
    assert truth["electric_kw"] < 0.05 * 7_728.0
    assert plant.world.plc.command_value("container-01.contactor_close") is False
    assert plant.world.plc.command_value("container-02.contactor_close") is True


def test_a_district_that_takes_nothing_sends_the_heat_to_the_dry_cooler(plant: SoftPlant) -> None:
    plant.second()
    plant.world.faults.set("district-pump", "off")

    hottest_c = [plant.world.truth()["hottest_unit_outlet_c"] for _ in range(900) if plant.second()]

    truth = plant.world.truth()
    assert max(hottest_c) < OUTLET_LIMIT_C
    assert truth["heat_rejected_kw"] > 0.5 * truth["heat_miners_kw"] > 0.0
    assert not plant.state.protection.trips


def test_units_that_were_started_by_hand_are_put_back_to_sleep(plant: SoftPlant) -> None:
    plant.second()
    sleepers = np.flatnonzero(plant.world.fleet.power_kw < 1.0)[:50]
    for unit in sleepers.tolist():
        plant.world.fleet.reboot(unit)

    for _ in range(300):
        plant.second()

    wanted = np.count_nonzero(plant.state.dispatch.wanted)
    running = plant.world.truth()["running_units"]
    assert running == pytest.approx(wanted, abs=2)


@pytest.mark.campaign
def test_a_plant_without_a_request_follows_the_weather() -> None:
    small = soft_plant(small_plant())
    small.world.set_outdoor_c(-8.0)

    for _ in range(1_800):
        small.second()

    assert small.decision is not None
    target_kw = small.decision.derived["plant.heat_target_kw"]
    assert target_kw > 300.0
    assert small.world.truth()["heat_delivered_kw"] == pytest.approx(target_kw, rel=0.08)
