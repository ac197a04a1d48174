"""The files that the house is made of."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = ("controller", "drivers", "simulators")
NOT_OURS: Final = frozenset({"__pycache__", "node_modules"})
MADE_BY_RUNS: Final = frozenset({"bench.json", "run"})
HIDDEN_BUT_OURS: Final = frozenset({".ci", ".gitignore"})


def python_files(*folders: str) -> list[Path]:
    """Every Python file below these folders of the repository."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def source_files() -> Iterator[tuple[Path, str]]:
    """Every text file of the repository with its text, without what tools and runs have made."""
    for folder, folders, files in os.walk(ROOT):
        at_root = Path(folder) == ROOT
        folders[:] = [name for name in folders if _is_ours(name, at_root=at_root)]
        for name in files:
            path = Path(folder) / name
            text = _text(path) if _is_ours(name, at_root=at_root) else None
            if text is not None:
                yield path.relative_to(ROOT), text


def _is_ours(name: str, *, at_root: bool) -> bool:
    if name in NOT_OURS or name.endswith(".egg-info") or (at_root and name in MADE_BY_RUNS):
        return False
    return not name.startswith(".") or name in HIDDEN_BUT_OURS


def _text(path: Path) -> str | None:
    """What stands in a text file; a picture or a capture of bytes has none."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
