"""Words for mistakes: what a wrong word was meant to be, how a value is to be written."""

from collections.abc import Iterable
from difflib import get_close_matches


def meant(word: str, choices: Iterable[str]) -> str:
    """A question that names the likeliest choice, or nothing."""
    near = get_close_matches(word, list(choices), n=1, cutoff=0.6)
    return f", did you mean {near[0]!r}?" if near else ""


WRITTEN = {
    r"^[a-z][a-z0-9-]*$": 'small letters, digits and hyphens, a letter first, such as "pump-1"',
    r"^[a-z][a-z0-9-]{1,40}$": "2 to 41 small letters, digits and hyphens, a letter first",
    r"^[a-z][a-z0-9_-]{0,15}$": "up to 16 small letters, digits, - and _, a letter first",
    r"^[a-z0-9_]+$": "small letters, digits and _",
    r"^[a-z][a-z0-9_.-]*(\{n(:0\d)?\}[a-z0-9_.-]*)*$": "small letters, with {n} or {n:02}",
    r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$": "up to 64 letters, digits, - and _, no sign first",
    r"^[!-~]{1,64}$": "up to 64 signs without spaces or accents",
    r"^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$": 'a URI, such as "urn:hearth:server"',
    r"^[0-9A-Za-z][0-9A-Za-z.:-]{0,252}$|^::": 'an address or a host\'s name, such as "10.0.0.1"',
}
"""What each pattern of plant.toml asks for."""
