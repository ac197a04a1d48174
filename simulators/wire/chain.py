"""What a controller with a chain of modules behind it tells: one line for each module, A7 to A9.

Names, order and formats follow the captured stats reply of a controller with 921 modules; what a
module understands and how it says no follows the published cgminer driver of the A9. A module knows
neither its power nor its own rate: the rate stands in the summary, for all of them together.
"""

import hashlib

from simulators.wire.rates import GH_PER_DIFF1_SHARE
from simulators.wire.unit import Reading, UnitView

MODULES = 5
BOARDS = 4
CHIPS = 26
HELP = "pdelay|fan|frequency|led|voltage"
HARDWARE_ERRORS_PCT = 2.389
# Shares of the work, and how much cooler than the hottest each module's hottest chip is: assumed.
SHARES = (0.2031, 0.1987, 0.2004, 0.1969, 0.2009)
COOLER_K = (1, 0, 2, 1, 3)
# Captured 921: LW[66466742] after 65,996 s at GHSmm[21718.70]; MW[16620025 …], MW0[1102 …].
GH_PER_WORK = 21.56
WORKS_PER_CHIP_WORK = 592 * CHIPS
FULL_MHZ = 833.78


def module_texts(unit: UnitView, now: Reading) -> tuple[str, ...]:
    """The line of each module, `MM ID1` first."""
    return tuple(_module(unit, now, number) for number in range(MODULES))


def _module(unit: UnitView, now: Reading, number: int) -> str:
    share, elapsed_s = SHARES[number], max(now.elapsed_s - number, 0)
    rate_ghs = now.rate_ghs * share
    average_ghs = unit.rates.average_ghs * share
    works = [int(average_ghs * elapsed_s / GH_PER_WORK / BOARDS)] * BOARDS
    chips = [[work // WORKS_PER_CHIP_WORK] * CHIPS for work in works]
    megahertz = FULL_MHZ * now.rate_ghs / (unit.model.rated_ths * 1e3)
    return (
        f"Ver[{unit.model.model}{unit.firmware}] DNA[{_dna(unit.serial, number)}] "
        f"Elapsed[{elapsed_s}] MW[{_row(works)}] LW[{sum(works)}] MH[0 0 0 0] HW[0] "
        f"DH[{HARDWARE_ERRORS_PCT:.3f}%] Temp[{now.inlet_c:.0f}] "
        f"TMax[{now.chips.hottest_c - COOLER_K[number]}] Fan[4830] FanR[63%] "
        f"Vi[1201 1201 1200 1200] Vo[4163 4153 4152 4156] "
        f"GHSmm[{rate_ghs / (1 - HARDWARE_ERRORS_PCT / 100):.2f}] "
        f"WU[{average_ghs * 60 / GH_PER_DIFF1_SHARE:.2f}] Freq[{megahertz:.2f}] PG[15] Led[0] "
        + " ".join(f"MW{board}[{_row(row)}]" for board, row in enumerate(chips))
        + f" TA[{BOARDS * CHIPS}] ECHU[0 0 0 0] ECMM[0] FM[1] CRC[0 0 0 0]"
    )


def _dna(serial: str, number: int) -> str:
    """A module's own number; the first module's is what the whole unit is known by."""
    if number == 0:
        return serial
    return hashlib.sha256(f"{serial} {number}".encode()).hexdigest()[:16]


def _row(numbers: list[int]) -> str:
    return " ".join(map(str, numbers))
