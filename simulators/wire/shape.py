"""A section of a CGMiner reply as a table of fields, written once and sent in both notations."""

from collections.abc import Mapping
from typing import NamedTuple

Value = str | int | float
Fields = tuple[tuple[str, str], ...]


class Shape(NamedTuple):
    """Two templates of one section; the values fill both."""

    json: str
    text: str


class Row(NamedTuple):
    """A section with its values."""

    shape: Shape
    values: tuple[Value, ...]


class Answer(NamedTuple):
    """What a command says: the status, and the rows of one named section."""

    letter: str
    code: int
    message: str
    section: str = ""
    rows: tuple[Row, ...] = ()


class Stamp(NamedTuple):
    """What every answer says beside itself: the unit's clock, and the program that speaks."""

    when: int
    program: str


INVALID_COMMAND = Answer("E", 14, "Invalid command")


def renamed(fields: Fields, changes: Mapping[str, tuple[str, str]]) -> Fields:
    """The same fields, of which some have another key and form."""
    return tuple(changes.get(key, (key, form)) for key, form in fields)


def shape(lead: str, fields: Fields) -> Shape:
    """A section whose text form begins with `lead`; a quoted field is text, any other a number."""
    pairs = [(key.replace("%", "%%"), form) for key, form in fields]
    return Shape(
        json="{" + ",".join(f'"{key}":{form}' for key, form in pairs) + "}",
        text=lead + ",".join(f"{key}={form.strip(chr(34))}" for key, form in pairs),
    )


STATUS = shape(
    "",
    (
        ("STATUS", '"%s"'),
        ("When", "%d"),
        ("Code", "%d"),
        ("Msg", '"%s"'),
        ("Description", '"%s"'),
    ),
)


def as_json(answer: Answer, stamp: Stamp) -> str:
    """One answer as a JSON object."""
    status = STATUS.json % _status(answer, stamp)
    if not answer.rows:
        return f'{{"STATUS":[{status}],"id":1}}'
    rows = ",".join([row.shape.json % row.values for row in answer.rows])
    return f'{{"STATUS":[{status}],"{answer.section}":[{rows}],"id":1}}'


def as_text(answer: Answer, stamp: Stamp) -> str:
    """One answer as sections that each end with a bar."""
    status = STATUS.text % _status(answer, stamp)
    rows = [row.shape.text % row.values for row in answer.rows]
    return "|".join([status, *rows]) + "|"


def _status(answer: Answer, stamp: Stamp) -> tuple[str, int, int, str, str]:
    return answer.letter, stamp.when, answer.code, answer.message, stamp.program
