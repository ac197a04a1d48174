"""Values, times and wishes in words."""

import math

from controller.control.request_table import HAND
from controller.control.state import Request
from controller.control.why.step import Step
from controller.image.process_image import Snapshot
from controller.image.tag import Quality, Tag

NEVER = "never heard of"


def shown(value: float | bool | str | None, unit: str = "") -> str:  # noqa: FBT001 - a value
    """A value as it is written in a sentence; None is unknown."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "unknown"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str):
        return value or "nothing"
    return f"{value:,.1f} {unit}".rstrip()


def measured(snapshot: Snapshot, name: str) -> str:
    """A measured tag with its value, its quality where it is not good, and its age."""
    row = snapshot.index.get(name)
    if row is None:
        return f"{name} is not measured in this plant"
    tag = snapshot.tags[row]
    value = snapshot.flag(name) if tag.kind == "flag" else snapshot.number(name)
    return f"{name} = {shown(value, tag.unit)} ({_trust(snapshot, row, tag)})"


def wishes(standing: tuple[Request, ...], names: tuple[str, ...], now_s: float) -> list[Step]:
    """Every standing request of these names, with who asked, why, and the time left."""
    return [Step("request", _wish(request, now_s)) for request in standing if request.name in names]


def hand_wishes(standing: tuple[Request, ...], tag: str, now_s: float) -> list[Step]:
    """The order by hand that stands for this output, if there is one."""
    return wishes(standing, (HAND + tag,), now_s)


def _wish(request: Request, now_s: float) -> str:
    value = request.value
    asked = "" if value is None else f" = {shown(value)}"
    why = f", because: {request.reason}" if request.reason else ""
    left_min = (request.until_s - now_s) / 60.0
    who = f"{request.source} as {request.role}"
    return f"{request.name}{asked} by {who}, {left_min:.0f} min left{why}"


def _trust(snapshot: Snapshot, row: int, tag: Tag) -> str:
    age_s = snapshot.now_s - float(snapshot.source_s[row])
    age = NEVER if math.isinf(age_s) else f"{age_s:.1f} s old"
    quality = Quality(int(snapshot.quality[row]))
    said = "" if quality == Quality.GOOD else f"{quality.name.lower()}, "
    used = ", a protective input" if tag.protective else ""
    return f"{said}{age}{used}"
