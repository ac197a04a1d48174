"""What the scan is told of the devices: their watchdogs, and what none of them takes."""

from dataclasses import replace

import pytest

from controller.config.settings import scan_settings
from controller.control.settings import DeviceWatchdog
from controller.field.device_facts import known_devices
from controller.field.devices import build_field, may_write
from drivers.modbus.device import ModbusDevice
from drivers.modbus.life import Life, Watchdog
from drivers.modbus.profile import load_profile
from tests.control.small_plant import plant_file

PROFILE = load_profile("sim_cdu_plc")
FILE = plant_file()
SETTINGS = scan_settings(FILE)


def device(watchdog: Watchdog | None, *wanted: str) -> ModbusDevice:
    profile = replace(PROFILE, life=Life(watchdog=watchdog))
    return ModbusDevice("io", "h", 502, 1, profile, wanted=wanted)


def test_the_simulated_plc_has_the_watchdog_of_its_manual() -> None:
    settings = known_devices(SETTINGS, build_field(FILE, SETTINGS).devices)

    assert settings.watchdogs == (DeviceWatchdog("plc.fallback_after_s", 1.0, 60.0, 0.0),)
    assert settings.lacking == frozenset()


def test_the_plant_and_the_profile_both_limit_the_watchdog_of_a_device_that_is_ordered() -> None:
    watchdog = Watchdog("plc.controller_age_s", 2.0, 300.0, 65_535.0)

    ordered = known_devices(SETTINGS, [device(watchdog, "pump-1.run", "plc.controller_age_s")])
    watched = known_devices(SETTINGS, [device(watchdog, "plc.controller_age_s")])

    assert ordered.watchdogs[1:] == (DeviceWatchdog("plc.controller_age_s", 2.0, 60.0, 65_535.0),)
    assert len(watched.watchdogs) == 1, "what is only read cannot hold an order"


def test_outputs_that_no_device_takes_are_named() -> None:
    settings = known_devices(SETTINGS, [device(None, "pump-1.run", "pump-1.running")])

    assert "pump-1.run" not in settings.lacking
    assert {"make-up.valve_open_command", "pump-2.run", "pump-1.speed_pct"} <= settings.lacking


@pytest.mark.parametrize(
    ("core", "reached"),
    [
        ({"reach": "automatic"}, {"pump-1.run", "pump-2.run"}),
        ({"reach": "limited", "fence": ["pump-2"]}, {"pump-2.run"}),
        ({"reach": "dry-run"}, set()),
    ],
)
def test_the_list_of_a_device_reaches_as_far_as_the_program(
    core: dict[str, object], reached: set[str]
) -> None:
    file = plant_file(core={"state_dir": "run", **core})
    plc = build_field(file, scan_settings(file)).devices[0]

    listed = {one.name for one in plc.allowed.permits.values()}

    assert {name for name in listed if name.endswith(".run") and name[:5] == "pump-"} == reached
    assert may_write(file.core)("pump-1.run") is ("pump-1.run" in reached)
