"""Makes what the link carries: the tag list at the start, then each cycle's report."""

import hashlib
from collections.abc import Mapping

import msgspec
import numpy as np

from controller.control.decision import Decision
from controller.control.derived import Made
from controller.control.made_tags import made_tags
from controller.control.settings import Settings
from controller.field.link_figures import LINK_FIGURES
from controller.image.process_image import ProcessImage, Snapshot
from controller.image.tag import Quality
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
from controller.record.alarm_rate import RATE_FIGURES

COLUMNS = (
    ColumnInfo("state", "i1", "", "0 unknown 1 running 2 starting 3 stopping 4 asleep 5 fault"),
    ColumnInfo("power_kw", "f8", "kW", "electric power"),
    ColumnInfo("hashrate_ths", "f8", "TH/s", "hashrate"),
    ColumnInfo("inlet_c", "f8", "°C", "coolant inlet"),
    ColumnInfo("outlet_c", "f8", "°C", "coolant outlet"),
    ColumnInfo("chip_c", "f8", "°C", "hottest chip"),
)

REACH_TAG = TagInfo("plant.reach", "text", "", "automatic, limited (inside a fence) or dry-run")
LOOP_TAGS = tuple(
    TagInfo(name, "number", unit, description, 0.0, None)
    for name, unit, description in (
        ("plant.speed", "", "how many times as fast as real time the clock runs"),
        ("plant.poll_period_s", "s", "time between two polls of a miner"),
        ("loop.scans", "", "scans since the start"),
        ("loop.skipped", "", "scans that were missed"),
        ("loop.lateness_p50_ms", "ms", "lateness of a scan, median of the last hour"),
        ("loop.lateness_p99_ms", "ms", "lateness of a scan, 99th percentile of the last hour"),
        ("loop.lateness_max_ms", "ms", "lateness of a scan, worst of the last hour"),
        ("loop.scan_ms", "ms", "duration of a scan and what follows, median"),
        ("poll.polls", "", "miner polls since the start"),
        ("poll.failures", "", "miner polls that failed"),
        ("commands.sent", "", "orders and writes sent"),
        ("commands.verified", "", "orders and writes shown to be obeyed"),
        ("commands.failed", "", "orders and writes that were not"),
        ("commands.dropped", "", "orders that were too old to be sent"),
        ("commands.foreign", "", "outputs that somebody else has changed"),
    )
)
LINK_TAGS = tuple(
    TagInfo(name, "number", "", description, 0.0, None) for name, description in LINK_FIGURES
)
RATE_TAGS = tuple(TagInfo(name, kind, "", told) for name, kind, told in RATE_FIGURES)
LEFT_TAG = TagInfo("commands.left", "text", "", "outputs that do not follow and are left alone")


class Reporter:
    """Remembers what was told last and tells what has changed since."""

    def __init__(self, plant: str, image: ProcessImage, settings: Settings) -> None:
        self.hello = _hello(plant, image, settings)
        self._index = {tag.name: row for row, tag in enumerate(self.hello.tags)}
        self._told: dict[int, tuple[object, int]] = {}
        self._cycle = 0
        self._values: list[TagValue] = []
        self._newest: Report | None = None

    def report(self, decision: Decision, snapshot: Snapshot, figures: Mapping[str, Made]) -> Report:
        """This cycle's report; `full` gives the same instant in whole."""
        self._cycle += 1
        self._values = [
            *_measured(snapshot),
            *self._made(decision.derived, snapshot.utc_s),
            *self._made(figures, snapshot.utc_s),
        ]
        changed = [value for value in self._values if self._is_new(value)]
        fleet = snapshot.fleet
        offset_s = snapshot.utc_s - snapshot.now_s
        self._newest = Report(
            cycle=self._cycle,
            full=False,
            utc_s=snapshot.utc_s,
            values=tuple(changed),
            fleet={column.name: getattr(fleet, column.name).tobytes() for column in COLUMNS},
            fleet_seen_utc_s=(fleet.seen_s + offset_s).tobytes(),
            events=tuple(
                EventInfo(snapshot.utc_s, int(event.severity), event.source, event.text)
                for event in decision.events
            ),
        )
        return self._newest

    def full(self) -> Report:
        """Everything of the newest cycle."""
        if self._newest is None:
            raise RuntimeError("no cycle has been reported yet")
        return msgspec.structs.replace(self._newest, full=True, values=tuple(self._values))

    def _made(self, made: Mapping[str, Made], utc_s: float) -> list[TagValue]:
        return [
            TagValue(
                self._index[name],
                value,
                int(Quality.BAD if value is None else Quality.GOOD),
                utc_s,
            )
            for name, value in made.items()
        ]

    def _is_new(self, value: TagValue) -> bool:
        """Whether value or quality differ from what was told last."""
        told = (value.value, value.quality)
        if self._told.get(value.tag) == told:
            return False
        self._told[value.tag] = told
        return True


def _measured(snapshot: Snapshot) -> list[TagValue]:
    offset_s = snapshot.utc_s - snapshot.now_s
    values = []
    for row, tag in enumerate(snapshot.tags):
        quality = int(snapshot.quality[row])
        number = float(snapshot.values[row])
        value = (
            None if quality == Quality.BAD else (number != 0.0 if tag.kind == "flag" else number)
        )
        source_s = float(snapshot.source_s[row]) + offset_s
        heard = np.isfinite(source_s)
        values.append(TagValue(row, value, quality, source_s if heard else snapshot.utc_s))
    return values


def _hello(plant: str, image: ProcessImage, settings: Settings) -> Hello:
    measured = tuple(
        TagInfo(tag.name, tag.kind, tag.unit, tag.description, tag.low, tag.high)
        for tag in image.tags
    )
    made = tuple(
        TagInfo(tag.name, tag.kind, tag.unit, tag.description, tag.low, tag.high)
        for tag in made_tags(settings)
    )
    layout = image.fleet.layout
    units = tuple(
        UnitInfo(name, int(container) + 1)
        for name, container in zip(layout.names, layout.container_of, strict=True)
    )
    tags = (*measured, *made, REACH_TAG, LEFT_TAG, *LOOP_TAGS, *RATE_TAGS, *LINK_TAGS)
    named = msgspec.msgpack.encode((tags, units, COLUMNS))
    digest = hashlib.sha256(named).hexdigest()
    return Hello(PROTOCOL, digest, plant, tags, units, COLUMNS)
