"""What all Modbus links together have seen since the start, as figures for the tags."""

from collections.abc import Iterable
from typing import Final

from drivers.modbus.link import ModbusLink

LINK_FIGURES: Final = (
    ("modbus.requests", "requests to Modbus devices since the start"),
    ("modbus.timeouts", "of these without an answer in time"),
    ("modbus.refused", "of these with an answer that was not believed"),
    ("modbus.exceptions", "of these that the device refused"),
    ("modbus.late", "answers in the last third of their time"),
    ("modbus.discarded", "answers to something else, stepped over"),
    ("modbus.connects", "connections made to Modbus devices since the start"),
    ("modbus.connect_failures", "connections that could not be made"),
)
"""Name and meaning of each."""


def link_figures(links: Iterable[ModbusLink]) -> dict[str, float]:
    """Each of the figures, summed over the links."""
    counts = [link.counts for link in links]
    sums = {
        "refused": sum(one.refused.total() for one in counts),
        "exceptions": sum(one.exceptions.total() for one in counts),
    }
    names = [name.partition(".")[2] for name, _ in LINK_FIGURES]
    return {
        f"modbus.{name}": float(
            sums[name] if name in sums else sum(getattr(one, name) for one in counts)
        )
        for name in names
    }
