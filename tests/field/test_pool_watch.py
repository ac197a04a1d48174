"""Whose pools the miners work for: asked hourly, spread over the hour, told when it changes."""

from pathlib import Path
from random import Random

import pytest

from controller.field.pool_watch import EVERY_S, FIRST_WITHIN_S, PoolWatch
from drivers.cgminer.codec import decode
from drivers.cgminer.pools import Pool, pools_in
from drivers.errors import BadReply

OURS = (Pool("stratum+tcp://ours.example:3333", "a.1"),)
OTHERS = (Pool("stratum+tcp://others.example:3333", "b.1"),)
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

    assert all(times[0] <= FIRST_WITHIN_S for times in asked.values())
    assert all(len(times) == 3 for times in asked.values())
    at_once = [sum(second in times for times in asked.values()) for second in range(600)]
    assert max(at_once) <= 3


def test_without_a_list_the_first_seen_is_known_and_a_change_is_told_once() -> None:
    pools = watch()

    assert pools.heard(0, OURS) is None
    assert pools.heard(0, OURS) is None
    told = pools.heard(0, OTHERS)
    assert told is not None
    assert told.source == "security"
    assert told.text == (
        "miner-c01-001 its pools were changed: stratum+tcp://others.example:3333 in place of"
        " stratum+tcp://ours.example:3333"
    )
    assert "b.1" not in told.text, "a user is half of a login"
    assert pools.heard(0, OTHERS) is None


def test_with_a_list_another_pool_is_told_at_once() -> None:
    pools = watch(OURS[0].url)

    assert pools.heard(0, OURS) is None
    told = pools.heard(0, (*OURS, *OTHERS))
    assert told is not None
    assert "works for stratum+tcp://others.example:3333: no pool of this plant" in told.text
    assert pools.heard(0, OURS) is None


def test_another_unit_in_the_place_is_asked_anew_and_may_have_others() -> None:
    pools = watch()
    pools.due(0, 0.0)
    pools.heard(0, OURS)
    pools.forget(0)

    assert pools.due(0, 1.0)
    assert pools.heard(0, OTHERS) is None


def reply(pools: str) -> bytes:
    status = '"STATUS":[{"STATUS":"S","When":1,"Code":7,"Msg":"3 Pool(s)","Description":"x"}]'
    return f'{{{status},"POOLS":{pools},"id":1}}'.encode() + b"\0"


def test_pools_are_in_the_order_in_which_they_are_tried_and_empty_places_are_none() -> None:
    told = reply(
        '[{"POOL":0,"URL":"b","User":"y","Priority":1},{"POOL":1,"URL":"a","User":"x","Priority":0},'
        '{"POOL":2,"URL":"","User":"","Priority":2}]'
    )

    assert pools_in(decode(told, "pools")["pools"]) == (Pool("a", "x"), Pool("b", "y"))


@pytest.mark.parametrize(
    "pools",
    ["7", '[{"URL":7}]', '[["URL"]]', '[{"URL":"a","Priority":"x"}]', '[{"URL":"a"}]'],
)
def test_a_reply_without_pools_is_a_bad_one(pools: str) -> None:
    with pytest.raises(BadReply, match="POOLS"):
        pools_in(decode(reply(pools), "pools")["pools"])


CAPTURED = sorted(
    (Path(__file__).parents[1] / "wire" / "transcripts" / "cgminer").glob("*-pools.*")
)


@pytest.mark.parametrize("path", CAPTURED, ids=lambda path: path.stem)
def test_the_pools_of_captured_replies_are_read(path: Path) -> None:
    # The one in text was published without the bar at its end.
    raw = path.read_bytes().rstrip() + (b"|" if path.suffix == ".txt" else b"") + b"\0"

    found = pools_in(decode(raw, "pools")["pools"])

    assert found
    assert all(pool.url and pool.url in raw.decode() for pool in found)
