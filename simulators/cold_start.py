"""A plant that has never run: all water at room temperature, nothing turns, no miner has mains."""

import numpy as np

from simulators.district import DistrictSide
from simulators.fleet import MinerFleet
from simulators.primary import PrimaryLoop

COLD_C = 20.0


def start_cold(fleet: MinerFleet, primary: PrimaryLoop, district: DistrictSide) -> None:
    """Bring every part to rest at 20 °C; the network's water comes when the pump turns."""
    fleet.feed(np.zeros(len(fleet.names), np.bool_))
    primary.hot.fill_all(COLD_C)
    primary.cold.fill_all(COLD_C)
    primary.cooler.outlet_c = COLD_C
    primary.exchangers.fill(COLD_C)
    primary.settle_flow()
    district.network.fill(COLD_C)
    district.fill(COLD_C, COLD_C)
    district.settle_inlet()
    fleet.settle(COLD_C, primary.container_lpm)
