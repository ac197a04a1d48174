"""The files of the reference plant, for whoever wants a rig and has no plant.toml yet."""

from collections.abc import Callable
from pathlib import Path

from controller.clock.now import clock_text
from controller.lab.demo_site import write_site
from controller.lab.places import shape
from controller.lab.site_text import CONTAINERS, UNITS


def reference_site(runs: Path, say: Callable[[str], object], miners: int | None = None) -> Path:
    """The plant.toml of a site below `runs`, one for each number of miners.

    The first time it is written, and a password is said once.
    """
    containers, units = (CONTAINERS, UNITS) if miners is None else shape(miners)
    folder = runs / ("site" if miners is None else f"site-{miners}")
    config = folder / "plant.toml"
    if not config.exists():
        site = write_site(folder, containers=containers, units=units)
        say(f"written: {folder} with user {site.user!r}, password {site.password}")
        say(f"certificate of a trusted OPC UA client: {site.client_certificate}")
    say(controller_line(config))
    return config


def controller_line(config: Path) -> str:
    """How to start the controller of a rig, on the rig's clock."""
    clock = clock_text()
    speed = "" if clock == "1" else f" --speed {clock}"
    return f"the controller for this rig: hearth run {config}{speed}"
