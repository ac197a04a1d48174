"""A plant of two makes: Avalons on or asleep, and hydro WhatsMiners whose power can be set."""

from pathlib import Path

from controller.config.plant import PlantFile
from tests.scenarios.evening import ALL_METERS, small_plant

PASSWORD = "of no real unit"
AVALON_KW, TRIM_KW = 8.4, 7.308
AVALONS, TRIM_UNITS = 24, 6
FULL_KW = AVALONS * AVALON_KW + TRIM_UNITS * TRIM_KW


def logins(folder: Path) -> str:
    """A file with the account of the simulated WhatsMiners; says where it is."""
    path = folder / "logins.toml"
    path.touch(mode=0o600)
    path.write_text(f'[trim]\naccount = "super"\npassword = "{PASSWORD}"\n', encoding="utf-8")
    return str(path)


def mixed_plant(logins_file: str = "logins.toml", **miners: object) -> PlantFile:
    """Two containers of twelve 1566HA and one of six M65S."""
    share = FULL_KW / (920 * AVALON_KW)
    containers = [
        {"units": AVALONS // 2, "first_address": "127.9.1.1"},
        {"units": AVALONS // 2, "first_address": "127.9.2.1"},
        {
            "units": TRIM_UNITS,
            "first_address": "127.9.3.1",
            "api": "whatsminer",
            "login": "trim",
            "model": "M65S",
            "accepted": True,
            "rated_kw": TRIM_KW,
            "trim_from_pct": 50.0,
        },
    ]
    plain = small_plant(
        10,
        3,
        devices=ALL_METERS,
        boundary_meter="boundary-meter",
        miners={"min_on_s": 300.0, "logins_file": logins_file, **miners},
        hydraulics={
            "primary_flow_max_lpm": 11_500.0 * share,
            "district_flow_max_lpm": 4_200.0 * share,
        },
        heat={"max_heat_kw": 7_340.0 * share},
    )
    data = plain.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return PlantFile.model_validate({**data, "container": containers})
