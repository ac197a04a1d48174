"""What moves each output while nobody holds it: its loop or its rule, and what that looks at."""

from collections.abc import Callable, Iterator

from controller.control.cooling import reject_setpoint_c
from controller.control.dew_point import DEW_POINT, dry_share
from controller.control.district import relieved
from controller.control.loops.table import supply_tag
from controller.control.pressure_room import holds_back
from controller.control.pumps import failed_pumps
from controller.control.settings import Settings, container_tag
from controller.control.state import PlantState
from controller.control.trace import Trace
from controller.control.why.words import measured, shown
from controller.image.process_image import Snapshot

WORTH_TELLING_K = 0.1

Sources = Iterator[str]
Rule = Callable[[str, Snapshot, PlantState, Trace, Settings], Sources]


def sources(
    tag: str, snapshot: Snapshot, state: PlantState, trace: Trace, settings: Settings
) -> Sources:
    """The rule of this output in words, and every measurement that it looks at."""
    equipment, _, point = tag.partition(".")
    yield from _rule(equipment, point, settings)(equipment, snapshot, state, trace, settings)


def _rule(equipment: str, point: str, settings: Settings) -> Rule:
    if equipment in settings.hydraulics.pumps:
        return _pump_runs if point == "run" else _pump_speed
    if equipment.startswith("container-"):
        return _feeder if point == "contactor_close" else _container_valve
    if equipment.startswith("exchanger-"):
        return _by_mode
    return _RULES.get(equipment, _by_mode)


def _pump_runs(
    pump: str, snapshot: Snapshot, state: PlantState, trace: Trace, settings: Settings
) -> Sources:
    duty, count = settings.hydraulics.pumps_duty, len(settings.hydraulics.pumps)
    yield f"{duty} of {count} primary pumps are on duty in mode {trace.mode}"
    failed = failed_pumps(snapshot, state.pumps, settings)
    if failed:
        yield f"ordered and not running: {', '.join(failed)}"
    yield measured(snapshot, f"{pump}.running")


def _pump_speed(
    _pump: str, snapshot: Snapshot, state: PlantState, trace: Trace, settings: Settings
) -> Sources:
    units = int(settings.units_in[state.dispatch.open_wanted].sum())
    yield (
        f"holds primary flow at {trace.flow_setpoint_lpm:,.0f} L/min: the least flow of"
        f" {units} units in open containers, more while the hottest outlet is above"
        f" {settings.hydraulics.outlet_setpoint_c:.1f} °C"
    )
    held_back = holds_back(snapshot, settings)
    if held_back is not None:
        yield f"becomes no faster: {measured(snapshot, held_back[0])}, its trip {held_back[1]:.0f}"
    yield measured(snapshot, "primary.flow_lpm")
    yield f"hottest running outlet = {shown(snapshot.fleet.hottest_running_outlet_c, '°C')}"


def _district_pump(
    _name: str, snapshot: Snapshot, state: PlantState, trace: Trace, settings: Settings
) -> Sources:
    yield (
        f"holds the exchangers' supply near {trace.supply_setpoint_c:.1f} °C for"
        f" {trace.target.kw:,.0f} kW of heat"
    )
    relieved_k = relieved(snapshot, state, settings)
    if relieved_k >= WORTH_TELLING_K:
        yield (
            f"gives {relieved_k:.1f} K less than is wanted: the miners' inlet or outlet is near"
            " its limit, and their heat shall go out"
        )
    if settings.separated and settings.tank is None:
        drawn = shown(state.network.demand_kw, "kW")
        yield f"follows what the network draws ({drawn}), out of the miners' water if need be"
    if dry_share(snapshot, settings) < 1.0:
        yield "is held back: the miners' inlet is near the dew point of the room"
        yield measured(snapshot, DEW_POINT)
        yield measured(snapshot, "primary.cold_temperature_c")
    yield measured(snapshot, "district.supply_temperature_c")
    yield measured(snapshot, "district.flow_lpm")
    yield measured(snapshot, "primary.hot_temperature_c")


def _network_pump(
    _name: str, snapshot: Snapshot, _state: PlantState, trace: Trace, settings: Settings
) -> Sources:
    if settings.network.role == "sole_source":
        wanted_kpa = settings.network.differential_pressure_kpa
        yield f"holds the consumers' differential pressure at {wanted_kpa:.0f} kPa"
        yield measured(snapshot, "network.differential_pressure_kpa")
        return
    yield f"sends {trace.target.kw:,.0f} kW of heat into the network"
    yield measured(snapshot, f"{settings.boundary_meter}.power_kw")
    yield measured(snapshot, "network.flow_lpm")


def _supply(
    _name: str, snapshot: Snapshot, _state: PlantState, trace: Trace, settings: Settings
) -> Sources:
    yield f"holds the network's supply at {trace.supply_setpoint_c:.1f} °C"
    yield measured(snapshot, supply_tag(settings))


def _rejection(
    _name: str, snapshot: Snapshot, state: PlantState, _trace: Trace, settings: Settings
) -> Sources:
    lost = state.cooling.district_lost_s is not None
    setpoint_c = reject_setpoint_c(snapshot, settings, lost=lost)
    because = ", while the district takes no water" if lost else ""
    yield f"rejects what keeps the cold header above {setpoint_c:.1f} °C{because}"
    yield measured(snapshot, "primary.cold_temperature_c")
    yield measured(snapshot, "primary.hot_temperature_c")


def _container_valve(
    container: str, snapshot: Snapshot, state: PlantState, _trace: Trace, _settings: Settings
) -> Sources:
    number = int(container.removeprefix("container-")) - 1
    opened = bool(state.dispatch.open_wanted[number])
    yield f"dispatch wants the container {'open: its units are needed' if opened else 'shut'}"
    yield measured(snapshot, container_tag(number, "valve_open"))
    yield measured(snapshot, container_tag(number, "flow_proven"))


def _feeder(
    container: str, snapshot: Snapshot, _state: PlantState, _trace: Trace, _settings: Settings
) -> Sources:
    yield "feeders stay closed; only protection and a plant at rest open them"
    yield measured(snapshot, f"{container}.contactor_closed")


def _by_mode(
    _name: str, _snapshot: Snapshot, state: PlantState, trace: Trace, _settings: Settings
) -> Sources:
    yield f"follows the mode: {trace.mode}, ordered {state.order or 'nothing'}"


_RULES: dict[str, Rule] = {
    "district-pump": _district_pump,
    "network-pump": _network_pump,
    "mixing-valve": _supply,
    "booster": _supply,
    "three-way-valve": _rejection,
    "dry-cooler": _rejection,
}
