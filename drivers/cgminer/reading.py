"""What one poll of a miner tells, in house units."""

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


class MinerReading(msgspec.Struct, frozen=True, gc=False):
    """One miner at one moment; None is what the miner does not measure."""

    state: MinerState
    power_kw: float | None
    power_estimated: bool
    hashrate_ths: float | None
    inlet_c: float | None
    outlet_c: float | None
    chip_c: float | None
    elapsed_s: float
    soft_off: int
    errors: int
    work_mode: int | None
    serial: str | None
    model: str | None
    firmware: str | None
