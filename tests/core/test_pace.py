"""However fast the clock, no more polls a real second than the machine is made for."""

import pytest

from controller.core.pace import MOST_POLLS_PER_S, poll_period_s


@pytest.mark.parametrize(
    ("units", "speed", "period_s"),
    [(920, 1.0, 5.0), (40, 10.0, 5.0), (920, 10.0, 920 * 10 / 1_500), (2_000, 10.0, 2_000 / 150)],
)
def test_the_period_stretches_only_where_it_must(units: int, speed: float, period_s: float) -> None:
    assert poll_period_s(5.0, units, speed) == pytest.approx(period_s)
    assert units * speed / poll_period_s(5.0, units, speed) <= MOST_POLLS_PER_S * 1.000_001
