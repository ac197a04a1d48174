"""Events as lines: time in UTC, where, what; the grave ones in colour."""

from datetime import UTC, datetime

from rich.text import Text

from controller.lab.shown import DOUBTFUL, QUIET, WRONG
from controller.link.messages import EventInfo

LOUD, URGENT = 500, 700
"""Severities from which an event is yellow, and red."""


def event_line(event: EventInfo) -> Text:
    """One event on one line."""
    style = WRONG if event.severity >= URGENT else DOUBTFUL if event.severity >= LOUD else ""
    clock = datetime.fromtimestamp(event.utc_s, UTC).strftime("%H:%M:%S")
    line = Text(no_wrap=True, overflow="ellipsis").append(f"{clock} {event.source}: ", QUIET)
    return line.append(event.text, style)
