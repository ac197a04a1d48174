"""Pumps on frequency drives: how fast they turn, and what flow they make together.

Affinity laws: a pump's head is n²·H0 - a·q², with n its speed and q its own flow. With the loop's
resistance unchanged, flow follows the speed, head its square and power its third power.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

RAMP_PCT_PER_S = 25.0
COAST_S = 1.5
STANDSTILL_PCT = 0.05

# Primary loop at its greatest flow: 2.5 bar, see the plant's hydraulic calculation.
DESIGN_HEAD_KPA = 250.0
# With this shut-off head one of two pumps alone makes 60 % of the flow of both.
SHUT_OFF_RATIO = 2.4545
NO_FLOW_LPM = 1.0
# Good pumps of this size, and their motors with drives.
PUMP_EFFICIENCY = 0.7
DRIVE_EFFICIENCY = 0.9
KW_PER_LPM_KPA = 1.0 / 60_000.0
BISECTIONS = 32


class Drive:
    """One motor on a frequency drive."""

    def __init__(self) -> None:
        self.speed_pct = 0.0

    def step(self, dt_s: float, speed_pct: float, *, powered: bool) -> None:
        """Ramp to the ordered speed, or coast down without power."""
        if powered:
            reach_pct = RAMP_PCT_PER_S * dt_s
            self.speed_pct += min(reach_pct, max(-reach_pct, speed_pct - self.speed_pct))
            return
        self.speed_pct *= math.exp(-dt_s / COAST_S)
        if self.speed_pct < STANDSTILL_PCT:
            self.speed_pct = 0.0


@dataclass(frozen=True, slots=True)
class PumpCurve:
    """Head of one pump at full speed: shut-off head, and how it falls with the flow's square."""

    shut_off_kpa: float
    fall_kpa_per_lpm2: float

    @classmethod
    def for_group(cls, pumps: int, flow_max_lpm: float) -> "PumpCurve":
        """The curve with which all pumps together make the greatest flow at the design head."""
        fall_kpa = (SHUT_OFF_RATIO - 1.0) * DESIGN_HEAD_KPA
        return cls(SHUT_OFF_RATIO * DESIGN_HEAD_KPA, fall_kpa * (pumps / flow_max_lpm) ** 2)


def group_flow_lpm(
    curve: PumpCurve, speeds_pct: Sequence[float], resistance_kpa_per_lpm2: float
) -> float:
    """The flow of pumps in parallel, each behind its check valve, through one resistance."""
    turning = [speed_pct / 100.0 for speed_pct in speeds_pct if speed_pct > 0.0]
    if not turning or math.isinf(resistance_kpa_per_lpm2):
        return 0.0
    if min(turning) == max(turning):
        fall = curve.fall_kpa_per_lpm2 / len(turning) ** 2
        flow_lpm = turning[0] * math.sqrt(curve.shut_off_kpa / (resistance_kpa_per_lpm2 + fall))
    else:
        flow_lpm = _unequal_flow_lpm(curve, turning, resistance_kpa_per_lpm2)
    return flow_lpm if flow_lpm >= NO_FLOW_LPM else 0.0


def electric_kw(flow_lpm: float, head_kpa: float) -> float:
    """What pumps draw that lift this flow over this head; their best point follows the speed."""
    return flow_lpm * head_kpa * KW_PER_LPM_KPA / (PUMP_EFFICIENCY * DRIVE_EFFICIENCY)


def speed_for_flow_pct(
    curve: PumpCurve, pumps: int, flow_lpm: float, resistance_kpa_per_lpm2: float
) -> float:
    """The common speed of all pumps that makes this flow, at most 100 %."""
    head_kpa = (resistance_kpa_per_lpm2 + curve.fall_kpa_per_lpm2 / pumps**2) * flow_lpm**2
    return min(100.0, 100.0 * math.sqrt(head_kpa / curve.shut_off_kpa))


def _unequal_flow_lpm(
    curve: PumpCurve, turning: Sequence[float], resistance_kpa_per_lpm2: float
) -> float:
    # The head at which the pumps deliver what the loop takes, found by halving: pumps give less
    # and the loop takes more as the head rises.
    low_kpa, high_kpa = 0.0, max(turning) ** 2 * curve.shut_off_kpa
    for _ in range(BISECTIONS):
        head_kpa = 0.5 * (low_kpa + high_kpa)
        surplus = (max(0.0, n**2 * curve.shut_off_kpa - head_kpa) for n in turning)
        pumped_lpm = sum(math.sqrt(kpa / curve.fall_kpa_per_lpm2) for kpa in surplus)
        if pumped_lpm > math.sqrt(head_kpa / resistance_kpa_per_lpm2):
            low_kpa = head_kpa
        else:
            high_kpa = head_kpa
    return math.sqrt(0.5 * (low_kpa + high_kpa) / resistance_kpa_per_lpm2)
