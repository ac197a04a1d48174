"""Hearth itself on the screen: what was asked of it last, and how its loop is."""

from collections.abc import Iterator

from rich.console import Group
from rich.text import Text

from controller.lab.shown import DOUBTFUL, FINE, NOTHING, QUIET, WRONG, Look, pairs, span, told

MOST_REQUESTS = 3
REFUSED = "refused"

Row = tuple[str, str | Text]


def state_part(look: Look) -> Group:
    """Trips and orders, the last requests with their verdicts, the loop."""
    return Group(pairs(_standing(look)), *_requests(look), pairs(_loop(look)))


def _standing(look: Look) -> tuple[Row, ...]:
    trips, order = look.text("plant.trips"), look.text("plant.order")
    unknown = not look.text("plant.mode")
    none = NOTHING if unknown else "none"
    return (
        ("order", order or NOTHING),
        ("trips", Text(trips or none, WRONG if trips or unknown else FINE)),
        ("for store", _store(look)),
    )


def _store(look: Look) -> str:
    """Heat that the fleet makes for tank or water beyond what is wanted, or less than that."""
    kw = look.number("plant.store_kw")
    return NOTHING if kw is None else f"{kw:+,.0f} kW"


def _requests(look: Look) -> Iterator[Text]:
    """What was asked, what stands of it and what was said to it; those that stand come first."""
    asked = [name for name in _names(look) if look.text(f"request.{name}.verdict")]
    asked.sort(key=lambda name: look.number(f"request.{name}.expires_s") is None)
    for name in asked[:MOST_REQUESTS]:
        yield Text(f"{name} ", no_wrap=True, overflow="ellipsis").append(
            _figures(look, name), "bold"
        )
        yield _verdict(look, name)
    if not asked:
        yield Text("nothing has been asked yet" if look.fresh else NOTHING, QUIET)


def _names(look: Look) -> tuple[str, ...]:
    points = look.equipment("verdict")
    return tuple(name.removeprefix("request.") for name in points)


def _figures(look: Look, name: str) -> str:
    text = look.text(f"request.{name}.asked")
    if text:
        return text
    asked = look.number(f"request.{name}.asked")
    if asked is None:
        return ""
    stands = look.number(f"request.{name}.accepted")
    kept = "lapsed" if stands is None else told(stands, "kW")
    return f"{told(asked)} \N{RIGHTWARDS ARROW} {kept}"


def _verdict(look: Look, name: str) -> Text:
    verdict = look.text(f"request.{name}.verdict")
    source = look.text(f"request.{name}.source")
    left_s = look.number(f"request.{name}.expires_s")
    style = DOUBTFUL if REFUSED in verdict or "not below" in verdict else FINE
    line = Text("  ", no_wrap=True, overflow="ellipsis").append(verdict, style)
    return line.append(f"  {source}" + ("" if left_s is None else f", {span(left_s)}"), QUIET)


def _loop(look: Look) -> tuple[Row, ...]:
    sent, proven, failed, dropped = (look.shown(f"commands.{what}") for what in _COMMANDS)
    late = " / ".join(look.shown(f"loop.lateness_{p}_ms", "", 1) for p in _LATENESS)
    return (
        ("scans", f"{look.shown('loop.scans')}, skipped {look.shown('loop.skipped')}"),
        ("late", f"{late} ms (p50, p99, max)"),
        ("polls", f"{look.shown('poll.polls')}, failed {look.shown('poll.failures')}"),
        ("orders", f"{sent}, proven {proven}, failed {failed}, old {dropped}"),
    )


_COMMANDS = ("sent", "verified", "failed", "dropped")
_LATENESS = ("p50", "p99", "max")
