"""The district side of the exchangers: the pump that holds the temperature of what is delivered.

Electric power leads the pump, because heat follows power. While the primary water is being warmed,
nothing of its heat is given away.
"""

import math

from controller.control.dew_point import dry_share
from controller.control.heat import attainable_c, supply_setpoint_c
from controller.control.loops.drive import Aim, Driver, follow
from controller.control.loops.schedule import gain_share
from controller.control.loops.state import LoopState
from controller.control.loops.table import loops
from controller.control.relief import relief_found, relieve
from controller.control.settings import Settings
from controller.control.state import CoolingState, PlantState
from controller.control.water import KW_PER_LPM_K
from controller.image.evolve import replace
from controller.image.process_image import Snapshot

HEAT_FILTER_S = 30.0
DISTRICT_LOST_AFTER_S = 5.0
DISTRICT_LOST_SHARE = 0.02
# A separator is charged a little warmer than the network wants; a booster lifts what exchangers
# cannot give: an approach of 3 K and one for the sensors.
CHARGE_ABOVE_K = 1.0
CHARGE_BELOW_HOT_K = 3.0
# The district pump turns while hot water is so much warmer than the return, and begins from more.
CARRIES_K, BEGINS_K = 1.0, 3.0
WARM_BAND_K = 10.0
SUPPLY_ERROR_K = 6.0
# The less water carries the heat, the more a percent of speed changes its temperature: the trim's
# gains are for this speed.
GAINS_AT_PCT = 40.0


def drive_district(
    snapshot: Snapshot, plant: PlantState, state: CoolingState, driver: Driver, settings: Settings
) -> tuple[CoolingState, float]:
    """The speed of the district pump, in %."""
    heat_kw = plant.heat.recovery * snapshot.fleet.electric_power_kw
    share = 1.0 - math.exp(-driver.dt_s / HEAT_FILTER_S)
    filtered_kw = state.heat_filtered_kw + share * (heat_kw - state.heat_filtered_kw)
    state = replace(state, heat_filtered_kw=filtered_kw)
    wanted_c = wanted_setpoint_c(snapshot, plant, settings)
    needed_c = supply_setpoint_c(plant.heat, settings)
    relief_k, integral_k = relieve(
        snapshot, state.relief_k, wanted_c, needed_c, driver.dt_s, settings
    )
    if driver.mode("supply") == "cascade":
        # Nothing winds up while nobody listens.
        state = replace(state, relief_k=integral_k)
    supply, setpoint_c = driver.setpoint("supply", state.supply, wanted_c - relief_k)
    aim = _aim(snapshot, plant, state, setpoint_c, settings)
    supply, speed_pct = driver.drive("supply", supply, aim)
    dry = dry_share(snapshot, settings)
    if dry < 1.0 and supply.mode != "manual":
        # Near the dew point warmth stays with the miners, and the memory learns nothing of it.
        least_pct = settings.hydraulics.district_min_pct
        speed_pct = least_pct + dry * (speed_pct - least_pct)
        supply = replace(supply, pi=state.supply.pi, output=speed_pct)
    return replace(state, supply=supply), speed_pct


def take_over_district(
    snapshot: Snapshot, plant: PlantState, state: CoolingState, settings: Settings
) -> CoolingState:
    """The memory with which the first order is the one that the pump has already."""
    found_pct = snapshot.number("district-pump.speed_pct")
    if found_pct is None:
        return state
    wanted_c = wanted_setpoint_c(snapshot, plant, settings)
    needed_c = supply_setpoint_c(plant.heat, settings)
    integral_k = relief_found(snapshot, wanted_c, needed_c, settings)
    relief_k, _ = relieve(snapshot, integral_k, wanted_c, needed_c, 0.0, settings)
    aim = _aim(snapshot, plant, state, wanted_c - relief_k, settings)
    state = replace(state, relief_k=integral_k)
    return replace(state, supply=follow(loops(settings)["supply"], LoopState(), found_pct, aim))


def wanted_setpoint_c(snapshot: Snapshot, plant: PlantState, settings: Settings) -> float:
    """What the exchangers' district side shall be warmed to.

    The network's supply temperature or a tank's full one, and never more than the miners' water
    can give where a booster does the rest.
    """
    wanted_c = supply_setpoint_c(plant.heat, settings)
    if settings.separated:
        wanted_c += CHARGE_ABOVE_K
    if settings.tank is not None:
        wanted_c = max(wanted_c, _charging_c(snapshot, settings.tank.full_c))
    elif settings.separated:
        # Without a tank the miners' water is the store: it is drawn down only by what is taken.
        most_c = settings.hydraulics.outlet_setpoint_c - CHARGE_BELOW_HOT_K
        wanted_c = max(wanted_c, _charging_c(snapshot, most_c))
    if settings.booster is not None:
        wanted_c = min(wanted_c, attainable_c(settings))
    return wanted_c


def relieved(snapshot: Snapshot, plant: PlantState, settings: Settings) -> float:
    """By how many kelvin the exchangers were last asked for less than is wanted of them."""
    supply = plant.cooling.supply
    if supply.mode != "cascade" or supply.setpoint is None:
        return 0.0
    return max(wanted_setpoint_c(snapshot, plant, settings) - supply.setpoint, 0.0)


