"""How far the program may reach: everywhere, inside a fence, or nowhere."""

from collections.abc import Collection
from typing import Literal

import numpy as np

from controller.control.decision import Decision, Wanted
from controller.control.settings import Settings
from controller.image.evolve import replace

Reach = Literal["automatic", "limited", "dry-run"]


def within(
    decision: Decision, reach: Reach, fence: Collection[str], settings: Settings
) -> Decision:
    """The part of a decision that may be carried out.

    A dry run decides and writes nothing. A limited one writes only to the equipment that its fence
    names; a container in the fence brings its miners with it.
    """
    if reach == "automatic":
        return decision
    if reach == "dry-run":
        return replace(decision, writing=False)
    inside = np.array(
        [f"container-{container + 1:02}" in fence for container in range(settings.containers)]
    )
    units = np.where(inside[settings.container_of], decision.units, np.int8(Wanted.FREE))
    outputs = {
        name: value for name, value in decision.outputs.items() if name.partition(".")[0] in fence
    }
    return replace(decision, units=units.astype(np.int8), outputs=outputs)
