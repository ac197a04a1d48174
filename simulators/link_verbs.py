"""How a link between a controller and a device can be broken: by name, one at a time."""

from typing import Final

from simulators.fault_verbs import Verbs, seconds, share, whole

BYTE_S: Final = 0.05
# Just short of the second that a careful client waits.
ALMOST_S: Final = 0.95

COMMON: Verbs = {
    "off": None,
    "stuck": None,
    "garbage": None,
    "wrong": None,
    "slow": seconds(BYTE_S, 60.0),
    "delayed": seconds(ALMOST_S, 600.0),
    "intermittent": share(0.3),
}
"""Of every link.

off: nobody listens. stuck: accepts and never answers. garbage: bytes that mean nothing. wrong: the
answer to something else. slow: so long between two bytes. delayed: every answer so much later.
intermittent: this share of the answers is lost.
"""

MODBUS: Verbs = {
    **COMMON,
    "late-answer": None,
    "one-behind": None,
    "transaction-zero": None,
    "wrong-transaction": None,
    "wrong-unit": None,
    "fewer-registers": None,
    "more-registers": None,
    "zero-registers": None,
    "odd-registers": None,
    "other-function": None,
    "exception": whole(4, 1, 255),
    "bad-protocol": None,
    "length": whole(250, 0, 65_535),
    "endless": None,
    "half-frame-fin": None,
    "half-frame-reset": None,
    "glued": None,
    "duplicate": None,
    "echo-address": None,
    "echo-value": None,
    "echo-count": None,
    "write-not-taken": None,
    "write-answer-lost": None,
    "one-client": None,
    "taken": None,
}
"""Of a Modbus TCP link beside those; what each does stands in the manual of the simulated devices.

Those that speak of registers touch reads, those that speak of echo or write touch writes.
"""

MINERS: Verbs = {**COMMON, "huge": None}
"""Of a miner's link beside those; huge: a reply of 64 MB."""
"""Of the link to a miner, and of the network switch of a container."""

UNTAKEN: Final = "write-not-taken"
"""Under this orders are confirmed and do not arrive."""

BEARABLE: Final = frozenset(
    {
        *("delayed", "late-answer", "glued", "duplicate", "one-client"),
        *("echo-address", "echo-value", "echo-count"),
        *("write-answer-lost", UNTAKEN),
    }
)
"""Under these a careful client still learns what the device measures."""
