"""What is wrong with a file of steps: where, what, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from controller.config.load import ConfigError


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake; `place` is the key, such as step.2.expect.1.low, counted from 1."""

    place: str
    text: str
    remedy: str
    line: int | None = None


class StepsError(ConfigError):
    """The file of steps cannot be used; the message tells every mistake."""

    def __init__(self, path: Path, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        told = "\n".join(_told(path, one) for one in self.problems)
        super().__init__(f"these steps cannot be used\n{told}")


def _told(path: Path, one: Problem) -> str:
    where = str(path) if one.line is None else f"{path}:{one.line}"
    what = f"{one.place}: {one.text}" if one.place else one.text
    return f"{where}: {what}\n    remedy: {one.remedy}"
