"""What a booster adds: heat that need not come from the miners, and warmth beyond theirs."""

from controller.control.heat import own_supply_c, supply_setpoint_c
from controller.control.settings import Settings
from controller.control.state import PlantState
from controller.control.water import KW_PER_LPM_K
from controller.image.process_image import Snapshot


def lifted_kw(snapshot: Snapshot, state: PlantState, settings: Settings) -> float:
    """Heat of the booster, in kW, as far as the exchangers' water has to be lifted.

    Behind a separator a booster may also stand in for water that the exchangers do not send: what
    it gives for that would, taken off the fleet, stay missing for ever.
    """
    boosted_kw = snapshot.number("booster.power_kw") or 0.0
    made_c = snapshot.number("district.supply_temperature_c")
    taken_lpm = snapshot.number("network.flow_lpm")
    if not settings.separated or made_c is None or taken_lpm is None:
        return boosted_kw
    missing_k = max(supply_setpoint_c(state.heat, settings) - made_c, 0.0)
    return min(boosted_kw, taken_lpm * KW_PER_LPM_K * missing_k)


def reachable_c(
    snapshot: Snapshot, state: PlantState, flow_lpm: float, settings: Settings
) -> float:
    """How warm the network's supply can be made at this flow: by miners, as relieved, and booster.

    Up to the supply's own set-point.
    """
    wanted_c, own_c = supply_setpoint_c(state.heat, settings), own_supply_c(state.heat, settings)
    made_c = snapshot.number("district.supply_temperature_c")
    if state.cooling.relief_k > 0.0 and made_c is not None:
        own_c = min(own_c, made_c)
    if settings.booster is None or flow_lpm <= 0.0:
        return min(wanted_c, own_c)
    return min(wanted_c, own_c + settings.booster.rated_kw / (flow_lpm * KW_PER_LPM_K))
