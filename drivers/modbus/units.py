"""Units by name: what a device tells in its own unit, in the unit that somebody wants it in.

Factors are those of the SI brochure (9th edition, 2019); the US gallon, the psi, the calorie (IT)
and the metre of water are those of NIST SP 811 (2008), appendix B.8.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Conversion:
    """How a number in one unit becomes a number in another: times `factor`, plus `offset`."""

    factor: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class _Unit:
    """One unit: its quantity, and how its numbers become those of the quantity's first unit."""

    quantity: str
    factor: float = 1.0
    offset: float = 0.0


_UNITS: Final[dict[str, _Unit]] = {
    "L/min": _Unit("flow"),
    "L/s": _Unit("flow", 60.0),
    "L/h": _Unit("flow", 1.0 / 60.0),
    "m³/h": _Unit("flow", 1000.0 / 60.0),
    "m³/s": _Unit("flow", 60_000.0),
    "gpm": _Unit("flow", 3.785411784),
    "kW": _Unit("power"),
    "W": _Unit("power", 1e-3),
    "MW": _Unit("power", 1e3),
    "kWh": _Unit("energy"),
    "Wh": _Unit("energy", 1e-3),
    "MWh": _Unit("energy", 1e3),
    "MJ": _Unit("energy", 1.0 / 3.6),
    "GJ": _Unit("energy", 1000.0 / 3.6),
    "Gcal": _Unit("energy", 1163.0),
    "°C": _Unit("temperature"),
    "K": _Unit("temperature", offset=-273.15),
    "°F": _Unit("temperature", 5.0 / 9.0, -160.0 / 9.0),
    "kPa": _Unit("pressure"),
    "Pa": _Unit("pressure", 1e-3),
    "mbar": _Unit("pressure", 0.1),
    "bar": _Unit("pressure", 100.0),
    "MPa": _Unit("pressure", 1000.0),
    "psi": _Unit("pressure", 6.894757),
    "mH2O": _Unit("pressure", 9.80665),
    "%": _Unit("share"),
    "‰": _Unit("share", 0.1),
    "1": _Unit("share", 100.0),
    "s": _Unit("time"),
    "ms": _Unit("time", 1e-3),
    "min": _Unit("time", 60.0),
    "h": _Unit("time", 3600.0),
    "m³": _Unit("volume"),
    "L": _Unit("volume", 1e-3),
    "µS/cm": _Unit("conductivity"),
    "mS/cm": _Unit("conductivity", 1e3),
    "S/m": _Unit("conductivity", 1e4),
    "V": _Unit("voltage"),
    "mV": _Unit("voltage", 1e-3),
    "A": _Unit("current"),
    "mA": _Unit("current", 1e-3),
    "Hz": _Unit("frequency"),
    "rpm": _Unit("speed"),
    "Wh/m³": _Unit("specific energy"),
}
# A difference of temperatures has no zero point; both units call it by the same name.
_DIFFERENCE: Final = {"K": 1.0, "°C": 1.0, "°F": 5.0 / 9.0}
_OTHER_NAMES: Final = {
    **{name.replace("³", "3"): name for name in _UNITS if "³" in name},
    **{name.replace("L", "l"): name for name in _UNITS if name.startswith("L")},
    "uS/cm": "µS/cm",
    "μS/cm": "µS/cm",
    "C": "°C",
    "degC": "°C",
    "F": "°F",
    "degF": "°F",
    "percent": "%",
    "pct": "%",
    "lpm": "L/min",
}


def unit_named(name: str) -> str | None:
    """The unit as Hearth writes it; None where it is not known by this or another name."""
    known = _OTHER_NAMES.get(name, name)
    return known if known in _UNITS else None


def known_units() -> tuple[str, ...]:
    """Every unit that can be converted."""
    return tuple(_UNITS)


def conversion(given: str, wanted: str) -> Conversion | None:
    """How numbers in one unit become numbers in another; None where they measure other things."""
    if given == wanted:
        return Conversion()
    one, other = (_UNITS.get(_OTHER_NAMES.get(name, name)) for name in (given, wanted))
    if one is None or other is None or one.quantity != other.quantity:
        return None
    return Conversion(one.factor / other.factor, (one.offset - other.offset) / other.factor)


def difference(given: str, wanted: str) -> Conversion | None:
    """The same for a difference of two temperatures; None where one of the units is no such."""
    one, other = (_DIFFERENCE.get(_OTHER_NAMES.get(name, name)) for name in (given, wanted))
    return None if one is None or other is None else Conversion(one / other)
