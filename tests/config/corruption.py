"""One thing of a good plant.toml or inventory is broken, in the ways in which files break."""

import re
from ipaddress import IPv4Address
from pathlib import Path

from hypothesis import strategies as st

from controller.lab.places import Places
from controller.lab.site_text import FULL, SIMPLE, Variant, plant_text

EXAMPLE = Path(__file__).parents[2] / "deploy" / "plant.example.toml"
PLACES = Places(IPv4Address("127.10.0.0"), 4028, *range(20_001, 20_008))
VARIANTS = (
    FULL,
    SIMPLE,
    Variant(network_role="sole_source", booster="heat_pump", dry_cooler=False),
    Variant(network_role="sole_source", tank=False, booster=None, pumps=2, exchangers=1),
)
LISTED = '[[container]]\ninventory = "miners.csv"\n'
INVENTORY = "address,port,name,serial,container\n" + "".join(
    f"10.20.1.{unit},4028,m{unit},SN{unit},1\n" for unit in range(1, 9)
)

VALUES = (
    *("true", "0", "1", "-1", "0.0", "-0.0", "1.5", "1e-320", "-1.0", "nan", "inf", "-inf"),
    *("1e308", "1e999", "9223372036854775807", "1" + "0" * 400, "1" + "0" * 5_000),
    *('""', '"x"', '"é"', '"no-such"', '"pump-1"', '"cdu"', '"../.."', '"/etc/passwd"', '"."'),
    *('"10.20.1.300"', '"10.20.1.0/33"', '"0.0.0.0"', '"10.20.1.9-10.20.1.1"', '"::1"', '":"'),
    *('"Mars/Base"', '"a\\u0000b"', '"\\u001b[2J"', f'"{"x" * 5_000}"', "'''\n[plant]\n'''"),
    *("[]", "[[]]", "{}", "[{}]", "[1]", '["x"]', "[[1.0, 2.0]]", "[[nan, 1.0]]", "{a.b.c = 1}"),
    *("05:00:00", "2026-01-01", "1979-05-27T07:32:00Z", "0x1F", "1_000", "+1", ".5", "1."),
)
"""What may stand where a value stands: of another kind, out of every range, or no TOML at all."""

LINES = (
    "[plant]",
    "[[device]]",
    "[[container]]",
    "x = 1",
    "password = 'x'",
    "]",
    '"',
    "=",
    "[a.b]",
)
CELLS = ("", "x", "-1", "70000", "10.20.1.1", "m1", "SN1", "2", "é", '"', "1" * 200_000)

_KEY = re.compile(r"^(\w+) = ")


def good_texts() -> tuple[str, ...]:
    """Plants without an error: the example, its defaults written out too, and simulated ones."""
    example = EXAMPLE.read_text(encoding="utf-8")
    # With fewer containers, so that every key is as likely to be broken as theirs.
    tables, *containers, last = example.split("[[container]]")
    example = "[[container]]".join((tables, containers[0], last))
    written_out = re.sub(r"^# (\w+ = )", r"\1", example, flags=re.MULTILINE)
    small = [plant_text(2, 4, PLACES, variant) for variant in VARIANTS]
    tables, _, rest = small[0].partition("[[container]]")
    listed = f"{tables}{LISTED}{rest[rest.index('[[device]]') :]}"
    return (example, written_out, *small, listed)


@st.composite
def broken_files(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """The content of a plant.toml and of the inventory beside it, with one thing wrong in them."""
    text, rows = draw(st.sampled_from(good_texts())), INVENTORY
    if LISTED in text and draw(st.booleans()):
        return text.encode(), draw(_broken_rows(rows))
    ways = [_broken_line(text)] * 3 + [_broken_bytes(text)]
    return draw(draw(st.sampled_from(ways))), rows.encode()


@st.composite
def _broken_line(draw: st.DrawFn, text: str) -> bytes:
    """A key, a header or a whole table is changed, doubled or gone."""
    lines = text.split("\n")
    at = draw(st.sampled_from([n for n, line in enumerate(lines) if _KEY.match(line)]))
    key, before, after = lines[at].partition(" = ")[0], lines[:at], lines[at + 1 :]
    other = draw(st.sampled_from([line for line in lines if _KEY.match(line)]))
    header = next(n for n in range(at, -1, -1) if lines[n].startswith("[") or n == 0)
    ways = {
        "value": [f"{key} = {draw(st.sampled_from(VALUES))}"],
        "number": [f"{key} = {draw(st.floats() | st.integers())}"],
        "gone": [],
        "doubled": [lines[at], lines[at]],
        "unknown key": [f"x{lines[at]}"],
        "value of another key": [f"{key} ={other.partition('=')[2]}"],
        "stranger": [draw(st.sampled_from(LINES)), lines[at]],
    }
    way = draw(st.sampled_from([*ways, "no header", "list for table", "table twice"]))
    if way in ways:
        lines = [*before, *ways[way], *after]
    elif way == "no header":
        lines = [*lines[:header], *lines[header + 1 :]]
    elif way == "list for table":
        title = lines[header].strip("[]")
        title = title if lines[header].startswith("[[") else f"[{title}]"
        lines = [*lines[:header], f"[{title}]", *lines[header + 1 :]]
    else:
        lines = [*lines, *lines[header : at + 1]]
    return "\n".join(lines).encode()


@st.composite
def _broken_bytes(draw: st.DrawFn, text: str) -> bytes:
    """The file ends early, or a few bytes of it are others."""
    raw = text.encode()
    at = draw(st.integers(0, len(raw) - 1))
    stranger = draw(st.binary(max_size=4) | st.sampled_from((b"\xff", b"\0", b"\r", b'"', b"[")))
    return raw[:at] + draw(st.sampled_from((b"", stranger + raw[at:], stranger + raw[at + 1 :])))


@st.composite
def _broken_rows(draw: st.DrawFn, rows: str) -> bytes:
    """A cell of the inventory is another, or the file is broken as any file."""
    if draw(st.booleans()):
        return draw(_broken_bytes(rows))
    lines = [line.split(",") for line in rows.splitlines()]
    line = draw(st.sampled_from(lines))
    line[draw(st.integers(0, len(line) - 1))] = draw(st.sampled_from(CELLS))
    return "\n".join(",".join(cells) for cells in lines).encode()
