"""What stands in the captured replies that hold no telemetry, and why others are refused.

Read from their texts by hand: the letter and code of the answer, one section, and values in its
first entry.
"""

from typing import Any, NamedTuple


class Answer(NamedTuple):
    """One reply: file, command, status, message, section and some of its first entry's values."""

    file: str
    command: str
    short: str
    message: str
    section: str | None = None
    values: dict[str, Any] = {}  # noqa: RUF012 - a NamedTuple's default, never changed


class Refusal(NamedTuple):
    """One file that is no whole reply, and the words that its refusal holds."""

    file: str
    command: str
    because: str


ANSWERS = (
    Answer("avalon-q-help.json", "ascset", "I118", "ASC 0 set info: help|voltage|fan-spd|lcd|"),
    Answer("avalon-q-softoff.json", "ascset", "I118", "ASC 0 set info: success softoff:1753434821"),
    Answer("avalon-q-softon.json", "ascset", "I118", "ASC 0 set info: success softon:1753434757"),
    Answer("avalon-q-workmode.json", "ascset", "S119", "ASC 0 set OK"),
    Answer("avalon-q-check.json", "check", "S72", "Check command", "CHECK", {"Exists": "N"}),
    Answer(
        "avalon-q-coin.json",
        "coin",
        "S78",
        "CGMiner coin",
        "COIN",
        {"Hash Method": "sha256", "LP": True, "Network Difficulty": 126271255279306.98},
    ),
    Answer(
        "avalon-q-config.json",
        "config",
        "S33",
        "CGMiner config",
        "CONFIG",
        {"ASC Count": 1, "Pool Count": 1, "Device Code": "AVALON"},
    ),
    Answer(
        "avalon-q-devdetails.json",
        "devdetails",
        "S69",
        "Device Details",
        "DEVDETAILS",
        {"Driver": "avalon", "Name": "AVALON", "Model": ""},
    ),
    Answer(
        "avalon-q-devs.json",
        "devs",
        "S9",
        "1 ASC(s)",
        "DEVS",
        {"MHS av": 44046770.26, "MHS 5m": 0.02, "Status": "Alive", "Device Elapsed": 38136},
    ),
    Answer(
        "avalon-q-summary.json",
        "summary",
        "S11",
        "Summary",
        "SUMMARY",
        {"Elapsed": 37714, "MHS 5s": 0.0, "MHS av": 44539601.86, "Accepted": 890},
    ),
    Answer(
        "avalon-q-version.json",
        "version",
        "S22",
        "CGMiner versions",
        "VERSION",
        {"MODEL": "Q", "PROD": "Avalon Q", "SWTYPE": "MM319", "LVERSION": "25052801_14a19a2"},
    ),
    Answer(
        "avalon-15-194-version.json",
        "version",
        "S22",
        "CGMiner versions",
        "VERSION",
        {"MODEL": "15-194", "PROD": "AvalonMiner 15-194", "DNA": "020100008c699117"},
    ),
    Answer(
        "avalon-15-194-devs.json",
        "devs",
        "S9",
        "1 ASC(s)",
        "DEVS",
        {"Temperature": -273.0, "MHS 30s": 197497926.49, "Accepted": 148, "Rejected": 1},
    ),
    Answer(
        "avalon-nano3s-lcd.json",
        "lcd",
        "S125",
        "LCD",
        "LCD",
        {"Elapsed": 134010, "GHS 5s": 6477.09, "Temperature": 0.0},
    ),
    Answer(
        "avalon-nano3s-version.json",
        "version",
        "S22",
        "CGMiner versions",
        "VERSION",
        {"MODEL": "Nano3s", "MAC": "e0e1a93ef5a5", "HWTYPE": "N_MM1v1_X1"},
    ),
    Answer(
        "avalon-nano3s-summary-version.json",
        "summary+version",
        "S11",
        "Summary",
        "SUMMARY",
        {"Elapsed": 23634, "MHS 5s": 9894526.54, "Accepted": 4535},
    ),
    Answer(
        "avalon-mini3-version.txt",
        "version",
        "S22",
        "CGMiner versions",
        "VERSION",
        {"MODEL": "Mini3", "PROD": "Avalon Mini3", "DNA": "020100008644e532", "API": "3.7"},
    ),
    Answer(
        "avalon-mini3-devdetails.txt",
        "devdetails",
        "S69",
        "Device Details",
        "DEVDETAILS",
        {"Name": "AVALON", "Driver": "avalon", "Kernel": "", "Device Path": ""},
    ),
    Answer(
        "avalon-741-summary.json",
        "summary",
        "S11",
        "Summary",
        "SUMMARY",
        {"Elapsed": 118, "MHS 5s": 52126282.15, "Hardware Errors": 3},
    ),
    Answer(
        "avalon-841-summary.json",
        "summary",
        "S11",
        "Summary",
        "SUMMARY",
        {"Elapsed": 63, "MHS 5s": 38567094.38, "Accepted": 49},
    ),
    Answer(
        "avalon-921-summary.json",
        "summary",
        "S11",
        "Summary",
        "SUMMARY",
        {"Elapsed": 66007, "MHS 5s": 473707649.51, "Stale": 781},
    ),
)

