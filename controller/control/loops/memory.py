"""Where the memory of each loop is."""

from collections.abc import Mapping

from controller.control.loops.state import LoopState
from controller.control.loops.table import loops
from controller.control.settings import Settings
from controller.control.state import PlantState


def loop_states(state: PlantState, settings: Settings) -> Mapping[str, LoopState]:
    """The memory of every loop that this plant has, by its name."""
    cooling, network = state.cooling, state.network
    every = {
        "outlet": cooling.outlet,
        "flow": cooling.flow,
        "supply": cooling.supply,
        "reject": cooling.reject,
        "heat": network.flow,
        "pressure": network.flow,
        "mixing": network.mixing,
        "booster": network.booster,
    }
    return {name: every[name] for name in loops(settings)}
