"""What an output can be: the nearest to a wish that its register holds, and how it then reads."""

from drivers.errors import BadReply
from drivers.modbus.register import Register


def within(register: Register, value: float | bool) -> bool:  # noqa: FBT001 - a value
    """Whether the register can be this, but for its resolution."""
    return register.type == "bool" or value == _limited(register, float(value))


def nearest(register: Register, value: float | bool) -> float | bool:  # noqa: FBT001 - a value
    """What the output reads as when it has taken the nearest to this value."""
    if register.type == "bool":
        return bool(value)
    limited = _limited(register, float(value))
    try:
        told = register.decode(register.encode(limited))
    except (ValueError, BadReply):
        # What cannot be written at all is refused by name when it is to be written.
        return limited
    return limited if told is None else float(told)


def _limited(register: Register, value: float) -> float:
    low = value if register.low is None else register.low
    high = value if register.high is None else register.high
    return min(max(value, low), high)
