"""The miner's replies, byte by byte, without a socket."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulators.description import MinerModel
from simulators.wire.cgminer import reply
from simulators.wire.unit import UnitView
from tests.simulators.wire.hands import HandFleet

READ_COMMANDS = ("version", "summary", "devs", "pools", "stats", "estats", "coin", "config")

# Keys of captured replies: 15-194 (version, devs, pools, estats), Q (summary, coin, config).
CAPTURED = {
    "version": [
        "CGMiner", "API", "STM8", "PROD", "MODEL", "HWTYPE", "SWTYPE", "VERSION", "LOADER", "DNA",
        "MAC", "UPAPI",
    ],
    "summary": [
        "Elapsed", "MHS av", "MHS 1m", "MHS 5m", "MHS 15m", "Found Blocks", "Getworks", "Accepted",
        "Rejected", "Hardware Errors", "Utility", "Discarded", "Stale", "Get Failures",
        "Local Work", "Remote Failures", "Network Blocks", "Total MH", "Work Utility",
        "Difficulty Accepted", "Difficulty Rejected", "Difficulty Stale", "Best Share",
        "Device Hardware%", "Device Rejected%", "Pool Rejected%", "Pool Stale%", "Last getwork",
    ],
    "devs": [
        "ASC", "Name", "ID", "Enabled", "Status", "Temperature", "MHS av", "MHS 30s", "MHS 1m",
        "MHS 5m", "MHS 15m", "Accepted", "Rejected", "Hardware Errors", "Utility",
        "Last Share Pool", "Last Share Time", "Total MH", "Diff1 Work", "Difficulty Accepted",
        "Difficulty Rejected", "Last Share Difficulty", "Last Valid Work", "Device Hardware%",
        "Device Rejected%", "Device Elapsed",
    ],
    "coin": ["Hash Method", "Current Block Time", "Current Block Hash", "LP", "Network Difficulty"],
    "config": [
        "ASC Count", "PGA Count", "Pool Count", "Strategy", "Log Interval", "Device Code", "OS",
        "Hotplug",
    ],
}  # fmt: skip
CAPTURED_STATS = [
    "STATS", "ID", "Elapsed", "Calls", "Wait", "Max", "Min", "MM ID0", "MM Count", "Smart Speed",
    "Voltage Level Offset", "Nonce Mask",
]  # fmt: skip
# The 15-194 without its fans, air temperature, fourth array kind and per-chip voltages and works.
CAPTURED_LINE = [
    "Ver", "DNA", "MEMFREE", "NETFAIL", "SYSTEMSTATU", "Elapsed", "BOOTBY", "LW", "MH", "DHW",
    "HW", "DH", "TMax", "TAvg", "Vo", "PS", "WALLPOWER", "PLL0", "PLL1", "PLL2", "GHSspd",
    "DHspd", "GHSmm", "GHSavg", "WU", "Freq", "Led", "MGHS", "MTmax", "MTavg", "MVavg", "TA",
    "Core", "PING", "POWS", "EEPROM", "HASHS", "POOLS", "SoftOFF", "ECHU", "ECMM", "SF0", "SF1",
    "SF2", "PVT_T0", "PVT_T1", "PVT_T2", "CRC", "COMCRC", "FACOPTS0", "ADJ", "COP", "MPO", "MVL",
    "WORKMODE",
]  # fmt: skip


def line(raw: bytes) -> dict[str, str]:
    """The fields of the machine's line."""
    text = json.loads(raw[:-1])["STATS"][0]["MM ID0"]
    return dict(re.findall(r"(\w+)\[([^\]]*)\]", text))


@pytest.mark.parametrize("command", [*READ_COMMANDS, "nonsense", "summary+estats"])
def test_a_reply_ends_with_exactly_one_nul(unit: UnitView, command: str) -> None:
    for request in (command.encode(), json.dumps({"command": command}).encode()):
        raw = reply(request, unit)

        assert raw.count(b"\0") == 1
        assert raw.endswith(b"\0")


@pytest.mark.parametrize("command", CAPTURED)
def test_the_captured_keys_are_all_there(unit: UnitView, command: str) -> None:
    raw = reply(json.dumps({"command": command}).encode(), unit)

    answer = json.loads(raw[:-1])
    section = answer[command.upper()][0]
    assert set(CAPTURED[command]) <= set(section)
    assert list(answer) == ["STATUS", command.upper(), "id"]
    assert list(answer["STATUS"][0]) == ["STATUS", "When", "Code", "Msg", "Description"]


def test_the_statistics_have_the_captured_keys_and_three_pools(unit: UnitView) -> None:
    stats = json.loads(reply(b'{"command":"estats"}', unit)[:-1])["STATS"]

    assert list(stats[0]) == CAPTURED_STATS
    assert [row["ID"] for row in stats] == ["AVA100", "POOL0", "POOL1", "POOL2"]


def test_the_line_has_the_captured_fields_in_the_captured_order_and_no_fans(unit: UnitView) -> None:
    fields = line(reply(b'{"command":"estats"}', unit))

    names = [name for name in fields if name in CAPTURED_LINE]
    assert names == CAPTURED_LINE
    assert not [name for name in fields if name.startswith("Fan")]


def test_the_line_says_what_the_world_says(unit: UnitView) -> None:
    fields = line(reply(b'{"command":"estats"}', unit))

    assert fields["SYSTEMSTATU"] == "Work: In Work, Hash Board: 4 "
    assert (fields["Elapsed"], fields["SoftOFF"]) == ("7200", "0")
    assert (fields["ITemp"], fields["HBOTemp"], fields["TMax"]) == ("65.3", "76.2", "90")
    assert (fields["GHSspd"], fields["WALLPOWER"]) == ("460000.00", "8400")
    assert fields["PS"] == "0 1209 1188 668 7938 1188 8400"
    assert fields["DNA"] == "0201000000000001"


