"""The short way to the usual reply gives what the general way gives, of any bytes."""

import json
from random import Random
from typing import Any

import pytest

from drivers.cgminer.codec import decode
from drivers.cgminer.reading import MinerReading
from drivers.cgminer.shapes import COMMANDS
from drivers.cgminer.telemetry import reading_in, telemetry
from drivers.cgminer.usual import usual_in
from drivers.errors import BadReply, Refused
from tests.wire.avalon_chains import CHAINS
from tests.wire.avalon_home import HOME
from tests.wire.avalon_industrial import INDUSTRIAL
from tests.wire.test_avalon_mutations import TRANSCRIPTS, mutated

SUMMARIES: tuple[dict[str, object], ...] = (
    {"MHS av": 1.0, "MHS 5s": 4.5e8, "MHS 30s": 3.0e8, "Elapsed": 9},
    {"MHS 30s": "450000000.5"},
    {"MHS 5s": None, "MHS 1m": 2.0},
    {},
)
FEWEST = 5
STATUS = {"STATUS": "S", "When": 1_767_225_600, "Code": 11, "Msg": "Summary", "Description": "x"}


def captured() -> list[tuple[str, dict[str, Any]]]:
    """Every captured telemetry in JSON, by its command."""
    found = []
    for row in (*INDUSTRIAL, *HOME, *CHAINS):
        raw = (TRANSCRIPTS / row.file).read_bytes()
        command = next((one for one in row.command.split("+") if one in COMMANDS), None)
        if command is None or not raw.lstrip().startswith(b"{"):
            continue
        found.append((command, decode(raw, row.command)[command]))
    return found


def joined() -> list[tuple[bytes, str]]:
    """The captures as the replies to polls, each with one of the summaries."""
    replies = []
    for number, (command, reply) in enumerate(captured()):
        entry = SUMMARIES[number % len(SUMMARIES)]
        summary = {"STATUS": [STATUS], "SUMMARY": [entry], "id": 1}
        whole = {"summary": [summary], command: [reply], "id": 1}
        replies.append((json.dumps(whole).encode() + b"\0", f"summary+{command}"))
    return replies


def outcome(raw: bytes, poll: str, *, short: bool) -> MinerReading | str:
    """What becomes of these bytes by either way."""
    try:
        return reading_in(raw, poll) if short else telemetry(decode(raw, poll))
    except (BadReply, Refused) as error:
        return f"{type(error).__name__}: {error}"


def test_flat_captures_are_usual() -> None:
    usual = [usual_in(*reply) is not None for reply in joined()]

    assert sum(usual) >= len(usual) / 2 > FEWEST


def test_captures_are_read_the_same_both_ways() -> None:
    for raw, poll in joined():
        assert outcome(raw, poll, short=True) == outcome(raw, poll, short=False)


@pytest.mark.parametrize("seed", range(6))
def test_captures_after_accidents_are_read_the_same_both_ways(seed: int) -> None:
    dice = Random(seed)

    for _ in range(20):
        for raw, poll in joined():
            hurt = mutated(raw, dice)
            general = outcome(hurt, poll, short=False)
            # A number that nobody reads may be too large for any.
            if "Number out of range" not in str(general):
                assert outcome(hurt, poll, short=True) == general, hurt


@pytest.mark.parametrize(
    "change",
    [
        {"STATUS": "E"},
        {"STATUS": "X"},
        {"STATUS": 7},
        {"Code": "11"},
        {"Code": 11.0},
        {"Code": True},
        {"Code": None},
        {"Msg": None},
        {"When": "nan"},
        {"When": "soon"},
        {"When": -5},
        {"When": [1]},
        {"When": True},
    ],
)
@pytest.mark.parametrize("whose", ["summary", "estats"])
def test_an_odd_status_is_judged_the_same_both_ways(change: dict[str, object], whose: str) -> None:
    usual = next(raw for raw, poll in joined() if poll == "summary+estats" and usual_in(raw, poll))
    whole = json.loads(usual.rstrip(b"\0"))
    whole[whose][0]["STATUS"][0].update(change)
    raw = json.dumps(whole).encode()

    told = [outcome(raw, "summary+estats", short=short) for short in (True, False)]

    assert told[0] == told[1]
