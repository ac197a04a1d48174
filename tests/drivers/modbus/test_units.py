"""Units by name, and what a number in one becomes in another."""

import pytest

from drivers.modbus.units import conversion, difference, known_units, unit_named


@pytest.mark.parametrize(
    ("given", "number", "wanted", "expected"),
    [
        ("m³/h", 60.0, "L/min", 1000.0),
        ("m3/h", 6.0, "L/min", 100.0),
        ("L/h", 600.0, "L/min", 10.0),
        ("L/s", 1.0, "m3/h", 3.6),
        ("bar", 2.5, "kPa", 250.0),
        ("kPa", 250.0, "bar", 2.5),
        ("W", 1500.0, "kW", 1.5),
        ("MWh", 0.25, "kWh", 250.0),
        ("GJ", 3.6, "kWh", 1000.0),
        ("K", 353.15, "°C", 80.0),
        ("°C", 80.0, "K", 353.15),
        ("°F", 212.0, "°C", 100.0),
        ("1", 0.5, "%", 50.0),
        ("mS/cm", 0.3, "uS/cm", 300.0),
    ],
)
def test_a_number_becomes_the_same_in_another_unit(
    given: str, number: float, wanted: str, expected: float
) -> None:
    how = conversion(given, wanted)

    assert how is not None
    assert number * how.factor + how.offset == pytest.approx(expected)


@pytest.mark.parametrize("unit", known_units())
def test_there_and_back_is_the_same_for_every_unit(unit: str) -> None:
    for other in known_units():
        there, back = conversion(unit, other), conversion(other, unit)
        assert (there is None) == (back is None)
        if there is not None and back is not None:
            assert (7.0 * there.factor + there.offset) * back.factor + back.offset == (
                pytest.approx(7.0)
            )


@pytest.mark.parametrize(("given", "wanted"), [("bar", "kW"), ("furlong", "kW"), ("", "°C")])
def test_what_measures_other_things_does_not_become_one_another(given: str, wanted: str) -> None:
    assert conversion(given, wanted) is None


def test_a_difference_of_temperatures_has_no_zero_point() -> None:
    assert difference("°C", "K").factor == 1.0
    assert difference("°F", "K").factor == pytest.approx(5 / 9)
    assert difference("bar", "K") is None


def test_other_ways_to_write_a_unit_are_known() -> None:
    assert unit_named("m3/h") == "m³/h"
    assert unit_named("degC") == "°C"
    assert unit_named("furlong") is None
