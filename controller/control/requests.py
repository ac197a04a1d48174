"""Wishes from outside: which of them stand, what became of each, and what is left to others.

The newest wish of a name replaces the one before; when it lapses, the next source stands.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from controller.control.decision import Event, Verdict
from controller.control.loops.orders import as_it_is
from controller.control.refusal import hours_of, near, read_value, refuse
from controller.control.request_table import (
    ALARM_ORDERS,
    HEAT,
    MODE,
    RESET,
    WEATHER,
    WITHDRAW,
    WITHDRAW_HEAT,
    RequestKind,
    request_kinds,
)
from controller.control.settings import Settings
from controller.control.severity import Severity
from controller.control.standing import Standing, contract, held_words
from controller.control.state import Answer, PlantState, Request
from controller.image.evolve import replace

REMEMBERED_IDS = 64
"""How many decided requests are remembered, so that one that comes twice is decided once."""
WAITS = "waits for its decision"
WAITING = ALARM_ORDERS | {RESET, MODE}
"""Orders that are decided elsewhere."""


@dataclass(frozen=True, slots=True)
class Received:
    """What stands after this scan's arrivals, and what the arrivals were told.

    `weather` is the outdoor forecast that arrived, empty without one. `resets`, `mode_orders` and
    `alarm_orders` are in order by themselves; whoever decides them tells their verdicts to
    `settle`. `answers` and `decided_ids` are remembered until the next scan.
    """

    standing: Standing
    resets: tuple[Request, ...]
    mode_orders: tuple[Request, ...]
    alarm_orders: tuple[Request, ...]
    weather: tuple[float, ...]
    verdicts: tuple[Verdict, ...]
    events: tuple[Event, ...]
    answers: tuple[Answer, ...]
    decided_ids: tuple[str, ...]


def receive(
    state: PlantState, arrived: Sequence[Request], now_s: float, settings: Settings
) -> Received:
    """Let wishes lapse whose time is over, then take the arrivals one by one."""
    desk = _Desk(state, now_s, settings)
    desk.lapse()
    if arrived:
        kinds = request_kinds(settings)
        for request in arrived:
            desk.take(request, kinds)
    return desk.received()


def settle(answers: Sequence[Answer], verdicts: Sequence[Verdict]) -> tuple[Answer, ...]:
    """The answers with the verdicts on resets and modes, which were decided elsewhere."""
    told = {verdict.request: verdict for verdict in verdicts}
    return tuple(
        replace(answer, verdict=worded(told[answer.id]))
        if answer.verdict == WAITS and answer.id in told
        else answer
        for answer in answers
    )


def worded(verdict: Verdict) -> str:
    """A verdict in words."""
    return verdict.reason if verdict.accepted else f"refused: {verdict.reason}"


class _Desk:
    """One scan's wishes: each gets one verdict, and nothing is done by half."""

    def __init__(self, state: PlantState, now_s: float, settings: Settings) -> None:
        self._state, self._settings = state, settings
        self._now_s = now_s
        self._standing = {request.name: request for request in state.requests}
        self._answers = {answer.name: answer for answer in state.answers}
        self._ids = list(state.decided_ids)
        self._resets: list[Request] = []
        self._modes: list[Request] = []
        self._on_alarms: list[Request] = []
        self._weather: tuple[float, ...] = ()
        self._verdicts: list[Verdict] = []
        self._events: list[Event] = []

    def received(self) -> Received:
        """What came of it all."""
        return Received(
            standing=tuple(self._standing.values()),
            resets=tuple(self._resets),
            mode_orders=tuple(self._modes),
            alarm_orders=tuple(self._on_alarms),
            weather=self._weather,
            verdicts=tuple(self._verdicts),
            events=tuple(self._events),
            answers=tuple(self._answers.values()),
            decided_ids=tuple(self._ids[-REMEMBERED_IDS:]),
        )

    def lapse(self) -> None:
        """Forget what has expired."""
        for request in list(self._standing.values()):
            if not self._now_s < request.until_s:
                del self._standing[request.name]
                self._over(request.name, "lapsed")
                text = f"{request.name} of {request.role} lapsed; the next source stands"
                self._events.append(Event(Severity.LOW, request.source, text))

    def take(self, request: Request, kinds: Mapping[str, RequestKind]) -> None:
        """Decide one wish, or leave it to whom it concerns."""
        refusal = self._refuse(request, kinds)
        if refusal is not None:
            self._refused(request, refusal, known=request.name in kinds)
            return
        kind = kinds[request.name]
        value = read_value(request.value, kind)
        if value is None and kind.optional:
            value = as_it_is(request.name, self._state, self._settings)
            if value is None:
                self._refused(request, "nothing is known of this loop yet", known=True)
                return
        self._ids.append(request.id)
        request = replace(request, value=value)
        match request.name:
            case name if name in WAITING:
                self._leave(request)
            case "outdoor_forecast_c":
                self._weather = hours_of(str(request.value))
                self._accepted(request, "accepted")
                self._answer(request, "accepted")
            case "withdraw":
                self._withdraw(request, str(request.value))
            case "heat_demand_withdraw":
                self._withdraw(request, HEAT)
            case _ if kind.sort == "release":
                self._release(request, kind, kinds)
            case _:
                self._clear(kind, kinds, f"replaced by {request.name}")
                self._stand(request)

    def _leave(self, request: Request) -> None:
        """Leave an order to those who decide it in the same scan."""
        waiting = {RESET: self._resets, MODE: self._modes}
        waiting.get(request.name, self._on_alarms).append(request)
        self._answer(request, WAITS)

    def _refuse(self, request: Request, kinds: Mapping[str, RequestKind]) -> str | None:
        if request.id in self._ids:
            return "a request of this id was decided already"
        refusal = refuse(request, kinds, self._now_s)
        if refusal is not None:
            return refusal
        if request.name == WITHDRAW:
            return self._refuse_withdrawal(request, str(request.value).strip(), kinds)
        name = HEAT if request.name == WITHDRAW_HEAT else request.name
        return self._grouped(request, kinds) or self._owned(request, kinds[name])

    def _refuse_withdrawal(
        self, request: Request, name: str, kinds: Mapping[str, RequestKind]
    ) -> str | None:
        kind = kinds.get(name)
        if kind is None or kind.sort in ("order", "release"):
            return f"no request {name!r} can stand{near(name, kinds)}"
        if request.role not in kind.roles:
            return f"role {request.role!r} may not withdraw {name}"
        return self._owned(request, kind)

    def _grouped(self, request: Request, kinds: Mapping[str, RequestKind]) -> str | None:
        """Of a group one may stand."""
        group = kinds[request.name].group
        other = next(
            (one for one in self._standing if one != request.name and kinds[one].group == group),
            None,
        )
        return f"{other} stands already: one at a time of {group}" if group and other else None

    def _owned(self, request: Request, kind: RequestKind) -> str | None:
        """A buyer's nomination and a grid's order are theirs alone while they stand."""
        stands = self._standing.get(kind.name)
        if kind.owner is None or stands is None or stands.role != kind.owner:
            return None
        if request.role == kind.owner:
            return None
        return f"the {kind.owner}'s own {kind.name} stands; only the {kind.owner} may change it"

    def _refused(self, request: Request, refusal: str, *, known: bool) -> None:
        self._verdicts.append(Verdict(request.id, accepted=False, reason=refusal))
        who = _printable(f"{request.source} ({request.role})")
        name = _printable(request.name)
        self._events.append(Event(Severity.LOW, who, f"{name} refused: {refusal}"))
        if known:
            self._answer(request, f"refused: {refusal}")

    def _stand(self, request: Request) -> None:
        # Taken out first, so that the newest stands last.
        self._standing.pop(request.name, None)
        self._standing[request.name] = request
        words = held_words(request, contract(tuple(self._standing.values())))
        self._accepted(request, words)
        self._answer(request, words)

    def _withdraw(self, request: Request, name: str) -> None:
        stood = self._standing.pop(name, None)
        if stood is None:
            self._accepted(request, f"accepted; no {name} stood")
            return
        self._accepted(request, "accepted")
        self._over(name, f"withdrawn by {request.source}")

    def _release(
        self, request: Request, kind: RequestKind, kinds: Mapping[str, RequestKind]
    ) -> None:
        """End whatever stands in the slot."""
        self._clear(kind, kinds, f"ended by {request.source}")
        self._accepted(request, "accepted")
        self._answer(request, "accepted")

    def _clear(self, kind: RequestKind, kinds: Mapping[str, RequestKind], verdict: str) -> None:
        """Of one slot the newest stands."""
        for name in [one for one in self._standing if kind.slot and kinds[one].slot == kind.slot]:
            del self._standing[name]
            self._over(name, verdict)

    def _accepted(self, request: Request, reason: str) -> None:
        self._verdicts.append(Verdict(request.id, accepted=True, reason=reason))
        told = _told(request, self._now_s)
        self._events.append(Event(Severity.JOURNAL, request.source, told))

    def _answer(self, request: Request, verdict: str) -> None:
        asked = request.value
        if isinstance(asked, str):
            asked = _printable(asked)
        elif isinstance(asked, float) and not math.isfinite(asked):
            asked = None
        source = _printable(request.source)
        self._answers[request.name] = Answer(request.name, request.id, asked, source, verdict)

    def _over(self, name: str, verdict: str) -> None:
        answer = self._answers.get(name)
        if answer is not None:
            self._answers[name] = replace(answer, asked=None, verdict=verdict)


def _told(request: Request, now_s: float) -> str:
    value = request.value
    shown = f" {value:g}" if isinstance(value, float) else "" if value is None else f" {value}"
    life = ""
    if request.name not in {MODE, RESET, WEATHER, WITHDRAW, WITHDRAW_HEAT}:
        life = f" for {(request.until_s - now_s) / 60.0:.0f} min"
    reason = f": {request.reason}" if request.reason else ""
    return f"{request.name}{shown} accepted{life} as {request.role}{reason}"


def _printable(text: str) -> str:
    """A stranger's text as it may stand in a journal."""
    return "".join(letter for letter in text if letter.isprintable())[:100]
