"""Checks that the files and folders that a plant.toml names can be what they shall be."""

import os
from collections.abc import Iterator

from controller.config.logins import BadLogins, read_logins
from controller.config.plant import PlantFile
from controller.link.messages import LINK_NAME

LONGEST_SOCKET_BYTES = 107
"""A Unix socket's path, less the zero at its end (unix(7): sun_path has 108)."""

Found = Iterator[tuple[str, str, str]]


def file_rules(plant: PlantFile) -> Found:
    """Code, place and what is wrong with the paths that the programs need; none must be there."""
    link = plant.core.state_dir / LINK_NAME
    length = len(os.fsencode(link))
    if length > LONGEST_SOCKET_BYTES:
        told = f"{length} bytes of at most {LONGEST_SOCKET_BYTES}: {link}"
        yield "HC606", "core.state_dir", told
    for place, folder in (
        ("core.state_dir", plant.core.state_dir),
        ("opcua.pki_dir", plant.opcua.pki_dir),
    ):
        if os.path.lexists(folder) and not folder.is_dir():
            yield "HC608", place, f"{folder} is no folder"
    yield from _logins(plant)
    if plant.opcua.users_file.is_dir():
        yield "HC608", "opcua.users_file", f"{plant.opcua.users_file} is a folder"


def _logins(plant: PlantFile) -> Found:
    """The logins that containers name."""
    named = [(row, box.login) for row, box in enumerate(plant.container, 1) if box.login]
    if not named:
        return
    path = plant.miners.logins_file
    try:
        known = read_logins(path)
    except BadLogins as error:
        yield "HC113", "miners.logins_file", str(error)
        return
    for row, name in named:
        if name not in known:
            yield "HC113", f"container.{row}.login", f"{name!r} does not stand in {path}"
