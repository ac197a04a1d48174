"""Recovery: the share of electricity that the heat meter sees, learnt from a running balance.

Power, heat and the warmth of the water are smoothed alike, so that delays cancel out and what the
water keeps is accounted for: it is learnt in a ramp as well as at rest.
"""

import math

import numpy as np

from controller.control.fleet_state import Balance, HeatState
from controller.control.settings import Settings
from controller.control.water import LITRE_KJ_PER_K
from controller.image.evolve import replace
from controller.image.fleet import UnitState
from controller.image.process_image import Snapshot

BALANCE_S = 1_200.0
# Power of units that are not heard of is missing in the sum.
UNHEARD_SHARE = 0.01
LEAST_SHARE = 0.02
# Cold plates and water of one unit (reference: 8 to 20 kJ/K, 0.6 to 1 L of water).
UNIT_KJ_PER_K = 14.0


def learn_recovery(
    state: HeatState, snapshot: Snapshot, dt_s: float, settings: Settings, *, rejecting: bool
) -> HeatState:
    """Follow the share of electricity that reaches the heat meter, while nothing is rejected."""
    now = _now(snapshot, settings)
    if now is None or rejecting:
        return state if state.balance is None else replace(state, balance=None)
    if state.balance is None:
        return replace(state, balance=now)
    balance = _smoothed(state.balance, now, dt_s)
    state = replace(state, balance=balance)
    young = snapshot.now_s - balance.since_s < BALANCE_S
    if young or balance.power_kw < LEAST_SHARE * settings.total_kw:
        return state
    kept_kw = loop_kj_per_k(settings) * (now.water_c - balance.water_c) / BALANCE_S
    seen = (balance.heat_kw + kept_kw) / balance.power_kw
    seen = min(max(seen, settings.heat.recovery_low), settings.heat.recovery_high)
    step = -math.expm1(-dt_s / settings.heat.recovery_filter_s)
    return replace(state, recovery=state.recovery + step * (seen - state.recovery))


def loop_kj_per_k(settings: Settings) -> float:
    """What warms the primary water and the units' cold plates by one kelvin."""
    water_kj_per_k = 1_000.0 * settings.hydraulics.primary_volume_m3 * LITRE_KJ_PER_K
    return water_kj_per_k + UNIT_KJ_PER_K * len(settings.rated_kw)


def _now(snapshot: Snapshot, settings: Settings) -> Balance | None:
    hot_c = snapshot.good("primary.hot_temperature_c")
    cold_c = snapshot.good("primary.cold_temperature_c")
    heat_kw = snapshot.good(f"{settings.heat_meter}.power_kw")
    if hot_c is None or cold_c is None or heat_kw is None:
        return None
    unheard = np.count_nonzero(snapshot.fleet.state == UnitState.UNKNOWN)
    if unheard > UNHEARD_SHARE * len(settings.rated_kw):
        return None
    power_kw = snapshot.fleet.electric_power_kw
    return Balance(power_kw, heat_kw, 0.5 * (hot_c + cold_c), snapshot.now_s)


def _smoothed(before: Balance, now: Balance, dt_s: float) -> Balance:
    share = -math.expm1(-dt_s / BALANCE_S)
    return Balance(
        before.power_kw + share * (now.power_kw - before.power_kw),
        before.heat_kw + share * (now.heat_kw - before.heat_kw),
        before.water_c + share * (now.water_c - before.water_c),
        before.since_s,
    )
