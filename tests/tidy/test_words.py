"""The text of the house names no machine, no index and no work without an end."""

import os
import re
from typing import Final
from urllib.parse import urlsplit

from tests.tidy.sources import source_files

# Written in pieces, so that this file does not offend itself.
MACHINE_PATH: Final = re.compile(
    r"(?<![\w.~*}/-])/(?:" + "|".join(("wor" + "k", "roo" + "t")) + r")(?![\w-])"
)
INDEX_HOSTS: Final = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "artifact" + "ory",
    "nex" + "us/repository",
)
INDEX_SETTINGS: Final = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX")
OPEN_END: Final = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b(?!.*\buntil\b)")


def offences(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()}"
        for path, text in source_files()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line) is not None
    ]


def index_hosts() -> set[str]:
    """The public indexes, and the one of this machine, whatever it is."""
    settings = (urlsplit(os.environ.get(name, "")).hostname for name in INDEX_SETTINGS)
    return {*INDEX_HOSTS, *(host for host in settings if host is not None)}


def test_the_sources_are_found() -> None:
    paths = {str(path) for path, _ in source_files()}

    assert {"pyproject.toml", "Makefile", ".ci/run", "deploy/setup.sh"} <= paths


def test_no_file_names_a_place_on_one_machine() -> None:
    assert offences(MACHINE_PATH) == []


def test_no_file_names_a_package_index() -> None:
    assert offences(re.compile("|".join(map(re.escape, sorted(index_hosts()))))) == []


def test_every_open_end_says_until_when() -> None:
    assert offences(OPEN_END) == []
