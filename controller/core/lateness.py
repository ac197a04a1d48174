"""How late the scans were: the figures that show whether the loop keeps its time."""

from collections import deque

import numpy as np

KEPT = 3_600


class Lateness:
    """Lateness and duration of the last scans, and how many were made and skipped."""

    def __init__(self) -> None:
        self.scans = 0
        self.skipped = 0
        self._late_ms: deque[float] = deque(maxlen=KEPT)
        self._scan_ms: deque[float] = deque(maxlen=KEPT)

    def note(self, late_s: float | None, scan_s: float, skipped: int) -> None:
        """Take one scan; an extra scan has no due time and so no lateness."""
        self.scans += 1
        self.skipped += skipped
        self._scan_ms.append(1000.0 * scan_s)
        if late_s is not None:
            self._late_ms.append(1000.0 * late_s)

    def figures(self) -> dict[str, float]:
        """Tags of the loop's own."""
        late = np.array(self._late_ms or [0.0])
        return {
            "loop.scans": float(self.scans),
            "loop.skipped": float(self.skipped),
            "loop.lateness_p50_ms": float(np.percentile(late, 50)),
            "loop.lateness_p99_ms": float(np.percentile(late, 99)),
            "loop.lateness_max_ms": float(late.max()),
            "loop.scan_ms": float(np.median(np.array(self._scan_ms or [0.0]))),
        }
