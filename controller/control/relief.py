"""Relief: water goes out less warm before heat is rejected or miners are slowed down.

A district pump that waits for more warmth than miners can give sends warm water back to them, until
the dry cooler throws away what the network wanted. So where the inlet nears its limit, or the
outlet goes beyond its set-point, the exchangers' set-point is led down (split range: exchanger
first, cooler second), by a proportional and an integral part.
"""

from controller.control.outlets import common_outlet_c
from controller.control.pi import PiState, PiTuning, pi_step, pi_track
from controller.control.settings import Settings
from controller.image.process_image import Snapshot

# Below the inlet's set-point, and beyond the outlet's by this part of the way to its warning.
FROM_BELOW_K, OUTLET_SHARE = 1.0, 0.5
# For each kelvin of that the district's rise becomes smaller, and its flow larger, by this part.
GAIN_SHARE, INTEGRAL_S = 0.03, 180.0
# Exchangers need a difference to carry heat at all.
LEAST_RISE_K = 10.0
# A plant that is found so near is taken to be relieved.
NEAR_K = 1.0
# From so much more water than the network takes to so much, heat becomes a surplus.
SURPLUS_FROM, SURPLUS_TO = 1.05, 1.25


def relieve(
    snapshot: Snapshot,
    integral_k: float,
    wanted_c: float,
    needed_c: float,
    dt_s: float,
    settings: Settings,
) -> tuple[float, float]:
    """How much less warm than wanted, in K, and the integral part to remember.

    What is wanted may lie above what the network needs: a surplus takes no more than that.
    """
    tuning = _tuning(snapshot, wanted_c, needed_c)
    excess_k = _excess_k(snapshot, settings)
    relief_k, memory = pi_step(PiState(integral_k), tuning, excess_k, 0.0, dt_s)
    return relief_k, memory.integral


def relief_found(snapshot: Snapshot, wanted_c: float, needed_c: float, settings: Settings) -> float:
    """The integral part with which a plant is taken over that is relieved already."""
    supply_c = snapshot.number("district.supply_temperature_c")
    excess_k = _excess_k(snapshot, settings)
    if supply_c is None or excess_k < -NEAR_K:
        return 0.0
    tuning = _tuning(snapshot, wanted_c, needed_c)
    relief_k = min(max(wanted_c - supply_c, 0.0), tuning.high)
    return pi_track(tuning, excess_k, 0.0, relief_k).integral


def _tuning(snapshot: Snapshot, wanted_c: float, needed_c: float) -> PiTuning:
    return_c = snapshot.number("district.return_temperature_c") or 0.0
    least_c = return_c + LEAST_RISE_K
    least_c += _surplus(snapshot) * max(needed_c - least_c, 0.0)
    gain = GAIN_SHARE * max(wanted_c - return_c, LEAST_RISE_K)
    return PiTuning(gain, INTEGRAL_S, 0.0, max(wanted_c - least_c, 0.0))


def _excess_k(snapshot: Snapshot, settings: Settings) -> float:
    """How far inlet or outlet is beyond where relief begins; negative while both are below."""
    hydraulics, unit = settings.hydraulics, settings.unit
    cold_c = snapshot.number("primary.cold_temperature_c")
    outlet_c = common_outlet_c(snapshot, settings)
    room_k = unit.outlet_warn_c - hydraulics.outlet_setpoint_c
    excesses = [
        None if cold_c is None else cold_c - (hydraulics.cold_header_setpoint_c - FROM_BELOW_K),
        None if outlet_c is None else outlet_c - (unit.outlet_warn_c - OUTLET_SHARE * room_k),
    ]
    return max((excess for excess in excesses if excess is not None), default=-LEAST_RISE_K)


def _surplus(snapshot: Snapshot) -> float:
    """How far heat is a surplus, from 0 to 1: more water is made than a separator's network takes.

    A network's warmth is not given up for it.
    """
    made_lpm = snapshot.number("district.flow_lpm")
    taken_lpm = snapshot.number("network.flow_lpm")
    if made_lpm is None or taken_lpm is None:
        return 0.0
    ratio = made_lpm / max(taken_lpm, 1.0)
    return min(max((ratio - SURPLUS_FROM) / (SURPLUS_TO - SURPLUS_FROM), 0.0), 1.0)
