import math

from hypothesis import given
from hypothesis import strategies as st

from controller.control.power import PowerBand

limits = st.lists(st.tuples(st.floats(allow_nan=True), st.text()), max_size=8)


@given(limits)
def test_limits_only_narrow(applied: list[tuple[float, str]]) -> None:
    band = PowerBand(8_000.0, "site")

    for upper_kw, reason in applied:
        before, band = band.upper_kw, band.limit(upper_kw, reason)

        assert 0.0 <= band.upper_kw <= before


def test_nan_closes_the_band() -> None:
    band = PowerBand(8_000.0, "site").limit(math.nan, "sensor")

    assert (band.upper_kw, band.limited_by) == (0.0, "sensor")


def test_the_reason_is_that_of_the_lowest_limit() -> None:
    band = PowerBand(8_000.0, "site").limit(5_000.0, "grid").limit(6_000.0, "cooling")

    assert (band.upper_kw, band.limited_by) == (5_000.0, "grid")
    assert band.limits == (("grid", 5_000.0), ("cooling", 6_000.0))
