"""Validates the tables, and goes on without what is wrong to see the rest."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from controller.config.codes import CODES
from controller.config.part import Part
from controller.config.plant import PlantFile
from controller.config.words import WRITTEN, meant

Mistakes = list[tuple[str, str, str]]
"""Code, place, what is wrong there."""

TRIES = 5
KEY = "[key]"
"""What pydantic adds to the place of a name that is wrong itself."""
_BY_TYPE = {
    "extra_forbidden": "HC005",
    "missing": "HC006",
    "kind": "HC007",
    "literal_error": "HC009",
    "time_parsing": "HC010",
    "value_error": "HC010",
    "string_pattern_mismatch": "HC010",
    "finite_number": "HC008",
    "int_from_float": "HC007",
}
_PLAIN = {
    "model_type": "expected a table",
    "tuple_type": "expected a list",
    "string_type": "expected a text in quotes",
    "path_type": "expected a text in quotes",
    "time_parsing": 'expected a time, such as "05:30"',
    "time_type": 'expected a time, such as "05:30"',
    "finite_number": "expected a finite number",
}
"""What is told in plainer words than pydantic's."""
_ENDINGS = {
    "_type": "HC007",
    "_than": "HC008",
    "_than_equal": "HC008",
    "_parsing": "HC007",
    "_short": "HC008",
    "_long": "HC008",
}


def validate(data: dict[str, Any]) -> tuple[PlantFile | None, Mistakes, set[str]]:
    """The plant without what is wrong, the mistakes, and the places that were left out."""
    left = copy.deepcopy(data)
    mistakes: Mistakes = []
    broken: set[str] = set()
    for _ in range(TRIES):
        try:
            return PlantFile.model_validate(left), mistakes, broken
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
            # What is found later only follows from what was left out.
            mistakes = mistakes or [_told(mistake) for mistake in found]
            # From the end on, so that the numbers of earlier entries of a list stay true.
            for mistake in sorted(found, key=lambda one: _order(one["loc"]), reverse=True):
                _leave_out(left, mistake, broken)
    return None, mistakes, broken


def place_of(loc: tuple[int | str, ...]) -> str:
    """The place as people count: container.1 is the first."""
    named = (part for part in loc if part != KEY)
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in named)


def table_at(loc: tuple[int | str, ...]) -> type[Part] | None:
    """The table to which a location leads."""
    table: type[Part] = PlantFile
    free = False
    for part in loc:
        if isinstance(part, int) or free:
            free = False
            continue
        info = table.model_fields.get(part)
        # What follows is a name that the plant gives, such as a tag, and no key.
        free = info is not None and get_origin(info.annotation) is dict
        found = next((one for key, one in tables_of(table) if key == part), None)
        if found is None:
            return None
        table = found
    return table


def tables_of(table: type[Part]) -> Iterator[tuple[str, type[Part]]]:
    """The keys of a table that are tables themselves."""
    for key, info in table.model_fields.items():
        for kind in _parts(info.annotation):
            yield key, kind


def keys_of(table: type[Part]) -> list[str]:
    """The keys of a table as they are written."""
    return [info.alias or key for key, info in table.model_fields.items()]


def _parts(kind: Any) -> Iterator[type[Part]]:  # noqa: ANN401 - an annotation
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        assert issubclass(kind, Part), "every table is one"  # noqa: S101
        yield kind
    for argument in get_args(kind):
        yield from _parts(argument)


def _told(mistake: ErrorDetails) -> tuple[str, str, str]:
    kind, loc = mistake["type"], mistake["loc"]
    code = kind if kind in CODES else _code(kind)
    text = _PLAIN.get(kind) or mistake["msg"].removeprefix("Value error, ")
    if kind == "extra_forbidden":
        text = _unknown(loc)
    elif kind == "missing":
        text = "is missing"
    elif kind in ("too_long", "too_short"):
        text = _counted(mistake.get("ctx", {}))
    elif kind == "string_pattern_mismatch":
        pattern = str(mistake.get("ctx", {}).get("pattern", ""))
        text = f"expected {WRITTEN.get(pattern, pattern)}"
    return code, place_of(loc), text[:1].lower() + text[1:]


def _counted(found: Mapping[str, Any]) -> str:
    """How many entries a list has, and may have."""
    there, most = found.get("actual_length"), found.get("max_length")
    bound = f"at least {found.get('min_length')}" if most is None else f"at most {most}"
    return f"there are {there} entries, and may be {bound}"


def _code(kind: str) -> str:
    endings = (code for ending, code in _ENDINGS.items() if kind.endswith(ending))
    return _BY_TYPE.get(kind) or next(endings, "HC010")


def _unknown(loc: tuple[int | str, ...]) -> str:
    """What is told of a key that does not exist: what it may have been, and where it belongs."""
    key, table = str(loc[-1]), table_at(loc[:-1])
    if table is None:
        return "there is no such key"
    if guess := meant(key, keys_of(table)):
        return f"there is no such key{guess}"
    homes = [name for name, home in tables_of(PlantFile) if key in keys_of(home)]
    return f"there is no such key here; it belongs to [{homes[0]}]" if homes else "no such key"


def _order(loc: tuple[int | str, ...]) -> tuple[tuple[int, str], ...]:
    return tuple((part, "") if isinstance(part, int) else (0, part) for part in loc)


def _leave_out(data: dict[str, Any], mistake: ErrorDetails, broken: set[str]) -> None:
    """Take the smallest part that can be left out away from the tables."""
    loc = mistake["loc"]
    if mistake["type"] == "missing":
        loc = loc[:-1]
    chain: list[tuple[Any, int | str]] = []
    here: Any = data
    for part in loc:
        if not _holds(here, part):
            break
        chain.append((here, part))
        here = here[part]
    # A number in a list of numbers is not left out alone: a curve without a point is another curve.
    while chain and _is_item(*chain[-1]):
        chain.pop()
    if not chain:
        return
    parent, part = chain[-1]
    cut = place_of(tuple(step for _, step in chain))
    if mistake["type"] != "extra_forbidden":
        broken.add(cut if isinstance(part, str) else cut.rpartition(".")[0])
    del parent[part]


def _holds(here: Any, part: int | str) -> bool:  # noqa: ANN401 - whatever TOML holds
    if isinstance(part, int):
        return isinstance(here, list) and part < len(here)
    return isinstance(here, dict) and part in here


def _is_item(parent: Any, part: int | str) -> bool:  # noqa: ANN401 - whatever TOML holds
    """Whether this is an entry of a list that is no table."""
    return isinstance(parent, list) and not isinstance(parent[int(part)], dict)
