"""What every test of the house may rely on; each rule is a file in tests/harness."""

import os

import hypothesis
import pytest

pytest_plugins = (
    "pytester",
    "tests.harness.loops",
    "tests.harness.leaks",
    "tests.harness.logs",
    "tests.harness.sockets",
    "tests.harness.loopback",
    "tests.harness.skips",
)

hypothesis.settings.register_profile(
    "default", deadline=None, print_blob=True, max_examples=100, derandomize=False
)
hypothesis.settings.register_profile(
    "campaign", parent=hypothesis.settings.get_profile("default"), max_examples=10_000
)


def pytest_configure(config: pytest.Config) -> None:
    """`make campaign` looks a hundred times longer for a counterexample."""
    wanted = "campaign" if config.getoption("markexpr") == "campaign" else "default"
    hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", wanted))
