"""Words told in the wrong order: how a new firmware, or a wrong setting, shows in the values.

A float whose words are exchanged is astronomically large or small, so that one value can be a
broken sensor, but a device of which no value makes sense before its words are exchanged has changed
their order. The small ones matter most: they look like a zero.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from drivers.errors import BadReply
from drivers.modbus.register import Register

# No quantity of a plant is so small without being zero.
NEXT_TO_NOTHING: Final = 1e-20


def told_low_words_first(readings: Iterable[tuple[Register, Sequence[int]]]) -> bool:
    """Whether these values make sense only with their words exchanged, all that say anything."""
    wrong = 0
    for register, words in readings:
        if register.length == 1 or not any(words) or len(set(words)) == 1:
            continue
        if _sensible(register, words):
            # A number that may be anything says nothing for either order.
            if register.low is not None or register.high is not None or _is_float(register):
                return False
        elif _sensible(register, words[::-1]):
            wrong += 1
    return wrong > 0


def _sensible(register: Register, words: Sequence[int]) -> bool:
    try:
        value = register.decode(words)
    except BadReply:
        return False
    if value is None or isinstance(value, bool):
        return True
    return not (_is_float(register) and 0.0 < abs(value) < NEXT_TO_NOTHING)


def _is_float(register: Register) -> bool:
    return register.type in ("float32", "float64")
