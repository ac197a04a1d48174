"""Several modules behind one control board (A7 to A9) as the one miner that the plant feeds.

What the modules share adds up, the hottest of them speaks for all, and nothing is told that they do
not measure: no power, no word for what they do. Their rate is the control board's.
"""

from collections.abc import Iterable

from drivers.cgminer.host import Host
from drivers.cgminer.reading import Details, MinerReading
from drivers.cgminer.state import state_of


def chained(modules: list[MinerReading], host: Host) -> MinerReading:
    """One reading of all modules."""
    first = modules[0]
    power_kw = _sum(module.power_kw for module in modules)
    rate_ths = _sum(module.hashrate_ths for module in modules)
    if rate_ths is None and host.rate_ghs is not None:
        rate_ths = host.rate_ghs / 1000.0
    return MinerReading(
        state=state_of(None, None, None if rate_ths is None else rate_ths * 1000.0, None),
        power_kw=power_kw,
        power_estimated=any(module.power_estimated for module in modules),
        hashrate_ths=rate_ths,
        inlet_c=_most(module.inlet_c for module in modules),
        outlet_c=_most(module.outlet_c for module in modules),
        chip_c=_most(module.chip_c for module in modules),
        elapsed_s=first.elapsed_s if host.uptime_s is None else host.uptime_s,
        soft_off=None,
        errors=None,
        work_mode=None,
        serial=first.serial,
        model=first.model,
        firmware=first.firmware,
        board_c=_most(module.board_c for module in modules),
        average_ths=_sum(module.average_ths for module in modules),
        theoretical_ths=_sum(module.theoretical_ths for module in modules),
        hash_errors_pct=_most(module.hash_errors_pct for module in modules),
        details=_details([module.details for module in modules]),
        pools=host.pools,
        clock_s=host.clock_s,
    )


def _details(modules: list[Details]) -> Details:
    board_errors = _joined(module.board_errors for module in modules)
    return Details(
        boards=None if board_errors is None else len(board_errors),
        chips=_whole_sum(module.chips for module in modules),
        board_errors=board_errors,
        control_errors=_bits(module.control_errors for module in modules),
        link_errors=_joined(module.link_errors for module in modules),
    )


def _sum(values: Iterable[float | None]) -> float | None:
    """The sum, None as soon as one module does not tell its part."""
    total = 0.0
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _whole_sum(values: Iterable[int | None]) -> int | None:
    total = _sum(values)
    return None if total is None else int(total)


def _most(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _joined(values: Iterable[tuple[int, ...] | None]) -> tuple[int, ...] | None:
    """The boards of every module one after another, None as soon as one is missing."""
    joined: tuple[int, ...] = ()
    for value in values:
        if value is None:
            return None
        joined += value
    return joined


def _bits(values: Iterable[int | None]) -> int | None:
    bits = 0
    for value in values:
        if value is None:
            return None
        bits |= value
    return bits
