"""The screen as a picture: what a terminal would show, drawn into one SVG file."""

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from controller.lab.overview import overview
from controller.lab.screen import Screen
from controller.link.messages import EventInfo
from controller.link.mirror import Mirror

WIDTH, HEIGHT = 132, 45
FONTS = "'Fira Code', 'DejaVu Sans Mono', Menlo, Consolas, monospace"
NIGHT = TerminalTheme(
    (13, 17, 23),
    (201, 209, 217),
    [
        (13, 17, 23),
        (255, 107, 97),
        (76, 195, 94),
        (222, 170, 60),
        (88, 166, 255),
        (188, 140, 255),
        (57, 197, 207),
        (235, 240, 246),
    ],
    [
        (110, 118, 129),
        (255, 123, 114),
        (86, 211, 100),
        (227, 179, 65),
        (121, 192, 255),
        (210, 168, 255),
        (86, 212, 221),
        (255, 255, 255),
    ],
)
"""Background, text, the eight colours of a terminal and their bright ones."""

# A picture loads nothing from elsewhere: whoever looks at it has a font.
FONT_FACES = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
LINE_END_BLANKS = re.compile(r"[ \t]+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Moment:
    """What the screen showed last."""

    mirror: Mirror
    events: tuple[EventInfo, ...]
    now_utc_s: float
    pace: str


class Camera:
    """A screen behind another one, that can draw what was shown last into a file."""

    def __init__(self, screen: Screen, since_utc_s: float) -> None:
        self._screen = screen
        self._since_utc_s = since_utc_s
        self._story = ""
        self._moment: Moment | None = None

    def open(self) -> AbstractContextManager[Any]:
        """As the screen before it does."""
        return self._screen.open()

    def say(self, text: str) -> None:
        """Remember it as the head of the picture."""
        self._story = text
        self._screen.say(text)

    def command(self, what: str, line: str) -> None:
        """Nothing for the picture: such a line may hold a password."""
        self._screen.command(what, line)

    def event(self, event: EventInfo) -> None:
        """The mirror keeps it for the picture."""
        self._screen.event(event)

    def show(self, mirror: Mirror, now_utc_s: float, pace: str = "") -> None:
        """Remember it."""
        self._moment = Moment(mirror, tuple(mirror.events), now_utc_s, pace)
        self._screen.show(mirror, now_utc_s, pace)

    def picture(self) -> str | None:
        """What was shown last as SVG; None when nothing was."""
        if self._moment is None:
            return None
        moment = self._moment
        shown = overview(
            moment.mirror,
            moment.events,
            moment.now_utc_s,
            since_utc_s=self._since_utc_s,
            story=self._story,
            pace=moment.pace,
        )
        console = Console(
            record=True,
            width=WIDTH,
            height=HEIGHT,
            file=StringIO(),
            force_terminal=True,
            color_system="truecolor",
            _environ={},
        )
        console.print(shown)
        return svg(console, moment.mirror.hello.plant)

    def save(self, file: Path) -> bool:
        """Write the picture; False when nothing was shown yet."""
        drawn = self.picture()
        if drawn is not None:
            file.write_text(drawn, encoding="utf-8")
        return drawn is not None


def svg(console: Console, title: str) -> str:
    """What a recording console has printed, as SVG that stands by itself."""
    drawn = console.export_svg(title=title, theme=NIGHT, unique_id="hearth")
    drawn = FONT_FACES.sub("", drawn).replace("Fira Code, monospace", FONTS)
    return LINE_END_BLANKS.sub("", drawn)
