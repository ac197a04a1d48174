"""Units of measure as OPC UA tells them: UNECE Recommendation 20 codes (OPC UA Part 8, 5.6.3.3)."""

from asyncua import ua

from controller.gateway.opcua.words import text

UNECE_URI = "http://www.opcfoundation.org/UA/units/un/cefact"
NO_CODE = -1

# Common codes of UNECE Recommendation 20; a unit that is not here has no code, only its name.
CODES = {
    "°C": "CEL",
    "K": "KEL",
    "W": "WTT",
    "kW": "KWT",
    "MW": "MAW",
    "kWh": "KWH",
    "MWh": "MWH",
    "L/min": "L2",
    "m³/h": "MQH",
    "m³": "MTQ",
    "L": "LTR",
    "Pa": "PAL",
    "kPa": "KPA",
    "bar": "BAR",
    "%": "P1",
    "s": "SEC",
    "ms": "C26",
    "min": "MIN",
    "h": "HUR",
    "Hz": "HTZ",
    "V": "VLT",
    "A": "AMP",
    "rpm": "RPM",
}


def engineering_units(unit: str) -> ua.EUInformation:
    """The unit with its UNECE code, where it has one."""
    code = CODES.get(unit)
    return ua.EUInformation(
        NamespaceUri=ua.String(UNECE_URI),
        UnitId=ua.Int32(NO_CODE if code is None else int.from_bytes(code.encode(), "big")),
        DisplayName=text(unit),
        Description=text(unit),
    )
