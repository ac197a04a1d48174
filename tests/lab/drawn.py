"""The overview as text, for tests that read it."""

from collections.abc import Mapping
from io import StringIO

from rich.console import Console

from controller.lab.overview import overview
from controller.link.messages import EventInfo
from controller.link.mirror import Mirror
from tests.lab.hand_made import NOW_UTC_S, Value, make_mirror

WIDTH, HEIGHT = 132, 45
NARROW = 100


def screen(
    mirror: Mirror,
    *,
    events: tuple[EventInfo, ...] = (),
    later_s: float = 0.0,
    story: str = "",
    width: int = WIDTH,
    height: int = HEIGHT,
) -> str:
    """The overview, 83 s after the start."""
    console = Console(
        record=True, width=width, height=height, file=StringIO(), force_terminal=True, _environ={}
    )
    now_utc_s = NOW_UTC_S + later_s
    console.print(overview(mirror, events, now_utc_s, since_utc_s=NOW_UTC_S - 83.0, story=story))
    return console.export_text()


def shown(
    changes: Mapping[str, Value] | None = None,
    *,
    events: tuple[EventInfo, ...] = (),
    later_s: float = 0.0,
    story: str = "",
    containers: int = 2,
    width: int = WIDTH,
    height: int = HEIGHT,
) -> str:
    """The overview of a healthy plant with these tags changed."""
    mirror = make_mirror(changes, containers=containers)
    return screen(mirror, events=events, later_s=later_s, story=story, width=width, height=height)


def row(text: str, label: str) -> str:
    """The first line with this label at the left edge of a part."""
    return next(line for line in text.splitlines() if f"│ {label}" in line)


def part(text: str, label: str) -> str:
    """What stands behind a label, up to the part's own edge."""
    return row(text, label).partition(f"│ {label}")[2].partition("│")[0].strip()
