import pytest

from tests.scenarios.evening import GOLDEN, tell


@pytest.mark.timeout(120)
def test_the_evening_goes_as_it_is_written_down() -> None:
    """After a wanted change: `python -m tests.scenarios.evening`, then read the difference."""
    assert tell().splitlines() == GOLDEN.read_text(encoding="utf-8").splitlines()
