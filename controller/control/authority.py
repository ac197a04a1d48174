"""Authority: whether this controller may write, seen anew in every scan.

A controller that stood still, and one whose PLC gave it up, begin again from what the plant does
now. One whose pen was taken by another is silent until a person starts it anew.
"""

from typing import Final

import numpy as np

from controller.control.decision import Event
from controller.control.device_watchdog import unwatched
from controller.control.pen import Holder, Pen, following, newer
from controller.control.protection.protect import known_cause_stands
from controller.control.settings import Settings
from controller.control.severity import Severity
from controller.control.state import PlantState
from controller.image.evolve import replace
from controller.image.process_image import Snapshot

EPOCH: Final = "plc.epoch"
LOCAL_AUTOMATIC: Final = "plc.local_automatic"
UNWATCHED: Final = "plc without watchdog"
BOOTS: Final = "plc.boot_count"

# A reply that was on its way while we stood still comes in up to two seconds later (the longest a
# device may take to answer), and tells of before.
LATE_REPLY_S: Final = 2.0
# The PLC needs a frame and we need a poll until its local automatic is seen to have ended.
SETTLE_S: Final = 3.0
# Share of the units that must have been heard of since.
HEARD_SHARE: Final = 0.95

News = list[Event]


def watch(snapshot: Snapshot, state: PlantState, settings: Settings) -> tuple[PlantState, News]:
    """See who has the pen; the plant goes back to tracking where it has slipped from our hand."""
    pen = state.pen
    if pen.holder == "taken by another":
        return state, []
    gap_s = 0.0 if state.last_s is None else snapshot.now_s - state.last_s
    if gap_s > settings.gap_s:
        from_s = snapshot.now_s + LATE_REPLY_S
        pen = replace(pen, tags_from_s=from_s, units_from_s=from_s)
        text = f"no scan for {gap_s:.1f} s: nothing is written until all has been read anew"
        return _again(state, pen, "tracking", Severity.HIGH, text)
    if settings.dry_run:
        return state, []
    refused = _refuse_unwatched(snapshot, state, settings)
    return _watch_plc(snapshot, state) if refused is None else refused


def _watch_plc(snapshot: Snapshot, state: PlantState) -> tuple[PlantState, News]:
    """See what the PLC tells of its controllers and of itself."""
    pen = state.pen
    if pen.holder == UNWATCHED:
        # It counts from now on for how long the image may take to be complete.
        pen = replace(pen, holder="tracking", why="")
        state = replace(state, pen=pen, started_s=None)
    if not snapshot.index.keys() >= {EPOCH, LOCAL_AUTOMATIC}:
        return state, []
    if _taken_by_another(snapshot, pen):
        theirs = snapshot.number(EPOCH)
        text = f"another controller has the pen (epoch {theirs:.0f}, ours was {pen.epoch})"
        text += ": nothing is written until this one is started anew"
        return _again(state, pen, "taken by another", Severity.CRITICAL, text)
    if state.mode == "tracking":
        return _watch_from_aside(snapshot, state)
    return _watch_our_hand(snapshot, state)


def may_take(snapshot: Snapshot, state: PlantState, settings: Settings) -> bool:
    """Whether what is known is new enough to begin from; all of it, but a few silent units."""
    pen = state.pen
    if pen.holder == UNWATCHED:
        return False
    heard = np.count_nonzero(snapshot.fleet.seen_s > pen.units_from_s)
    told = bool((snapshot.source_s > pen.tags_from_s)[snapshot.awaited].all())
    return told and bool(heard >= HEARD_SHARE * len(settings.container_of))


def must_wait(state: PlantState) -> bool:
    """Whether waiting has no end by itself: outputs that nobody watches may not be ordered."""
    return state.pen.holder == UNWATCHED


def take(snapshot: Snapshot, state: PlantState, settings: Settings) -> tuple[PlantState, News]:
    """Take the pen with a new epoch; without the PLC's word there is none to take yet."""
    pen = replace(state.pen, taken_s=snapshot.now_s)
    if settings.dry_run:
        return replace(state, pen=replace(pen, holder="dry-run")), []
    if EPOCH not in snapshot.index:
        return replace(state, pen=replace(pen, holder="ours")), []
    last = snapshot.number(EPOCH)
    if last is None:
        text = "the PLC does not answer: its outputs cannot be ordered yet"
        silent = replace(pen, holder="plc silent", epoch=None)
        return replace(state, pen=silent), [Event(Severity.HIGH, "plant", text)]
    epoch = following(int(last))
    pen = replace(pen, holder="ours", epoch=epoch, boots=snapshot.number(BOOTS))
    text = f"pen taken with epoch {epoch}"
    return replace(state, pen=pen), [Event(Severity.JOURNAL, "plant", text)]


