"""Limits in their order, and water enough for everyone."""

from collections import Counter
from collections.abc import Iterator

from controller.config.plant import PlantFile
from controller.config.rules.registry import ascending, rule
from controller.config.settings import unit_powers_kw
from controller.control.water import KW_PER_LPM_K, rise_k

WIDEST_SPREAD_K = 40.0
"""Supply less return of a network that is run well: 85 °C less 45 °C."""

Found = Iterator[tuple[str, str]]

ascending("HC301", "miners.inlet_max_c", "miners.outlet_warn_c")
ascending("HC302", "miners.outlet_warn_c", "miners.outlet_trip_c")
ascending("HC303", "miners.flow_trip_lpm", "miners.flow_floor_lpm")
ascending("HC304", "hydraulics.outlet_setpoint_c", "miners.outlet_warn_c")
ascending("HC305", "hydraulics.cold_header_setpoint_c", "miners.inlet_max_c")
ascending("HC306", "hydraulics.cold_header_reject_c", "hydraulics.cold_header_setpoint_c")
ascending("HC307", "hydraulics.cold_header_setpoint_c", "hydraulics.outlet_setpoint_c")
ascending(
    "HC318",
    "protection.suction_trip_kpa",
    "hydraulics.suction_start_kpa",
    "hydraulics.suction_fill_kpa",
)
ascending("HC319", "hydraulics.suction_fill_kpa", "protection.inlet_trip_kpa")
ascending("HC332", "protection.inlet_trip_kpa", "protection.head_trip_kpa")


@rule("HC308", "miners.standby_kw", "miners.rated_kw", "container")
def sleepers_draw_less(plant: PlantFile) -> Found:
    """Asleep less than awake."""
    least_kw = float(unit_powers_kw(plant).min())
    if plant.miners.standby_kw >= least_kw:
        yield "miners.standby_kw", f"{plant.miners.standby_kw:g} of {least_kw:g} kW rated"


@rule("HC322", "miners.standby_kw", "miners.rated_kw", "protection.obeyed_fraction", "container")
def sleepers_count_as_asleep(plant: PlantFile) -> Found:
    """A container that obeys draws less than what counts as disobedience."""
    least_kw = float(unit_powers_kw(plant).min())
    obeyed_kw = plant.protection.obeyed_fraction * least_kw
    if obeyed_kw < plant.miners.standby_kw < least_kw:
        told = f"{plant.miners.standby_kw:g} kW; up to {obeyed_kw:g} kW count as obeyed"
        yield "miners.standby_kw", told


@rule("HC309", "hydraulics.pump_min_pct", "hydraulics.pump_safe_pct")
def safe_speed_is_a_speed(plant: PlantFile) -> Found:
    """The safe state lies in the range of the pumps."""
    water = plant.hydraulics
    if water.pump_safe_pct < water.pump_min_pct:
        yield "hydraulics.pump_safe_pct", f"{water.pump_safe_pct:g} < {water.pump_min_pct:g}"


@rule("HC310", "hydraulics.primary_flow_max_lpm", "miners.flow_floor_lpm", "container")
def pumps_give_the_floor(plant: PlantFile) -> Found:
    """The duty pumps give each unit its least flow."""
    units = len(unit_powers_kw(plant))
    need_lpm, most_lpm = plant.miners.flow_floor_lpm * units, plant.hydraulics.primary_flow_max_lpm
    if most_lpm < need_lpm:
        yield (
            "hydraulics.primary_flow_max_lpm",
            f"{most_lpm:g} L/min; {units} units need {need_lpm:g}",
        )


@rule(
    "HC324",
    "hydraulics.primary_flow_max_lpm",
    "hydraulics.outlet_setpoint_c",
    "hydraulics.cold_header_setpoint_c",
    "miners.rated_kw",
    "container",
)
def full_power_is_carried_away(plant: PlantFile) -> Found:
    """At full flow all miners warm the water from inlet to outlet, and no further."""
    water = plant.hydraulics
    rated_kw = float(unit_powers_kw(plant).sum())
    warmed_k = rise_k(rated_kw, water.primary_flow_max_lpm)
    held_k = water.outlet_setpoint_c - water.cold_header_setpoint_c
    if 0.0 < held_k < warmed_k:
        most_lpm = water.primary_flow_max_lpm
        told = f"{most_lpm:g} L/min are warmed by {warmed_k:.1f} K, not {held_k:g}"
        yield "hydraulics.primary_flow_max_lpm", told


