"""A small plant without a doubt, and copies of it with one mistake at a marked place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

MARK = "# here"
"""Stands at the end of the line that a finding must name."""

TABLES = {
    "": 'boundary_meter = "boundary-meter"',
    "plant": "site_power_kw = 70.0",
    "miners": "accepted = true",
    "hydraulics": "primary_flow_max_lpm = 110.0\ndistrict_flow_max_lpm = 40.0",
    "heat": "max_heat_kw = 60.0\ndemand_curve = [[-20.0, 60.0], [17.0, 10.0]]",
}
CONTAINERS = (
    'units = 4\nfirst_address = "10.20.1.1"',
    'units = 4\nfirst_address = "10.20.2.1"',
)
DEVICES = {
    "cdu": 'profile = "sim_cdu_plc"\nhost = "10.20.0.10"',
    "heat-meter": 'profile = "sim_heat_meter"\nhost = "10.20.0.11"',
    "outdoor": 'profile = "sim_outdoor_sensor"\nhost = "10.20.0.12"',
    "boundary-meter": 'profile = "sim_heat_meter"\nhost = "10.20.0.13"',
    "feeders": 'profile = "sim_feeder_panel"\nhost = "10.20.0.14"',
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """A plant with one mistake, and the code and the key by which it must be told.

    `tables` gives keys to tables, in the place of those that the small plant has; `containers` and
    `devices` replace a whole table; `files` stand beside plant.toml. `whole` is a file of its own.
    """

    code: str
    place: str
    tables: Mapping[str, str] = field(default_factory=dict)
    containers: Mapping[int, str] = field(default_factory=dict)
    devices: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    whole: str | bytes | None = None
    told: str = ""

    @property
    def text(self) -> str | bytes:
        """The content of plant.toml."""
        if self.whole is not None:
            return self.whole
        return plant_with(self.tables, self.containers, self.devices)

    def write(self, folder: Path) -> Path:
        """Put the plant and its files into a folder, and say where plant.toml is."""
        path = folder / "plant.toml"
        for name, content in {**self.files, path.name: self.text}.items():
            raw = content.encode() if isinstance(content, str) else content
            (folder / name).write_bytes(raw)
        return path

    def marked(self, path: Path) -> tuple[Path, int] | None:
        """The file and the line with the mark, where there is one."""
        for name, content in {path.name: self.text, **self.files}.items():
            text = content if isinstance(content, str) else content.decode("latin-1")
            if MARK in text:
                return path.parent / name, text[: text.index(MARK)].count("\n") + 1
        return None

    def __str__(self) -> str:
        """What the test is called."""
        return f"{self.code}-{self.place or 'file'}"


def plant_with(
    tables: Mapping[str, str] | None = None,
    containers: Mapping[int, str] | None = None,
    devices: Mapping[str, str] | None = None,
) -> str:
    """The small plant with some tables changed: a key that is given anew replaces the old one."""
    given = tables or {}
    parts = [_table(name, TABLES.get(name, ""), given.get(name)) for name in (*TABLES, *given)]
    whole = list(dict.fromkeys(parts))
    listed = {**dict(enumerate(CONTAINERS, 1)), **(containers or {})}
    whole += [f"[[container]]\n{body}" for body in listed.values() if body]
    for name, body in {**DEVICES, **(devices or {})}.items():
        title = "" if body.startswith("name =") else f'name = "{name}"\n'
        whole += [f"[[device]]\n{title}{body}"] if body else []
    return "\n\n".join(whole) + "\n"


def _table(name: str, usual: str, given: str | None) -> str:
    keys = {line.partition("=")[0].strip() for line in (given or "").splitlines()}
    kept = [line for line in usual.splitlines() if line.partition("=")[0].strip() not in keys]
    title, mark, _ = name.partition(f"  {MARK}")
    header = title if title.startswith("[") else f"[{title}]"
    head = [f"{header}{mark}"] if name else []
    return "\n".join([*head, *kept, *((given or "").splitlines())])
