"""Finds the line of plant.toml in which a key stands."""

import re
from collections import Counter
from collections.abc import Iterator

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*([A-Za-z0-9_.-]+|"[^"]*"|'[^']*')\s*=(.*)$""")
_TEXTS = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*')
# Comments and short texts are matched first, so that three quotes within them begin nothing.
_LONG_TEXTS = re.compile(
    r'#[^\n]*|"(?!"")(?:\\.|[^"\\\n])*"'
    r"|'(?!'')[^'\n]*'"
    r'|(?P<long>"{3}(?:\\.|[^\\])*?"{3,5}'
    r"|'{3}.*?'{3,5})",
    re.DOTALL,
)


class Lines:
    """The line of each key and table of a TOML text, by place: container.2.units."""

    def __init__(self, text: str) -> None:
        self._lines: dict[str, int] = {}
        for place, line in _places(text):
            self._lines.setdefault(place, line)

    def __getitem__(self, place: str) -> int | None:
        """The line of a place, or of the nearest table around it; None if there is neither."""
        while place:
            # A list of tables begins where its first table does.
            for there in (place, f"{place}.1"):
                if there in self._lines:
                    return self._lines[there]
            place = place.rpartition(".")[0]
        return None


def _places(text: str) -> Iterator[tuple[str, int]]:
    table, depth = "", 0
    counts: Counter[str] = Counter()
    # As editors count: only a line feed ends a line.
    for number, line in enumerate(_LONG_TEXTS.sub(_emptied, text).split("\n"), 1):
        if depth == 0 and (header := _HEADER.match(line)):
            table = _numbered(_plain(header[2]), counts, repeated=header[1] == "[[")
            yield table, number
            continue
        if depth == 0 and (key := _KEY.match(line)):
            yield (f"{table}.{_plain(key[1])}" if table else _plain(key[1])), number
        bare = _TEXTS.sub("", line.partition("=")[2] if depth == 0 else line)
        depth = max(0, depth + bare.count("[") - bare.count("]"))


def _emptied(found: re.Match[str]) -> str:
    """A text of many lines without what stands in it, on as many lines."""
    long = found["long"]
    return found[0] if long is None else '""' + "\n" * long.count("\n")


def _numbered(name: str, counts: "Counter[str]", *, repeated: bool) -> str:
    """The table's place: an entry of a list has its number, counted from 1."""
    parts: list[str] = []
    words = name.split(".")
    for index, word in enumerate(words):
        parts.append(word)
        path = ".".join(parts)
        if repeated and index == len(words) - 1:
            counts[path] += 1
        if counts[path]:
            parts.append(str(counts[path]))
    return ".".join(parts)


def _plain(name: str) -> str:
    return ".".join(word.strip().strip("\"'") for word in name.split("."))
