"""The picture of the last screen is true, stands by itself, and holds no secret."""

import asyncio
import re
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from controller.config.load import ConfigError
from controller.lab.demo import run_demo
from controller.lab.picture import HEIGHT, Camera
from controller.lab.screen import PlainScreen
from controller.link.messages import EventInfo
from tests.lab.hand_made import BOOSTER, NOW_UTC_S, PUMP_1, TANK, make_mirror

PASSWORD = "not for pictures"


def camera() -> tuple[Camera, StringIO]:
    out = StringIO()
    return Camera(PlainScreen(Console(file=out, width=80), NOW_UTC_S), NOW_UTC_S), out


def words(picture: str) -> str:
    """The text of the picture, with its hard blanks softened."""
    texts = ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")  # noqa: S314 - our own
    return " ".join("".join(text.itertext()) for text in texts).replace("\N{NO-BREAK SPACE}", " ")


def test_it_shows_the_plant_the_story_and_the_events_of_the_last_moment() -> None:
    behind, _ = camera()
    mirror = make_mirror(PUMP_1 | TANK | BOOSTER)
    mirror.events.append(EventInfo(NOW_UTC_S, 900, "plant", "tripped: primary-flow"))

    behind.say("The pumps fail.")
    behind.show(make_mirror({"plant.heat_delivered_kw": 1_234.0}), NOW_UTC_S)
    behind.show(mirror, NOW_UTC_S + 1.0)
    picture = behind.picture()

    assert picture is not None
    told = words(picture)
    for part in ("The pumps fail.", "2,950 kW", "2,614 kWh", "640 kW", "tripped: primary-flow"):
        assert part in told
    assert "1,234" not in told


def test_it_loads_nothing_and_tells_nothing_of_this_machine() -> None:
    behind, _ = camera()

    behind.command("By OPC UA:", f"/home/somebody/uaread --password '{PASSWORD}'")
    behind.show(make_mirror(PUMP_1 | TANK), NOW_UTC_S)
    picture = behind.picture() or ""

    assert set(re.findall(r"https?://[^\s\"<]+", picture)) <= {
        "http://www.w3.org/2000/svg",
        "https://www.textualize.io",
    }
    assert not re.search(r"url\((?!#)|@import|<script|<image|/home/|not for pictures", picture)


def test_it_is_no_higher_than_the_screen() -> None:
    behind, _ = camera()
    mirror = make_mirror(PUMP_1 | TANK | BOOSTER, containers=32)
    mirror.events.extend(EventInfo(NOW_UTC_S + n, 300, "plant", "so") for n in range(50))

    behind.show(mirror, NOW_UTC_S)

    rows = set(re.findall(r'clip-path="url\(#hearth-line-(\d+)\)"', behind.picture() or ""))
    assert 30 < len(rows) <= HEIGHT


def test_the_screen_before_it_shows_everything_as_without_it() -> None:
    behind, out = camera()

    with behind.open():
        behind.say("The pumps fail.")
        behind.command("By OPC UA:", "uaread")
        behind.event(EventInfo(NOW_UTC_S, 900, "plant", "tripped"))
        behind.show(make_mirror(), NOW_UTC_S)

    lines = out.getvalue().splitlines()
    assert lines[:4] == ["-- The pumps fail.", "By OPC UA:", "uaread", "00:00:00 plant: tripped"]
    assert "delivered 2,950 kW" in lines[4]


def test_before_anything_was_shown_there_is_no_picture(tmp_path: Path) -> None:
    behind, _ = camera()

    saved = behind.save(tmp_path / "demo.svg")

    assert not saved
    assert list(tmp_path.iterdir()) == []


def test_the_picture_of_the_readme_shows_a_whole_plant_and_no_path() -> None:
    kept = Path("deploy/reference/demo.svg").read_text(encoding="utf-8")

    told = words(kept)

    for part in ("miners", "tank", "booster", "network", "Water", "Fleet", "Events", "920"):
        assert part in told
    assert not re.search(r"(?<![\w.<])/[a-z]+/|password|@", kept)


async def test_a_picture_for_a_folder_that_is_not_there_is_refused_before_the_play(
    tmp_path: Path,
) -> None:
    file = tmp_path / "nowhere" / "demo.svg"

    with pytest.raises(ConfigError, match="there is no folder"):
        await run_demo(asyncio.Event(), duration_s=1.0, json_file=None, picture_file=file)


def test_a_picture_is_saved_as_it_is_drawn(tmp_path: Path) -> None:
    behind, _ = camera()
    behind.show(make_mirror(PUMP_1 | TANK), NOW_UTC_S)

    saved = behind.save(tmp_path / "demo.svg")

    assert saved
    assert (tmp_path / "demo.svg").read_text(encoding="utf-8") == behind.picture()
