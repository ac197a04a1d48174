"""How a rule is written down: a function that yields the places where it is not kept."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from controller.config.plant import PlantFile

Broken = Iterable[tuple[str, str]]
"""Place and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One check of a whole plant.toml; it is left out where a key that it reads is wrong itself."""

    code: str
    reads: tuple[str, ...]
    find: Callable[[PlantFile], Broken]


RULES: list[Rule] = []


def rule(
    code: str, *reads: str
) -> Callable[[Callable[[PlantFile], Broken]], Callable[[PlantFile], Broken]]:
    """Note a check of `code` that reads these keys."""

    def note(find: Callable[[PlantFile], Broken]) -> Callable[[PlantFile], Broken]:
        RULES.append(Rule(code, reads, find))
        return find

    return note


def ascending(code: str, *places: str) -> None:
    """Note that the values of these keys must rise from each to the next."""

    def find(plant: PlantFile) -> Iterator[tuple[str, str]]:
        values = [_value(plant, place) for place in places]
        for place, low, other, high in zip(places, values, places[1:], values[1:], strict=False):
            if not low < high:
                yield place, f"{low:g} must be below {other} ({high:g})"

    RULES.append(Rule(code, places, find))


def overlap(place: str, other: str) -> bool:
    """Whether one place is the other or lies within it."""
    return f"{place}.".startswith(f"{other}.") or f"{other}.".startswith(f"{place}.")


def _value(plant: PlantFile, place: str) -> float:
    table, _, key = place.partition(".")
    return float(getattr(getattr(plant, table), key))
