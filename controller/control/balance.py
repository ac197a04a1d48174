"""Whether the heat that the water carries is the power that the miners draw.

The three instruments of the primary water are judged by the miners' own meters: one that is wrong,
or stands still while power changes, leaves a balance that does not close.
"""

from controller.control.water import KW_PER_LPM_K
from controller.image.process_image import Snapshot

LEAST_KW = 10.0
"""With less power the balance says nothing."""
TAGS = ("primary.flow_lpm", "primary.hot_temperature_c", "primary.cold_temperature_c")


def heat_balance_pct(snapshot: Snapshot) -> float | None:
    """Heat of the water less the power of the miners, in per cent of it; None where unknown."""
    flow_lpm, hot_c, cold_c = (snapshot.number(tag) for tag in TAGS)
    power_kw = snapshot.fleet.electric_power_kw
    if flow_lpm is None or hot_c is None or cold_c is None or power_kw < LEAST_KW:
        return None
    return 100.0 * (flow_lpm * KW_PER_LPM_K * (hot_c - cold_c) - power_kw) / power_kw
