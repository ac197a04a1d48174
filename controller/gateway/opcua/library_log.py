"""asyncua's own log in few words: a stranger must not fill the disk with stack traces."""

import logging

import structlog

RECORDS_PER_MINUTE = 10
WINDOW_S = 60.0

log = structlog.get_logger()


class FewWords(logging.Handler):
    """Passes on errors, at most ten a minute, each as one line."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._window_ends_s = float("-inf")
        self._passed = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Pass on a record, or leave it out."""
        if record.created >= self._window_ends_s:
            self._window_ends_s, self._passed = record.created + WINDOW_S, 0
        self._passed += 1
        if self._passed <= RECORDS_PER_MINUTE:
            log.warning("opcua library", source=record.name, said=record.getMessage()[:200])
