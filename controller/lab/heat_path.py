"""The way of the heat as a picture: miners, exchangers, tank or header, booster, network."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.align import Align
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from controller.lab.overview_water import exchangers, opened
from controller.lab.shown import DOUBTFUL, FINE, HELD, NOTHING, QUIET, WRONG, Look, framed

STAGE_ROWS = 4
FRAME_ROWS = 2
WARM, COLD = "dark_orange", "deep_sky_blue1"
LEAST_FLOW_LPM = 1.0
LAYER = "\N{FULL BLOCK}"
# A layer this much of the way from the coldest to the warmest is warm, or between.
WARM_FROM, BETWEEN_FROM = 0.66, 0.33
FLAT_K = 2.0

Lines = tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Pipe:
    """Two pipes side by side: what flows there, the temperature on its way out and back."""

    flow: str
    out: str
    back: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One place that the heat passes, and the pipes that lead to it."""

    name: str
    lines: Callable[[Look], Lines]
    pipe: Pipe | None = None


def heat_path(look: Look, *, wide: bool) -> Table:
    """Every stage that this plant has, from the miners to the network."""
    row = Table.grid(expand=True)
    parts: list[RenderableType] = []
    for stage in _stages(look):
        if stage.pipe is not None:
            row.add_column(width=11 if wide else 7, no_wrap=True)
            parts.append(_arrows(look, stage.pipe, wide=wide))
        row.add_column(ratio=1)
        content = Group(*(Align.center(line) for line in stage.lines(look)))
        parts.append(framed(stage.name, content, STAGE_ROWS + FRAME_ROWS, padding=0))
    row.add_row(*parts)
    return row


def _stages(look: Look) -> Iterator[Stage]:
    district = Pipe(
        "district.flow_lpm", "district.supply_temperature_c", "district.return_temperature_c"
    )
    yield Stage("miners", _miners)
    primary = Pipe("primary.flow_lpm", "primary.hot_temperature_c", "primary.cold_temperature_c")
    yield Stage("exchangers", _exchangers, primary)
    last = district
    if separated(look):
        layers = tank_layers(look)
        yield Stage("tank", _tank, district) if layers else Stage("header", _header, district)
        top = layers[0] if layers else "district.supply_temperature_c"
        last = Pipe("network.flow_lpm", top, "network.return_temperature_c")
    if look.has("booster.control"):
        yield Stage("booster", _booster, last)
    yield Stage("network", _network, Pipe(last.flow, "plant.supply_temperature_c", last.back))


def separated(look: Look) -> bool:
    """Whether a tank or a low-loss header parts the exchangers' flow from the network's."""
    return look.has("network-pump.control")


def tank_layers(look: Look) -> tuple[str, ...]:
    """The tank's temperatures, its top first; none where there is no tank."""
    names = (tag.name for tag in look.mirror.hello.tags)
    return tuple(name for name in names if name.startswith("tank.") and name.endswith("_c"))


def _miners(look: Look) -> Lines:
    running = look.shown("plant.units_running")
    return (
        _figure(look.shown("plant.electric_power_kw", "kW")),
        Text("electric", QUIET),
        Text(f"{running}/{len(look.mirror.hello.units)} run"),
        Text(f"max {look.shown('plant.hottest_outlet_c', '°C', 1)}"),
    )


def _exchangers(look: Look) -> Lines:
    valves = Text(" ").join(
        Text(f"{name.rpartition('-')[2]}").append(" ").append_text(opened(look, name))
        for name in exchangers(look)
    )
    return (
        _figure(look.shown("plant.heat_delivered_kw", "kW")),
        Text("delivered", QUIET),
        valves,
        _cooler(look),
    )


