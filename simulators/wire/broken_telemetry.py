"""What a miner tells of itself while its telemetry is broken."""

from collections import deque
from collections.abc import Callable
from random import Random
from typing import Final

from simulators.fault_verbs import Fault
from simulators.wire.unit import Reading

# Figures that no unit of this kind can have.
GARBLED: Final = 10_000.0
WRONG_K: Final = 5.0
FOREIGN_POOL: Final = "elsewhere.example"
KEPT: Final = 2_000


class BrokenTelemetry:
    """One unit's; `now_s` is the time of whoever asks."""

    def __init__(
        self, fault: Callable[[], Fault | None], now_s: Callable[[], float], seed: str
    ) -> None:
        self._fault = fault
        self._now_s = now_s
        self._seed = seed
        self._told: deque[tuple[float, Reading]] = deque(maxlen=KEPT)
        self._shown: Reading | None = None

    def show(self, true: Reading) -> Reading:
        """What is told instead of what is true."""
        fault = self._fault()
        if fault is None:
            self._told.clear()
            self._shown = true
            return true
        match fault.verb:
            case "stuck":
                self._shown = self._shown or true
                return self._shown
            case "garbage":
                return self._garbled(true)
            case "wrong":
                return true._replace(outlet_c=_changed(true.outlet_c, fault))
            case "delayed":
                return self._before(true, fault.value)
            case verb:
                pool = FOREIGN_POOL if verb == "repooled" else true.pool
                return true._replace(pool=pool, denies=verb == "denied")

    def _garbled(self, true: Reading) -> Reading:
        dice = Random(f"{self._seed} {true.elapsed_s}")

        def figure() -> float:
            return dice.uniform(-GARBLED, GARBLED)

        return true._replace(
            power_w=figure(), rate_ghs=figure(), inlet_c=figure(), outlet_c=figure()
        )

    def _before(self, true: Reading, ago_s: float) -> Reading:
        now_s = self._now_s()
        self._told.append((now_s, true))
        while self._told and self._told[0][0] <= now_s - ago_s:
            self._shown = self._told.popleft()[1]
        self._shown = self._shown or true
        return self._shown


def _changed(value: float, fault: Fault) -> float:
    return value + WRONG_K if fault.usual else fault.changed(value)
