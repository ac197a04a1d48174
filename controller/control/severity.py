"""How much something matters."""

from enum import IntEnum


class Severity(IntEnum):
    """How much an event matters, on OPC UA's scale."""

    JOURNAL = 100
    LOW = 300
    MEDIUM = 500
    HIGH = 700
    CRITICAL = 900
