"""Values that follow the size of a plant: "60 % of full_heat_kw", or a named number alone."""

import re
from collections.abc import Mapping
from typing import Any

from controller.lab.hil.problems import Problem

NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_SHARE = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*%\s*of\s+(\S+)\s*$")
WORDS = frozenset({"name", "say", "ask", "line", "figure"})
"""Keys whose value is for people, or names something."""

PER_CENT = 100.0


def with_given(
    data: Mapping[str, Any], given: Mapping[str, float]
) -> tuple[dict[str, Any], list[Problem]]:
    """The tables with every share made a number, and what could not be."""
    problems: list[Problem] = []
    made = _made(dict(data), "", given, problems)
    assert isinstance(made, dict), "a table stays one"  # noqa: S101
    return made, problems


def _made(value: Any, place: str, given: Mapping[str, float], problems: list[Problem]) -> Any:  # noqa: ANN401 - whatever TOML holds
    if isinstance(value, dict):
        return {
            key: one
            if key in WORDS
            else _made(one, f"{place}.{key}" if place else key, given, problems)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [_made(one, f"{place}.{n}", given, problems) for n, one in enumerate(value, 1)]
    share = _SHARE.match(value) if isinstance(value, str) else None
    if share is None:
        return value
    if share[2] in given:
        return float(share[1]) / PER_CENT * given[share[2]]
    known = ", ".join(given) or "none"
    remedy = f"write it into [given], or start with --given {share[2]}=NUMBER; there are: {known}"
    problems.append(Problem(place, f"{share[2]!r} is not given", remedy))
    return value
