"""What is installed is exactly what was locked, wherever it comes from."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.tidy.sources import ROOT

LOCKS: Final = sorted((ROOT / "deploy" / "locks").glob("*.txt"))
PIN: Final = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>\S+)")
HASH: Final = re.compile(r"--hash=sha256:[0-9a-f]{64}(\s|$)")


def requirements(lock: Path) -> list[str]:
    """The requirements of a lock, each on one line, without comments."""
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (re.sub(r"(^|\s)#.*", "", line).strip() for line in text.splitlines())
    return [line for line in lines if line]


def pins(lock: Path) -> set[tuple[str, str]]:
    found = (PIN.match(requirement) for requirement in requirements(lock))
    return {(pin["name"], pin["version"]) for pin in found if pin is not None}


def test_the_locks_are_there() -> None:
    assert {"dev.txt", "runtime.txt", "uv.txt"} <= {lock.name for lock in LOCKS}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_is_one_version_with_its_hash(lock: Path) -> None:
    loose = [
        requirement
        for requirement in requirements(lock)
        if PIN.match(requirement) is None or HASH.search(requirement) is None
    ]

    assert requirements(lock)
    assert loose == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_no_lock_says_where_from(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")

    assert (
        re.findall(r"\S*://\S*|--\S*index\S*|--find-links|--trusted-host|(?m:^-[ief]\b)", text)
        == []
    )


def test_tests_run_on_what_is_shipped() -> None:
    by_name = {lock.name: pins(lock) for lock in LOCKS}

    assert by_name["runtime.txt"] - by_name["dev.txt"] == set()
