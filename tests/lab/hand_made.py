"""Mirrors and reports made by hand: any tags, ten units in two containers."""

from collections.abc import Mapping

import numpy as np

from controller.image.tag import Quality
from controller.link.messages import (
    PROTOCOL,
    ColumnInfo,
    EventInfo,
    Hello,
    Kind,
    Report,
    TagInfo,
    TagValue,
    UnitInfo,
)
from controller.link.mirror import Mirror

Value = float | bool | str | None

NOW_UTC_S = 1_767_225_600.0

HEALTHY: dict[str, Value] = {
    "plant.mode": "running",
    "plant.tripped": False,
    "plant.trips": "",
    "plant.first_out": "",
    "plant.limited_by": "none",
    "plant.heat_target_kw": 3_000.0,
    "plant.heat_target_source": "weather curve",
    "plant.heat_request_expires_s": None,
    "plant.heat_delivered_kw": 2_950.0,
    "plant.power_target_kw": 3_158.0,
    "plant.power_ceiling_kw": 7_728.0,
    "plant.electric_power_kw": 3_175.0,
    "plant.hashrate_ths": 172_948.0,
    "plant.hottest_outlet_c": 79.8,
    "plant.units_good": 10.0,
    "plant.units_running": 5.0,
    "plant.units_starting": 1.0,
    "plant.units_asleep": 3.0,
    "plant.heat_accepted_kw": 3_000.0,
    "plant.heat_sold_kw": 2_900.0,
    "plant.supply_temperature_c": 68.04,
    "plant.order": "run",
    "plant.missing": "",
    "plant.pumps_failed": "",
    "plant.by_hand": "",
    "plant.reach": "automatic",
    "plant.authority": "ours",
    "plant.limits": "site power limit 8000 kW; primary pump capacity 9200 kW",
    "plant.store_kw": 0.0,
    "contract.source": "none",
    "contract.heat_kw": None,
    "contract.short": False,
    "contract.shortfall_kw": 0.0,
    "contract.shortfall_reason": "none",
    "contract.contracted_today_kwh": 0.0,
    "contract.shortfall_today_kwh": 0.0,
    "contract.uncertain_today_s": 0.0,
    "district.supply_temperature_c": 70.5,
    "district.supply_setpoint_c": 67.1,
    "district.return_temperature_c": 45.0,
    "district.flow_lpm": 1_660.0,
    "primary.flow_lpm": 4_963.0,
    "primary.flow_setpoint_lpm": 5_000.0,
    "primary.hot_temperature_c": 72.3,
    "primary.cold_temperature_c": 61.5,
    "value.hash_eur_h": 288.0,
    "value.heat_eur_h": 105.0,
    "value.power_eur_h": 143.0,
    "container-01.state": "open",
    "container-01.power_kw": 42.0,
    "container-01.flow_proven": True,
    "container-01.contactor_closed": True,
    "container-02.state": "tripped",
    "container-02.power_kw": 0.2,
    "container-02.flow_proven": False,
    "container-02.contactor_closed": False,
    "loop.scans": 60.0,
    "loop.skipped": 1.0,
    "loop.lateness_p50_ms": 0.2,
    "loop.lateness_p99_ms": 1.4,
    "loop.lateness_max_ms": 8.0,
    "poll.polls": 11_040.0,
    "poll.failures": 3.0,
    "commands.sent": 80.0,
    "commands.verified": 79.0,
    "commands.failed": 1.0,
    "commands.dropped": 0.0,
    "commands.left": "",
}
"""A plant of miners, one exchanger without a valve and the network, as it tells itself."""

PUMP_1: dict[str, Value] = {
    "pump-1.running": True,
    "pump-1.run": True,
    "pump-1.speed_pct": 60.0,
    "pump-1.speed_feedback_pct": 59.6,
    "pump-1.control": "automatic",
}
EXCHANGER_1: dict[str, Value] = {"exchanger-1.control": "automatic"}
TANK: dict[str, Value] = {
    "network-pump.control": "automatic",
    "network-pump.running": True,
    "network-pump.run": True,
    "network-pump.speed_pct": 42.0,
    "mixing-valve.control": "automatic",
    "mixing-valve.position_pct": 12.0,
    "network.flow_lpm": 2_560.0,
    "network.return_temperature_c": 44.0,
    "tank.layer_1_temperature_c": 71.0,
    "tank.layer_2_temperature_c": 52.0,
    "tank.layer_3_temperature_c": 45.0,
    "tank.charge_pct": 37.0,
    "tank.charge_kwh": 2_614.0,
}
BOOSTER: dict[str, Value] = {
    "booster.control": "automatic",
    "booster.running": True,
    "booster.power_kw": 640.0,
    "booster.power_pct": 43.0,
}
COOLER: dict[str, Value] = {
    "dry-cooler.control": "automatic",
    "dry-cooler.fan_pct": 30.0,
    "three-way-valve.position_pct": 44.0,
}

# Container 1: five running. Container 2: one starting, three asleep, one unheard of.
STATES = (1, 1, 1, 1, 1, 2, 4, 4, 4, 0)


def make_hello(values: Mapping[str, Value], containers: int = 2) -> Hello:
    """The tags of these values, and five units a container."""
    return Hello(
        protocol=PROTOCOL,
        tags_hash="made by hand",
        plant="Testby",
        tags=tuple(TagInfo(name, _kind(value), "", name) for name, value in values.items()),
        units=tuple(
            UnitInfo(f"c{container:02}-{unit:03}", container)
            for container in range(1, containers + 1)
            for unit in range(1, 6)
        ),
        columns=(ColumnInfo("state", "i1", "", "what it does"),),
    )


def make_report(
    values: Mapping[str, Value],
    *,
    utc_s: float = NOW_UTC_S,
    containers: int = 2,
    uncertain: tuple[str, ...] = (),
    events: tuple[EventInfo, ...] = (),
) -> Report:
    """A full report of these values; None is bad."""
    qualities = {
        name: Quality.BAD if value is None else Quality.GOOD for name, value in values.items()
    } | dict.fromkeys(uncertain, Quality.UNCERTAIN)
    return Report(
        cycle=1,
        full=True,
        utc_s=utc_s,
        values=tuple(
            TagValue(place, value, int(qualities[name]), utc_s)
            for place, (name, value) in enumerate(values.items())
        ),
        fleet={"state": np.resize(np.array(STATES, np.int8), 5 * containers).tobytes()},
        fleet_seen_utc_s=b"",
        events=events,
    )


def make_mirror(
    changes: Mapping[str, Value] | None = None,
    *,
    containers: int = 2,
    uncertain: tuple[str, ...] = (),
) -> Mirror:
    """A healthy plant's mirror, with these tags changed."""
    values = HEALTHY | dict(changes or {})
    mirror = Mirror(make_hello(values, containers))
    mirror.apply(make_report(values, containers=containers, uncertain=uncertain))
    return mirror


def _kind(value: Value) -> Kind:
    if isinstance(value, bool):
        return "flag"
    return "text" if isinstance(value, str) else "number"
