"""What one poll of a miner tells, in house units."""

import hashlib
from enum import IntEnum

import msgspec


class MinerState(IntEnum):
    """What a miner is doing, as its own words, board current and hashrate show it."""

    UNKNOWN = 0
    RUNNING = 1
    STARTING = 2
    STOPPING = 3
    ASLEEP = 4
    FAULT = 5
    CALIBRATING = 6

    @property
    def hashing(self) -> bool:
        """Whether it makes heat by hashing; one that calibrates does, but takes no other mode."""
        return self is MinerState.RUNNING or self is MinerState.CALIBRATING

    @property
    def for_heat(self) -> "MinerState":
        """The same where only heat matters: a unit that calibrates runs."""
        return MinerState.RUNNING if self is MinerState.CALIBRATING else self


class Pool(msgspec.Struct, frozen=True, gc=False):
    """One pool as a miner sees it; of the account only the worker's name is kept.

    `account` is a fingerprint by which another account is seen to be another one.
    """

    url: str
    status: str | None
    active: bool | None
    worker: str | None
    account: str | None = None


def fingerprint(account: str | None) -> str | None:
    """Twelve digits that stand for an account without telling it."""
    return hashlib.sha256(account.encode()).hexdigest()[:12] if account else None


class Details(msgspec.Struct, frozen=True, gc=False):
    """What a unit tells that changes seldom; None is what it does not say."""

    calibrated: bool | None = None
    boot_reason: str | None = None
    boards: int | None = None
    chips: int | None = None
    mode_goal_kw: float | None = None
    """The power that the work mode aims at, on the side of the supply that the model regulates."""
    mode_powers_kw: tuple[tuple[int, float], ...] = ()
    """Work modes that the unit has calibrated, each with its power."""
    board_errors: tuple[int, ...] | None = None
    """Error bits of each board (ECHU); healthy units exist that show some: watch for changes."""
    control_errors: int | None = None
    link_errors: tuple[int, ...] | None = None
    """Broken messages between control board and each hash board (CRC), counted since the start."""
    comm_errors: tuple[int, ...] | None = None
    hash_flags: tuple[int, ...] | None = None
    supply_flags: int | None = None
    pool_flags: int | None = None
    power_pct: float | None = None
    """The share of its power that the unit says it is set to, where that can be set at all."""
    error_codes: tuple[int, ...] = ()
    """Numbers of what the unit says is wrong, where it numbers that."""


NOTHING_SAID = Details()


class MinerReading(msgspec.Struct, frozen=True, gc=False):
    """One miner at one moment; None is what the miner does not measure or does not say."""

    state: MinerState
    power_kw: float | None
    """At the wall; where `power_estimated`, made from what the unit says of its DC side."""
    power_estimated: bool
    hashrate_ths: float | None
    """Now: what the unit calls so, or its summary's shortest window; never since its start."""
    inlet_c: float | None
    outlet_c: float | None
    chip_c: float | None
    elapsed_s: float
    soft_off: int | None
    """Why it is off, 0 where it is not; a number above 0 alone proves no order."""
    errors: int | None
    """The power supply's error bits, the first number of PS."""
    work_mode: int | None
    serial: str | None
    model: str | None
    firmware: str | None
    work_level: int | None = None
    board_c: float | None = None
    average_ths: float | None = None
    """Since its start."""
    theoretical_ths: float | None = None
    """What its frequencies would give; captured 921 units make 43 % of it."""
    hash_errors_pct: float | None = None
    details: Details = NOTHING_SAID
    pools: tuple[Pool, ...] | None = None
    clock_s: float | None = None
    """The unit's clock: Unix time on the K230 family, time since its start on others."""
