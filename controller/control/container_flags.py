"""One question asked of every container: where is this point known to be on, or known to be off?"""

import numpy as np

from controller.control.settings import Settings, container_tag
from controller.image.fleet import Flags
from controller.image.process_image import Snapshot


def where_on(snapshot: Snapshot, point: str, settings: Settings) -> Flags:
    """The containers whose point is known to be on."""
    return _where(snapshot, point, settings, wanted=True)


def where_off(snapshot: Snapshot, point: str, settings: Settings) -> Flags:
    """The containers whose point is known to be off."""
    return _where(snapshot, point, settings, wanted=False)


def _where(snapshot: Snapshot, point: str, settings: Settings, *, wanted: bool) -> Flags:
    return np.array(
        [
            snapshot.flag(container_tag(container, point)) is wanted
            for container in range(settings.containers)
        ]
    )
