"""Bought devices around a simulated plant, written from their manuals and not from our profiles.

Each shows what the plant's PLC would see there, in its own registers and units, and hands on what
is written to it. The wiring is that of deploy/plant.vendor.example.toml.
"""

from collections.abc import Callable
from math import isnan

from simulators.world import World
from tests.wire.memory_bank import MemoryBank

BROKEN_WIRE = 32_767
CONTAINERS = ("container-01", "container-02")


def grundfos(world: World, pump: str) -> MemoryBank:
    """CIM 500 of one pump: control 00101, set-point 00104, status 00201, flow 00302, K 00322."""

    def show(bank: MemoryBank) -> None:
        plc, points = world.plc, world.plc.points()
        running, remote = bool(points[f"{pump}.running"]), bool(points[f"{pump}.remote"])
        bank.put("holding", 100, 3 if plc.command_value(f"{pump}.run") else 1)
        bank.put("holding", 103, 100 * plc.command_value(f"{pump}.speed_pct"))
        bank.put("input", 200, running << 6 | remote << 8 | running << 9)
        bank.put("input", 301, 10 * 0.06 * (points["primary.flow_lpm"] or 0.0))
        bank.put("input", 321, 100 * 333.15)

    def take(_table: str, address: int, word: int) -> None:
        if address == 100:
            world.plc.command(f"{pump}.run", word == 3)
        if address == 103:
            world.plc.command(f"{pump}.speed_pct", word / 100)

    return MemoryBank(
        inputs_length=365, holdings_length=112, show=show, take=take, now_s=lambda: world.now_s
    )


def abb(world: World, pump: str) -> MemoryBank:
    """Control word 400001, reference 400002 with 20,000 for all of it, status word 400004."""

    def show(bank: MemoryBank) -> None:
        points = world.plc.points()
        bank.put("holding", 0, 0x047F if world.plc.command_value(f"{pump}.run") else 0x047E)
        bank.put("holding", 1, 200 * world.plc.command_value(f"{pump}.speed_pct"))
        bank.put("holding", 3, bool(points[f"{pump}.running"]) << 2 | 1 << 9)
        bank.put("holding", 4, 200 * (points[f"{pump}.speed_feedback_pct"] or 0.0))

    def take(_table: str, address: int, word: int) -> None:
        if address == 0:
            world.plc.command(f"{pump}.run", word == 0x047F)
        if address == 1:
            world.plc.command(f"{pump}.speed_pct", word / 200)

    return MemoryBank(holdings_length=6, show=show, take=take, now_s=lambda: world.now_s)


def belimo(world: World) -> MemoryBank:
    """Setpoint in register 1 and position in register 5, both 0 to 10,000."""

    def show(bank: MemoryBank) -> None:
        points = world.plc.points()
        bank.put("holding", 0, 100 * world.plc.command_value("three-way-valve.position_pct"))
        bank.put("holding", 4, 100 * (points["three-way-valve.position_feedback_pct"] or 0.0))
        bank.put("holding", 7, 12_340)
        bank.put("holding", 19, 2_150)

    def take(_table: str, address: int, word: int) -> None:
        if address == 0:
            world.plc.command("three-way-valve.position_pct", word / 100)

    return MemoryBank(holdings_length=200, show=show, take=take, now_s=lambda: world.now_s)


def kamstrup(world: World) -> MemoryBank:
    """Floats: flow V1 in m³/h, flow V2 that it does not have, power in kW, t1, t2, no t3, no t4."""

    def show(bank: MemoryBank) -> None:
        meter = world.heat_meter.points()
        for address, value in (
            (0, _scaled(meter["flow_lpm"], 0.06)),
            (2, float("nan")),
            (4, meter["power_kw"]),
            (6, meter["supply_temperature_c"]),
            (8, meter["return_temperature_c"]),
            (10, float("nan")),
            (12, float("nan")),
        ):
            bank.put_float("holding", address, float("nan") if value is None else value)

    return MemoryBank(holdings_length=14, show=show, now_s=lambda: world.now_s)


