"""The long `MM ID0` line in which an Avalon tells nearly everything.

Field names, order and formats follow a captured reply of the 15-194, the air-cooled model of the
same generation (three boards there, four here); ITemp and HBOTemp take the place of the fans.
What a unit shows on the way to sleep and back follows captures of the 1346.
"""

from simulators.description import WORK_MODES
from simulators.wire.rates import GH_PER_DIFF1_SHARE
from simulators.wire.unit import Reading, UnitView

WORKING = 1
WORKS = ("In Init", "In Work", "In Idle", "In Fault")
SUPPLY_EFFICIENCY = 0.945  # captured 15-194: 3,526 W behind the supply, 3,731 W at the wall
CONTROL_VOLTAGE = 1209  # 10 mV
BOARD_VOLTAGE = 1188  # 10 mV
BOARD_SHARES = (0.2422, 0.2493, 0.2567, 0.2518)
IDLE_MARGIN_W = 5.0
HARDWARE_ERRORS_PCT = 1.299
_PLL = " ".join(
    f"PLL{board}[{text}]"
    for board, text in enumerate(
        (
            "3346 2549 4722 13703",
            "2620 2291 4741 14668",
            "1777 2019 3849 16675",
            "2210 2302 4467 15341",
        )
    )
)
_TUNING = " ".join(f"SF{board}[300 318 339 360]" for board in range(4))
_TAIL = (
    "CRC[0 0 0 0] COMCRC[0 0 0 0] FACOPTS0[] FACOPTS1[] "
    "ATAOPTS0[--avalon10-freq 300:318:339:360 --avalon10-voltage-level 1188 --hash-asic 160] "
)


def mm_id0(unit: UnitView, now: Reading) -> str:
    """Everything about one unit in one line of `name[value]`."""
    return (
        f"Ver[{unit.model.model}-{unit.firmware}] DNA[{unit.serial}] MEMFREE[1392832.1381104] "
        f"NETFAIL[0 0 0 0 0 0 0 0] SYSTEMSTATU[Work: {WORKS[now.work]}, Hash Board: 4 ] "
        f"Elapsed[{now.elapsed_s}] BOOTBY[0x04.00000000] LW[{unit.rates.works}] MH[0 0 0 0] "
        f"DHW[0] HW[0] DH[{HARDWARE_ERRORS_PCT}%] ITemp[{now.inlet_c:.1f}] "
        f"HBOTemp[{now.outlet_c:.1f}] {now.chips.machine} Vo[296] {_supply(now.power_w, unit)} "
        f"{_PLL} {_hashing(unit, now)} {now.chips.boards} MVavg[285.7 286.3 285.8 286.0] TA[640] "
        f"Core[A3197S] PING[131] POWS[0] EEPROM[160 160 160 160] HASHS[0 0 0 0] POOLS[0] "
        f"SoftOFF[{now.soft_off}] ECHU[0 0 0 0] ECMM[0] {_TUNING} {now.chips.every_chip} "
        f"{_TAIL}ADJ[{int(now.calibrated)}] COP[0 0 0 0] {_mode(unit, now)}"
    )


def braced_summary(unit: UnitView, now: Reading) -> str:
    """The same line within braces, as the K230 family and the hydro models tell it."""
    line = mm_id0(unit, now).replace(now.chips.every_chip, "")
    return f"'STATS':{{{line} STATE[2] CPU[K230] FW[Release]}}"


def braced_boards(now: Reading) -> str:
    """What every chip shows, which stands beside the summary there."""
    return f"'HB0':{{{now.chips.every_chip.strip()}}}"


def _mode(unit: UnitView, now: Reading) -> str:
    """The power that the mode aims at, on the DC side, and the mode's number."""
    aim_w = unit.model.rated_kw * WORK_MODES[now.mode].kw_share * 1e3 * SUPPLY_EFFICIENCY
    return f"MPO[{aim_w:.0f}] MVL[87] WORKMODE[{now.mode}] CALIALL[{int(now.calibrated)}]"


def _supply(wall_w: float, unit: UnitView) -> str:
    """The power supply: error, control V, board V, board A, DC W, set-point V, wall W."""
    wall = round(wall_w)
    boards_w = wall_w * SUPPLY_EFFICIENCY
    if wall_w <= unit.model.standby_kw * 1e3 + IDLE_MARGIN_W:
        figures = f"0 {CONTROL_VOLTAGE} 0 0 0 {BOARD_VOLTAGE} {wall}"
    else:
        amperes = boards_w / (BOARD_VOLTAGE / 100)
        figures = (
            f"0 {CONTROL_VOLTAGE} {BOARD_VOLTAGE} {amperes:.0f} {boards_w:.0f}"
            f" {BOARD_VOLTAGE} {wall}"
        )
    return f"PS[{figures}] WALLPOWER[{wall}]"


def _hashing(unit: UnitView, now: Reading) -> str:
    """Rates in GH/s: now, in theory, on average, and of each board."""
    average = unit.rates.average_ghs
    boards = " ".join(f"{average * share:.2f}" for share in BOARD_SHARES)
    theory = now.rate_ghs / (1 - HARDWARE_ERRORS_PCT / 100)
    utility = average * 60 / GH_PER_DIFF1_SHARE
    return (
        f"GHSspd[{now.rate_ghs:.2f}] DHspd[{HARDWARE_ERRORS_PCT}%] GHSmm[{theory:.2f}] "
        f"GHSavg[{average:.2f}] WU[{utility:.2f}] Freq[345.94] Led[0] MGHS[{boards}]"
    )
