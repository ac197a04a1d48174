"""A small core to talk to: three tags, two units, and reports made by hand."""

from pathlib import Path

import numpy as np
import pytest

from controller.link.messages import (
    PROTOCOL,
    ColumnInfo,
    EventInfo,
    Hello,
    Report,
    TagInfo,
    TagValue,
    UnitInfo,
)


@pytest.fixture
def hello() -> Hello:
    return Hello(
        protocol=PROTOCOL,
        tags_hash="abc",
        plant="Testby",
        tags=(
            TagInfo("district.supply_temperature_c", "number", "°C", "Supply", 0.0, 120.0),
            TagInfo("pump-1.running", "flag", "", "Pump 1 runs"),
            TagInfo("plant.mode", "text", "", "What the plant is doing"),
        ),
        units=(UnitInfo("c01-001", 1), UnitInfo("c01-002", 1)),
        columns=(
            ColumnInfo("state", "i1", "", "0 unknown, 1 running"),
            ColumnInfo("power_kw", "f8", "kW", "Electric power"),
        ),
    )


def make_report(
    cycle: int,
    *values: tuple[int, float | bool | str | None, int],
    full: bool = False,
    power_kw: tuple[float, float] | None = None,
    events: tuple[str, ...] = (),
) -> Report:
    fleet = {} if power_kw is None else {"power_kw": np.array(power_kw).tobytes()}
    return Report(
        cycle=cycle,
        full=full,
        utc_s=1_000.0 + cycle,
        values=tuple(TagValue(tag, value, quality, 999.0) for tag, value, quality in values),
        fleet=fleet,
        fleet_seen_utc_s=b"",
        events=tuple(EventInfo(1_000.0 + cycle, 500, "test", text) for text in events),
    )


@pytest.fixture
def report() -> object:
    """Make a report of (tag, value, quality) triples."""
    return make_report


@pytest.fixture
def socket_path(tmp_path: Path) -> Path:
    """Where core listens."""
    return tmp_path / "run" / "core.sock"