@rule(
    "HC311",
    "hydraulics.primary_flow_max_lpm",
    "hydraulics.pump_safe_pct",
    "miners.flow_trip_lpm",
    "container",
)
def safe_state_cools(plant: PlantFile) -> Found:
    """The safe state keeps every unit above the flow at which it is stopped."""
    water = plant.hydraulics
    need_lpm = plant.miners.flow_trip_lpm * len(unit_powers_kw(plant))
    # Flow of a pump is in proportion to its speed (affinity laws).
    gives_lpm = water.primary_flow_max_lpm * water.pump_safe_pct / 100.0
    if gives_lpm < need_lpm <= water.primary_flow_max_lpm:
        yield "hydraulics.pump_safe_pct", f"gives {gives_lpm:.0f} of {need_lpm:.0f} L/min"


@rule("HC325", "protection.suction_trip_kpa")
def suction_is_guarded(plant: PlantFile) -> Found:
    """No pressure is ever below zero."""
    if plant.protection.suction_trip_kpa == 0.0:
        yield "protection.suction_trip_kpa", "0 kPa"


@rule("HC312", "hydraulics.pumps", "hydraulics.pumps_duty")
def duty_pumps_are_there(plant: PlantFile) -> Found:
    """Not more on duty than installed."""
    duty, pumps = plant.hydraulics.pumps_duty, len(plant.hydraulics.pumps)
    if duty is not None and duty > pumps:
        yield "hydraulics.pumps_duty", f"{duty}, but there are only {pumps} pumps"


@rule("HC313", "hydraulics.pumps")
def pumps_are_different(plant: PlantFile) -> Found:
    """Each pump once."""
    for pump, count in Counter(plant.hydraulics.pumps).items():
        if count > 1:
            yield "hydraulics.pumps", f"{pump} stands there {count} times"


@rule("HC314", "tank")
def tank_band_is_a_band(plant: PlantFile) -> Found:
    """Low below high."""
    tank = plant.tank
    if tank is not None and not tank.low_pct < tank.high_pct:
        yield "tank.low_pct", f"{tank.low_pct:g} must be below tank.high_pct ({tank.high_pct:g})"


@rule("HC315", "tank", "hydraulics.outlet_setpoint_c")
def tank_can_be_full(plant: PlantFile) -> Found:
    """The miners' water is warmer than a full tank."""
    tank, outlet_c = plant.tank, plant.hydraulics.outlet_setpoint_c
    if tank is not None and tank.full_c >= outlet_c:
        yield "tank.full_c", f"{tank.full_c:g} °C; the miners' outlet is held at {outlet_c:g} °C"


@rule("HC316", "booster")
def boilers_are_honest(plant: PlantFile) -> Found:
    """Only a heat pump gives more than it draws."""
    booster = plant.booster
    if booster is not None and booster.kind == "electric_boiler" and booster.cop > 1.0:
        yield "booster.cop", f"{booster.cop:g} of an electric boiler"


@rule("HC323", "booster")
def heat_pumps_pump_heat(plant: PlantFile) -> Found:
    """A heat pump gives more than it draws."""
    booster = plant.booster
    if booster is not None and booster.kind == "heat_pump" and booster.cop <= 1.0:
        yield "booster.cop", f"{booster.cop:g} of a heat pump"


@rule("HC317", "network", "plant.network_role", "tank")
def network_pump_is_used(plant: PlantFile) -> Found:
    """No figures for a pump that is not there."""
    if not _separated(plant) and "network" in plant.model_fields_set:
        yield "network", 'network_role is "injector" and there is no [tank]'


@rule("HC320", "hydraulics.district_flow_max_lpm", "heat.max_heat_kw")
def district_carries_the_heat(plant: PlantFile) -> Found:
    """Heat is flow times temperature difference."""
    yield from _carries(
        plant, "hydraulics.district_flow_max_lpm", plant.hydraulics.district_flow_max_lpm
    )


@rule("HC321", "network", "plant.network_role", "tank", "heat.max_heat_kw")
def network_carries_the_heat(plant: PlantFile) -> Found:
    """Heat is flow times temperature difference."""
    if _separated(plant):
        yield from _carries(plant, "network.flow_max_lpm", plant.network.flow_max_lpm)


def _separated(plant: PlantFile) -> bool:
    return plant.tank is not None or plant.plant.network_role == "sole_source"


def _carries(plant: PlantFile, place: str, flow_lpm: float) -> Found:
    most_kw = flow_lpm * KW_PER_LPM_K * WIDEST_SPREAD_K
    if most_kw < plant.heat.max_heat_kw:
        yield place, f"carries {most_kw:.0f} kW; max_heat_kw is {plant.heat.max_heat_kw:g}"
