"""What a client reads is a value with a status, or no value and the reason."""

import math

import pytest
from asyncua import ua
from asyncua.ua.status_codes import StatusCodes

from controller.gateway.opcua.units import CODES, engineering_units
from controller.gateway.opcua.values import GOOD, of_number, of_sample, when
from controller.link.messages import Kind, TagValue


@pytest.mark.parametrize(
    ("quality", "code"), [(2, StatusCodes.Good), (1, StatusCodes.UncertainLastUsableValue)]
)
def test_a_usable_sample_keeps_value_status_and_time(quality: int, code: int) -> None:
    value = of_sample(TagValue(0, 71.5, quality, 1_760_000_000.0), "number")

    assert value.Value == ua.Variant(71.5, ua.VariantType.Double)
    assert value.StatusCode.value == code
    assert value.SourceTimestamp == when(1_760_000_000.0)


@pytest.mark.parametrize(
    ("value", "quality", "kind"),
    [
        (71.5, 0, "number"),
        (None, 2, "number"),
        (math.nan, 2, "number"),
        (math.inf, 2, "number"),
        (True, 2, "number"),
        ("71.5", 2, "number"),
        (1.0, 2, "flag"),
        (1.0, 2, "text"),
        (71.5, 7, "number"),
    ],
)
def test_what_is_no_value_of_its_kind_is_bad(
    value: float | str | None, quality: int, kind: Kind
) -> None:
    shown = of_sample(TagValue(0, value, quality, 0.0), kind)

    assert shown.StatusCode.value == StatusCodes.Bad
    assert shown.Value.Value is None


def test_a_flag_that_is_off_and_an_empty_text_are_values() -> None:
    off = of_sample(TagValue(0, False, 2, 0.0), "flag")  # noqa: FBT003
    empty = of_sample(TagValue(0, "", 2, 0.0), "text")
    zero = of_sample(TagValue(0, 0.0, 2, 0.0), "number")

    assert [one.StatusCode.is_good() for one in (off, empty, zero)] == [True] * 3
    assert (off.Value.Value, empty.Value.Value, zero.Value.Value) == (False, "", 0.0)


def test_an_unknown_number_of_the_fleet_is_bad() -> None:
    assert of_number(math.nan, GOOD, None).StatusCode.is_bad()


@pytest.mark.parametrize("utc_s", [math.nan, math.inf, -math.inf])
def test_a_time_that_there_has_not_been_is_none(utc_s: float) -> None:
    assert when(utc_s) is None


# OPC UA Part 8, table of EUInformation: UnitId is the common code's letters as a number.
@pytest.mark.parametrize(("unit", "number"), [("°C", 4408652), ("%", 20529), ("kW", 4937556)])
def test_units_have_their_unece_number(unit: str, number: int) -> None:
    assert engineering_units(unit).UnitId == number


def test_a_unit_without_a_code_keeps_its_name() -> None:
    units = engineering_units("TH/s")

    assert (units.UnitId, units.DisplayName.Text) == (-1, "TH/s")


def test_no_code_is_given_twice() -> None:
    assert len(set(CODES.values())) == len(CODES)
