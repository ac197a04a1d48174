"""Words told in the wrong order: how a new firmware, or a wrong setting, shows in the values.

A float whose words are exchanged is mostly astronomically large or small. One such value can be a
broken sensor, but a device most of whose values make no sense before their words are exchanged has
changed their order. The small ones matter most: they look like a zero.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from drivers.errors import BadReply
from drivers.modbus.register import Register

# No quantity of a plant is so small without being zero.
NEXT_TO_NOTHING: Final = 1e-9


def told_low_words_first(readings: Iterable[tuple[Register, Sequence[int]]]) -> bool:
    """Whether more of these values make sense only with their words exchanged than as they are."""
    wrong = right = 0
    for register, words in readings:
        if register.length == 1 or len(set(words)) == 1 or not _tells(register):
            continue
        if _sensible(register, words):
            right += 1
        elif _sensible(register, words[::-1]):
            wrong += 1
    return wrong > right


def _tells(register: Register) -> bool:
    """Whether there are values that it cannot have; a plain counter may be anything."""
    return _is_float(register) or register.low is not None or register.high is not None


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
