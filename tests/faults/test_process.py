"""The process and its sensors: rows 38 to 54, in closed loop over the wires."""

from pathlib import Path
from typing import Any

import pytest

from controller.control.decision import Wanted
from controller.control.request_table import HEAT
from controller.control.state import Request
from controller.image.tag import Quality
from tests.faults.wired_plant import WiredPlant, controlled

SHARE = 10 / 920
FULL: dict[str, Any] = {
    "hydraulics": {
        "primary_flow_max_lpm": 11_500.0 * SHARE,
        "district_flow_max_lpm": 4_200.0 * SHARE,
        "dry_cooler_kw": 4_000.0 * SHARE,
        "pumps": ["pump-1", "pump-2", "pump-3"],
        "pumps_duty": 2,
        "exchangers": 2,
    },
    "tank": {"volume_m3": 300.0 * SHARE},
}
HOT = "primary.hot_temperature_c"


def trips(plant: WiredPlant) -> list[str]:
    """The causes that are latched now."""
    assert plant.decision is not None
    return [one.cause for one in plant.decision.state.protection.trips]


def listed(plant: WiredPlant) -> str:
    """The alarms that an operator sees."""
    assert plant.decision is not None
    return str(plant.decision.derived.get("alarms.list", ""))


def asleep(plant: WiredPlant, units: slice = slice(None)) -> bool:
    """Whether all of these units are ordered to sleep."""
    assert plant.decision is not None
    return bool((plant.decision.units[units] == Wanted.SLEEP).all())