# The maker's manual prints replies without the bar that a unit sends behind them.
PRINTED = (
    Answer(
        "avalon-1066-ascset-hashpower-off.txt",
        "ascset",
        "I118",
        "ASC 0 set info: Power off hash now ...",
    ),
    Answer(
        "avalon-1066-ascset-hashpower-query.txt",
        "ascset",
        "I118",
        "ASC 0 set info: PS[0 1196 1284 230 2953 1284]",
    ),
    Answer("avalon-1066-ascset-led-on.txt", "ascset", "S119", "ASC 0 set OK"),
    Answer("avalon-1066-ascset-led-query.txt", "ascset", "I118", "ASC 0 set info: LED[0]"),
    Answer(
        "avalon-1066-ascset-workmode-query.txt", "ascset", "I118", "ASC 0 set info: WORKMODE[1]"
    ),
    Answer("avalon-1066-ascset-workmode-set.txt", "ascset", "I118", "ASC 0 set info: WORKMODE[1]"),
    Answer(
        "avalon-1066-version.txt",
        "version",
        "S22",
        "CGMiner versions",
        "VERSION",
        {
            "PROD": "AvalonMiner 10xx",
            "MODEL": "10xx",
            "SWTYPE": "MM320",
            "VERSION": "19090589_789f8e9t_965ebdct",
            "MAC": "aaa5836a0f14",
        },
    ),
    Answer(
        "avalon-1066-pools.txt",
        "pools",
        "S7",
        "1 Pool(s)",
        "POOLS",
        {
            "POOL": "0",
            "URL": "stratum+tcp://btc.ss.poolin.com:443",
            "Status": "Alive",
            "User": "account.worker",
            "Accepted": "1701",
            "Pool Rejected%": "0.0953",
            "Proxy": "",
        },
    ),
)

REFUSALS = (
    *(Refusal(answer.file, answer.command, "cut off") for answer in PRINTED),
    Refusal("avalon-1066-summary.txt", "summary", "whole JSON object"),  # no STATUS before it
    Refusal("avalon-mini3-stats-truncated.txt", "stats", "cut off"),
    Refusal("avalon-nano3-summary.txt", "summary", "whole JSON object"),  # single quotes, no end
)

# What units say of their pools: address, whether it is alive and in use, the worker's name.
POOLS = {
    "avalon-15-194-pools.json": (
        ("stratum+tcp://stratum.pool.io:3333", "Alive", True, "real_worker"),
        ("stratum+tcp://stratum.pool.io:3334", "Alive", False, "real_worker"),
        ("stratum+tcp://stratum.pool.io:3335", "Alive", False, "real_worker"),
    ),
    "avalon-q-pools.json": (("stratum+tcp://pool.example.com:4444", "Alive", True, None),),
    "avalon-nano3s-pools.json": (
        ("stratum+tcp://stratum.braiins.com:3333", "Alive", True, "worker"),
        ("stratum+tcp://stratum.braiins.com:3333", "Alive", False, "worker"),
        ("stratum+tcp://stratum.braiins.com:3333", "Alive", False, "worker"),
    ),
    "avalon-741-pools.json": (
        ("stratum+tcp://stratum.antpool.com:3333", "Alive", True, None),
        ("stratum+tcp://stratum.antpool.com:443", "Alive", False, None),
    ),
    "avalon-841-pools.json": (
        ("stratum+tcp://eu.stratum.slushpool.com:3333", "Alive", True, None),
        ("stratum+tcp://eu.stratum.slushpool.com:3333", "Alive", False, None),
    ),
    "avalon-921-pools.json": (
        ("stratum+tcp://eu.ss.btc.com:1800", "Alive", True, "a2"),
        ("stratum+tcp://eu.ss.btc.com:443", "Alive", False, "a2"),
        ("stratum+tcp://eu.ss.btc.com:25", "Alive", False, "a2"),
    ),
}
