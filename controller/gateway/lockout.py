"""Who has guessed too often, and for how long nobody listens to him; pure, time is an argument."""

from collections import OrderedDict
from dataclasses import dataclass, field

TRIES = 5
TRIES_OF_AN_ADDRESS = 20
WITHIN_S = 60.0
FIRST_LOCK_S = 60.0
LONGEST_LOCK_S = 900.0
KEYS = 1000


@dataclass
class _Record:
    failures: list[float] = field(default_factory=list)
    locks: int = 0
    locked_until_s: float = float("-inf")


class Lockout:
    """Five failures a minute lock out a user at an address, twenty the address; locks double."""

    def __init__(self) -> None:
        self._records: OrderedDict[tuple[str, str], _Record] = OrderedDict()

    def locked(self, user: str, address: str, now_s: float) -> bool:
        """Whether this user at this address, or the whole address, has to wait."""
        keys = ((user, address), ("", address))
        records = (self._records.get(key) for key in keys)
        return any(record is not None and now_s < record.locked_until_s for record in records)

    def failed(self, user: str, address: str, now_s: float) -> None:
        """Count a failure against both."""
        self._count((user, address), TRIES, now_s)
        self._count(("", address), TRIES_OF_AN_ADDRESS, now_s)

    def succeeded(self, user: str, address: str) -> None:
        """Forget this user's failures there."""
        self._records.pop((user, address), None)

    def _count(self, key: tuple[str, str], tries: int, now_s: float) -> None:
        record = self._records.setdefault(key, _Record())
        self._records.move_to_end(key)
        record.failures = [at_s for at_s in record.failures if now_s - at_s < WITHIN_S]
        record.failures.append(now_s)
        if len(record.failures) >= tries:
            lock_s = min(FIRST_LOCK_S * 2**record.locks, LONGEST_LOCK_S)
            record.locked_until_s = now_s + lock_s
            record.locks += 1
            record.failures.clear()
        while len(self._records) > KEYS:
            self._records.popitem(last=False)
