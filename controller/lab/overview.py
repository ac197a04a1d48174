"""The whole plant on one screen: heat on its way, wishes, power, water, fleet, loop, events.

It is made from what the link tells alone, as any visitor could make it. Nothing is shown of
equipment that this plant does not have, and what is not known is a dash, never a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.text import Text

from controller.lab.event_lines import event_line
from controller.lab.fleet_table import fleet_table
from controller.lab.heat_path import heat_path
from controller.lab.overview_head import attention, header
from controller.lab.overview_heat import heat_rows
from controller.lab.overview_power import power_rows
from controller.lab.overview_state import state_part
from controller.lab.overview_water import water_part
from controller.lab.shown import Beside, Look, framed, pairs
from controller.link.messages import EventInfo
from controller.link.mirror import Mirror

MOST_EVENTS, LEAST_EVENTS = 12, 3
LEAST_CONTAINERS = 3
FRAME_ROWS = 2
FLEET_HEAD_ROWS = 2
"""The names of the columns, and the sum."""
WIDE_FROM = 120
"""Columns from which bars are drawn and words are not shortened."""


def overview(
    mirror: Mirror,
    events: Sequence[EventInfo],
    now_utc_s: float,
    *,
    since_utc_s: float,
    story: str = "",
    pace: str = "",
) -> RenderableType:
    """Everything that matters now; `story` is the line that the demonstration tells."""
    return Overview(Look(mirror, now_utc_s), events, now_utc_s - since_utc_s, story, pace)


@dataclass(frozen=True, slots=True)
class Overview:
    """The picture, which fits itself into the terminal: events and containers give way."""

    look: Look
    events: Sequence[EventInfo]
    since_s: float
    story: str
    pace: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw what must be seen, then as much of fleet and events as there is room for."""
        wide = options.max_width >= WIDE_FROM
        upper = Group(
            header(self.look, self.since_s, self.pace),
            Text(self.story, style="italic cyan"),
            *attention(self.look),
            heat_path(self.look, wide=wide),
            Beside(
                (10, 9, 11) if wide else (10, 9, 10),
                (
                    framed("Heat", pairs(heat_rows(self.look))),
                    framed("Power", pairs(power_rows(self.look))),
                    framed("Water", water_part(self.look, wide=wide)),
                ),
            ),
        )
        lines = console.render_lines(upper, options)
        left = options.max_height - len(lines)
        fleet_rows = max(LEAST_CONTAINERS, left - 2 * FRAME_ROWS - FLEET_HEAD_ROWS - LEAST_EVENTS)
        lower = self._lower(fleet_rows, wide=wide)
        lines += console.render_lines(lower, options)
        left = options.max_height - len(lines) - FRAME_ROWS
        shown = list(self.events)[-min(max(left, LEAST_EVENTS), MOST_EVENTS) :]
        for line in lines:
            yield from line
            yield Segment.line()
        yield framed("Events", Group(*(event_line(event) for event in shown)))

    def _lower(self, fleet_rows: int, *, wide: bool) -> RenderableType:
        return Beside(
            (82, 50) if wide else (65, 35),
            (
                framed("Fleet", fleet_table(self.look, fleet_rows, wide=wide)),
                framed("Hearth", state_part(self.look)),
            ),
        )
