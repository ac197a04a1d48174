"""A power for units that tell none: by nameplate, from what their frequencies should make.

Chains of modules (A7 to A9) have no supply that is heard. Whether boards that do not hash draw
power cannot be told from their rate, so only a unit that hashes is given one, and never zero.
"""

import msgspec

from drivers.cgminer.dialects import dialect_for
from drivers.cgminer.reading import MinerReading


def with_power(reading: MinerReading) -> MinerReading:
    """The same reading, with an estimated power where the unit tells none and hashes."""
    if reading.power_kw is not None or not reading.state.hashing:
        return reading
    per_ths = dialect_for(reading.model or "", reading.firmware or "").nameplate_kw_per_ths
    ths = reading.theoretical_ths or reading.hashrate_ths
    if per_ths is None or not ths:
        return reading
    return msgspec.structs.replace(reading, power_kw=per_ths * ths, power_estimated=True)
