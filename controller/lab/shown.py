"""Samples as text: what is bad is a dash and never a number, what is uncertain is marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from rich.box import ROUNDED
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.panel import Panel
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from controller.image.tag import Quality
from controller.link.mirror import Mirror

NOTHING = "\N{EN DASH}"
UNCERTAIN = "~"
SILENT_AFTER_S = 5.0

FINE, DOUBTFUL, WRONG, QUIET, HELD = "green", "yellow", "bold red", "dim", "magenta"
"""What is as it should be, changes or waits, is wrong or unknown, rests, is held by people."""

Rows = Sequence[tuple[str, str | Text]]


@dataclass(frozen=True, slots=True)
class Look:
    """A mirror at one instant; when core has been silent for long, it shows nothing."""

    mirror: Mirror
    now_utc_s: float

    @property
    def silent_s(self) -> float | None:
        """How long core has been silent; None before its first report."""
        reported_s = self.mirror.utc_s
        return None if reported_s is None else max(0.0, self.now_utc_s - reported_s)

    @property
    def fresh(self) -> bool:
        """Whether the mirror shows the plant as it is now."""
        silent_s = self.silent_s
        return silent_s is not None and silent_s <= SILENT_AFTER_S

    def has(self, tag: str) -> bool:
        """Whether this plant has the tag at all."""
        return any(known.name == tag for known in self.mirror.hello.tags)

    def equipment(self, point: str) -> tuple[str, ...]:
        """All equipment that has a tag of this point, in the order of the tag list."""
        ends = f".{point}"
        names = (tag.name for tag in self.mirror.hello.tags)
        return tuple(name.removesuffix(ends) for name in names if name.endswith(ends))

    def number(self, tag: str) -> float | None:
        """A value that may be reckoned with; None when it is bad, missing or not a number."""
        value = self.mirror.value(tag) if self.fresh else None
        return None if value is None or isinstance(value, (bool, str)) else float(value)

    def text(self, tag: str) -> str:
        """A text, empty when there is none."""
        value = self.mirror.value(tag) if self.fresh else None
        return value if isinstance(value, str) else ""

    def truth(self, tag: str) -> bool | None:
        """A flag; None when it is bad or missing."""
        value = self.mirror.value(tag) if self.fresh else None
        return value if isinstance(value, bool) else None

    def shown(self, tag: str, unit: str = "", digits: int = 0) -> str:
        """The value with its unit as it stands on the screen."""
        value = self.number(tag)
        return NOTHING if value is None else f"{self.mark(tag)}{told(value, unit, digits)}"

    def flag(self, tag: str, yes: str, no: str) -> str:
        """One of two words, or a dash."""
        value = self.truth(tag)
        if value is None:
            return NOTHING
        return f"{self.mark(tag)}{yes if value else no}"

    def mark(self, tag: str) -> str:
        """What stands before a value that is uncertain."""
        sample = self.mirror.sample(tag)
        return UNCERTAIN if sample is not None and sample.quality == Quality.UNCERTAIN else ""


def told(value: float, unit: str = "", digits: int = 0) -> str:
    """A number with thousands marked and its unit."""
    number = f"{value:,.{digits}f}"
    # Less than half of the last digit is no negative number.
    if not number.strip("-0.,"):
        number = number.removeprefix("-")
    return f"{number} {unit}" if unit else number


def difference(left: float | None, right: float | None) -> float | None:
    """Left less right, when both are known."""
    return None if left is None or right is None else left - right


def span(seconds: float) -> str:
    """A time to come or gone by, in the unit that suits it."""
    if seconds < 90.0:  # noqa: PLR2004 - up to here seconds read better than minutes
        return f"{seconds:.0f} s"
    minutes = seconds / 60.0
    return f"{minutes:.0f} min" if minutes < 90.0 else f"{minutes / 60.0:.1f} h"  # noqa: PLR2004


def framed(
    title: str, content: RenderableType, height: int | None = None, padding: int = 1
) -> Panel:
    """One part of the screen with its name."""
    return Panel(
        content,
        title=Text(title, "bold bright_white"),
        title_align="left",
        box=ROUNDED,
        border_style="grey42",
        padding=(0, padding),
        height=height,
    )


def pairs(rows: Rows) -> Table:
    """Names and values below each other; text from outside is never taken for markup."""
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for name, value in rows:
        table.add_row(name, Text(value) if isinstance(value, str) else value)
    return table


def widths(columns: int, ratios: Sequence[int]) -> list[int]:
    """All columns, shared out by these ratios."""
    edges = [columns * sum(ratios[:place]) // sum(ratios) for place in range(len(ratios) + 1)]
    return [right - left for left, right in pairwise(edges)]


@dataclass(frozen=True, slots=True)
class Beside:
    """Framed parts beside each other, equally high, their widths by these shares."""

    ratios: Sequence[int]
    parts: Sequence[Panel]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Every part as high as the highest."""
        inside = [options.update(width=w) for w in widths(options.max_width, self.ratios)]
        blocks = [
            console.render_lines(part, width)
            for part, width in zip(self.parts, inside, strict=True)
        ]
        height = max(map(len, blocks))
        for place, part in enumerate(self.parts):
            if len(blocks[place]) < height:
                part.height = height
                blocks[place] = console.render_lines(part, inside[place])
        for lines in zip(*blocks, strict=True):
            yield from chain(*lines)
            yield Segment.line()
