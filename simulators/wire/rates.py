"""The hash counters of CGMiner: averages that go on falling for minutes after a unit sleeps."""

from math import exp

WINDOWS_S = (30.0, 60.0, 300.0, 900.0)
GH_PER_DIFF1_SHARE = 2**32 / 1e9
GH_PER_WORK = 249.6  # captured 15-194: Total MH 1.78e11 at LW 714031


class Rates:
    """Work done since the unit started, and its rate over four windows."""

    def __init__(self) -> None:
        self._at_s: float | None = None
        self._total_gh = 0.0
        self._windows_ghs = (0.0, 0.0, 0.0, 0.0)

    def update(self, now_s: float, rate_ghs: float) -> None:
        """Move on to `now_s` seconds after the unit's start; an earlier time is a new start."""
        if self._at_s is None or now_s < self._at_s:
            self._total_gh = rate_ghs * now_s
            self._windows_ghs = (rate_ghs, rate_ghs, rate_ghs, rate_ghs)
        elif now_s > self._at_s:
            dt_s = now_s - self._at_s
            self._total_gh += rate_ghs * dt_s
            a, b, c, d = self._windows_ghs
            self._windows_ghs = (
                rate_ghs + (a - rate_ghs) * exp(-dt_s / WINDOWS_S[0]),
                rate_ghs + (b - rate_ghs) * exp(-dt_s / WINDOWS_S[1]),
                rate_ghs + (c - rate_ghs) * exp(-dt_s / WINDOWS_S[2]),
                rate_ghs + (d - rate_ghs) * exp(-dt_s / WINDOWS_S[3]),
            )
        self._at_s = now_s

    @property
    def total_mh(self) -> float:
        """Hashes since the start, in millions."""
        return self._total_gh * 1e3

    @property
    def average_ghs(self) -> float:
        """Mean rate since the start."""
        return self._total_gh / self._at_s if self._at_s else 0.0

    @property
    def windows_mhs(self) -> tuple[float, float, float, float]:
        """Rate over the last 30 s, 1, 5 and 15 min, in MH/s."""
        a, b, c, d = self._windows_ghs
        return a * 1e3, b * 1e3, c * 1e3, d * 1e3

    @property
    def diff1_shares(self) -> int:
        """Shares of difficulty 1 found since the start."""
        return int(self._total_gh / GH_PER_DIFF1_SHARE)

    @property
    def works(self) -> int:
        """Pieces of work that the boards have finished."""
        return int(self._total_gh / GH_PER_WORK)