def test_every_chip_lies_between_the_water_and_the_hottest_chip(unit: UnitView) -> None:
    fields = line(reply(b'{"command":"estats"}', unit))

    boards = [[int(chip) for chip in fields[f"PVT_T{board}"].split()] for board in range(4)]
    chips = [chip for board in boards for chip in board]
    assert [len(board) for board in boards] == [160, 160, 160, 160]
    assert (min(chips) >= 76, max(chips)) == (True, 90)
    assert [int(top) for top in fields["MTmax"].split()] == [max(board) for board in boards]


def test_chips_follow_the_world_when_it_cools(unit: UnitView, fleet: HandFleet) -> None:
    reply(b"estats", unit)

    fleet.outlet_c[0], fleet.chip_c[0] = 40.0, 51.0
    fields = line(reply(b'{"command":"estats"}', unit))

    assert fields["TMax"] == "51"
    assert max(int(chip) for chip in fields["PVT_T3"].split()) <= 51


def test_a_sleeping_unit_looks_like_the_captured_one(fleet: HandFleet) -> None:
    unit = UnitView(fleet, 2, MinerModel())

    fields = line(reply(b'{"command":"estats"}', unit))

    assert fields["SYSTEMSTATU"] == "Work: In Idle, Hash Board: 4 "
    assert (fields["SoftOFF"], fields["GHSspd"], fields["GHSmm"]) == ("5", "0.00", "0.00")
    assert fields["PS"] == "0 1209 0 0 0 1188 30"


def test_averages_go_on_for_minutes_after_the_boards_are_off(
    unit: UnitView, fleet: HandFleet
) -> None:
    reply(b"summary", unit)
    fleet.hashrate_ths[0] = 0.0

    fleet.elapsed_s[0] += 60
    summary = json.loads(reply(b'{"command":"summary"}', unit)[:-1])["SUMMARY"][0]

    assert summary["MHS 1m"] == pytest.approx(460e6 * 0.3679, rel=1e-3)
    assert summary["MHS av"] == pytest.approx(460e6 * 7200.4 / 7260.4, rel=1e-6)


def test_a_reply_is_as_long_as_a_captured_one(unit: UnitView) -> None:
    assert 5200 <= len(reply(b'{"command":"estats"}', unit)) <= 5800


def test_a_joined_reply_in_json_holds_each_command_in_its_own_array(unit: UnitView) -> None:
    answer = json.loads(reply(b'{"command":"summary+estats"}', unit)[:-1])

    assert list(answer) == ["summary", "estats", "id"]
    assert answer["summary"][0]["id"] == answer["estats"][0]["id"] == answer["id"] == 1
    assert answer["estats"][0]["STATUS"][0]["Code"] == 70


def test_a_joined_reply_in_text_names_each_command(unit: UnitView) -> None:
    raw = reply(b"version+config", unit)

    assert raw.startswith(b"CMD=version|STATUS=S,When=7211,Code=22,Msg=CGMiner versions,")
    assert b"|CMD=config|STATUS=S,When=7211,Code=33," in raw
    assert raw.endswith(b"|\0")


def test_text_is_sections_that_end_with_a_bar(unit: UnitView) -> None:
    raw = reply(b"version", unit)

    status, version, end = raw.split(b"|")
    assert status == b"STATUS=S,When=7211,Code=22,Msg=CGMiner versions,Description=cgminer 4.11.1"
    assert version.startswith(b"VERSION,CGMiner=4.11.1,API=3.7,")
    assert b"PROD=AvalonMiner 1566HA,MODEL=1566HA," in version
    assert end == b"\0"


def test_an_unknown_command_is_refused_with_code_14(unit: UnitView) -> None:
    raw = reply(b"privilege|0", unit)

    assert raw == (b"STATUS=E,When=7211,Code=14,Msg=Invalid command,Description=cgminer 4.11.1|\0")


def test_an_unknown_command_in_a_join_spoils_only_its_own_part(unit: UnitView) -> None:
    answer = json.loads(reply(b'{"command":"summary+nonsense"}', unit)[:-1])

    assert answer["summary"][0]["STATUS"][0]["STATUS"] == "S"
    assert answer["nonsense"][0]["STATUS"][0]["Code"] == 14


@pytest.mark.parametrize(
    ("request_bytes", "code"),
    [(b'{"command":', 23), (b'{"cmd":"x"}', 24), (b'{"command":7}', 24)],
)
def test_broken_json_is_refused_by_code(unit: UnitView, request_bytes: bytes, code: int) -> None:
    answer = json.loads(reply(request_bytes, unit)[:-1])

    assert (answer["STATUS"][0]["STATUS"], answer["STATUS"][0]["Code"]) == ("E", code)


def test_what_follows_4095_bytes_is_not_read(unit: UnitView) -> None:
    whole = b'{"command":"version"' + b" " * (4095 - 21) + b"}"
    longer = b'{"command":"version"' + b" " * (4096 - 21) + b"}"

    assert json.loads(reply(whole, unit)[:-1])["STATUS"][0]["Code"] == 22
    assert json.loads(reply(longer, unit)[:-1])["STATUS"][0]["Code"] == 23


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from([b"", b"{"]))
def test_any_bytes_get_one_reply_with_one_nul(unit: UnitView, some: bytes, start: bytes) -> None:
    raw = reply(start + some, unit)

    assert raw.count(b"\0") == 1
    assert raw.endswith(b"\0")
    if start:
        assert json.loads(raw[:-1])["id"] == 1
