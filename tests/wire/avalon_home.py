"""What a person reads in each captured telemetry reply of the Nano3, Nano3S and Q.

Written down from the texts by hand; nothing here is computed by the driver: each figure stands in
the reply. Powers in kW, rates in TH/s, temperatures in degC.
"""

from drivers.cgminer.reading import MinerState
from tests.wire.avalon_row import Row

_NANO3S = {
    "state": MinerState.RUNNING,
    "power_estimated": False,
    "inlet_c": None,  # ITemp[-273]
    "outlet_c": 58.0,
    "board_c": None,
    "soft_off": 0,
    "errors": 0,
    "work_mode": 2,
    "work_level": 0,
    "serial": "02010000dc04db98",
    "model": "Nano3s",
    "firmware": "25021401_56abae7",
    "pools": None,
}
_NANO3S_DETAILS = {
    "calibrated": True,
    "boot_reason": "0x01.00000000",
    "boards": 1,
    "chips": 12,
    "mode_goal_kw": 0.133,
    "mode_powers_kw": ((2, 0.133),),
    "board_errors": (0,),
    "control_errors": 0,
    "link_errors": (0,),
    "comm_errors": (0,),
    "hash_flags": None,
    "supply_flags": None,
    "pool_flags": None,
}
_Q = {
    "state": MinerState.ASLEEP,
    "power_kw": 0.146,
    "power_estimated": False,
    "hashrate_ths": 0.0,
    "theoretical_ths": 55.03279,
    "hash_errors_pct": 2.449,
    "inlet_c": 26.0,
    "outlet_c": 27.0,
    "chip_c": None,  # TMax[0] without power
    "board_c": 27.0,
    "soft_off": 4,
    "errors": 0,
    "work_mode": 0,
    "work_level": 0,
    "serial": "<DELETED>",
    "model": "Q",
    "firmware": "25052801_14a19a2",
    "pools": None,
}
_Q_DETAILS = {
    "calibrated": True,
    "boot_reason": "0x01.00000000",
    "boards": 1,
    "chips": 160,
    "mode_goal_kw": 0.8,
    "mode_powers_kw": ((0, 0.8),),
    "board_errors": (0,),
    "control_errors": 0,
    "link_errors": (0,),
    "comm_errors": (0,),
    "hash_flags": None,
    "supply_flags": None,
    "pool_flags": None,
}
HOME = (
    Row(
        "avalon-nano3-estats.txt",
        "estats",
        {
            "state": MinerState.RUNNING,
            "power_kw": 0.089,
            "power_estimated": True,
            "hashrate_ths": 2.63098,
            "average_ths": 2.47477,
            "theoretical_ths": 3.20356,
            "hash_errors_pct": 17.306,
            "inlet_c": 38.0,
            "outlet_c": 41.0,
            "chip_c": 87.0,
            "board_c": None,
            "elapsed_s": 512943.0,
            "soft_off": 0,
            "errors": 0,
            "work_mode": 1,
            "work_level": 1,
            "serial": "020100005581d5b5",
            "model": "nano3",
            "firmware": "24071801_42c628d",
            "clock_s": 1780323023.0,
            "pools": None,
        },
        {
            "calibrated": True,
            "boot_reason": None,
            "boards": None,
            "chips": 10,
            "mode_goal_kw": 0.09,
            "mode_powers_kw": ((0, 0.06), (1, 0.09), (2, 0.125)),
            "board_errors": (0,),
            "control_errors": 0,
            "link_errors": (0,),
            "comm_errors": None,
            "hash_flags": None,
            "supply_flags": None,
            "pool_flags": None,
        },
    ),
    Row(
        "avalon-nano3s-stats.json",
        "stats",
        _NANO3S
        | {
            "power_kw": 0.132,
            "hashrate_ths": 6.42303,
            "average_ths": 6.37255,
            "theoretical_ths": 6.5802,
            "hash_errors_pct": 2.13,
            "chip_c": 96.0,
            "elapsed_s": 15954.0,
            "clock_s": 1775395692.0,
        },
        _NANO3S_DETAILS,
    ),
    Row(
        "avalon-nano3s-joined.json",
        "summary+version+stats",
        _NANO3S
        | {
            "power_kw": 0.131,
            "hashrate_ths": 6.41828,
            "average_ths": 5.41221,
            "theoretical_ths": 6.57842,
            "hash_errors_pct": 2.145,
            "chip_c": 95.0,
            "elapsed_s": 407.0,
            "clock_s": 1775406199.0,
        },
        _NANO3S_DETAILS,
    ),
    Row(
        "avalon-q-stats.json",
        "stats",
        _Q | {"average_ths": 44.49941, "elapsed_s": 37850.0, "clock_s": 1753431623.0},
        _Q_DETAILS,
    ),
    Row(
        "avalon-q-litestats.json",
        "litestats",
        _Q | {"average_ths": 44.35083, "elapsed_s": 37977.0, "clock_s": 1753431749.0},
        _Q_DETAILS,
    ),
)
