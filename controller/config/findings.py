"""What is wrong with a configuration: a code, the place, what was found and the remedy."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from controller.config.code import Severity
from controller.config.codes import CODES


class ConfigError(Exception):
    """The configuration cannot be used; the message names file and key."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake or doubt; `place` is the key, such as miners.rated_kw, counted from 1."""

    code: str
    place: str
    text: str
    file: Path
    line: int | None = None
    column: int | None = None

    @property
    def severity(self) -> Severity:
        """Whether the plant can run with it."""
        return CODES[self.code].severity

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return CODES[self.code].remedy

    def __str__(self) -> str:
        """Where, what, and what to do."""
        numbers = (f":{n}" for n in (self.line, self.column) if n is not None)
        where = f"{self.file}{''.join(numbers)}"
        what = f"{self.place}: {self.text}" if self.place else self.text
        told = f"{where}: {self.severity} {self.code}: {what}"
        return f"{_printable(told)}\n    remedy: {self.remedy}"


def _printable(text: str) -> str:
    """The text with what a terminal would obey, or could not show, written out."""
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text
    )


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Those with which the plant cannot run."""
    return [finding for finding in findings if finding.severity == "error"]


def refuse(findings: Iterable[Finding]) -> None:
    """Raise ConfigError with every error, if there is one."""
    if wrong := errors(findings):
        raise ConfigError("the configuration cannot be used\n" + "\n".join(map(str, wrong)))
