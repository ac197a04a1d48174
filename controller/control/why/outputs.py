"""Why an output has its value: its loop, people's hands, protection and the envelope, read-back."""

from collections.abc import Iterator

from controller.control.decision import Decision
from controller.control.settings import Settings
from controller.control.trace import Trace
from controller.control.why.loops import sources
from controller.control.why.modes import explain_loop, loop_of
from controller.control.why.step import Step
from controller.control.why.words import hand_wishes, measured, shown
from controller.image.process_image import Snapshot
from controller.image.tag import Value


def explain_output(
    tag: str, snapshot: Snapshot, decision: Decision, trace: Trace, settings: Settings
) -> Iterator[Step]:
    """The chain of one output, from what moves it to what the device has taken."""
    state = decision.state
    for text in sources(tag, snapshot, state, trace, settings):
        yield Step("source", text)
    loop = loop_of(tag, settings)
    if loop is not None:
        yield from explain_loop(loop, state, snapshot.now_s, settings)
    looped = trace.looped.get(tag)
    yield Step("source", f"its loop wants {shown(looped)}")
    yield from hand_wishes(state.requests, tag, snapshot.now_s)
    held = trace.held.get(tag)
    if held is not None:
        taken = "is left as it is" if held.value is None else f"is held at {shown(held.value)}"
        yield Step("request", f"{tag} {taken} ({held.why})")
    wanted = looped if held is None else held.value
    yield from _envelope(tag, wanted, decision, trace)
    yield from _written(tag, decision)
    yield from _read_back(tag, snapshot, decision)


def _envelope(tag: str, wanted: Value | None, decision: Decision, trace: Trace) -> Iterator[Step]:
    """What protection and the ranges made of it."""
    for trip in decision.state.protection.trips:
        place = "plant" if trip.container is None else f"container-{trip.container + 1:02}"
        if trip.container is None or tag.startswith(place):
            yield Step("protection", f"tripped: {trip.cause} of {place}: {trip.text}")
    if trace.pumps_off and tag.endswith(".run"):
        yield Step("protection", "the pumps have no water and must stop")
    elif tag.endswith(".run") and not trace.pumps_may_stop and wanted is False:
        yield Step("protection", "flow may not stop while miners may have power")
    got = decision.outputs.get(tag)
    if got is None or got == wanted:
        yield Step("limit", "inside its limits: nothing was changed")
    else:
        yield Step("limit", f"the envelope made {shown(got)} of {shown(wanted)}")


def _written(tag: str, decision: Decision) -> Iterator[Step]:
    if not decision.writing:
        yield Step("output", "nothing is written: this controller only watches")
    elif tag in decision.outputs:
        yield Step("output", f"written: {shown(decision.outputs[tag])}")
    else:
        yield Step("output", "not written: nobody knows what it should be, or the device is local")


def _read_back(tag: str, snapshot: Snapshot, decision: Decision) -> Iterator[Step]:
    """What the device says that it has, and what it does."""
    told = measured(snapshot, tag)
    row = snapshot.index.get(tag)
    wanted = decision.outputs.get(tag)
    if row is not None and wanted is not None:
        has = snapshot.number(tag)
        if has is not None and abs(has - float(wanted)) > max(0.5, 0.01 * abs(float(wanted))):
            told += ": differs from what is written"
    yield Step("read-back", told)
    equipment = tag.partition(".")[0]
    for point in _PROOFS.get(tag.partition(".")[2], ()):
        if snapshot.has(f"{equipment}.{point}"):
            yield Step("read-back", measured(snapshot, f"{equipment}.{point}"))


_PROOFS = {
    "run": ("running",),
    "speed_pct": ("running", "flow_lpm"),
    "valve_open_command": ("valve_open", "valve_closed"),
    "contactor_close": ("contactor_closed",),
    "power_pct": ("power_kw",),
}
