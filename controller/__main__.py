"""The verbs of `hearth`; each loads only its own room."""

import asyncio
import io
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from controller.config.plant import PlantFile
from controller.core.lifeline import watch
from controller.desk import options
from controller.verbs import explained, live, load, log_to_stderr, stop

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
users = typer.Typer(no_args_is_help=True, help="Who may come in by OPC UA.")
app.add_typer(users, name="users")


@app.callback()
def about() -> None:
    """Hearth, the supervisory controller of a hash-to-heat plant."""
    explained(watch)
    log_to_stderr()


@app.command()
def run(config: options.Config, speed: options.Speed = "1") -> None:
    """Run the controller: the core, and the gateway as its child."""
    from controller.core.app import run_core

    plant = _load_site(config)
    live(lambda stop: run_core(plant, stop, config.resolve()), speed)


@app.command()
def core(config: options.Config, speed: options.Speed = "1") -> None:
    """Run the core alone; on a site the gateway is a service of its own."""
    from controller.core.app import run_core

    plant = _load_site(config)
    live(lambda stop: run_core(plant, stop, None), speed)


@app.command()
def gateway(config: options.Config, speed: options.Speed = "1") -> None:
    """Run the gateway alone: OPC UA for people and other systems."""
    from controller.gateway.app import serve_gateway
    from controller.gateway.settings import gateway_settings

    settings = gateway_settings(load(config))
    live(lambda stop: serve_gateway(settings, stop), speed)


@app.command()
def rig(
    config: Annotated[
        Path | None, typer.Argument(help="Without it: the reference plant", metavar="[PLANT.toml]")
    ] = None,
    control: Annotated[int, typer.Option(help="Port of the control door on loopback")] = 8028,
    seed: Annotated[int, typer.Option(help="Seed of everything that is left to chance")] = 7,
    miners: Annotated[int | None, typer.Option(help="Write a site of so many miners")] = None,
    scenario: options.Scenario = None,
    speed: options.OfferedSpeed = None,
    personality: options.Personality = "sleep_only",
    real: options.RealParts = None,
    loopback: options.Loopback = None,
    weather: options.Weather = None,
) -> None:
    """Serve the simulated devices of a plant on loopback, where plant.toml looks for them.

    Without a file it is the reference plant of 920 miners, whose files it writes to run/site: then
    `hearth run run/site/plant.toml` is the controller for it.
    """
    from controller.lab.reference_site import reference_site
    from controller.lab.rig_verb import chosen_plant, rig_clock, rig_life

    if config is not None and miners is not None:
        stop("--miners writes a site of its own: leave the plant.toml away")
    explained(lambda: rig_clock(speed, Path("run") / f"clock-{control}"))
    config = config or explained(lambda: reference_site(Path("run"), typer.echo, miners))
    plant, parts = explained(lambda: chosen_plant(config, real or [], loopback, typer.echo))
    live(explained(lambda: rig_life(plant, control, seed, scenario, personality, parts, weather)))


@app.command()
def demo(
    duration: Annotated[float, typer.Option(help="End after so many seconds; 0 stays")] = 0.0,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures here")] = None,
    picture_file: Annotated[
        Path | None, typer.Option("--picture", help="Write the last screen here, as SVG")
    ] = None,
    miners: Annotated[int, typer.Option(help="How many miners the plant has")] = 920,
    scenario: options.Scenario = None,
    speed: options.OfferedSpeed = None,
) -> None:
    """The whole simulated plant with its controller, told as a story of two minutes.

    With a scenario, that is what happens to it instead.
    """
    from controller.lab.demo import run_demo
    from controller.lab.places import shape
    from controller.lab.rig_verb import rig_clock

    containers, units = explained(lambda: shape(miners))
    clock = Path("run") / f"clock-demo-{os.getpid()}"
    explained(lambda: rig_clock(speed, clock))
    try:
        live(
            lambda stop: run_demo(
                stop,
                duration_s=duration,
                json_file=json_file,
                picture_file=picture_file,
                containers=containers,
                units=units,
                scenario=scenario,
            )
        )
    finally:
        clock.unlink(missing_ok=True)


@app.command()
def scenarios() -> None:
    """List the scenarios that `rig` and `demo` can play."""
    from controller.lab.scenario_files import list_scenarios

    for line in list_scenarios():
        typer.echo(line)


@app.command("rig-ctl")
def rig_ctl(
    words: options.RigWords,
    port: Annotated[int, typer.Option(help="Port of the rig's control door")] = 8028,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of tables")] = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Look behind the simulated plant's sensors, break and mend things, change the weather."""
    from rich.console import Console

    from controller.lab.rig_client import RigClient
    from controller.lab.rig_ctl import run_verb

    client = RigClient("127.0.0.1", port)
    explained(lambda: run_verb(client, words, Console(), as_json=as_json))


@app.command()
def hil(
    steps: options.Steps,
    check: Annotated[bool, typer.Option("--check", help="Only check the file")] = False,  # noqa: FBT002
    only: options.Only = None,
    given: options.Given = None,
    bench: options.BenchKeys = None,
    report: Annotated[Path, typer.Option(help="Folder of the reports")] = Path("run/hil"),
) -> None:
    """Run acceptance steps against whatever plant and controller are connected.

    Exit code 0: all passed; 1: not all passed, or ended before; 2: the steps cannot be run.
    """
    from controller.lab.hil import verb

    file = explained(lambda: verb.chosen_steps(steps, only, given, bench))
    if check:
        typer.echo(f"{steps}: {len(file.step)} steps, at most {file.lasts_at_most_s():,.0f} s")
        return
    clock = explained(lambda: verb.rig_clock(file))
    live(verb.hil_life(steps, file, report, typer.echo), clock)


@app.command()
def probe(
    config: options.Config,
    unit: Annotated[str, typer.Argument(help="Name or address of one unit", metavar="UNIT")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before the unit sleeps")] = False,  # noqa: FBT002
    modes: Annotated[bool, typer.Option("--modes", help="Try its work modes too")] = False,  # noqa: FBT002
) -> None:
    """Show on one unit that it sleeps, wakes and is understood; the report is for `accept`."""
    from controller.desk.probing import probe_unit

    plant = load(config)

    async def life(asked: asyncio.Event) -> None:
        report, path = await probe_unit(
            plant, unit, typer.echo, lambda text: yes or typer.confirm(text), asked, modes=modes
        )
        typer.echo(f"{'passed' if report.passed else 'NOT passed'}; left {report.left_as}: {path}")
        if not report.passed:
            raise SystemExit(1)

    live(life)


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


def _load_site(config: Path) -> PlantFile:
    """The plant with its devices checked; all errors at once."""
    from controller.desk.site import load_site

    return explained(lambda: load_site(config))


def main() -> None:
    """Run the verb that the command line names."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What a terminal cannot show is written out, never a reason to fail.
            stream.reconfigure(errors="backslashreplace")
    app()


if __name__ == "__main__":
    main()
