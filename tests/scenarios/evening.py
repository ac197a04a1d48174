"""A winter evening of a small plant, told in memory: the world, the scan, what they wrote down."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from controller.config.plant import PlantFile
from controller.config.settings import fleet_layout, scan_settings
from controller.control.settings import along
from controller.control.state import Request
from controller.field.alarm_facts import known_alarms
from controller.field.devices import build_field
from controller.lab.description import describe
from controller.lab.soft_plant import SoftPlant
from simulators.world import World

GOLDEN = Path(__file__).parent / "golden" / "winter_evening.txt"
MINUTES = 45
OUTDOOR = ((0.0, 2.0), (15.0, 0.0), (35.0, -6.0), (60.0, -9.0))
COLUMNS = (
    "plant.mode",
    "plant.heat_target_kw",
    "plant.heat_delivered_kw",
    "plant.electric_power_kw",
    "plant.units_running",
    "plant.units_wanted",
    "district.supply_setpoint_c",
    "plant.hottest_outlet_c",
    "primary.flow_setpoint_lpm",
    "plant.limited_by",
)


DEVICES = (
    ("cdu", "sim_cdu_plc", 502),
    ("heat-meter", "sim_heat_meter", 503),
    ("outdoor", "sim_outdoor_sensor", 504),
)
ALL_METERS = (
    *DEVICES,
    ("boundary-meter", "sim_heat_meter", 505),
    ("feeders", "sim_feeder_panel", 506),
)


def small_plant(
    units: int = 18,
    containers: int = 4,
    *,
    devices: tuple[tuple[str, str, int], ...] = DEVICES,
    **tables: Mapping[str, Any] | list[Mapping[str, Any]] | str,
) -> PlantFile:
    """Four containers of 18 units, with pumps to match and short dwell times.

    `tables` are more of plant.toml, on top of what a small plant needs.
    """
    share = units * containers / 920
    whole: dict[str, Any] = {
        "container": [
            {"units": units, "first_address": f"127.9.{n + 1}.1"} for n in range(containers)
        ],
        "device": [
            {"name": name, "profile": profile, "host": "127.9.0.1", "port": port}
            for name, profile, port in devices
        ],
        "miners": {"accepted": True, "min_off_s": 300.0},
        "hydraulics": {
            "primary_flow_max_lpm": 11_500.0 * share,
            "district_flow_max_lpm": 4_200.0 * share,
        },
        "network": {"flow_max_lpm": 4_200.0 * share},
        "heat": {
            "demand_curve": [[-20.0, 7_000.0 * share], [17.0, 900.0 * share]],
            "max_heat_kw": 7_340.0 * share,
            "outdoor_filter_s": 1_800.0,
        },
    }
    for name, table in tables.items():
        whole[name] = {**whole.get(name, {}), **table} if isinstance(table, Mapping) else table
    return PlantFile.model_validate(whole)


def soft_plant(
    file: PlantFile, seed: int = 7, *, start: Literal["warm", "cold"] = "warm"
) -> SoftPlant:
    """A world with its controller, joined in memory."""
    settings = scan_settings(file)
    field = build_field(file, settings)
    world = World(describe(file), seed, start=start)
    settings = known_alarms(file, settings, field)
    return SoftPlant(world, settings, fleet_layout(file), field.tags)


def tell() -> str:
    """The evening, one line every five minutes and one for each event."""
    file = small_plant()
    plant = soft_plant(file)
    lines = ["minute " + " ".join(COLUMNS)]
    told = 0
    for second in range(MINUTES * 60):
        plant.world.set_outdoor_c(along(OUTDOOR, second / 60.0))
        decision = plant.second(_happens(plant, second))
        lines += [f"{at_s / 60:6.2f} {e.source}: {e.text}" for at_s, e in plant.events[told:]]
        told = len(plant.events)
        if second % 300 == 299:
            shown = (_shown(decision.derived.get(name)) for name in COLUMNS)
            lines.append(f"{(second + 1) / 60:6.2f} " + " ".join(shown))
    return "\n".join(lines) + "\n"


def _happens(plant: SoftPlant, second: int) -> list[Request]:
    """An operator asks for more, a pump fails, then the other one; both are repaired and reset."""
    faults = plant.world.faults
    until_s = plant.world.now_s + 900.0
    match second:
        case 600:
            return [
                Request("r1", "opcua:anna", "operator", "heat_demand_kw", 420.0, "cold", until_s)
            ]
        case 1_200:
            faults.set("pump-1", "off")
        case 1_800:
            faults.set("pump-2", "off")
        case 1_900:
            return [
                Request("r2", "opcua:anna", "operator", "trip_reset", None, "too early", until_s)
            ]
        case 2_000:
            faults.clear()
        case 2_040:
            return [
                Request("r3", "opcua:anna", "operator", "trip_reset", None, "repaired", until_s)
            ]
    return []


def _shown(value: object) -> str:
    """A value rounded so far that it is the same on every processor."""
    if isinstance(value, float):
        return f"{value:.1f}"
    return "-" if value is None else str(value).replace(" ", "_")


if __name__ == "__main__":
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(tell(), encoding="utf-8")
