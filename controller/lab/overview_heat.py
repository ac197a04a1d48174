"""Heat on the screen: what is wanted and by whom, what comes of it, and what is owed."""

from collections.abc import Iterator

from rich.text import Text

from controller.lab.shown import DOUBTFUL, FINE, NOTHING, QUIET, WRONG, Look, difference, span, told

NOTICED_KW = 0.5
"""Less than this is not told apart."""

Row = tuple[str, str | Text]


def heat_rows(look: Look) -> tuple[Row, ...]:
    """Wanted, accepted, delivered, sold, supply and return, the account of contracted heat."""
    return (*_wanted(look), *_delivered(look), *_temperatures(look), *_contract(look))


def _wanted(look: Look) -> Iterator[Row]:
    left_s = look.number("plant.heat_request_expires_s")
    source = look.text("plant.heat_target_source") or NOTHING
    yield "wanted", Text(look.shown("plant.heat_target_kw", "kW"), "bold")
    yield "asked by", source if left_s is None else f"{source} for {span(left_s)}"
    yield "accepted", _accepted(look)


def _accepted(look: Look) -> Text:
    """What of the wish the ceilings leave, and the ceiling that takes the rest."""
    accepted, wanted = look.number("plant.heat_accepted_kw"), look.number("plant.heat_target_kw")
    words = Text(look.shown("plant.heat_accepted_kw", "kW"))
    cut = difference(wanted, accepted)
    if cut is not None and cut > NOTICED_KW:
        words.stylize(DOUBTFUL)
        words.append(f" ({look.text('plant.limited_by') or NOTHING})", DOUBTFUL)
    return words


def _delivered(look: Look) -> Iterator[Row]:
    missing = difference(
        look.number("plant.heat_delivered_kw"), look.number("plant.heat_target_kw")
    )
    off = "" if missing is None else f" ({missing:+,.0f})"
    delivered = Text().append(look.shown("plant.heat_delivered_kw", "kW"), "bold")
    yield "delivered", delivered.append(off, QUIET)
    yield "sold", Text(look.shown("plant.heat_sold_kw", "kW"), "bold")


def _temperatures(look: Look) -> Iterator[Row]:
    setpoint = look.shown("district.supply_setpoint_c", "", 1)
    yield "supply", f"{look.shown('plant.supply_temperature_c', '°C', 1)} (set {setpoint})"
    own = "network.return_temperature_c"
    tag = own if look.has(own) else "district.return_temperature_c"
    yield "return", look.shown(tag, "°C", 1)
    outdoor = next((tag.name for tag in look.mirror.hello.tags if _is_outdoor(tag.name)), None)
    if outdoor is not None:
        yield "outdoor", look.shown(outdoor, "°C", 1)


def _is_outdoor(name: str) -> bool:
    return name.startswith("outdoor") and name.endswith(".temperature_c")


def _contract(look: Look) -> Iterator[Row]:
    """What is owed now and to whom, what is missing of it, and the day's account."""
    source = look.text("contract.source")
    if source == "none":
        yield "contracted", "none"
    else:
        owed = look.shown("contract.heat_kw", "kW")
        yield "contracted", f"{owed} by {source}" if source else owed
        yield "missing", _missing(look)
    booked = look.number("contract.contracted_today_kwh")
    if booked:
        short = look.shown("contract.shortfall_today_kwh", "kWh")
        yield "today", f"short {short} of {told(booked, 'kWh')}"
    unbooked_s = look.number("contract.uncertain_today_s")
    if unbooked_s:
        yield "not booked", Text(span(unbooked_s), DOUBTFUL)


def _missing(look: Look) -> Text:
    kw = look.number("contract.shortfall_kw")
    words = look.shown("contract.shortfall_kw", "kW")
    if kw is None:
        return Text(words, WRONG)
    if kw < NOTICED_KW:
        return Text(words, FINE)
    return Text(f"{words} ({look.text('contract.shortfall_reason') or NOTHING})", DOUBTFUL)
