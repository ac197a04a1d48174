"""Guesses what a wrong word was meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches


def meant(word: str, choices: Iterable[str]) -> str:
    """A question that names the likeliest choice, or nothing."""
    near = get_close_matches(word, list(choices), n=1, cutoff=0.6)
    return f", did you mean {near[0]!r}?" if near else ""
