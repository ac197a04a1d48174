"""One question asked of every container: where is this point known to be on, or known to be off?"""

import numpy as np

from controller.control.settings import Settings, container_tags
from controller.image.fleet import Flags
from controller.image.process_image import Snapshot


def where_on(snapshot: Snapshot, point: str, settings: Settings) -> Flags:
    """The containers whose point is known to be on."""
    # A flag is 0 or 1, and NaN where it is not known.
    return np.asarray(snapshot.numbers(container_tags(settings.containers, point)) > 0.0)


def where_off(snapshot: Snapshot, point: str, settings: Settings) -> Flags:
    """The containers whose point is known to be off."""
    return np.asarray(snapshot.numbers(container_tags(settings.containers, point)) == 0.0)
