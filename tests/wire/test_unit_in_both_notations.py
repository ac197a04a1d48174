"""The simulated unit and the driver, written apart from each other, agree in JSON and in text."""

import pytest

from drivers.cgminer.codec import decode, status
from drivers.cgminer.reading import MinerReading, MinerState
from drivers.cgminer.telemetry import telemetry
from simulators.description import MinerModel
from simulators.wire.cgminer import reply
from simulators.wire.unit import UnitView
from tests.simulators.wire.hands import HandFleet

POLL = "summary+estats+pools"


def read(request: bytes, unit: int) -> MinerReading:
    """The reading of one unit of a hand-written fleet, asked in the notation of the request."""
    view = UnitView(HandFleet(), unit, MinerModel())
    return telemetry(decode(reply(request, view), POLL))


@pytest.mark.parametrize("unit", [0, 1, 2])
def test_a_unit_reads_the_same_in_both_notations(unit: int) -> None:
    in_json = read(f'{{"command":"{POLL}"}}'.encode(), unit)
    in_text = read(POLL.encode(), unit)

    assert in_text == in_json
    assert in_json.pools is not None
    assert len(in_json.pools) == 3


def test_a_unit_reads_as_its_fleet_has_it() -> None:
    awake, asleep = read(POLL.encode(), 0), read(POLL.encode(), 2)

    assert (awake.state, awake.power_kw, awake.hashrate_ths) == (MinerState.RUNNING, 8.4, 460.0)
    assert (awake.inlet_c, awake.outlet_c) == (pytest.approx(65.3), pytest.approx(76.2))
    assert (asleep.state, asleep.power_kw, asleep.soft_off) == (MinerState.ASLEEP, 0.03, 5)


def test_what_a_unit_understands_reads_the_same_in_both_notations() -> None:
    view = UnitView(HandFleet(), 0, MinerModel())

    in_json = decode(reply(b'{"command":"ascset","parameter":"0,help"}', view), "ascset")
    in_text = decode(reply(b"ascset|0,help", view), "ascset")

    assert status(in_text["ascset"]) == status(in_json["ascset"])
    assert "|softoff|" in status(in_text["ascset"]).message