def _cooler(look: Look) -> Text:
    if not look.has("dry-cooler.control"):
        return Text()
    share = look.number("three-way-valve.position_pct")
    if share is None:
        return Text(f"cooler {NOTHING}", WRONG)
    if share < 0.5:  # noqa: PLR2004 - half a percent reads as nothing
        return Text("cooler rests", QUIET)
    return Text(f"cooler {look.shown('three-way-valve.position_pct', '%')}", DOUBTFUL)


def _tank(look: Look) -> Lines:
    layers = tank_layers(look)
    top, bottom = (look.shown(tag, "", 0) for tag in (layers[0], layers[-1]))
    return (
        _figure(look.shown("tank.charge_pct", "%")),
        _layers(look, layers),
        Text(look.shown("tank.charge_kwh", "kWh")),
        Text(f"{top} \N{BLACK RIGHT-POINTING SMALL TRIANGLE} {bottom} °C"),
    )


def _layers(look: Look, layers: tuple[str, ...]) -> Text:
    """A block a layer, the top at the left, coloured by its warmth."""
    known = [value for tag in layers if (value := look.number(tag)) is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    bar = Text()
    for tag in layers:
        value = look.number(tag)
        if value is None:
            bar.append("?", WRONG)
            continue
        # A tank of one temperature has no warm end; the charge tells how warm it is.
        share = (value - low) / (high - low) if high - low >= FLAT_K else 0.5
        style = WARM if share >= WARM_FROM else "yellow" if share >= BETWEEN_FROM else COLD
        bar.append(LAYER, style)
    return bar


def _header(look: Look) -> Lines:
    """The low-loss header: what comes in, and what is taken out of it."""
    return (
        Text(look.shown("district.flow_lpm", "L/min")),
        Text("made", QUIET),
        Text(look.shown("network.flow_lpm", "L/min")),
        Text("taken", QUIET),
    )


def _booster(look: Look) -> Lines:
    runs = look.truth("booster.running")
    word = look.flag("booster.running", "runs", "rests")
    control = look.text("booster.control")
    return (
        _figure(look.shown("booster.power_kw", "kW")),
        Text(word, WRONG if runs is None else DOUBTFUL if runs else QUIET),
        Text(f"set {look.shown('booster.power_pct', '%')}", QUIET),
        Text(control, HELD) if control in {"local", "hand"} else Text(),
    )


def _network(look: Look) -> Lines:
    mixing = look.shown("mixing-valve.position_pct", "%")
    return (
        _figure(look.shown("plant.heat_sold_kw", "kW")),
        Text("sold", QUIET),
        Text(f"set {look.shown('district.supply_setpoint_c', '°C', 1)}"),
        Text(f"mixing {mixing}" if look.has("mixing-valve.control") else ""),
    )


def _figure(words: str) -> Text:
    return Text(words, WRONG if words == NOTHING else "bold")


def _arrows(look: Look, pipe: Pipe, *, wide: bool) -> Group:
    """Out above, back below; grey while the water stands still, red while nobody knows."""
    flow_lpm = look.number(pipe.flow)
    still = flow_lpm is not None and flow_lpm < LEAST_FLOW_LPM
    length = 10 if wide else 6
    out = QUIET if still else WRONG if flow_lpm is None else WARM
    back = QUIET if still else WRONG if flow_lpm is None else COLD
    flow = look.shown(pipe.flow, "L/min" if wide else "")
    lines = (
        Text(" "),
        Text(look.shown(pipe.out, "°C", 1), out),
        Text(
            "\N{BOX DRAWINGS LIGHT HORIZONTAL}" * length + "\N{BLACK RIGHT-POINTING TRIANGLE}", out
        ),
        Text(flow if wide else " ", FINE if not still and flow_lpm is not None else QUIET),
        Text(
            "\N{BLACK LEFT-POINTING TRIANGLE}" + "\N{BOX DRAWINGS LIGHT HORIZONTAL}" * length, back
        ),
        Text(look.shown(pipe.back, "°C", 1), back),
    )
    return Group(*(Align.center(line) for line in lines))
