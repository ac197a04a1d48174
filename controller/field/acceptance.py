"""Which models and firmwares may be commanded on this site, because an engineer has accepted them.

`accepted.toml` stands in the state folder and is written by `hearth accept` alone, from the report
of a probe that passed. What cannot be read accepts nobody.
"""

import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import structlog

from controller.disk.whole_file import write_whole

log = structlog.get_logger()

NAME = "accepted.toml"


@dataclass(frozen=True, slots=True)
class Accepted:
    """One accepted kind of unit: who accepted it when (UTC), and the hash of the probe's report."""

    model: str
    firmware: str
    dialect: str
    report_sha256: str
    by: str
    utc: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Everything that is accepted; models alone come from plant.toml, whatever their firmware."""

    model: str | None = None
    entries: tuple[Accepted, ...] = ()
    models: frozenset[str] = frozenset()

    def accepts(self, model: str, firmware: str, dialect: str) -> bool:
        """Whether units that answer so may be ordered in this dialect, the one that was probed."""
        return (
            model == self.model
            or model in self.models
            or any(
                (one.model, one.firmware, one.dialect) == (model, firmware, dialect)
                for one in self.entries
            )
        )


def read_accepted(path: Path) -> tuple[Accepted, ...]:
    """The entries of the file; none without a file, and none where it cannot be trusted."""
    try:
        return _entries(path)
    except (OSError, ValueError) as error:
        log.warning("accepted.toml unreadable: only monitored", path=str(path), why=str(error))
        return ()


def add_accepted(path: Path, entry: Accepted) -> None:
    """Add one entry, in place of an older one of the same model and firmware.

    ValueError or OSError where the file cannot be read: what others have accepted is not lost.
    """
    kept = [
        one for one in _entries(path) if (one.model, one.firmware) != (entry.model, entry.firmware)
    ]
    text = "# Written by `hearth accept`; take an entry out to have its units only monitored.\n"
    for one in (*kept, entry):
        rows = (f"{name} = {_quoted(value)}" for name, value in asdict(one).items())
        text += "\n[[accepted]]\n" + "\n".join(rows) + "\n"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, text)


def _entries(path: Path) -> tuple[Accepted, ...]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    rows = tomllib.loads(text).get("accepted")
    if not isinstance(rows, list):
        raise ValueError("expected a list of tables called accepted")  # noqa: TRY004 - a bad file
    return tuple(_entry(row) for row in rows)


def _entry(row: object) -> Accepted:
    names = {field.name for field in fields(Accepted)}
    if not isinstance(row, dict) or set(row) != names:
        raise ValueError(f"an entry must have exactly {', '.join(sorted(names))}")
    if not all(isinstance(value, str) and value for value in row.values()):
        raise ValueError("every value of an entry must be text")
    return Accepted(**row)


def _quoted(value: str) -> str:
    clean = "".join(letter for letter in value if letter.isprintable())
    escaped = clean.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
