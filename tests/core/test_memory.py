"""What people asked and what is owed outlives the program, and nothing broken comes back."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from controller.control.state import Account, ContractState, PlantState, Request
from controller.core.memory import Memory
from tests.control.small_plant import SmallPlant
from tests.field.bench_plant import running

UTC_S = 1_767_225_600.0
NOMINATION = Request("n", "rest:city", "buyer", "heat_nomination_kw", 40.0, "cold", 4_600.0)
BY_HAND = Request("h", "opcua:emil", "engineer", "hand:pump-1.speed_pct", 60.0, "works", 2_000.0)


async def kept(folder: Path, *states: PlantState) -> None:
    """Let a program that began at 1000 s remember these states, one a tenth of a second."""
    memory = Memory(folder)
    plant = SmallPlant()
    async with running(memory.requests.run()), running(memory.account.run()):
        for state in states:
            memory.keep(state, replace(plant.snapshot(), now_s=1_000.0, utc_s=UTC_S))
            await asyncio.sleep(0.1)


def restored(
    folder: Path, after_s: float, plant: SmallPlant | None = None
) -> tuple[PlantState, list[str]]:
    """What the next program knows, whose monotonic clock begins anew at 50 s."""
    plant = SmallPlant() if plant is None else plant
    told: list[str] = []
    memory = Memory(folder)
    state = memory.restore(plant.state, plant.settings, 50.0, UTC_S + after_s, told.append)
    return state, told


def holding(*requests: Request, **changes: object) -> PlantState:
    return replace(SmallPlant().state, requests=requests, **changes)  # type: ignore[arg-type]


async def test_standing_requests_survive_a_restart_with_their_end_in_utc(tmp_path: Path) -> None:
    await kept(tmp_path, holding(NOMINATION, BY_HAND))

    state, told = restored(tmp_path, after_s=600.0)

    # 3600 s and 1000 s were left; ten minutes of them have gone by.
    assert state.requests == (
        replace(NOMINATION, until_s=50.0 + 3_000.0),
        replace(BY_HAND, until_s=50.0 + 400.0),
    )
    assert told == []


async def test_a_restored_request_counts_as_if_there_had_been_no_restart(tmp_path: Path) -> None:
    await kept(tmp_path, holding(NOMINATION))
    plant = SmallPlant()
    plant.now_s = 50.0

    plant.state, _ = restored(tmp_path, 600.0, plant)
    decision = plant.scans(2)

    assert decision.derived["plant.heat_target_kw"] == 40.0
    assert decision.derived["request.heat_nomination_kw.source"] == "rest:city"
    assert decision.derived["request.heat_nomination_kw.verdict"] == "accepted"


async def test_what_lapsed_while_the_program_was_down_is_told_and_gone(tmp_path: Path) -> None:
    await kept(tmp_path, holding(NOMINATION, BY_HAND))

    state, told = restored(tmp_path, after_s=1_000.0)

    assert [request.name for request in state.requests] == ["heat_nomination_kw"]
    assert told == ["hand:pump-1.speed_pct of opcua:emil lapsed while the program was down"]


async def test_a_withdrawal_survives_a_restart(tmp_path: Path) -> None:
    await kept(tmp_path, holding(NOMINATION), holding())

    assert restored(tmp_path, 1.0)[0].requests == ()


async def test_what_is_unwritten_at_the_end_is_written_then(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    async with running(memory.requests.run()):
        await asyncio.sleep(0.1)
        snapshot = replace(SmallPlant().snapshot(), now_s=1_000.0, utc_s=UTC_S)
        memory.keep(holding(NOMINATION), snapshot)

    assert len(restored(tmp_path, 1.0)[0].requests) == 1


@pytest.mark.parametrize("name", ["requests.json", "contract.json"])
@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[1]", b'{"a": 1}', b"\xff\xfe", b"[null]", b"nonsense", b'[{"id": "x"}]'],
)
def test_an_unreadable_file_is_none_and_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)

    state, told = restored(tmp_path, 0.0)

    assert state.requests == ()
    assert state.contract == ContractState()
    assert len(told) == 1
    assert name in told[0]


def test_a_first_start_remembers_nothing_and_says_nothing(tmp_path: Path) -> None:
    state, told = restored(tmp_path, 0.0)

    assert (state.requests, told) == ((), [])


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "hand:pump-9.run"},
        {"role": "viewer"},
        {"value": 9_999.0},
        {"value": None},
        {"until_utc_s": 1e15},
        {"name": "plant_mode", "value": "off"},
    ],
)
async def test_a_request_that_would_be_refused_today_is_not_taken_up_again(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    await kept(tmp_path, holding(NOMINATION))
    path = tmp_path / "requests.json"
    (row,) = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps([row | changes]), encoding="utf-8")

    state, told = restored(tmp_path, 1.0)

    assert state.requests == ()
    assert "is not taken up again" in told[0]


async def test_the_account_goes_on_after_a_restart(tmp_path: Path) -> None:
    today = Account(100.0, 90.0, 3.0, (("grid", 10.0),))
    books = ContractState(int(UTC_S // 86_400.0), today, Account(), today, last_s=1_000.0)
    await kept(tmp_path, holding(NOMINATION, contract=books))

    contract = restored(tmp_path, after_s=60.0)[0].contract

    assert contract.total == replace(today, uncertain_s=63.0)
    assert contract.today == contract.total
    assert contract.last_s is None


async def test_the_account_of_a_day_that_is_over_becomes_yesterdays(tmp_path: Path) -> None:
    today = Account(100.0, 90.0, 0.0, (("grid", 10.0),))
    books = ContractState(int(UTC_S // 86_400.0), today, Account(), today, last_s=1_000.0)
    await kept(tmp_path, holding(contract=books))
    plant = SmallPlant()
    plant.now_s = 86_400.0 + 50.0

    plant.state, _ = restored(tmp_path, 86_400.0, plant)
    decision = plant.scans(2)

    assert decision.derived["contract.shortfall_yesterday_kwh"] == 10.0
    assert decision.derived["contract.shortfall_today_kwh"] == 0.0
    assert decision.derived["contract.shortfall_total_kwh"] == 10.0


async def test_a_full_disk_does_not_stop_the_plant(tmp_path: Path) -> None:
    nowhere = tmp_path / "gone"

    await kept(nowhere, holding(NOMINATION), holding())

    assert not nowhere.exists()


async def test_the_mode_of_a_loop_survives_a_restart(tmp_path: Path) -> None:
    mode = replace(BY_HAND, name="loop:supply.automatic", value=70.0)
    await kept(tmp_path, holding(mode))

    state, told = restored(tmp_path, after_s=600.0)

    assert [(one.name, one.value) for one in state.requests] == [("loop:supply.automatic", 70.0)]
    assert told == []