def _charging_c(snapshot: Snapshot, full_c: float) -> float:
    """How warm a tank is charged: full, but no warmer than the miners' water can without a jam.

    Sleepers in open containers cool the hot header; a pump that waits for more warmth than it has
    sends warm water back to the miners.
    """
    hot_c = snapshot.number("primary.hot_temperature_c")
    return full_c if hot_c is None else min(full_c, hot_c - CHARGE_BELOW_HOT_K)


def carries_heat(snapshot: Snapshot, least_c: float) -> bool:
    """Whether the primary water is warmer than what comes back from the district, and `least_c`.

    Water pumped past colder plates would take heat out of the network. What is not known is
    taken to be warm: heat must find its way out.
    """
    hot_c = snapshot.number("primary.hot_temperature_c")
    return_c = snapshot.number("district.return_temperature_c")
    if hot_c is None or return_c is None:
        return True
    return worth_pumping(snapshot, "district-pump", hot_c, max(return_c, least_c))


def worth_pumping(snapshot: Snapshot, pump: str, hot_c: float, than_c: float) -> bool:
    """Whether water is warmer than this by a margin, smaller for a pump that runs already."""
    running = snapshot.flag(f"{pump}.run") is True
    return hot_c > than_c + (CARRIES_K if running else BEGINS_K)


def watch_district(snapshot: Snapshot, state: CoolingState, settings: Settings) -> CoolingState:
    """Note since when the district side takes no water although its pump is told to run."""
    if snapshot.flag("district-pump.run") is False:
        return replace(state, district_lost_s=None)
    # The heat meter resolves small flows that the PLC rounds to nothing.
    metered_lpm = snapshot.number(f"{settings.heat_meter}.flow_lpm")
    flow_lpm = snapshot.number("district.flow_lpm") if metered_lpm is None else metered_lpm
    least_lpm = DISTRICT_LOST_SHARE * settings.hydraulics.district_flow_max_lpm
    if flow_lpm is not None and flow_lpm >= least_lpm:
        return replace(state, district_lost_s=None)
    since_s = snapshot.now_s if state.district_lost_s is None else state.district_lost_s
    return replace(state, district_lost_s=since_s)


def district_is_lost(state: CoolingState, now_s: float) -> bool:
    """Whether the district has taken no heat for too long to be a passing thing."""
    since_s = state.district_lost_s
    return since_s is not None and now_s - since_s >= DISTRICT_LOST_AFTER_S


def _carried_kw(plant: PlantState, state: CoolingState, settings: Settings) -> float:
    """The heat that leads the pump: what the fleet makes, or, without a tank, what is drawn.

    Consumers who take more than the fleet makes are served from the warmth of the miners' water.
    """
    drawn_kw = plant.network.demand_kw
    if settings.tank is not None or not settings.separated or drawn_kw is None:
        return state.heat_filtered_kw
    return drawn_kw


def _aim(
    snapshot: Snapshot,
    plant: PlantState,
    state: CoolingState,
    setpoint_c: float,
    settings: Settings,
) -> Aim:
    supply_c = snapshot.number("district.supply_temperature_c")
    lead_pct = _lead_pct(snapshot, plant, state, setpoint_c, settings)
    if supply_c is None:
        return Aim(setpoint_c, None, 0.0, lead_pct)
    # Standing water tells little of what will come: it may not outvote the feed-forward.
    error_k = min(max(supply_c - setpoint_c, -SUPPLY_ERROR_K), SUPPLY_ERROR_K)
    return Aim(setpoint_c, supply_c, error_k * _by_flow(lead_pct), lead_pct)


def _by_flow(lead_pct: float) -> float:
    """What an error of the supply temperature counts for at this flow (gain schedule).

    At a constant heat the temperature's rise is inverse to the flow, and a percent of speed
    moves it by rise / speed: a proportional share of the speed moves it the same at any load.
    """
    return gain_share(lead_pct / GAINS_AT_PCT)


def _lead_pct(
    snapshot: Snapshot,
    plant: PlantState,
    state: CoolingState,
    setpoint_c: float,
    settings: Settings,
) -> float:
    """Pump speed that carries the fleet's heat at the wanted temperature, once there is warmth."""
    # Without a tank a pump that is too fast warms its own return; the network's tells the truth.
    tankless = settings.tank is None and settings.separated
    equipment = "network" if tankless else "district"
    return_c = snapshot.number(f"{equipment}.return_temperature_c")
    if return_c is None:
        return_c = setpoint_c - 20.0
    rise_k = max(setpoint_c - return_c, 5.0)
    flow_lpm = _carried_kw(plant, state, settings) / (KW_PER_LPM_K * rise_k)
    # What a booster lifts, or nobody can, is not waited for.
    warmth = _warmth(snapshot, min(supply_setpoint_c(plant.heat, settings), setpoint_c))
    return warmth * 100.0 * flow_lpm / settings.hydraulics.district_flow_max_lpm


def _warmth(snapshot: Snapshot, supply_c: float) -> float:
    """How far the primary water can serve: 0 while it is being warmed, 1 when it is warm enough."""
    hot_c = snapshot.number("primary.hot_temperature_c")
    if hot_c is None:
        return 1.0
    return min(max((hot_c - supply_c) / WARM_BAND_K + 1.0, 0.0), 1.0)
