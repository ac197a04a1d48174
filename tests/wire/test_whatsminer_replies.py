"""What real WhatsMiners said, read by the driver, value by value."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from drivers.cgminer.reading import MinerReading, MinerState, Pool
from drivers.errors import BadReply
from drivers.whatsminer.codec import Reply, decode
from drivers.whatsminer.dialects import MONITORING_ONLY, dialect_for
from drivers.whatsminer.telemetry import pools_in, reading_of

TRANSCRIPTS = Path(__file__).parent / "transcripts" / "whatsminer"
COMMANDS = {
    "info": "get.device.info",
    "info-errors": "get.device.info",
    "summary": "get.miner.status",
    "pools": "get.miner.status",
    "edevs": "get.miner.status",
    "setting": "get.miner.setting",
}


def said(model: str, part: str) -> Reply:
    return decode((TRANSCRIPTS / f"{model}-{part}.json").read_bytes(), COMMANDS[part])


def read(model: str, info: str = "info") -> MinerReading:
    """Its reading from every reply of it that was captured."""
    who = said(model, info)
    summary: Any = {}
    setting: Any = {}
    if (TRANSCRIPTS / f"{model}-summary.json").exists():
        summary = said(model, "summary").sections["summary"]
    if (TRANSCRIPTS / f"{model}-setting.json").exists():
        setting = said(model, "setting").sections
    dialect = dialect_for("M65S") if model == "m63s" else dialect_for(model)
    return reading_of(who.sections, summary, setting, who.when_s, dialect)


def test_every_capture_is_read() -> None:
    parts = {path.stem.partition("-")[2] for path in TRANSCRIPTS.glob("*.json")}

    assert parts == set(COMMANDS)


def test_an_air_cooled_m60s() -> None:
    reading = read("m60s")

    assert reading.state is MinerState.RUNNING
    assert (reading.power_kw, reading.power_estimated) == (3.156, False)
    assert (reading.hashrate_ths, reading.average_ths) == (171.259, 170.8)
    assert reading.theoretical_ths == 181.051
    assert (reading.inlet_c, reading.outlet_c) == (28.5, None)
    assert (reading.chip_c, reading.board_c) == (82.0, 41.5)
    assert reading.elapsed_s == 1_323.0
    assert (reading.model, reading.firmware) == ("M60S", "20251209.16.Rel2")
    assert reading.serial == "BTM3CS40HD24083100000000000000000"
    assert (reading.clock_s, reading.details.mode_goal_kw) == (1_773_869_570.0, 3.6)
    assert (reading.details.calibrated, reading.details.power_pct) == (True, None)
    assert reading.details.error_codes == ()
    assert dialect_for("M60S_VK40") is MONITORING_ONLY


def test_what_is_wrong_with_it_is_told_by_number() -> None:
    reading = read("m60s", "info-errors")

    assert reading.details.error_codes == (264, 265, 266, 267, 270)
    assert reading.state is MinerState.RUNNING


def test_a_hydro_m63s_on_its_way_to_full_power() -> None:
    reading = read("m63s")

    assert reading.state is MinerState.CALIBRATING
    assert reading.state.for_heat is MinerState.RUNNING
    assert (reading.power_kw, reading.hashrate_ths) == (7.478, 520.003)
    assert (reading.inlet_c, reading.outlet_c) == (41.3, 44.1)
    assert (reading.chip_c, reading.board_c) == (66.3, 57.0)
    assert (reading.average_ths, reading.theoretical_ths) == (496.471, 560.974)
    assert reading.elapsed_s == 507.0
    # It says another name than the one on its plate.
    assert (reading.model, reading.firmware) == ("M7BS", "20260312.16.REL3")
    assert reading.serial == "BTM7BS30FA26031256090407244H05947"
    assert reading.details.calibrated is False
    # 0 is how it says that no share is set.
    assert (reading.details.power_pct, reading.details.mode_goal_kw) == (100.0, 8.085)


def test_an_m64_of_which_only_the_information_was_captured() -> None:
    reading = read("m64")

    assert reading.state is MinerState.UNKNOWN
    assert (reading.power_kw, reading.hashrate_ths) == (4.144, None)
    assert (reading.inlet_c, reading.outlet_c, reading.chip_c) == (None, 49.7, None)
    assert (reading.model, reading.firmware) == ("M64", "20250409.15.REL")
    assert reading.serial == "HTM40X40HR25041019880203044H48181"
    assert dialect_for("M64_VL40").name == "m64"


def test_pools_without_the_account() -> None:
    told = pools_in(said("m60s", "pools").sections)
    pools = tuple(msgspec.structs.replace(pool, account=None) for pool in told)

    # A fingerprint stands for the account, the same for the same one.
    assert len({pool.account for pool in told}) == 1
    assert told[0].account is not None
    assert pools == (
        Pool("stratum+tcp://btc.example.pool:3333", "alive", active=True, worker="test"),
        Pool("stratum+tcp://btc2.example.pool:3333", "alive", active=False, worker="test"),
        Pool("stratum+tcp://btc3.example.pool:3333", "alive", active=False, worker="test"),
    )


@pytest.mark.parametrize("cut", [1, 40, 400])
def test_a_capture_that_is_cut_off_is_refused(cut: int) -> None:

    whole = (TRANSCRIPTS / "m63s-info.json").read_bytes().rstrip()
    with pytest.raises(BadReply, match="expected one JSON object"):
        decode(whole[:-cut], "get.device.info")