def ecl(world: World) -> MemoryBank:
    """S1 in hundredths at 10200, the other sensors not connected; serial number at 36."""

    def show(bank: MemoryBank) -> None:
        outdoor_c = world.outdoor.points()["temperature_c"]
        bank.put("input", 10_200, BROKEN_WIRE if outdoor_c is None else 100 * outdoor_c)
        for address in range(10_201, 10_206):
            bank.put("input", address, 19_200)
        bank.put("holding", 36, 4711)

    return MemoryBank(
        inputs_length=12_300, holdings_length=2_061, show=show, now_s=lambda: world.now_s
    )


def analogue_in(world: World) -> MemoryBank:
    """Tenths of a degree, flow in 27,648 steps of 100 m³/h, mbar, and ten-thousandths of mS/cm."""
    cards = (
        ("primary.hot_temperature_c", 10.0),
        ("primary.cold_temperature_c", 10.0),
        ("room.dew_point_c", 10.0),
        ("primary.flow_lpm", 0.06 * 276.48),
        ("primary.suction_pressure_kpa", 10.0),
        ("primary.inlet_pressure_kpa", 10.0),
        ("primary.conductivity_us_cm", 10.0),
    )

    def show(bank: MemoryBank) -> None:
        points = world.plc.points()
        for address, (name, steps) in enumerate(cards):
            value = points[name]
            bank.put("input", address, BROKEN_WIRE if value is None else steps * value)

    return MemoryBank(inputs_length=7, show=show, now_s=lambda: world.now_s)


def digital_in(world: World) -> MemoryBank:
    """Flow, leak rope (closed while dry), contactor, valve open, valve closed, stop, mains."""

    def show(bank: MemoryBank) -> None:
        points = world.plc.points()
        names = ("flow_proven", "leak", "contactor_closed", "valve_open", "valve_closed")
        bits = [bool(points[f"{c}.{name}"]) for name in names for c in CONTAINERS]
        bits[2:4] = [not wet for wet in bits[2:4]]
        bits.append(bool(points["safety.emergency_stop_released"]))
        bits.append(bool(points["safety.mains_present"]))
        bank.bits["discrete"] = bits

    return MemoryBank(discretes_length=12, show=show, now_s=lambda: world.now_s)


def digital_out(world: World) -> MemoryBank:
    """Contactors, then valves."""
    names = [
        f"{c}.{name}" for name in ("contactor_close", "valve_open_command") for c in CONTAINERS
    ]

    def show(bank: MemoryBank) -> None:
        bank.bits["coil"] = [bool(world.plc.command_value(name)) for name in names]

    def take(_table: str, address: int, bit: int) -> None:
        world.plc.command(names[address], bool(bit))

    return MemoryBank(coils_length=4, show=show, take=take, now_s=lambda: world.now_s)


def analogue_out(world: World) -> MemoryBank:
    """The fan, 10,000 for all of it."""

    def show(bank: MemoryBank) -> None:
        bank.put("holding", 0, 100 * world.plc.command_value("dry-cooler.fan_pct"))

    def take(_table: str, _address: int, word: int) -> None:
        world.plc.command("dry-cooler.fan_pct", word / 100)

    return MemoryBank(holdings_length=1, show=show, take=take, now_s=lambda: world.now_s)


def feeders(world: World) -> MemoryBank:
    """Watts as floats with the low word first, a hundred addresses apart."""

    def show(bank: MemoryBank) -> None:
        points = world.feeder_panel.points()
        for number, container in enumerate(CONTAINERS):
            watts = 1000.0 * (points[f"{container}.feeder_power_kw"] or 0.0)
            bank.put_float("input", 50 + 100 * number, watts, low_first=True)

    return MemoryBank(inputs_length=152, show=show, now_s=lambda: world.now_s)


DEVICES: dict[str, Callable[[World], MemoryBank]] = {
    "pump-1": lambda world: grundfos(world, "pump-1"),
    "pump-2": lambda world: grundfos(world, "pump-2"),
    "district-drive": lambda world: abb(world, "district-pump"),
    "three-way-valve": belimo,
    "heat-meter": kamstrup,
    "ecl": ecl,
    "analogue-in": analogue_in,
    "digital-in": digital_in,
    "digital-out": digital_out,
    "analogue-out": analogue_out,
    "feeders": feeders,
}


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None or isnan(value) else factor * value
