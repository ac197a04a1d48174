"""Where the demonstration is seen: a live overview in a terminal, plain lines anywhere else."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

from rich.console import Console
from rich.live import Live
from rich.text import Text

from controller.lab.event_lines import event_line
from controller.lab.overview import overview
from controller.lab.shown import NOTHING, Look
from controller.link.messages import EventInfo
from controller.link.mirror import Mirror

PLAIN_EVERY_S = 10.0


class Screen(Protocol):
    """What the demonstration shows itself on."""

    def open(self) -> AbstractContextManager[Any]:
        """Show things while the block lasts."""

    def say(self, text: str) -> None:
        """A sentence of the story."""

    def command(self, what: str, line: str) -> None:
        """A line for the shell, unbroken, and what it is for."""

    def event(self, event: EventInfo) -> None:
        """Something that has just happened in the plant."""

    def show(self, mirror: Mirror, now_utc_s: float, pace: str = "") -> None:
        """The plant as it is now; `pace` tells how fast a hurried clock runs."""


def screen_for(console: Console, since_utc_s: float) -> Screen:
    """The screen that suits where the output goes."""
    kind = LiveScreen if console.is_terminal and not console.is_dumb_terminal else PlainScreen
    return kind(console, since_utc_s)


class LiveScreen:
    """The overview, drawn over itself; the story runs by above it and stays in the scrollback."""

    def __init__(self, console: Console, since_utc_s: float) -> None:
        self._console = console
        self._since_utc_s = since_utc_s
        self._story = ""
        self._live = Live(console=console, auto_refresh=False, vertical_overflow="crop")

    def open(self) -> AbstractContextManager[Any]:
        """Draw while the block lasts; the last picture stays."""
        return self._live

    def say(self, text: str) -> None:
        """Above the overview, and in its head until the next."""
        self._story = text
        self._console.print(Text(text, style="cyan"))

    def command(self, what: str, line: str) -> None:
        """Above the overview."""
        _print_unbroken(self._console, what)
        _print_unbroken(self._console, line)

    def event(self, event: EventInfo) -> None:
        """Nothing: the overview shows the newest events itself."""

    def show(self, mirror: Mirror, now_utc_s: float, pace: str = "") -> None:
        """Draw."""
        picture = overview(
            mirror,
            tuple(mirror.events),
            now_utc_s,
            since_utc_s=self._since_utc_s,
            story=self._story,
            pace=pace,
        )
        self._live.update(picture, refresh=True)


class PlainScreen:
    """One line every ten seconds, and the events as they come."""

    def __init__(self, console: Console, since_utc_s: float) -> None:
        self._console = console
        self._since_utc_s = since_utc_s
        self._shown_utc_s: float | None = None

    def open(self) -> AbstractContextManager[Any]:
        """Nothing to prepare."""
        return nullcontext()

    def say(self, text: str) -> None:
        """A line."""
        _print_unbroken(self._console, f"-- {text}")

    def command(self, what: str, line: str) -> None:
        """Two lines."""
        _print_unbroken(self._console, what)
        _print_unbroken(self._console, line)

    def event(self, event: EventInfo) -> None:
        """A line."""
        _print_unbroken(self._console, event_line(event).plain)

    def show(self, mirror: Mirror, now_utc_s: float, pace: str = "") -> None:
        """A line, when the last one is old enough."""
        shown_s = self._shown_utc_s
        if shown_s is not None and now_utc_s - shown_s < PLAIN_EVERY_S:
            return
        self._shown_utc_s = now_utc_s
        line = status_line(Look(mirror, now_utc_s))
        pace = f"  {pace}" if pace else ""
        _print_unbroken(self._console, f"{now_utc_s - self._since_utc_s:5.0f} s  {line}{pace}")


def status_line(look: Look) -> str:
    """The plant in one line."""
    if not look.fresh:
        return "no news from core"
    return (
        f"{look.text('plant.mode') or NOTHING}"
        f"  wanted {look.shown('plant.heat_target_kw', 'kW')}"
        f" ({look.text('plant.heat_target_source') or NOTHING})"
        f"  delivered {look.shown('plant.heat_delivered_kw', 'kW')}"
        f"  sold {look.shown('plant.heat_sold_kw', 'kW')}"
        f"  electric {look.shown('plant.electric_power_kw', 'kW')}"
        f"  units {look.shown('plant.units_running')} running"
        f" {look.shown('plant.units_starting')} starting"
        f" {look.shown('plant.units_asleep')} asleep"
        f"  supply {look.shown('plant.supply_temperature_c', '°C', 1)}"
    )


def _print_unbroken(console: Console, text: str) -> None:
    """A whole line whatever the width, so that it can be copied as one."""
    console.print(text, soft_wrap=True, markup=False, highlight=False)
