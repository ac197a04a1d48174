"""Away from a terminal the demonstration tells itself in plain lines; in one it draws."""

from io import StringIO

from rich.console import Console

from controller.lab.screen import LiveScreen, PlainScreen, screen_for, status_line
from controller.lab.shown import Look
from controller.link.messages import EventInfo
from tests.lab.hand_made import NOW_UTC_S, make_mirror

PARTS_OF_A_SIMPLE_PLANT = 9
"""Three stages, Heat, Power, Water, Fleet, Hearth, and the events at the very bottom."""

LONG = "uaread " + "x" * 300


def plain() -> tuple[PlainScreen, StringIO]:
    out = StringIO()
    return PlainScreen(Console(file=out, width=80), NOW_UTC_S), out


def test_a_pipe_gets_plain_lines_and_a_terminal_the_overview() -> None:
    pipe = Console(file=StringIO())
    terminal = Console(file=StringIO(), force_terminal=True, _environ={"TERM": "xterm"})
    dumb = Console(file=StringIO(), force_terminal=True, _environ={"TERM": "dumb"})

    assert isinstance(screen_for(pipe, NOW_UTC_S), PlainScreen)
    assert isinstance(screen_for(terminal, NOW_UTC_S), LiveScreen)
    assert isinstance(screen_for(dumb, NOW_UTC_S), PlainScreen)


def test_a_plain_line_comes_every_ten_seconds() -> None:
    screen, out = plain()
    mirror = make_mirror()

    for second in range(25):
        screen.show(mirror, NOW_UTC_S + second)

    assert [line.split()[0] for line in out.getvalue().splitlines()] == ["0", "10", "20"]


def test_the_plain_line_tells_heat_power_and_units() -> None:
    line = status_line(Look(make_mirror(), NOW_UTC_S))

    assert "running  wanted 3,000 kW (weather curve)  delivered 2,950 kW" in line
    assert "units 5 running 1 starting 3 asleep" in line


def test_the_plain_line_of_a_silent_core_holds_no_number() -> None:
    assert status_line(Look(make_mirror(), NOW_UTC_S + 30.0)) == "no news from core"


def test_events_and_story_are_lines_as_they_come() -> None:
    screen, out = plain()

    screen.say("The pumps fail.")
    screen.event(EventInfo(NOW_UTC_S, 900, "plant", "tripped: [primary-flow]"))

    assert out.getvalue().splitlines() == [
        "-- The pumps fail.",
        "00:00:00 plant: tripped: [primary-flow]",
    ]


def test_a_command_is_one_line_that_can_be_copied() -> None:
    screen, out = plain()

    screen.command("By OPC UA:", LONG)

    assert out.getvalue().splitlines() == ["By OPC UA:", LONG]


def test_the_live_screen_draws_the_story_and_the_plant() -> None:
    out = StringIO()
    console = Console(
        file=out, force_terminal=True, width=100, height=40, _environ={"TERM": "xterm"}
    )
    screen = LiveScreen(console, NOW_UTC_S)

    with screen.open():
        screen.say("The pumps fail.")
        screen.event(EventInfo(NOW_UTC_S, 900, "plant", "not printed beside the picture"))
        screen.command("By OPC UA:", LONG)
        screen.show(make_mirror(), NOW_UTC_S)

    drawn = out.getvalue()
    above, _, picture = drawn.partition(LONG)
    assert "The pumps fail." in above
    assert "The pumps fail." in picture
    assert "2,950 kW" in picture
    assert (
        picture.rpartition("Testby")[2].count("\N{BOX DRAWINGS LIGHT ARC DOWN AND RIGHT}")
        == PARTS_OF_A_SIMPLE_PLANT
    )
    assert "not printed" not in drawn
