"""Hand and local: outputs that people hold, at the device or through a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from controller.control.outputs import equipment_outputs
from controller.control.request_table import HAND, LOOP
from controller.control.settings import FEW_PLANTS, Settings
from controller.control.standing import Standing
from controller.control.state import Request
from controller.image.process_image import Snapshot
from controller.image.tag import Value

LOCAL = "local"
REMOTE = ".remote"


@dataclass(frozen=True, slots=True)
class Forced:
    """What an output is held at, and by whom; None: it is not written, for nobody knows it."""

    value: Value | None
    why: str


def forced(snapshot: Snapshot, standing: Standing, settings: Settings) -> Mapping[str, Forced]:
    """The outputs that control may not move; a device at local outranks an order by hand.

    A selector whose state is unknown counts as local: what a person may be holding is not written.
    """
    by_hand, local = _by_hand(standing), local_equipment(snapshot, settings)
    held: dict[str, Forced] = {}
    if not by_hand and not local:
        return held
    for equipment, tags in equipment_outputs(settings).items():
        if equipment in local:
            held |= {tag: Forced(_read_back(snapshot, tag), LOCAL) for tag in tags}
            continue
        for tag in tags:
            request = by_hand.get(tag)
            if request is not None and isinstance(request.value, (bool, float)):
                held[tag] = Forced(request.value, f"hand: {request.source}")
    return held


def held_number(held: Mapping[str, Forced], tag: str) -> float | None:
    """The number at which people hold this output; None while they do not."""
    found = held.get(tag)
    if found is None or isinstance(found.value, bool):
        return None
    return found.value


def local_equipment(snapshot: Snapshot, settings: Settings) -> frozenset[str]:
    """What stands at local by its selector; equipment without a selector never does."""
    selectors = _selectors(settings)
    position = snapshot.numbers(selectors)
    remote = ~np.isnan(position) & (position != 0.0)
    local = (snapshot.index.rows(selectors) >= 0) & ~remote
    return frozenset(selectors[row].removesuffix(REMOTE) for row in np.flatnonzero(local))


@lru_cache(FEW_PLANTS)
def _selectors(settings: Settings) -> tuple[str, ...]:
    return tuple(equipment + REMOTE for equipment in equipment_outputs(settings))


def control_of(
    snapshot: Snapshot, standing: Standing, settings: Settings
) -> Mapping[str, float | bool | str | None]:
    """`<equipment>.control` of every piece of equipment: automatic, hand or local."""
    words = dict.fromkeys(equipment_outputs(settings), "automatic")
    words |= {tag.partition(".")[0]: "hand" for tag in _by_hand(standing)}
    words |= dict.fromkeys(local_equipment(snapshot, settings), LOCAL)
    return {f"{equipment}.control": word for equipment, word in words.items()}


def told_by_hand(standing: Standing, now_s: float) -> str:
    """Every output and loop in a hand with its value, its source and the minutes left."""
    loops = {one.name: one for one in standing if one.name.startswith(LOOP)}
    return "; ".join(
        f"{tag} = {request.value} by {request.source}, {(request.until_s - now_s) / 60.0:.0f} min"
        for tag, request in (*sorted(_by_hand(standing).items()), *sorted(loops.items()))
    )


def _by_hand(standing: Standing) -> dict[str, Request]:
    return {
        request.name.removeprefix(HAND): request
        for request in standing
        if request.name.startswith(HAND)
    }


def _read_back(snapshot: Snapshot, tag: str) -> Value | None:
    row = snapshot.index.get(tag)
    if row is None:
        return None
    return snapshot.flag(tag) if snapshot.tags[row].kind == "flag" else snapshot.number(tag)
