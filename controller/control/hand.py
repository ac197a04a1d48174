"""Hand and local: outputs that people hold, at the device or through a request."""

from collections.abc import Mapping
from dataclasses import dataclass

from controller.control.outputs import equipment_outputs
from controller.control.request_table import HAND
from controller.control.settings import Settings
from controller.control.standing import Standing
from controller.control.state import Request
from controller.image.process_image import Snapshot
from controller.image.tag import Value

LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Forced:
    """What an output is held at, and by whom; None: it is not written, for nobody knows it."""

    value: Value | None
    why: str


def forced(snapshot: Snapshot, standing: Standing, settings: Settings) -> Mapping[str, Forced]:
    """The outputs that control may not move; a device at local outranks an order by hand.

    A selector whose state is unknown counts as local: what a person may be holding is not written.
    """
    by_hand = _by_hand(standing)
    held: dict[str, Forced] = {}
    for equipment, tags in equipment_outputs(settings).items():
        if is_local(snapshot, equipment):
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


def is_local(snapshot: Snapshot, equipment: str) -> bool:
    """Whether the device's selector stands at local; a device without a selector never does."""
    selector = f"{equipment}.remote"
    return snapshot.has(selector) and snapshot.flag(selector) is not True


def control_of(
    snapshot: Snapshot, standing: Standing, settings: Settings
) -> Mapping[str, float | bool | str | None]:
    """`<equipment>.control` of every piece of equipment: automatic, hand or local."""
    by_hand = {tag.partition(".")[0] for tag in _by_hand(standing)}
    return {
        f"{equipment}.control": _word(snapshot, equipment, by_hand=equipment in by_hand)
        for equipment in equipment_outputs(settings)
    }


def told_by_hand(standing: Standing, now_s: float) -> str:
    """Every order by hand with its value, its source and the minutes left."""
    return "; ".join(
        f"{tag} = {request.value} by {request.source}, {(request.until_s - now_s) / 60.0:.0f} min"
        for tag, request in sorted(_by_hand(standing).items())
    )


def _word(snapshot: Snapshot, equipment: str, *, by_hand: bool) -> str:
    if is_local(snapshot, equipment):
        return LOCAL
    return "hand" if by_hand else "automatic"


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
