"""`hearth reference`: writes schema, keys, checks and tags as they are now."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from controller.config.codes import CODES
from controller.config.part import Part
from controller.config.plant import PlantFile
from controller.config.validate import tables_of
from controller.desk.alarms_page import alarms_page
from controller.desk.protection_page import protection_page
from controller.desk.schema import schema_text, unit_of
from controller.desk.site import examine_site
from controller.desk.tag_list import as_markdown, tag_rows

EXAMPLE = Path(__file__).parents[2] / "deploy" / "plant.example.toml"
FOLDER = EXAMPLE.parent / "reference"
_MADE = "Made by `hearth reference`; do not edit.\n"
_BOUNDS = {"ge": "from {}", "gt": "above {}", "le": "to {}", "lt": "below {}"}


def reference() -> dict[str, str]:
    """Every file of the generated reference, by name."""
    return {
        "plant.schema.json": schema_text(),
        "configuration.md": _configuration(),
        "tags.md": _tags(),
        "alarms.md": alarms_page(),
        "protection.md": protection_page(),
    }


def write_reference(folder: Path) -> list[Path]:
    """Write the reference into a folder, and say which files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in reference().items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def _configuration() -> str:
    parts = [
        "# plant.toml",
        f"\n{_MADE}",
        (
            "The file has these keys and no others. The unit of a value ends its name. A relative"
            " path starts at the folder of plant.toml. `hearth check PLANT.toml` checks a file"
            " against all of this.\n"
        ),
        "## Keys\n",
    ]
    for name, table in _tables("", PlantFile):
        parts.append(_heading(name))
        parts.append(" ".join((table.__doc__ or "").split()) + "\n")
        parts.append("| key | type | range | default | meaning |\n|---|---|---|---|---|")
        rows = [_row(key, info) for key, info in table.model_fields.items()]
        parts.append("\n".join(row for row in rows if row) + "\n")
    parts.append("## Checks\n")
    parts.append(
        "An error stops the program before it touches anything; with a warning it runs, and"
        " `hearth check --strict` gives exit code 1. A code keeps its meaning for ever.\n"
    )
    parts.append("| code | | what is wrong | remedy |\n|---|---|---|---|")
    parts.append(
        "\n".join(
            f"| {code} | {one.severity} | {one.meaning} | {one.remedy} |"
            for code, one in CODES.items()
        )
    )
    return "\n".join(parts) + "\n"


def _tags() -> str:
    rows = tag_rows(examine_site(EXAMPLE))
    head = "Tags of the plant in `deploy/plant.example.toml`, as `hearth tags` lists them."
    return f"# Tags\n\n{_MADE}\n{head}\n\n{as_markdown(rows)}\n"


def _tables(name: str, table: type[Part]) -> Iterator[tuple[str, type[Part]]]:
    yield name, table
    for key, inner in tables_of(table):
        repeated = get_origin(table.model_fields[key].annotation) is tuple
        path = f"{name}.{key}" if name else key
        yield from _tables(f"[{path}]" if repeated else path, inner)


def _heading(name: str) -> str:
    if not name:
        return "### Above the first table\n"
    plain = name.replace("].", ".").replace("[", "").removesuffix("]")
    return f"### `[[{plain}]]`\n" if name.endswith("]") else f"### `[{plain}]`\n"


def _row(key: str, info: FieldInfo) -> str:
    if any(key == inner for inner, _ in tables_of(PlantFile)):
        return ""
    meaning = (info.description or "").replace("|", "\\|")
    unit = unit_of(key)
    span = " ".join(part for part in (_range(info), unit) if part)
    name = info.alias or key
    return f"| `{name}` | {_kind(info.annotation)} | {span} | {_default(info)} | {meaning} |"


def _kind(annotation: Any) -> str:  # noqa: ANN401 - an annotation
    """The kind of a value in TOML's words."""
    words = {"float": "number", "int": "integer", "bool": "boolean", "str": "text"}
    origin = get_origin(annotation)
    if origin is Literal:
        return " or ".join(f'`"{choice}"`' for choice in get_args(annotation))
    if origin is dict:
        return "table"
    if origin is tuple:
        return f"list of {_kind(get_args(annotation)[0])}"
    inner = [one for one in get_args(annotation) if one is not type(None)]
    if inner:
        return _kind(inner[0])
    name = getattr(annotation, "__name__", str(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return "table"
    return words.get(name, {"IPv4Address": "address", "Path": "path"}.get(name, name))


def _range(info: FieldInfo) -> str:
    limits = [
        told.format(f"{getattr(limit, name):g}")
        for limit in _limits(info)
        for name, told in _BOUNDS.items()
        if getattr(limit, name, None) is not None
    ]
    return " ".join(limits)


def _limits(info: FieldInfo) -> Iterator[object]:
    """The limits of a key, also those of the one kind beside None."""
    yield from info.metadata
    for inner in get_args(info.annotation):
        for one in getattr(inner, "__metadata__", ()):
            yield from getattr(one, "metadata", ())


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "required"
    default = info.get_default(call_default_factory=True)
    if default is None or isinstance(default, Part):
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, tuple):
        return f"`{_listed(default)}`"
    if isinstance(default, str | Path):
        return f'`"{default}"`'
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def _listed(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_listed(one) for one in value)}]"
    return f'"{value}"' if isinstance(value, str) else str(value)
