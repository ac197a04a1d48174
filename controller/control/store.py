"""The store: what the fleet makes beyond what is wanted, so that the tank stays between its marks.

Without a tank a sole source has the miners' own water as a small one.
"""

from controller.control.forecast import short_kwh
from controller.control.heat import supply_setpoint_c
from controller.control.settings import Settings
from controller.control.state import NetworkState, PlantState
from controller.control.tank import charge_pct, full_charge_kwh
from controller.control.water import LITRE_KJ_PER_K
from controller.image.evolve import replace
from controller.image.process_image import Snapshot

# How strongly the fleet pulls the tank back: inside its marks, and outside, as shares of the most.
INSIDE_SHARE, OUTSIDE_SHARE, OUTSIDE_PCT = 0.04, 0.25, 15.0
# Without a tank the primary water is the store; a deviation of it is made up in this time.
RESTORE_S, RESTORE_INSIDE_S = 900.0, 1_200.0
# It is kept near its warm mark: heat falls in seconds, and rises in minutes.
AIM_SHARE = 0.8
RESTORE_SHARE = 0.15
HEADROOM_K = 4.0
AIM_EVERY_S = 60.0
# It stays so much below what the outlets are held at, and the inlet below where heat is rejected.
BELOW_OUTLET_K, BELOW_REJECT_K = 1.0, 2.0
SHORT_K = 1.0


def aim_tank(snapshot: Snapshot, plant: PlantState, settings: Settings) -> NetworkState:
    """Lead the tank to the middle between its marks, or as far above as coming hours need."""
    state = plant.network
    if settings.tank is None or snapshot.now_s - state.aimed_s < AIM_EVERY_S:
        return state
    middle_pct = 0.5 * (settings.tank.low_pct + settings.tank.high_pct)
    most_kw = min(settings.total_kw, settings.site_power_kw) * plant.heat.recovery
    missing_kwh = short_kwh(plant.forecast, snapshot.utc_s, most_kw)
    full_kwh = full_charge_kwh(snapshot, settings)
    more_pct = 0.0 if full_kwh is None else 100.0 * missing_kwh / full_kwh
    aim_pct = min(middle_pct + more_pct, settings.tank.high_pct)
    return replace(state, aim_pct=aim_pct, aimed_s=snapshot.now_s)


def store_kw(snapshot: Snapshot, state: PlantState, settings: Settings) -> float:
    """Heat that the fleet shall make beyond what is wanted, to bring the store to its marks."""
    most_kw = settings.heat.max_heat_kw
    if settings.tank is not None:
        charge = charge_pct(snapshot, settings)
        if charge is None:
            return 0.0
        low, high = settings.tank.low_pct, settings.tank.high_pct
        outside = max(low - charge, 0.0) - max(charge - high, 0.0)
        aim = 0.5 * (low + high) if state.network.aim_pct is None else state.network.aim_pct
        inside = (aim - charge) / 50.0
        share = OUTSIDE_SHARE * outside / OUTSIDE_PCT + INSIDE_SHARE * inside
        return most_kw * min(max(share, -1.0), OUTSIDE_SHARE)
    if settings.network.role != "sole_source":
        return 0.0
    hot_c = snapshot.number("primary.hot_temperature_c")
    if hot_c is None:
        return 0.0
    coldest_c = supply_setpoint_c(state.heat, settings) + HEADROOM_K
    low_c = min(coldest_c, settings.hydraulics.outlet_setpoint_c - BELOW_OUTLET_K)
    high_c = max(_warmest_c(hot_c, snapshot, settings), low_c)
    inside_k = low_c + AIM_SHARE * (high_c - low_c) - min(max(hot_c, low_c), high_c)
    outside_k = max(low_c - hot_c, 0.0) - max(hot_c - high_c, 0.0)
    kj_per_k = settings.hydraulics.primary_volume_m3 * 1_000.0 * LITRE_KJ_PER_K
    most_kw *= RESTORE_SHARE
    restoring_kw = kj_per_k * (inside_k / RESTORE_INSIDE_S + outside_k / RESTORE_S)
    # Nothing is saved while the network is short of warmth.
    least_kw = 0.0 if _is_short(snapshot, state, settings) else -most_kw
    return min(max(restoring_kw, least_kw), most_kw)


def _is_short(snapshot: Snapshot, state: PlantState, settings: Settings) -> bool:
    supply_c = snapshot.number("network.supply_temperature_c")
    wanted_c = supply_setpoint_c(state.heat, settings)
    return supply_c is not None and supply_c < wanted_c - SHORT_K


def _warmest_c(hot_c: float, snapshot: Snapshot, settings: Settings) -> float:
    """The warmest that the miners' water may be as a store, before it costs flow or is rejected."""
    hydraulics = settings.hydraulics
    warmest_c = hydraulics.outlet_setpoint_c - BELOW_OUTLET_K
    cold_c = snapshot.number("primary.cold_temperature_c")
    if cold_c is None:
        return warmest_c
    room_k = hydraulics.cold_header_setpoint_c - BELOW_REJECT_K - cold_c
    return min(warmest_c, hot_c + room_k)
