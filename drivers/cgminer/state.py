"""What a miner does, by evidence: its word, board current and hashrate have to agree.

Codes and words: Canaan Nano3S firmware source; what a unit shows on its way to sleep and back:
hardware test of a 1346 (Drubic8/AgentScanner, docs/testing/avalon-1346-2026-10-02.md).
"""

from typing import Final

from drivers.cgminer.reading import MinerState

WORKS: Final = ("In Init", "In Work", "In Idle", "In Fault")  # as STATE numbers them


def state_of(
    work: str | None,
    soft_off: int | None,
    rate_ghs: float | None,
    board_a: float | None,
    *,
    hashed: bool = False,
    calibrated: bool | None = None,
) -> MinerState:
    """The state that the evidence shows; `hashed` is whether it has hashed since its start.

    Its word alone is not believed while the boards still draw current.
    """
    match work:
        case "In Fault":
            state = MinerState.FAULT
        case "In Init":
            state = MinerState.STARTING
        case "In Idle":
            state = _resting(board_a)
        case "In Work":
            state = _working(soft_off, rate_ghs, board_a, hashed=hashed)
        case None:
            state = _wordless(soft_off, rate_ghs, board_a)
        case _:
            state = MinerState.UNKNOWN
    if state is MinerState.RUNNING and calibrated is False:
        return MinerState.CALIBRATING
    return state


def _resting(board_a: float | None) -> MinerState:
    if board_a is None:
        return MinerState.UNKNOWN
    return MinerState.STOPPING if board_a > 0.0 else MinerState.ASLEEP


def _working(
    soft_off: int | None, rate_ghs: float | None, board_a: float | None, *, hashed: bool
) -> MinerState:
    if soft_off is not None and soft_off > 0:
        return MinerState.STOPPING
    if rate_ghs is not None:
        return MinerState.RUNNING if rate_ghs > 0.0 else MinerState.STARTING
    # A10 firmware tells no present rate: boards under current that have hashed are still at it.
    if hashed and board_a is not None and board_a > 0.0:
        return MinerState.RUNNING
    return MinerState.UNKNOWN


def _wordless(soft_off: int | None, rate_ghs: float | None, board_a: float | None) -> MinerState:
    """Firmware without a word for it (Nano3, A7 to A9): only what agrees is believed."""
    if soft_off is not None and soft_off > 0:
        return _resting(board_a)
    if rate_ghs is None:
        return MinerState.UNKNOWN
    if rate_ghs > 0.0:
        return MinerState.UNKNOWN if board_a == 0.0 else MinerState.RUNNING
    return MinerState.STARTING if board_a is not None and board_a > 0.0 else MinerState.UNKNOWN
