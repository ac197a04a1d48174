"""What a simulated WhatsMiner tells of itself, section by section, as captured units do.

Names and their order follow the captured replies of an M63S++ (API 3.0.5) and an M64 (3.0.1).
`liquid-temperature` is the water out of the unit and `environment-temperature` the water into it:
the documentation does not say, and this is how their captured figures lie.
"""

from collections.abc import Callable, Mapping
from typing import Any

from simulators.wire.unit import Reading
from simulators.wire.whatsminer_unit import WhatsMinerView

BOARDS = 4
CHIPS_PER_BOARD = 288
FULL_MHZ = 342.0
MAINS_V = 409.0
WATTS = 1e3
GHS_PER_THS = 1e3

Section = dict[str, Any]
Parts = Mapping[str, Callable[[WhatsMinerView, Reading], object]]
DEVICE_PARTS = ("network", "miner", "system", "power", "error-code")


def device_info(unit: WhatsMinerView, now: Reading) -> Section:
    """Who it is and what its supply does."""
    address = "127.0.0.1"
    return {
        "network": {
            "ip": address,
            "proto": "dhcp",
            "netmask": "255.255.255.0",
            "dns": address,
            "mac": unit.mac.upper(),
            "gateway": address,
            "hostname": "WhatsMiner",
        },
        "miner": {
            "working": "true" if unit.mining else "false",
            "type": unit.model.product,
            "hash-percent": "0",
            "board-num": f"{BOARDS}",
            "miner-sn": unit.serial,
            "power-limit-set": f"{_limit_w(unit)}",
        },
        "system": {
            "api": "3.0.5",
            "platform": "H616",
            "fwversion": "20260101.00.SIM",
            "control-board-version": "CB6V5",
            "apiswitch": "1",
            "ledstatus": "auto",
        },
        "power": {
            "type": "P566Z",
            "hwversion": "HA3000000",
            "swversion": "1653.1411",
            "model": "P566Z",
            "iin": round(now.power_w / MAINS_V / 1.732, 2),
            "vin": MAINS_V,
            "pin": round(now.power_w),
            "liquid-temperature": round(now.outlet_c, 1),
            "fanspeed": 0,
            "sn": f"PSU{unit.serial[:8]}",
            "vendor": "6",
        },
        "error-code": _errors(unit),
    }


def setting(unit: WhatsMinerView) -> Section:
    """How its power is set; 0 per cent says that nothing is."""
    return {
        "power-limit": _limit_w(unit),
        "upfreq-speed": 0,
        "power-mode": "normal",
        "fast-boot": "disable",
        "fast-hash": "disable",
        "target-freq": 0,
        "power": 0 if unit.kept_share == 1.0 else _limit_w(unit),
        "power-percent": unit.percent,
    }


def _errors(unit: WhatsMinerView) -> list[dict[str, str]]:
    if not unit.faulty:
        return []
    return [{"350": "2026-01-01 00:00:00", "reason": "Temp protect fault."}]


def _summary(unit: WhatsMinerView, now: Reading) -> Section:
    """What it does now; a stopped service counts nothing."""
    rate_ths = now.rate_ghs / GHS_PER_THS
    windows_ths = [mhs / 1e6 for mhs in unit.rates.windows_mhs]
    chip_c = unit.chip_c
    board_c = round(0.5 * (now.outlet_c + chip_c), 1)
    return {
        "elapsed": now.elapsed_s if unit.mining else 0,
        "freq-avg": round(FULL_MHZ * rate_ths / unit.model.rated_ths, 3),
        "factory-hash": unit.model.rated_ths,
        "hash-average": round(unit.rates.average_ghs / GHS_PER_THS, 3),
        "hash-1min": round(windows_ths[1], 3),
        "hash-15min": round(windows_ths[3], 3),
        "hash-realtime": round(rate_ths, 3),
        "power-rate": round(now.power_w / rate_ths, 3) if rate_ths else 0.0,
        "power-5min": round(now.power_w, 3),
        "power-realtime": round(now.power_w),
        "environment-temperature": round(now.inlet_c, 1),
        "board-temperature": [board_c] * BOARDS,
        "chip-temp-min": round(now.outlet_c + 0.2 * (chip_c - now.outlet_c), 1),
        "chip-temp-avg": round(now.outlet_c + 0.6 * (chip_c - now.outlet_c), 1),
        "chip-temp-max": round(chip_c, 1),
        "power-limit": _limit_w(unit),
        "up-freq-finish": int(unit.tuned),
        "fan-speed-in": 0,
        "fan-speed-out": 0,
        "bootup-time": now.elapsed_s + 18,
    }


def _pools(unit: WhatsMinerView, _now: Reading) -> list[Section]:
    return [
        {
            "id": number + 1,
            "url": f"stratum+tcp://pool-{number + 1}.invalid:3333",
            "status": "alive",
            "account": f"site.{unit.name}",
            "stratum-active": number == 0,
            "reject-rate": 0,
            "last-share-time": 0,
        }
        for number in range(3)
    ]


def _boards(unit: WhatsMinerView, now: Reading) -> list[Section]:
    rate_ths = now.rate_ghs / GHS_PER_THS / BOARDS
    hot_c = round(unit.chip_c, 1)
    return [
        {
            "id": board,
            "slot": board,
            "hash-average": round(rate_ths, 3),
            "factory-hash": round(unit.model.rated_ths / BOARDS, 3),
            "freq": round(FULL_MHZ * BOARDS * rate_ths / unit.model.rated_ths, 3),
            "effective-chips": CHIPS_PER_BOARD,
            "chip-temp-min": round(now.outlet_c, 1),
            "chip-temp-avg": round(0.5 * (now.outlet_c + hot_c), 1),
            "chip-temp-max": hot_c,
        }
        for board in range(BOARDS)
    ]


def _limit_w(unit: WhatsMinerView) -> int:
    return round(unit.model.rated_kw * unit.kept_share * WATTS)


STATUS_PARTS: Parts = {"summary": _summary, "pools": _pools, "edevs": _boards}