@pytest.mark.fault(38)
async def test_a_header_that_stands_still_is_seen_when_the_power_changes(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        plant.world.faults.set(HOT, "stuck")
        plant.ask("power_limit_kw", 17.0)

        await plant.until(lambda: "instruments.heat-balance" in listed(plant), 420.0)
        assert trips(plant) == []


@pytest.mark.fault(39)
@pytest.mark.parametrize("tag", ["district.supply_temperature_c", "primary.cold_temperature_c"])
async def test_noise_beyond_all_sense_is_bad_and_moves_no_pump_far(
    tmp_path: Path, tag: str
) -> None:
    async with controlled(tmp_path) as plant:
        before_pct = plant.world.plc.command_value("pump-1.speed_pct")
        plant.world.faults.set(tag, "garbage")

        await plant.until(lambda: plant.quality(tag) is Quality.BAD, 20.0)
        await plant.pass_time(60.0)
        assert abs(plant.world.plc.command_value("pump-1.speed_pct") - before_pct) < 5.0
        assert trips(plant) == []


@pytest.mark.fault(40)
async def test_a_sensor_that_is_five_kelvin_off_is_seen_by_the_heat(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        plant.world.faults.set(HOT, "wrong:+5")

        await plant.until(lambda: "instruments.heat-balance-high" in listed(plant), 300.0)
        assert trips(plant) == []


@pytest.mark.fault(41)
@pytest.mark.parametrize("verb", ["slow", "delayed", "intermittent"])
async def test_a_sensor_that_lags_or_is_there_at_times_makes_nothing_swing(
    tmp_path: Path, verb: str
) -> None:
    async with controlled(tmp_path) as plant:
        plant.world.faults.set("primary.cold_temperature_c", verb)
        speeds = []
        for _ in range(60):
            await plant.pass_time(2.0)
            speeds.append(float(plant.world.plc.command_value("pump-1.speed_pct")))

        assert max(speeds) - min(speeds) < 5.0
        assert trips(plant) == []


@pytest.mark.fault(42)
async def test_a_broken_wire_is_bad_at_once(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        plant.world.faults.set("district.supply_temperature_c", "off")

        await plant.until(
            lambda: plant.quality("district.supply_temperature_c") is Quality.BAD, 16.0
        )
        plant.world.faults.set(HOT, "off")
        await plant.until(lambda: plant.quality(HOT) is Quality.BAD, 4.0)
        await plant.until(lambda: asleep(plant), 5.0)


@pytest.mark.fault(45)
async def test_a_supply_that_gets_too_hot_is_told_throttled_then_tripped(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        limits = plant.settings.unit
        over_k = limits.outlet_warn_c + 1.5 - (plant.snapshot().number(HOT) or 0.0)
        plant.world.faults.set(HOT, f"wrong:+{over_k:.1f}")
        await plant.until(lambda: "primary.hot-header-high" in listed(plant), 40.0)
        assert plant.decision is not None
        assert plant.decision.state.heat.derate < 1.0
        assert trips(plant) == []

        plant.world.faults.set(HOT, f"wrong:+{over_k + 5.0:.1f}")
        await plant.until(lambda: trips(plant) == ["hot-header-over-temperature"], 3.0)
        await plant.until(lambda: asleep(plant), 1.0)


@pytest.mark.fault(46)
async def test_heat_without_flow_is_stopped_before_any_outlet_is_at_its_limit(
    tmp_path: Path,
) -> None:
    async with controlled(tmp_path) as plant:
        for pump in ("pump-1", "pump-2"):
            plant.world.faults.set(pump, "off")

        await plant.until(lambda: asleep(plant), 3.0)
        await plant.pass_time(30.0)
        assert plant.world.truth()["hottest_unit_outlet_c"] < plant.settings.unit.outlet_trip_c
        assert trips(plant) == ["primary-flow"]


@pytest.mark.fault(47)
async def test_a_pump_that_does_not_run_is_replaced(tmp_path: Path) -> None:
    async with controlled(tmp_path, **FULL) as plant:
        plant.world.faults.set("pump-1", "off")

        await plant.until(lambda: plant.snapshot().flag("pump-3.running") is True, 5.0)
        await plant.pass_time(60.0)
        assert trips(plant) == []
        assert "primary.pump-failed" in listed(plant)


@pytest.mark.fault(48)
@pytest.mark.parametrize("valve", ["three-way-valve", "mixing-valve"])
async def test_a_valve_that_does_not_follow_is_told(tmp_path: Path, valve: str) -> None:
    async with controlled(tmp_path, **FULL) as plant:
        plant.world.faults.set(valve, "stuck")
        plant.hold(f"{valve}.position_pct", 60.0)

        await plant.until(lambda: f"{valve}.does-not-follow" in listed(plant), 130.0)
        await plant.pass_time(120.0)
        assert trips(plant) == []


@pytest.mark.fault(49)
async def test_a_leak_cuts_off_and_isolates_its_container_alone(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        plant.world.faults.set("container-02.leak", "wet")

        await plant.until(lambda: asleep(plant, slice(5, 10)), 2.0)
        await plant.until(
            lambda: plant.world.plc.command_value("container-02.contactor_close") is False, 2.0
        )
        assert plant.world.plc.command_value("container-02.valve_open_command") is False
        assert plant.world.plc.command_value("container-01.contactor_close") is True
        await plant.pass_time(60.0)
        assert trips(plant) == ["leak"]


@pytest.mark.fault(50)
async def test_a_loop_that_loses_its_water_is_told_then_tripped(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        plant.world.faults.set("expansion", "leaking")
        limit_kpa = plant.settings.protection.suction_trip_kpa
        await plant.until(lambda: "primary.suction-low" in listed(plant), 600.0)
        await plant.until(
            lambda: (plant.snapshot().number("primary.suction_pressure_kpa") or 0.0) < limit_kpa,
            600.0,
        )

        await plant.until(lambda: trips(plant) == ["low-suction"], 2.0)
        await plant.until(lambda: not any(plant.world.plc.outputs.pump_run), 40.0)


@pytest.mark.fault(51)
async def test_heat_that_the_network_refuses_goes_to_the_dry_cooler(tmp_path: Path) -> None:
    async with controlled(tmp_path, **FULL) as plant:
        plant.world.faults.set("district-pump", "off")

        await plant.until(
            lambda: (plant.snapshot().number("three-way-valve.position_pct") or 0.0) > 50.0, 20.0
        )
        await plant.pass_time(300.0)
        assert plant.decision is not None
        assert plant.decision.derived["plant.power_ceiling_kw"] <= 4_000.0 * SHARE / 0.9
        assert trips(plant) == []


@pytest.mark.fault(52)
async def test_without_any_sink_of_heat_the_hash_is_off_in_time(tmp_path: Path) -> None:
    async with controlled(tmp_path, **FULL) as plant:
        for target in ("district-pump", "dry-cooler", "three-way-valve"):
            plant.world.faults.set(target, "off")

        await plant.until(lambda: float(plant.world.truth()["electric_kw"]) < 5.0, 900.0)
        assert plant.world.truth()["hottest_unit_outlet_c"] < plant.settings.unit.outlet_trip_c + 1


@pytest.mark.fault(53)
async def test_an_order_to_draw_less_is_obeyed_in_ten_seconds(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        assert float(plant.world.truth()["electric_kw"]) > 30.0
        plant.ask("grid_limit_kw", 20.0, role="grid")

        await plant.until(lambda: float(plant.world.truth()["electric_kw"]) <= 20.0, 10.0)


@pytest.mark.fault(54)
async def test_orders_that_come_no_more_give_way_to_the_weather_curve(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        until_s = plant.now_s + 15.0
        plant.cycle.ask(Request("w", "plan", "operator", HEAT, 55.0, "plan", until_s))
        await plant.until(lambda: _source(plant) == "plan", 3.0)

        await plant.until(lambda: _source(plant) == "weather curve", 20.0)
        await plant.pass_time(60.0)
        assert trips(plant) == []


def _source(plant: WiredPlant) -> object:
    assert plant.decision is not None
    return plant.decision.derived.get("plant.heat_target_source")


VOTED_TAG = "hot-header.voted_temperature_c"
CHANNELS = (HOT, "hot-header-b.temperature_c", "hot-header-c.temperature_c")
TRIPLE: dict[str, Any] = {
    "voted": [{"tag": VOTED_TAG, "channels": CHANNELS, "vote": "2oo3", "spread": 3.0}],
    "interlock": [
        {
            "cause": "hot-header-voted",
            "tag": VOTED_TAG,
            "detector": "high",
            "limit": 86.0,
            "deadband": 2.0,
            "delay_s": 3.0,
            "effects": ["stop_heat", "keep_flow"],
            "words": "hot header of three sensors",
            "unit": "°C",
            "why": "One sensor of three may fail without a stop.",
        }
    ],
}


@pytest.mark.fault(43)
async def test_one_of_three_sensors_that_is_lost_or_lies_stops_nothing_and_is_told(
    tmp_path: Path,
) -> None:
    async with controlled(tmp_path, **TRIPLE) as plant:
        for verb, words in (("off", "lost"), ("wrong:+40", "differ by more than 3")):
            plant.world.faults.set(CHANNELS[1], verb)
            await plant.until(lambda words=words: words in doubtful(plant), 2.0)
            await plant.pass_time(20.0)
            assert trips(plant) == []
            plant.world.faults.set(CHANNELS[1], "ok")
            await plant.until(lambda: doubtful(plant) == "", 40.0)


@pytest.mark.fault(44)
@pytest.mark.parametrize("verb", ["off", "wrong:+40"])
async def test_two_of_three_sensors_that_are_lost_or_hot_stop_the_plant(
    tmp_path: Path, verb: str
) -> None:
    async with controlled(tmp_path, **TRIPLE) as plant:
        for channel in CHANNELS[1:]:
            plant.world.faults.set(channel, verb)

        await plant.until(lambda: "hot-header-voted" in trips(plant), 8.0)
        assert asleep(plant)


def doubtful(plant: WiredPlant) -> str:
    """Voted tags of which a channel is lost or differs."""
    assert plant.decision is not None
    return str(plant.decision.derived["protection.doubtful"])
