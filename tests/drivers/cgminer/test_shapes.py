"""The three places where Avalons put their telemetry, and units that leave it out."""

import json
from typing import Any

import pytest

from drivers.cgminer.codec import decode
from drivers.cgminer.reading import MinerReading, MinerState
from drivers.cgminer.shapes import EmptyText
from drivers.cgminer.telemetry import telemetry
from drivers.errors import BadReply

SAID = {"STATUS": "S", "When": 1753431623, "Code": 70, "Msg": "CGMiner stats", "Description": "c"}
FIELDS = (
    "Ver[1566{model}-25052801_14a19a2] DNA[0201000012345678] STATE[1] "
    "SYSTEMSTATU[Work: In Work, Hash Board: {boards}] Elapsed[37850] ITemp[46] HBITemp[47] "
    "HBOTemp[57] TMax[82] PS[0 1222 1188 660 7900 1188 8400] GHSspd[460000.00] SoftOFF[0] "
    "ECHU[{zeros}] CRC[{zeros}] WORKMODE[0] WORKLEVEL[0] MPO[8400] ADJ[1] Nonce Mask[25]"
)


def hydro(model: str, boards: int) -> dict[str, Any]:
    """The STATS entry of a hydro unit: a braced text, and every chip of its boards beside it."""
    fields = FIELDS.format(model=model, boards=boards, zeros=" ".join("0" * boards))
    chips = ",".join(
        f"'HB{board}':{{PVT_T0[ {' '.join(['66'] * 160)}] MW0[{' '.join(['500'] * 160)}]}}"
        for board in range(boards)
    )
    return {"STATS": 0, "ID": "AVALON0", "HBinfo": chips, "MM ID0:Summary": f"'STATS':{{{fields}}}"}


def told(command: str, *entries: dict[str, Any]) -> MinerReading:
    """The reading in a reply of these STATS entries, as bytes from the wire."""
    raw = json.dumps({"STATUS": [SAID], "STATS": entries, "id": 1}).encode() + b"\0"
    return telemetry(decode(raw, command))


@pytest.mark.parametrize("command", ["estats", "stats", "litestats"])
@pytest.mark.parametrize(("model", "boards"), [("HA", 4), ("HU", 3)])
def test_a_hydro_unit_tells_water_power_and_rate(model: str, boards: int, command: str) -> None:
    reading = told(command, hydro(model, boards), {"STATS": 1, "ID": "POOL0"})

    assert reading.state is MinerState.RUNNING
    assert (reading.inlet_c, reading.outlet_c, reading.chip_c) == (46.0, 57.0, 82.0)
    assert (reading.power_kw, reading.power_estimated) == (8.4, False)
    assert reading.hashrate_ths == 460.0
    assert (reading.model, reading.serial) == (f"1566{model}", "0201000012345678")
    assert (reading.details.boards, reading.details.board_errors) == (boards, (0,) * boards)
    assert reading.clock_s == 1753431623.0


def test_the_same_unit_in_text_reads_the_same() -> None:
    entry = hydro("HA", 4)
    status = ",".join(f"{name}={value}" for name, value in SAID.items())
    stats = ",".join(f"{name}={value}" for name, value in entry.items())
    raw = f"{status}|{stats}|".encode() + b"\0"

    assert telemetry(decode(raw, "estats")) == told("estats", entry)


@pytest.mark.parametrize("text", ["", " ", "'STATS':{}", "'STATS':{ }"])
def test_a_unit_that_leaves_its_text_out_points_to_the_short_reply(text: str) -> None:
    with pytest.raises(EmptyText, match="ask litestats"):
        told("stats", {"MM ID0:Summary": text, "HBinfo": ""})


def test_an_empty_flat_text_points_to_the_short_reply() -> None:
    with pytest.raises(EmptyText, match="ask litestats"):
        told("stats", {"MM ID0": ""})


@pytest.mark.parametrize(
    ("entry", "because"),
    [
        ({"MM ID0:Summary": "'STATS':{Ver[Q-1"}, "cut off"),
        ({"MM ID0:Summary": "Ver[Q-1]"}, "cut off"),
        ({"MM ID0:Summary": 7}, "expected a text"),
        ({"MM ID0": 7}, "flat text MM ID0"),
        ({"MM ID1": "Elapsed[5]", "MM ID2": None}, "MM ID1 to MM IDn"),
        ({"MM ID1": "Elapsed[5]", "MM ID2": "Elapsed[5"}, "cut off"),
        ({"ID": "POOL0"}, "flat text MM ID0"),
        ({"MM ID": "Elapsed[5]"}, "flat text MM ID0"),
    ],
)
def test_a_reply_without_whole_telemetry_is_refused_by_name(
    entry: dict[str, Any], because: str
) -> None:
    with pytest.raises(BadReply, match=because):
        told("stats", entry)


@pytest.mark.parametrize("stats", [None, {}, "text", [], [7]])
def test_a_reply_without_stats_is_refused_by_name(stats: object) -> None:
    with pytest.raises(BadReply, match="STATS"):
        telemetry({"stats": {"STATUS": [SAID], "STATS": stats}})


def test_a_chain_knows_nothing_that_one_of_its_modules_does_not_tell() -> None:
    first = "Ver[7411706-3162860] DNA[01] Elapsed[9] GHSmm[6836.48] Temp[38] TMax[89] TA[88]"
    second = "Ver[7411706-3162860] DNA[02] Elapsed[8] Temp[40] TMax[80]"

    reading = told("stats", {"Elapsed": 5, "MM ID1": first, "MM ID2": second})

    assert (reading.theoretical_ths, reading.details.chips) == (None, None)
    assert (reading.inlet_c, reading.chip_c, reading.elapsed_s) == (40.0, 89.0, 5.0)
    assert (reading.serial, reading.state) == ("01", MinerState.UNKNOWN)


def test_a_module_that_dropped_out_of_its_chain_does_not_silence_the_others() -> None:
    module = "Ver[7411706-3162860] DNA[02] Elapsed[8] Temp[40] TMax[80]"

    reading = told("stats", {"Elapsed": 5, "MM ID1": "", "MM ID2": module, "MM ID3": module})

    assert (reading.serial, reading.inlet_c, reading.chip_c) == ("02", 40.0, 80.0)


def test_a_pools_account_and_password_are_not_kept() -> None:
    pool = {"URL": "stratum+tcp://me:secret@pool.example:3333", "User": "wallet.c01-001"}
    replies = {
        "stats": {"STATUS": [SAID], "STATS": [hydro("HA", 4)]},
        "pools": {"STATUS": [SAID], "POOLS": [pool | {"Password": "x", "Stratum Active": "true"}]},
    }

    reading = telemetry(replies)

    assert reading.pools is not None
    assert (reading.pools[0].url, reading.pools[0].worker) == (
        "stratum+tcp://pool.example:3333",
        "c01-001",
    )
    assert reading.pools[0].active is True
    assert "wallet" not in repr(reading)
    assert "secret" not in repr(reading)
