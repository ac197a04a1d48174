"""The sections about pools and statistics, as tables of fields.

Keys, order and formats follow the captured pools and estats replies of the 15-194.
"""

from simulators.wire.chain import MODULES
from simulators.wire.sections import SHARE_DIFFICULTY
from simulators.wire.shape import shape

_IDLE_CALLS = (
    ("Calls", "0"),
    ("Wait", "0.000000"),
    ("Max", "0.000000"),
    ("Min", "99999999.000000"),
)

POOL = shape(
    "",
    (
        ("POOL", "%d"),
        ("URL", '"stratum+tcp://%s:%d"'),
        ("Status", '"Alive"'),
        ("Priority", "%d"),
        ("Quota", "1"),
        ("Long Poll", '"N"'),
        ("Getworks", "%d"),
        ("Accepted", "%d"),
        ("Rejected", "0"),
        ("Works", "%d"),
        ("Discarded", "0"),
        ("Stale", "0"),
        ("Get Failures", "0"),
        ("Remote Failures", "0"),
        ("User", '"account.%s"'),
        ("Last Share Time", "%d"),
        ("Diff1 Shares", "%d"),
        ("Proxy Type", '""'),
        ("Proxy", '""'),
        ("Difficulty Accepted", "%.8f"),
        ("Difficulty Rejected", "0.00000000"),
        ("Difficulty Stale", "0.00000000"),
        ("Last Share Difficulty", f"{SHARE_DIFFICULTY}.00000000"),
        ("Work Difficulty", f"{SHARE_DIFFICULTY}.00000000"),
        ("Has Stratum", "true"),
        ("Stratum Active", "%s"),
        ("Stratum URL", '"%s"'),
        ("Stratum Difficulty", f"{SHARE_DIFFICULTY}.00000000"),
        ("Has Vmask", "true"),
        ("Has GBT", "false"),
        ("Best Share", "19649871"),
        ("Pool Rejected%", "0.0000"),
        ("Pool Stale%", "0.0000"),
        ("Bad Work", "0"),
        ("Current Block Height", "882588"),
        ("Current Block Version", "536870912"),
    ),
)

MACHINE_STATS = shape(
    "",
    (
        ("STATS", "0"),
        ("ID", '"AVA100"'),
        ("Elapsed", "%d"),
        *_IDLE_CALLS,
        ("MM ID0", '"%s"'),
        ("MM Count", "1"),
        ("Smart Speed", "1"),
        ("Voltage Level Offset", "0"),
        ("Nonce Mask", "25"),
    ),
)

CHAIN_STATS = shape(
    "",
    (
        ("STATS", "0"),
        ("ID", '"AV90"'),
        ("Elapsed", "%d"),
        *_IDLE_CALLS,
        *((f"MM ID{number}", '"%s"') for number in range(1, MODULES + 1)),
        ("MM Count", f"{MODULES}"),
        ("Smart Speed", "1"),
        ("Connecter", '"AUC"'),
        ("AUC VER", '"AUC-20151208"'),
        ("AUC I2C Speed", "400000"),
        ("AUC I2C XDelay", "24000"),
        ("AUC Sensor", "18225"),
        ("AUC Temperature", "19.76"),
        ("Connection Overloaded", "false"),
        ("Voltage Level Offset", "0"),
        ("Nonce Mask", "24"),
        ("USB Pipe", '"0"'),
        ("USB Delay", '"r0 0.000000 w0 0.000000"'),
        ("USB tmo", '"0 0"'),
    ),
)
"""As a captured controller of 921 modules has it."""

BRACED_STATS = shape(
    "",
    (
        ("STATS", "0"),
        ("ID", '"AVALON0"'),
        ("Elapsed", "%d"),
        *_IDLE_CALLS,
        ("MM ID0:Summary", '"%s"'),
        ("HBinfo", '"%s"'),
    ),
)
"""Key order as a captured Q has it but for the boards, which stand behind the summary here."""

BRACED_LITE = shape("", (("MM ID0:Summary", '"%s"'),))

POOL_STATS = shape(
    "",
    (
        ("STATS", "%d"),
        ("ID", '"POOL%d"'),
        ("Elapsed", "%d"),
        *_IDLE_CALLS,
        ("Pool Calls", "0"),
        ("Pool Attempts", "0"),
        ("Pool Wait", "0.000000"),
        ("Pool Max", "0.000000"),
        ("Pool Min", "99999999.000000"),
        ("Pool Av", "0.000000"),
        ("Work Had Roll Time", "false"),
        ("Work Can Roll", "false"),
        ("Work Had Expire", "false"),
        ("Work Roll Time", "0"),
        ("Work Diff", f"{SHARE_DIFFICULTY}.00000000"),
        ("Min Diff", f"{SHARE_DIFFICULTY}.00000000"),
        ("Max Diff", f"{SHARE_DIFFICULTY}.00000000"),
        ("Min Diff Count", "2"),
        ("Max Diff Count", "2"),
        ("Times Sent", "3"),
        ("Bytes Sent", "289"),
        ("Times Recv", "7"),
        ("Bytes Recv", "4954"),
        ("Net Bytes Sent", "289"),
        ("Net Bytes Recv", "4954"),
    ),
)
