"""What one Modbus connection has seen since the start."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class LinkCounts:
    """Requests and what became of them; an answer counts as late from 0.7 of the time limit on.

    `discarded` are frames that answered something else, `refused` are answers by their flaw,
    `exceptions` are the device's own refusals by code.
    """

    requests: int = 0
    answers: int = 0
    late: int = 0
    timeouts: int = 0
    hang_ups: int = 0
    discarded: int = 0
    connects: int = 0
    connect_failures: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    exceptions: Counter[int] = field(default_factory=Counter)

    def told(self) -> dict[str, int]:
        """All of it under flat names, for logs."""
        names = ("requests", "answers", "late", "timeouts", "hang_ups", "discarded")
        plain = {name: getattr(self, name) for name in (*names, "connects", "connect_failures")}
        flaws = {f"refused_{flaw.replace(' ', '_')}": n for flaw, n in self.refused.items()}
        return plain | flaws | {f"exception_{code}": n for code, n in self.exceptions.items()}
