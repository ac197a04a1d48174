"""How a thing can be broken: a verb, some with a parameter behind a colon, as in `wrong:+5`.

Eight verbs are the same for every sensor, device and link (the names are those of PX4's failure
injection): ok, off, stuck, garbage, wrong, slow, delayed, intermittent.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

How = Literal["+", "*", "="]
"""What a changed number is: so much more, so many times, or simply this."""

OK: Final = "ok"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is broken in which way; `value` is the verb's parameter, `text` all of it as set."""

    verb: str
    value: float = math.nan
    how: How = "+"
    text: str = ""

    @property
    def usual(self) -> bool:
        """Whether the size is left to the thing that is broken."""
        return math.isnan(self.value)

    def changed(self, value: float) -> float:
        """A number that is wrong by what was said."""
        match self.how:
            case "+":
                return value + self.value
            case "*":
                return value * self.value
            case "=":
                return self.value


@dataclass(frozen=True, slots=True)
class Parameter:
    """What stands behind a verb's colon: its kind, what it is if nothing does, and its range."""

    kind: Literal["seconds", "share", "change", "whole"]
    usual: float
    low: float
    high: float
    example: str


Verbs = Mapping[str, Parameter | None]

DAY_S: Final = 86_400.0
NEVER: Final = math.nan


def seconds(usual: float, most: float = DAY_S) -> Parameter:
    """A time; at least a millisecond."""
    return Parameter("seconds", usual, 0.001, most, f"{usual:g}s")


def share(usual: float) -> Parameter:
    """A part of all times."""
    return Parameter("share", usual, 0.0, 1.0, f"{usual:g}")


def whole(usual: int, low: int, high: int) -> Parameter:
    """A whole number."""
    return Parameter("whole", float(usual), float(low), float(high), str(usual))


CHANGED = Parameter("change", NEVER, -1e9, 1e9, "+5, *1.1 or =0")

SENSOR: Verbs = {
    "off": None,
    "stuck": None,
    "garbage": None,
    "wrong": CHANGED,
    "slow": seconds(20.0),
    "delayed": seconds(10.0),
    "intermittent": share(0.3),
}
"""Of everything that shows a number or a state; `ok` mends, here as everywhere."""


def parse(target: str, text: str, verbs: Verbs) -> Fault:
    """The fault that this text names; ValueError says which there are, or what its parameter is."""
    word, colon, rest = text.partition(":")
    if word not in verbs:
        raise ValueError(f"{target} has no fault {text!r}: it has {told(verbs)}")
    parameter = verbs[word]
    if parameter is None:
        if colon:
            raise ValueError(f"{target}: {word} takes no parameter, not {text!r}")
        return Fault(word, text=text)
    if not colon:
        return Fault(word, parameter.usual, text=text)
    try:
        value, how = _read(rest, parameter)
    except ValueError:
        raise ValueError(
            f"{target}: {word} takes {_asked(parameter)}, such as {word}:{parameter.example},"
            f" not {text!r}"
        ) from None
    return Fault(word, value, how, text)


def told(verbs: Verbs) -> str:
    """The verbs with their parameters, for whoever named another."""
    return ", ".join((OK, *(_shown(word, parameter) for word, parameter in verbs.items())))


def _shown(word: str, parameter: Parameter | None) -> str:
    return word if parameter is None else f"{word}[:{parameter.example.partition(',')[0]}]"


def _asked(parameter: Parameter) -> str:
    if parameter.kind == "change":
        return "a change"
    return f"{parameter.kind} from {parameter.low:g} to {parameter.high:g}"


def _read(text: str, parameter: Parameter) -> tuple[float, How]:
    how: How = "+"
    match parameter.kind:
        case "seconds":
            value = float(text.removesuffix("s"))
        case "share":
            value = float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
        case "whole":
            value = float(int(text, 0))
        case "change":
            value, how = _change(text)
    if not parameter.low <= value <= parameter.high:
        raise ValueError(text)
    return value, how


def _change(text: str) -> tuple[float, How]:
    """`+5` and `-5` add, `*1.1` multiplies, `=0` sets; a bare number adds."""
    if text[:1] == "*":
        return float(text[1:]), "*"
    if text[:1] == "=":
        return float(text[1:]), "="
    return float(text), "+"
