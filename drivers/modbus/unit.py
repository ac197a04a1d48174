"""One unit behind a connection: how long it may take, how slow it is, how long it is left alone."""

from dataclasses import dataclass
from typing import Final

from drivers.modbus.turns import LONGEST_REST_S, Rest

LATE_SHARE: Final = 0.7
# Who is believed dead holds the others up: it gets as long as its answers took when it lived, at
# least a fifth of the limit, and every fifth time the whole of it.
SHORTEST_SHARE: Final = 0.2
USUAL_TIMES: Final = 4.0
WHOLE_EVERY: Final = 5
# Time that a slow unit is left alone, in times of what reading all of it takes.
SHARED_REST: Final = 3.0
OWN_REST: Final = 1.0
# An answer that took long is remembered for a few dozen answers.
REMEMBERED: Final = 0.9


@dataclass(slots=True)
class Unit:
    """What is known of one unit; times of answers are on the wire, without waiting for the turn.

    `slow_s` is how long the last answer took if it was late like the one before, else 0; `usual_s`
    is the longest of the last answers. `zero_transaction`: its gateway sends transaction 0 back.
    """

    number: int
    where: str
    rest: Rest
    zero_transaction: bool = False
    late: int = 0
    slow_s: float = 0.0
    usual_s: float = 0.0

    def answered(self, took_s: float, total_s: float) -> bool:
        """Note an answer; whether it was late."""
        self.rest.ended()
        late = took_s > LATE_SHARE * total_s
        # One alone may have waited for somebody else.
        self.late = self.late + 1 if late else 0
        self.slow_s = took_s if self.late > 1 else 0.0
        self.usual_s = longest(took_s, self.usual_s)
        return late

    def limit_s(self, total_s: float, usual_s: float) -> float:
        """How long its answer is waited for while others wait too; `usual_s` is theirs."""
        failures = self.rest.failures
        if failures <= 1 or failures % WHOLE_EVERY == 0:
            return total_s
        known_s = USUAL_TIMES * (self.usual_s or usual_s)
        return min(total_s, max(SHORTEST_SHARE * total_s, known_s))

    def slow_rest_s(self, requests: int, *, protective: bool, shared: bool) -> float:
        """How long a reading waits after late answers; its device takes so many requests in all.

        A late unit keeps to a quarter of a shared link, and on one of its own to half its pace;
        protective points are spared, and give way only where others wait.
        """
        if protective:
            return self.slow_s if shared else 0.0
        share = SHARED_REST if shared else OWN_REST
        return min(share * self.slow_s * requests, LONGEST_REST_S)


def longest(took_s: float, before_s: float) -> float:
    """The longest of the last answers, with one more."""
    return max(took_s, REMEMBERED * before_s)
