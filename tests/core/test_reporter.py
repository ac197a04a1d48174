import msgspec
import numpy as np
import pytest

from controller.core.reporter import Reporter
from controller.image.tag import Quality
from controller.link.messages import Hello, Report
from tests.control.small_plant import SmallPlant


@pytest.fixture
def plant() -> SmallPlant:
    plant = SmallPlant()
    plant.scans(3)
    return plant


def value_of(report: Report, hello: Hello, name: str) -> object:
    row = next(number for number, tag in enumerate(hello.tags) if tag.name == name)
    return next((value for value in report.values if value.tag == row), None)


def test_a_report_tells_only_what_has_changed(plant: SmallPlant) -> None:
    reporter = Reporter("test", plant.image, plant.settings)
    reporter.report(plant.scan(), plant.snapshot(), {})
    plant.set(primary__flow_lpm=95.0)

    report = reporter.report(plant.scan(), plant.snapshot(), {})

    told = {reporter.hello.tags[value.tag].name for value in report.values}
    assert "primary.flow_lpm" in told
    assert "district.return_temperature_c" not in told


def test_a_full_report_tells_everything(plant: SmallPlant) -> None:
    reporter = Reporter("test", plant.image, plant.settings)
    reporter.report(plant.scan(), plant.snapshot(), {})

    full = reporter.full()

    assert full.full
    assert len(full.values) >= len(plant.image.tags)


def test_a_bad_tag_has_no_value(plant: SmallPlant) -> None:
    reporter = Reporter("test", plant.image, plant.settings)
    plant.set(district__return_temperature_c=None).scans(5)

    report = reporter.report(plant.scan(), plant.snapshot(), {})

    told = value_of(report, reporter.hello, "district.return_temperature_c")
    assert (told.value, told.quality) == (None, Quality.BAD)


def test_source_times_are_utc(plant: SmallPlant) -> None:
    reporter = Reporter("test", plant.image, plant.settings)
    snapshot = plant.snapshot()

    report = reporter.report(plant.scan(), snapshot, {})

    assert value_of(report, reporter.hello, "primary.flow_lpm").source_utc_s == snapshot.utc_s


def test_the_fleet_travels_as_columns(plant: SmallPlant) -> None:
    reporter = Reporter("test", plant.image, plant.settings)

    report = reporter.report(plant.scan(), plant.snapshot(), {})
    there = msgspec.msgpack.decode(msgspec.msgpack.encode(report), type=Report)

    assert np.frombuffer(there.fleet["power_kw"]).tolist() == [8.4] * 8


def test_another_list_of_tags_has_another_hash(plant: SmallPlant) -> None:
    one = Reporter("test", plant.image, plant.settings).hello
    other_plant = SmallPlant()
    other = Reporter("test", other_plant.image, other_plant.settings).hello

    assert one.tags_hash == other.tags_hash
    assert len(one.tags_hash) == 64