def let_go(state: PlantState) -> PlantState:
    """Our pen turned out to be another's too: this one is silent until it is started anew."""
    pen = replace(state.pen, holder="taken by another")
    return replace(state, mode="tracking", started_s=None, pen=pen)


def authority_tags(snapshot: Snapshot, state: PlantState) -> dict[str, float | str | None]:
    """Who has the pen, for those who watch; a PLC that is not heard is named first."""
    pen = state.pen
    deaf = EPOCH in snapshot.index and snapshot.number(EPOCH) is None
    shown: Holder = "plc silent" if deaf and pen.holder == "ours" else pen.holder
    return {
        "plant.authority": shown,
        "plant.reach_reason": pen.why if pen.holder == UNWATCHED else "none",
        "plant.epoch": None if pen.epoch is None else float(pen.epoch),
    }


def _taken_by_another(snapshot: Snapshot, pen: Pen) -> bool:
    """Whether a living controller's epoch is newer than the one that we once had."""
    theirs = snapshot.number(EPOCH)
    if pen.epoch is None or theirs is None or not newer(int(theirs), pen.epoch):
        return False
    since_s = max(pen.tags_from_s, pen.taken_s)
    new = _source_s(snapshot, EPOCH) > since_s and _source_s(snapshot, LOCAL_AUTOMATIC) > since_s
    return new and snapshot.flag(LOCAL_AUTOMATIC) is False and not _restarted(snapshot, pen)


def _watch_our_hand(snapshot: Snapshot, state: PlantState) -> tuple[PlantState, News]:
    pen = state.pen
    fresh = replace(pen, tags_from_s=snapshot.now_s)
    if snapshot.number(EPOCH) is None:
        return state, []
    if pen.epoch is None:
        return _again(state, fresh, "tracking", Severity.MEDIUM, "the PLC answers")
    if _restarted(snapshot, pen):
        forgotten = replace(fresh, epoch=None)
        return _again(state, forgotten, "tracking", Severity.HIGH, "the PLC has started anew")
    settled = _source_s(snapshot, LOCAL_AUTOMATIC) > pen.taken_s + SETTLE_S
    if snapshot.flag(LOCAL_AUTOMATIC) is True and settled:
        text = "the PLC has gone to local automatic: it is taken over anew"
        return _again(state, fresh, "local automatic", Severity.HIGH, text)
    return state, []


def _watch_from_aside(snapshot: Snapshot, state: PlantState) -> tuple[PlantState, News]:
    """While tracking: name what the PLC does."""
    pen = state.pen
    if _restarted(snapshot, pen):
        pen = replace(pen, epoch=None, boots=snapshot.number(BOOTS))
    local = snapshot.flag(LOCAL_AUTOMATIC) is True
    pen = replace(pen, holder="local automatic" if local else "tracking")
    return replace(state, pen=pen), []


def _refuse_unwatched(
    snapshot: Snapshot, state: PlantState, settings: Settings
) -> tuple[PlantState, News] | None:
    """Where a device would hold its outputs for ever nothing is written; None where none would.

    What is being stopped, and a danger that is seen, are acted on all the same.
    """
    why = unwatched(snapshot, settings)
    if why is None:
        return None
    told = state.pen.holder == UNWATCHED
    stopping = bool(state.protection.trips) or known_cause_stands(snapshot, settings)
    if state.mode != "tracking":
        pen = replace(state.pen, why=why)
        if stopping:
            return None
        pen = replace(pen, tags_from_s=snapshot.now_s)
        return _again(state, pen, UNWATCHED, Severity.HIGH, f"{why}; nothing is written")
    state = replace(state, pen=replace(state.pen, holder=UNWATCHED, why=why))
    news = [Event(Severity.HIGH, "plant", f"{why}; nothing is written")]
    return state, [] if told else news


def _again(
    state: PlantState, pen: Pen, holder: Holder, severity: Severity, text: str
) -> tuple[PlantState, News]:
    state = replace(state, mode="tracking", started_s=None, pen=replace(pen, holder=holder))
    return state, [Event(severity, "plant", text)]


def _restarted(snapshot: Snapshot, pen: Pen) -> bool:
    """Whether the PLC has forgotten us: its own memory began anew."""
    boots = snapshot.number(BOOTS)
    return boots is not None and pen.boots is not None and boots != pen.boots


def _source_s(snapshot: Snapshot, name: str) -> float:
    return float(snapshot.source_s[snapshot.index[name]])
