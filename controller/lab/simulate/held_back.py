"""What kept heat or supply from being as wanted while no limit of power was in force.

Pumps at their end, water that is not warm enough, and miners that wake, or may not sleep yet.
"""

from collections.abc import Mapping

from controller.control.decision import Decision

Truth = Mapping[str, float | int | bool]

FULL_PCT = 99.0
EMPTY_PCT = 2.0
OFF_SHARE, COLD_K = 0.02, 1.0
# Without a temperature difference no exchanger passes heat on.
APPROACH_K = 1.0
UNITS = 2.0
BOOSTER_FULL = "a booster at full power"
AT_LIMIT = "miners' water as warm as the limits of inlet and outlet allow"


def held_back(truth: Truth, decision: Decision, demand_kw: float) -> str:
    """What held it back just now, in words; empty where nothing did."""
    off_kw = float(truth["heat_sold_kw"]) - demand_kw
    short = off_kw < -OFF_SHARE * demand_kw
    wanted_c = decision.derived.get("district.supply_setpoint_c")
    below_k = wanted_c - float(truth["network_supply_c"]) if isinstance(wanted_c, float) else 0.0
    cold = below_k > COLD_K and demand_kw > 0.0
    if short or cold:
        water = _water(truth, decision, cold=cold, short=short)
        if water:
            return water
    return _miners(truth, decision) if abs(off_kw) > OFF_SHARE * demand_kw else ""


def _water(truth: Truth, decision: Decision, *, cold: bool, short: bool) -> str:
    rejected_kw, electric_kw = float(truth["heat_rejected_kw"]), float(truth["electric_kw"])
    if rejected_kw > OFF_SHARE * electric_kw:
        return "heat rejected, as the miners' inlet was at its limit (cold_header_setpoint_c),"
    pump = "network-pump" if "network-pump.speed_pct" in decision.outputs else "district-pump"
    if short and _percent(decision, f"{pump}.speed_pct") >= FULL_PCT:
        return f"{pump} at full speed"
    if not cold:
        tank = decision.derived.get("tank.charge_pct") is not None
        return "an empty tank" if tank and truth["tank_charge_pct"] < EMPTY_PCT else ""
    return _warmth(truth, decision)


def _warmth(truth: Truth, decision: Decision) -> str:
    """Why the supply is cold although pumps and tank could give more."""
    if _percent(decision, "booster.power_pct") >= FULL_PCT:
        return BOOSTER_FULL
    if decision.state.cooling.relief_k > 0.0:
        return AT_LIMIT
    setpoint_c = decision.derived["district.supply_setpoint_c"]
    reached_c = float(truth["primary_hot_c"]) - APPROACH_K
    booster = "booster.power_pct" in decision.outputs
    if isinstance(setpoint_c, float) and reached_c < setpoint_c and not booster:
        return "miners' water that was not warm enough for the supply"
    return ""


def _miners(truth: Truth, decision: Decision) -> str:
    """Whether power is on its way, or may not go yet."""
    if decision.trace is None or not truth["running_units"]:
        return ""
    off_kw = float(truth["electric_kw"]) - decision.trace.power_kw
    step_kw = UNITS * float(truth["electric_kw"]) / truth["running_units"]
    if off_kw < -step_kw:
        return "miners that were waking (minutes) or still had to sleep (miners.min_off_s)"
    if off_kw > step_kw:
        return "miners that had to run on (miners.min_on_s, miners.sleeps_per_day)"
    return ""


def _percent(decision: Decision, name: str) -> float:
    value = decision.outputs.get(name)
    return float(value) if isinstance(value, int | float) else 0.0
