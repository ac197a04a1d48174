"""Keeps the inputs of a scan that failed, so that it can be run again on a desk."""

import pickle
from collections.abc import Sequence
from pathlib import Path

from controller.control.settings import Settings
from controller.control.state import PlantState, Request
from controller.image.process_image import Snapshot

MOST_DUMPS = 10


def dump_inputs(
    folder: Path,
    snapshot: Snapshot,
    arrived: Sequence[Request],
    state: PlantState,
    settings: Settings,
) -> Path | None:
    """Write the inputs to a file of their own; None when the disk does not take them."""
    path = folder / f"failed-scan-{int(snapshot.utc_s) % MOST_DUMPS}.pickle"
    inputs = {"snapshot": snapshot, "arrived": tuple(arrived), "state": state, "settings": settings}
    try:
        path.write_bytes(pickle.dumps(inputs))
    except OSError:
        return None
    return path
