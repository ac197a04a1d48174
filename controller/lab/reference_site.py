"""The files of the reference plant, for whoever wants a rig and has no plant.toml yet."""

from collections.abc import Callable
from pathlib import Path

from controller.lab.demo_site import write_site


def reference_site(folder: Path, say: Callable[[str], object]) -> Path:
    """The plant.toml in `folder`; the first time it is written, and a password is said once."""
    config = folder / "plant.toml"
    if not config.exists():
        site = write_site(folder)
        say(f"written: {folder} with user {site.user!r}, password {site.password}")
        say(f"certificate of a trusted OPC UA client: {site.client_certificate}")
    say(f"the controller for this rig: hearth run {config}")
    return config
