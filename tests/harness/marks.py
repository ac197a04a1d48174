"""The marks that let a test out into the operating system."""

from typing import Final

import pytest

OUTDOOR_MARKS: Final = ("real_sockets", "system")


def is_outdoor(item: pytest.Item) -> bool:
    """Whether this test may open real sockets and runs on the real event loop."""
    return any(item.get_closest_marker(mark) is not None for mark in OUTDOOR_MARKS)
