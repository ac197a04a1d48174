"""What a unit tells that changes seldom: error bits, calibration, why it started, its boards.

Between two polls these texts are nearly always the same, so a reading of them is kept by its words.
"""

from functools import lru_cache
from typing import Final

from drivers.cgminer.fields import Fields, digits, hint, hinted_whole, integers
from drivers.cgminer.reading import Details
from drivers.cgminer.supply import BITMAP, POWER_W

POWER_TABLE: Final = ("ATA0", "ATA1", "ATA2", "ATA3")
NAMES: Final = (
    "SYSTEMSTATU", "BOOTBY", "ADJ", "TA", "MPO", "ECHU", "ECMM", "CRC", "COMCRC", "HASHS", "POWS",
    "POOLS", *POWER_TABLE,
)  # fmt: skip
CHIPS: Final = (0.0, 1.0e6)
CALIBRATED: Final = {"0": False, "1": True}
KEPT_CHARS: Final = 1_000


def details_in(fields: Fields) -> Details:
    """The details among these fields."""
    told = tuple([fields.get(name, "") for name in NAMES])
    # What no miner of the plant would say is not kept, so that memory stays bounded.
    return _kept(told) if sum(map(len, told)) <= KEPT_CHARS else _read(told)


@lru_cache(maxsize=4096)
def _kept(told: tuple[str, ...]) -> Details:
    return _read(told)


def _read(told: tuple[str, ...]) -> Details:
    fields = dict(zip(NAMES, told, strict=True))
    goal_w = hint(fields, "MPO", POWER_W)
    return Details(
        calibrated=CALIBRATED.get(fields["ADJ"]),
        boot_reason=fields["BOOTBY"] or None,
        # Work: In Work, Hash Board: 3
        boards=digits(fields["SYSTEMSTATU"].rpartition("Hash Board:")[2].strip()),
        chips=hinted_whole(fields, "TA", CHIPS),
        mode_goal_kw=None if goal_w is None else goal_w / 1000.0,
        mode_powers_kw=_mode_powers_kw(fields),
        board_errors=integers(fields, "ECHU"),
        control_errors=hinted_whole(fields, "ECMM", BITMAP),
        link_errors=integers(fields, "CRC"),
        comm_errors=integers(fields, "COMCRC"),
        hash_flags=integers(fields, "HASHS"),
        supply_flags=hinted_whole(fields, "POWS", BITMAP),
        pool_flags=hinted_whole(fields, "POOLS", BITMAP),
    )


def _mode_powers_kw(fields: Fields) -> tuple[tuple[int, float], ...]:
    """The calibrated modes of `ATA1[90-85-324-100:441:461:481]`: the first number is its watts."""
    told = [digits(fields[name].partition("-")[0]) for name in POWER_TABLE]
    return tuple(
        (mode, power_w / 1000.0)
        for mode, power_w in enumerate(told)
        if power_w is not None and power_w <= POWER_W[1]
    )
