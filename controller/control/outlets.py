"""The outlet that speaks for the water, and not for a miner of its own.

A clogged cold plate or a bad sensor makes one outlet warm: its miner has a trip of its own. The
whole plant yields only to what more than a few miners say.
"""

import numpy as np

from controller.control.settings import Settings
from controller.image.fleet import UnitState
from controller.image.process_image import Snapshot

FEW_SHARE = 0.02
"""Up to this share of the running miners may be warmer than what is told."""


def common_outlet_c(snapshot: Snapshot, settings: Settings) -> float | None:
    """The hottest outlet in °C, once a few are left out where it is beyond its set-point.

    None while nobody runs.
    """
    fleet = snapshot.fleet
    hottest_c = fleet.hottest_running_outlet_c
    if hottest_c is None or hottest_c <= settings.hydraulics.outlet_setpoint_c:
        return hottest_c
    outlet_c = fleet.outlet_c[fleet.state == UnitState.RUNNING]
    outlet_c = outlet_c[~np.isnan(outlet_c)]
    place = len(outlet_c) - 1 - int(FEW_SHARE * len(outlet_c))
    return float(np.partition(outlet_c, place)[place])
