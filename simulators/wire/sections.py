"""The sections about the miner itself, as tables of fields.

Keys, order and formats follow the captured replies of the 15-194 (version, devs), of the
Nano 3S (summary) and of the Q (coin, config).
"""

from simulators.wire.shape import Fields, renamed, shape

# Made-up firmware of each personality, in order: sleep only, modes live, modes by restart, stamped,
# and of a chain, whose line and month stand behind its model.
FIRMWARES = (*(f"260{number}0101_0000000_0000000" for number in (1, 2, 3, 4)), "1809-5000000")
SHARE_DIFFICULTY = 262144
POOLS = 3
FIVE_SECONDS = {"MHS 30s": ("MHS 5s", "%.2f")}
"""The shortest window of cgminer 4.10, as captured of chains."""

VERSION = shape(
    "VERSION,",
    (
        ("CGMiner", '"4.11.1"'),
        ("API", '"3.7"'),
        ("STM8", '"20.08.01"'),
        ("PROD", '"%s"'),
        ("MODEL", '"%s"'),
        ("HWTYPE", '"MM4v2_X4"'),
        ("SWTYPE", '"MM319"'),
        ("VERSION", '"%s"'),
        ("LOADER", '"d0d779de.00"'),
        ("DNA", '"%s"'),
        ("MAC", '"%s"'),
        ("UPAPI", '"2"'),
    ),
)

CHAIN_VERSION = shape(
    "VERSION,",
    (
        ("CGMiner", '"4.10.0"'),
        ("API", '"3.7"'),
        ("PROD", '"%s"'),
        ("MODEL", '"%s"'),
        ("VERSION", '"%s"'),
        ("DNA", '"%s"'),
        ("MAC", '"%s"'),
    ),
)
"""Not captured of any chain: the model stands where two public libraries look for it."""

_SUMMARY: Fields = (
    ("Elapsed", "%d"),
    ("MHS av", "%.2f"),
    ("MHS 30s", "%.2f"),
    ("MHS 1m", "%.2f"),
    ("MHS 5m", "%.2f"),
    ("MHS 15m", "%.2f"),
    ("Found Blocks", "0"),
    ("Getworks", "30"),
    ("Accepted", "%d"),
    ("Rejected", "0"),
    ("Hardware Errors", "0"),
    ("Utility", "%.2f"),
    ("Discarded", "0"),
    ("Stale", "0"),
    ("Get Failures", "0"),
    ("Local Work", "%d"),
    ("Remote Failures", "0"),
    ("Network Blocks", "1"),
    ("Total MH", "%.4f"),
    ("Work Utility", "%.2f"),
    ("Difficulty Accepted", "%.8f"),
    ("Difficulty Rejected", "0.00000000"),
    ("Difficulty Stale", "0.00000000"),
    ("Best Share", "19649871"),
    ("Device Hardware%", "0.0000"),
    ("Device Rejected%", "0.0000"),
    ("Pool Rejected%", "0.0000"),
    ("Pool Stale%", "0.0000"),
    ("Last getwork", "0"),
)
SUMMARY = shape("SUMMARY,", _SUMMARY)
CHAIN_SUMMARY = shape("SUMMARY,", renamed(_SUMMARY, FIVE_SECONDS))

_DEVICE: Fields = (
    ("ASC", "0"),
    ("Name", '"AVA10"'),
    ("ID", "0"),
    ("Enabled", '"Y"'),
    ("Status", '"Alive"'),
    ("Temperature", "-273.00"),
    ("MHS av", "%.2f"),
    ("MHS 30s", "%.2f"),
    ("MHS 1m", "%.2f"),
    ("MHS 5m", "%.2f"),
    ("MHS 15m", "%.2f"),
    ("Accepted", "%d"),
    ("Rejected", "0"),
    ("Hardware Errors", "0"),
    ("Utility", "%.2f"),
    ("Last Share Pool", "0"),
    ("Last Share Time", "%d"),
    ("Total MH", "%.4f"),
    ("Diff1 Work", "%d"),
    ("Difficulty Accepted", "%.8f"),
    ("Difficulty Rejected", "0.00000000"),
    ("Last Share Difficulty", f"{SHARE_DIFFICULTY}.00000000"),
    ("Last Valid Work", "%d"),
    ("Device Hardware%", "0.0000"),
    ("Device Rejected%", "0.0000"),
    ("Device Elapsed", "%d"),
)
DEVICE = shape("", _DEVICE)
CHAIN_DEVICE = shape("", renamed(_DEVICE, {"Name": ("Name", '"AV9"'), **FIVE_SECONDS}))

COIN = shape(
    "COIN,",
    (
        ("Hash Method", '"sha256"'),
        ("Current Block Time", "%.6f"),
        ("Current Block Hash", f'"{"0" * 64}"'),
        ("LP", "true"),
        ("Network Difficulty", "126271255279306.97000000"),
    ),
)

CONFIG = shape(
    "CONFIG,",
    (
        ("ASC Count", "1"),
        ("PGA Count", "0"),
        ("Pool Count", f"{POOLS}"),
        ("Strategy", '"Failover"'),
        ("Log Interval", "5"),
        ("Device Code", '"AVA10"'),
        ("OS", '"Linux"'),
        ("Hotplug", '"None"'),
    ),
)
