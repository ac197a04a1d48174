"""Whose pools the miners work for: asked hourly, spread over the hour, told when it changes."""

import asyncio
from itertools import pairwise
from pathlib import Path
from random import Random

import msgspec
import pytest

from controller.field.pool_watch import AGAIN_S, EVERY_S, FIRST_WITHIN_S, PoolWatch
from controller.field.unit_books import UnitBooks
from drivers.cgminer.codec import decode
from drivers.cgminer.host import pools_in
from drivers.cgminer.reading import Pool, fingerprint
from tests.field.bench_plant import running

OURS = (Pool("stratum+tcp://ours.example:3333", "Alive", None, "1", fingerprint("a.1")),)
OTHERS = (Pool("stratum+tcp://others.example:3333", "Alive", None, "1", fingerprint("b.1")),)
NAMES = tuple(f"c01-{number:03}" for number in range(1, 101))


def watch(*urls: str) -> PoolWatch:
    return PoolWatch(NAMES, frozenset(urls), Random(7))


def test_every_unit_is_asked_once_soon_and_then_each_hour_and_never_many_at_once() -> None:
    pools = watch()
    asked: dict[int, list[int]] = {unit: [] for unit in range(len(NAMES))}
    for second in range(int(3 * EVERY_S)):
        for unit, times in asked.items():
            if pools.due(unit, 1_000.0 + second):
                times.append(second)
                pools.heard(unit, OURS, 1_000.0 + second)

    assert all(times[0] <= FIRST_WITHIN_S for times in asked.values())
    assert all(len(times) == 3 for times in asked.values())
    at_once = [sum(second in times for times in asked.values()) for second in range(600)]
    assert max(at_once) <= 3


def test_without_a_list_the_first_seen_is_known_and_a_change_is_told_once() -> None:
    pools = watch()

    assert pools.heard(0, OURS, 0.0) is None
    assert pools.heard(0, OURS, 0.0) is None
    told = pools.heard(0, OTHERS, 0.0)
    assert told is not None
    assert told.source == "security"
    assert told.text == (
        "miner-c01-001 its pools were changed: stratum+tcp://others.example:3333 in place of"
        " stratum+tcp://ours.example:3333"
    )
    assert "b.1" not in told.text, "a user is half of a login"
    assert pools.heard(0, OTHERS, 0.0) is None


def test_with_a_list_another_pool_is_told_at_once() -> None:
    pools = watch(OURS[0].url)

    assert pools.heard(0, OURS, 0.0) is None
    told = pools.heard(0, (*OURS, *OTHERS), 0.0)
    assert told is not None
    assert "works for stratum+tcp://others.example:3333: no pool of this plant" in told.text
    assert pools.heard(0, OURS, 0.0) is None


def test_another_unit_in_the_place_is_asked_anew_and_may_have_others() -> None:
    pools = watch()
    pools.due(0, 0.0)
    pools.heard(0, OURS, 0.0)
    pools.forget(0)

    assert pools.due(0, 1.0)
    assert pools.heard(0, OTHERS, 0.0) is None


async def test_a_change_while_nobody_looked_is_seen_by_the_serial_number(tmp_path: Path) -> None:
    books = UnitBooks(tmp_path, 1, pytest.fail)
    before = PoolWatch(NAMES, frozenset(), Random(7), books.pools.by_serial)
    before.heard(0, OURS, 0.0, "A")
    async with running(books.pools.file.run()):
        books.close()
        await asyncio.sleep(0)

    again = UnitBooks(tmp_path, 1, pytest.fail)
    after = PoolWatch(NAMES, frozenset(), Random(7), again.pools.by_serial)

    assert after.heard(1, OURS, 0.0, "A") is None, "it may stand in another place"
    told = after.heard(2, OTHERS, 0.0, "A")
    assert told is not None
    assert "its pools were changed" in told.text
    assert "a.1" not in (tmp_path / "pools.json").read_text(encoding="utf-8")


def test_another_account_at_the_same_pool_is_told_and_never_named() -> None:
    pools = watch(OURS[0].url)
    pools.heard(0, OURS, 0.0)
    theirs = (msgspec.structs.replace(OURS[0], account=fingerprint("thief.1")),)
    told = pools.heard(0, theirs, 0.0)

    assert told is not None
    assert told.text.startswith("miner-c01-001 works for another account at stratum+tcp://ours")
    assert "thief" not in told.text


def test_a_pool_that_is_dead_for_a_while_is_the_same_pool() -> None:
    pools = watch()
    pools.heard(0, OURS, 0.0)

    dead = (msgspec.structs.replace(OURS[0], status="Dead", active=False),)
    assert pools.heard(0, dead, 0.0) is None


CAPTURED = sorted(
    (Path(__file__).parents[1] / "wire" / "transcripts" / "cgminer").glob("*-pools.*")
)


@pytest.mark.parametrize("path", CAPTURED, ids=lambda path: path.stem)
def test_the_pools_of_captured_replies_are_read(path: Path) -> None:
    # The one in text was published without the bar at its end.
    raw = path.read_bytes().rstrip() + (b"|" if path.suffix == ".txt" else b"") + b"\0"

    found = pools_in(decode(raw, "pools")["pools"])

    assert any(pool.url and pool.url in raw.decode() for pool in found)
    assert any(pool.account for pool in found)


def test_who_does_not_answer_is_asked_again_in_minutes_and_not_in_an_hour() -> None:
    pools = watch()
    asked = [second for second in range(2_000) if pools.due(0, float(second))]

    assert asked[0] <= FIRST_WITHIN_S
    assert {after - before for before, after in pairwise(asked)} == {int(AGAIN_S)}
