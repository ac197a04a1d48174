"""A section of a CGMiner reply as a table of fields, written once and sent in both notations."""

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


INVALID_COMMAND = Answer("E", 14, "Invalid command")


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
        ("Description", '"cgminer 4.11.1"'),
    ),
)


def as_json(answer: Answer, when: int) -> str:
    """One answer as a JSON object."""
    status = STATUS.json % (answer.letter, when, answer.code, answer.message)
    if not answer.rows:
        return f'{{"STATUS":[{status}],"id":1}}'
    rows = ",".join([row.shape.json % row.values for row in answer.rows])
    return f'{{"STATUS":[{status}],"{answer.section}":[{rows}],"id":1}}'


def as_text(answer: Answer, when: int) -> str:
    """One answer as sections that each end with a bar."""
    status = STATUS.text % (answer.letter, when, answer.code, answer.message)
    rows = [row.shape.text % row.values for row in answer.rows]
    return "|".join([status, *rows]) + "|"
