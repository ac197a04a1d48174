"""The verbs without a plant: rig, demonstration, scenarios, hardware in the loop."""

import logging
import os
from pathlib import Path
from typing import Annotated

import typer

from controller.verbs import options
from controller.verbs.common import explained, live, load, log_to_stderr, stop

app = typer.Typer()


@app.command()
def rig(
    config: Annotated[
        Path | None, typer.Argument(help="Without it: the reference plant", metavar="[PLANT.toml]")
    ] = None,
    control: Annotated[int, typer.Option(help="Port of the control door on loopback")] = 8028,
    seed: Annotated[int, typer.Option(help="Seed of everything that is left to chance")] = 7,
    miners: Annotated[
        int | None, typer.Option(help="Write the site of a plant of so many miners")
    ] = None,
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
    clock = Path("run") / f"clock-{control}"
    explained(lambda: rig_clock(speed, clock))
    config = config or explained(lambda: reference_site(Path("run"), typer.echo, miners))
    plant, parts = explained(lambda: chosen_plant(config, real or [], loopback, typer.echo))
    life = explained(lambda: rig_life(plant, control, seed, scenario, personality, parts, weather))
    try:
        live(life)
    finally:
        clock.unlink(missing_ok=True)


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
def tune(
    loop: Annotated[
        str, typer.Argument(help="outlet, flow, supply, reject, heat, pressure, mixing, booster")
    ],
    config: Annotated[
        Path | None, typer.Argument(help="Plant whose simulation is tried", metavar="[PLANT.toml]")
    ] = None,
    step: Annotated[
        float | None, typer.Option(help="Step of the output in % (default: as suits the loop)")
    ] = None,
    record: Annotated[Path | None, typer.Option(help="Write the step here, as CSV")] = None,
    given: Annotated[
        Path | None, typer.Option("--from", help="A recorded step: at_s, output_pct, value")
    ] = None,
) -> None:
    """Propose gains for a loop from a step of its output; nothing is changed.

    The step is made in the simulation of plant.toml, or was recorded on the site, where the output
    was held by hand and moved: a CSV of time, output and value.
    """
    from controller.config.settings import scan_settings
    from controller.control.loops.table import loops
    from controller.lab import step_test as room

    if (config is None) == (given is None):
        stop("give a plant.toml to try its simulation, or --from a recorded step")
    tuning, poll_s = None, room.POLL_S
    try:
        if config is not None:
            plant = load(config)
            steps = room.step_test(plant, loop, step)
            tuning, poll_s = loops(scan_settings(plant))[loop].tuning, plant.core.poll_s
        else:
            steps = room.read_record(given or Path())
        if record is not None:
            room.write_record(record, steps)
        for line in room.told(steps, loop, tuning, poll_s):
            typer.echo(line)
    except ValueError as error:
        stop(f"{loop}: {error}")


@app.command()
def simulate(
    config: options.Config,
    days: Annotated[float, typer.Option(help="Days that are recorded", min=0.01, max=3660)] = 1.0,
    begin: Annotated[str, typer.Option("--from", help="First day, UTC")] = "2026-01-15",
    seed: Annotated[int, typer.Option(help="Seed of everything that is left to chance")] = 7,
    weather: Annotated[str, typer.Option(help="seed:N, or a CSV of times and °C")] = "seed:7",
    demand: Annotated[Path | None, typer.Option(help="CSV of times and kW of heat")] = None,
    prices: Annotated[Path | None, typer.Option(help="CSV of times and EUR/MWh")] = None,
    scenario: options.Scenario = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Figures as JSON")] = None,
    report: Annotated[Path | None, typer.Option(help="Report for people, as HTML")] = None,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Five-minute means")] = None,
    baselines: Annotated[bool, typer.Option("--baselines", help="Others beside")] = False,  # noqa: FBT002
    workers: Annotated[int, typer.Option(help="Pieces that run at once", min=1)] = 1,
    warm_up: Annotated[int, typer.Option(help="Seconds before anything is recorded", min=0)] = (
        14_400
    ),
    forecast_error: Annotated[
        float | None,
        typer.Option(help="Send hourly weather forecasts, off by K after a day", min=0),
    ] = None,
    with_wire: Annotated[  # noqa: FBT002
        bool, typer.Option("--with-wire", help="Real drivers and servers between, in memory")
    ] = False,
) -> None:
    """Simulate days of a plant: the daemon's own scan against the world, in virtual time.

    No socket is opened, with --with-wire neither: its TCP stays in memory. Figures are judged from
    what really happened in the world, not from what the controller believes. Two runs with one
    seed give the same bytes.

    Times in a CSV are ISO 8601, UTC where they name no other offset; what lies between two rows is
    a straight line. A file that holds the first day begins there, another one with its first row.
    """
    from controller.lab.simulate import verb
    from controller.lab.simulate.run import Task

    # In a simulated week thousands of polls fail as they do at a plant: only what is odd is told.
    log_to_stderr(logging.WARNING)
    plant = load(config)
    begin_s = explained(lambda: verb.begin_of(begin))
    series = (weather, demand, prices)
    task = Task(
        plant,
        days,
        seed,
        begin_s,
        *series,
        scenario,
        warm_up_s=warm_up,
        wired=with_wire,
        forecast_error_k=forecast_error,
    )
    wanted = verb.Wanted(json_file, report, csv_file, baselines, workers)
    explained(lambda: verb.run(task, wanted, typer.echo))
