"""The verbs of a site's engineer: its plant.toml, its devices and units, its users."""

from pathlib import Path
from typing import Annotated

import typer

from controller.verbs import options
from controller.verbs.common import explained, live, load, stop

app = typer.Typer()
users = typer.Typer(no_args_is_help=True, help="Who may come in by OPC UA.")
app.add_typer(users, name="users")


@app.command()
def probe(
    target: Annotated[str, typer.Argument(help="plant.toml, or a Modbus device's address")],
    what: Annotated[
        str, typer.Argument(help="Miner or device of the plant; or profile of the address")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before a miner sleeps")] = False,  # noqa: FBT002
    modes: Annotated[bool, typer.Option("--modes", help="Try a miner's work modes too")] = False,  # noqa: FBT002
    unit: Annotated[int, typer.Option(help="Modbus unit at the address", min=1, max=255)] = 1,
    port: Annotated[int, typer.Option(help="Modbus port at the address", min=1)] = 502,
    serial: options.Serial = False,  # noqa: FBT002
    watch: Annotated[bool, typer.Option("--watch", help="Modbus: every second")] = False,  # noqa: FBT002
    as_json: Annotated[bool, typer.Option("--json", help="Modbus: JSON, a line each")] = False,  # noqa: FBT002
) -> None:
    """Look at one device. A Modbus device is read and never written: values, raw words, sources.

    A miner is put to sleep and woken to show that it is understood; the report is for `accept`.
    """
    from controller.desk.probe_verb import Wanted, probe_life

    wanted = Wanted(unit, port, yes=yes, modes=modes, watch=watch, as_json=as_json, serial=serial)
    live(explained(lambda: probe_life(target, what, wanted)))


@app.command()
def discover(
    ranges: Annotated[list[str], typer.Argument(help="Such as 10.0.1.0/24", metavar="CIDR ...")],
    out: Annotated[
        Path | None, typer.Option(help="Write them here, as an inventory for plant.toml")
    ] = None,
    port: Annotated[int, typer.Option(help="CGMiner API port", min=1, max=65_535)] = 4028,
    yes: Annotated[bool, typer.Option("--yes", help="Ask more than 4,096 addresses too")] = False,  # noqa: FBT002
) -> None:
    """Find miners: model, firmware, serial number, and what Hearth could do with each.

    They are asked who they are and which words they know; nothing is ordered.
    """
    from controller.desk.discover_verb import Wanted, discover_life

    live(explained(lambda: discover_life(ranges, Wanted(port, out, yes=yes))))


@app.command()
def accept(
    config: options.Config,
    report: Annotated[Path, typer.Argument(help="Report of `hearth probe`", metavar="REPORT")],
    by: Annotated[str, typer.Option(help="The engineer who accepts")],
) -> None:
    """Let Hearth command the kind of unit that a passed probe was about."""
    from controller.desk import probing

    entry = explained(lambda: probing.accept(load(config), report, by))
    typer.echo(f"accepted: {entry.model}, firmware {entry.firmware}; core reads it at its start")


@app.command()
def accepted(config: options.Config) -> None:
    """List the kinds of units that may be commanded."""
    from controller.desk.probing import accepted_lines

    for line in accepted_lines(load(config)):
        typer.echo(line)


@users.command("add")
def users_add(
    config: options.Config,
    name: str,
    role: Annotated[str, typer.Option(help="viewer, operator, engineer, buyer or grid")] = "viewer",
) -> None:
    """Add a user; the password is asked for, and only its argon2 hash is kept."""
    from controller.gateway.users import add_user

    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        add_user(load(config).opcua.users_file, name, role=role, password=password)
    except ValueError as error:
        stop(str(error))


@app.command()
def check(
    config: options.Config,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings give exit code 1")] = False,  # noqa: FBT002
) -> None:
    """Check a plant.toml: every error and warning with its place and remedy.

    Exit code 0: it can be used; 1: there are warnings, and they count (--strict); 2: errors.
    """
    from controller.desk.check import check as check_site

    raise SystemExit(check_site(config, typer.echo, strict=strict))


@app.command()
def tags(
    config: options.Config,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON")] = False,  # noqa: FBT002
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV")] = False,  # noqa: FBT002
) -> None:
    """List every tag of a plant: kind, unit, range, where it comes from, how often it is read."""
    from controller.desk.tag_list import list_tags

    typer.echo(explained(lambda: list_tags(config, "json" if as_json else "csv" if as_csv else "")))


@app.command()
def schema() -> None:
    """Print the JSON Schema of plant.toml, for editors."""
    from controller.desk.schema import schema_text

    typer.echo(schema_text(), nl=False)


@app.command()
def reference(
    folder: Annotated[
        Path | None, typer.Argument(help="Without it: deploy/reference", metavar="[DIR]")
    ] = None,
) -> None:
    """Write the reference of plant.toml: its schema, its keys, its checks, its tags."""
    from controller.desk.reference import FOLDER, write_reference

    for path in write_reference(folder or FOLDER):
        typer.echo(path)
