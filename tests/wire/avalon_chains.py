"""What a person reads in each captured telemetry reply of A7 to A9.

Written down from the texts by hand; nothing here is computed by the driver: each figure stands in
the reply, or is a sum of figures that do (GHSmm, TA). Powers in kW, rates in TH/s, °C.
"""

from drivers.cgminer.reading import MinerState
from tests.wire.avalon_row import Row

# A chain has no word for what it does, no supply and no rate of its own in this reply.
_CHAIN = {
    "state": MinerState.UNKNOWN,
    "power_kw": None,
    "power_estimated": False,
    "hashrate_ths": None,
    "average_ths": None,
    "outlet_c": None,
    "board_c": None,
    "soft_off": None,
    "errors": None,
    "work_mode": None,
    "work_level": None,
    "pools": None,
}

CHAINS = (
    Row(
        "avalon-741-stats.json",
        "stats",
        _CHAIN
        | {
            "theoretical_ths": 68.24351,
            "hash_errors_pct": 0.0,
            "inlet_c": 43.0,
            "chip_c": 92.0,
            "elapsed_s": 118.0,
            "serial": "0130b14ab881ad86",
            "model": "741",
            "firmware": "1706-3162860",
            "clock_s": 1487889040.0,
        },
        {"boards": 40, "chips": 880, "control_errors": 0, "link_errors": (0,) * 40},
    ),
    Row(
        "avalon-841-stats.json",
        "stats",
        _CHAIN
        | {
            "theoretical_ths": 36.7693,
            "hash_errors_pct": None,
            "inlet_c": 37.0,
            "chip_c": 85.0,
            "elapsed_s": 63.0,
            "serial": "0137dace492a2ec1",
            "model": "841",
            "firmware": "1803-14b0f10",
            "clock_s": 1502904710.0,
        },
        {
            "boards": 12,
            "chips": 312,
            "board_errors": (0,) * 12,
            "control_errors": 0,
            "link_errors": (0,) * 12,
        },
    ),
    Row(
        "avalon-921-stats.json",
        "stats",
        _CHAIN
        | {
            "theoretical_ths": 1101.5626,
            "hash_errors_pct": 13.476,
            "inlet_c": 25.0,
            "chip_c": 96.0,
            "elapsed_s": 66007.0,
            "serial": "01327c4787a135a1",
            "model": "921",
            "firmware": "1809-b4b3d00",
            "clock_s": 1548764064.0,
        },
        {"boards": 200, "chips": 5200, "board_errors": (0,) * 200, "control_errors": 2},
    ),
)
