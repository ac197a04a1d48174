"""What people asked and what is owed, kept over a restart: standing requests and the account."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import structlog

from controller.control.accounts import DAY_S, added
from controller.control.refusal import refuse
from controller.control.request_table import request_kinds
from controller.control.settings import Settings
from controller.control.state import Account, Answer, ContractState, PlantState, Request
from controller.disk.whole_file import WholeFile
from controller.image.process_image import Snapshot

log = structlog.get_logger()

REQUESTS_NAME = "requests.json"
ACCOUNT_NAME = "contract.json"
KEEP_APART_S = 60.0
"""A crash loses no more of the account than this."""

Tell = Callable[[str], None]
"""Tells what could not be remembered."""

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """A standing request as the file has it: its end in UTC, for monotonic time ends with us."""

    id: str
    source: str
    role: str
    name: str
    value: float | bool | str | None
    reason: str
    until_utc_s: float


@dataclass(frozen=True, slots=True)
class KeptAccount:
    """The account as the file has it, and when it was written."""

    utc_s: float
    day: int | None
    today: Account
    yesterday: Account
    total: Account
    contracted: bool


class Memory:
    """Two files in the state folder: requests whenever they change, the account each minute."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.requests = WholeFile(folder / REQUESTS_NAME)
        self.account = WholeFile(folder / ACCOUNT_NAME)
        self._requests: tuple[Request, ...] | None = None
        self._account_due_s = 0.0

    def restore(
        self, state: PlantState, settings: Settings, now_s: float, utc_s: float, tell: Tell
    ) -> PlantState:
        """The state with what was remembered and is still good; `tell` hears of what is not."""
        kept = _read(self._folder / REQUESTS_NAME, list[KeptRequest], tell) or []
        requests = _still_good(kept, settings, now_s, utc_s, tell)
        account = _read(self._folder / ACCOUNT_NAME, KeptAccount, tell)
        contract = ContractState() if account is None else _reopened(account, utc_s)
        answers = tuple(
            Answer(request.name, request.id, request.value, request.source, "accepted")
            for request in requests
        )
        return replace(state, requests=requests, answers=answers, contract=contract)

    def keep(self, state: PlantState, snapshot: Snapshot) -> None:
        """Take what is to be remembered; returns at once."""
        offset_s = snapshot.utc_s - snapshot.now_s
        if state.requests != self._requests:
            self._requests = state.requests
            self.requests.keep(_text([_kept(one, offset_s) for one in state.requests]))
        if state.contract.last_s is not None and snapshot.now_s >= self._account_due_s:
            self._account_due_s = snapshot.now_s + KEEP_APART_S
            self.account.keep(_text(asdict(_closed(state, snapshot.utc_s))))


def _kept(request: Request, offset_s: float) -> dict[str, object]:
    fields: dict[str, Any] = asdict(request)
    until_s = fields.pop("until_s")
    return {**fields, "until_utc_s": until_s + offset_s}


def _closed(state: PlantState, utc_s: float) -> KeptAccount:
    books = state.contract
    contracted = books.today.contracted_kwh > 0.0 and any(
        request.name in {"heat_nomination_kw", "district_signal_kw"} for request in state.requests
    )
    return KeptAccount(utc_s, books.day, books.today, books.yesterday, books.total, contracted)


def _reopened(kept: KeptAccount, utc_s: float) -> ContractState:
    """The account again; what happened under contract while nobody looked is uncertain."""
    away_s = max(0.0, utc_s - kept.utc_s) if kept.contracted else 0.0
    gone = Account(uncertain_s=away_s)
    total = added(kept.total, gone)
    if kept.day is not None and int(utc_s // DAY_S) > kept.day:
        return ContractState(kept.day, kept.today, kept.yesterday, total)
    return ContractState(kept.day, added(kept.today, gone), kept.yesterday, total)


def _still_good(
    kept: list[KeptRequest], settings: Settings, now_s: float, utc_s: float, tell: Tell
) -> tuple[Request, ...]:
    kinds = request_kinds(settings)
    good: dict[str, Request] = {}
    for one in kept:
        until_s = now_s + one.until_utc_s - utc_s
        request = Request(one.id, one.source, one.role, one.name, one.value, one.reason, until_s)
        refusal = refuse(request, kinds, now_s)
        if refusal is None and kinds[one.name].sort != "order":
            good[one.name] = request
        elif one.until_utc_s <= utc_s:
            tell(f"{one.name} of {one.source} lapsed while the program was down")
        else:
            tell(f"{one.name} of {one.source} is not taken up again: {refusal}")
    return tuple(good.values())


def _read(path: Path, kind: type[Kept], tell: Tell) -> Kept | None:
    """The file's content; nothing without a file, and nothing, but told, from a broken one."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as reason:
        tell(f"{path.name} could not be read: {reason}")
        return None


def _text(content: object) -> str:
    return json.dumps(content, indent=1)
