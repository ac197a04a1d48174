"""What a test sets up for the log ends with it: the next one logs as if it were the first."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """A verb run inside a test logs to a stream that pytest closes behind it."""
    yield
    structlog.reset_defaults()
