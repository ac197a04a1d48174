"""A unit that tells no power has one by nameplate while it hashes, and none when it does not."""

import json
from pathlib import Path

import msgspec
import pytest

from drivers.cgminer.codec import decode
from drivers.cgminer.estimate import with_power
from drivers.cgminer.reading import MinerReading, MinerState
from drivers.cgminer.telemetry import telemetry

TRANSCRIPTS = Path(__file__).parents[2] / "wire" / "transcripts" / "cgminer"


def captured(model: str) -> MinerReading:
    """What a captured controller says of itself in its replies to summary and stats."""
    replies = {
        command: [json.loads((TRANSCRIPTS / f"avalon-{model}-{command}.json").read_bytes())]
        for command in ("summary", "stats")
    }
    return telemetry(decode(json.dumps(replies).encode(), "summary+stats"))


def test_fifty_captured_modules_draw_what_their_nameplates_say() -> None:
    reading = with_power(captured("921"))

    assert reading.hashrate_ths == pytest.approx(473.71, abs=0.01)
    assert reading.power_kw == pytest.approx(50 * 1.7, rel=0.11)
    assert reading.power_estimated


def test_a_unit_that_does_not_hash_has_no_power_and_not_zero() -> None:
    still = msgspec.structs.replace(
        captured("921"), hashrate_ths=0.0, theoretical_ths=0.0, state=MinerState.UNKNOWN
    )

    assert with_power(still) is still
    assert still.power_kw is None


@pytest.mark.parametrize("model", ["741", "841"])
def test_a_model_whose_nameplate_nobody_has_given_stays_without_one(model: str) -> None:
    reading = with_power(captured(model))

    assert reading.state is MinerState.RUNNING
    assert (reading.power_kw, reading.power_estimated) == (None, False)


def test_a_power_that_the_unit_tells_is_left_as_it_is() -> None:
    told = msgspec.structs.replace(captured("921"), power_kw=80.0)

    assert with_power(told) is told
