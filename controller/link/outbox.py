"""What one reader of the link still has to be sent; pure, so that it can be proved."""

from collections import deque

BEHIND_REPORTS = 2
VERDICT_CAP = 64


class Outbox:
    """At most one report waits; a reader that is two behind gets the newest full image instead.

    Verdicts are few and never dropped: a reader that lets them pile up has stopped listening.
    """

    def __init__(self) -> None:
        self._verdicts: deque[bytes] = deque()
        self._reports: deque[bytes] = deque()
        self.wants_full = True
        self.skipped = 0
        self._ever_full = False

    def put_report(self, frame: bytes) -> None:
        """Queue a report; with one waiting already, both give way to the next full image."""
        if self.wants_full:
            self.skipped += self._ever_full
            return
        self._reports.append(frame)
        if len(self._reports) >= BEHIND_REPORTS:
            self.skipped += len(self._reports)
            self._reports.clear()
            self.wants_full = True

    def put_verdict(self, frame: bytes) -> bool:
        """Queue a verdict; False when the reader has let too many pile up."""
        if len(self._verdicts) >= VERDICT_CAP:
            return False
        self._verdicts.append(frame)
        return True

    def take(self) -> bytes | None:
        """The next frame to send; None when nothing waits, or only the wish for a full image."""
        if self._verdicts:
            return self._verdicts.popleft()
        if self._reports:
            return self._reports.popleft()
        return None

    def filled(self) -> None:
        """Note that the reader is being sent the newest full image."""
        self.wants_full = False
        self._ever_full = True
