"""One captured telemetry reply and what a person reads in it."""

from typing import Any, NamedTuple


class Row(NamedTuple):
    """One reply: its file, the command that was asked, and what stands in it."""

    file: str
    command: str
    reading: dict[str, Any]
    details: dict[str, Any]
