"""Builds the core from the configuration and runs it: devices, loop, link, watchdog."""

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from random import SystemRandom
from typing import Any

import msgspec
import structlog

from controller.clock.now import chosen_clock
from controller.config.plant import PlantFile
from controller.config.settings import fleet_layout
from controller.control.authority import must_wait
from controller.control.decision import Decision
from controller.control.derived import Made
from controller.control.fence import within
from controller.control.state import PlantState, first_state
from controller.control.state import Request as Wish
from controller.core.asked import Asked
from controller.core.build import acceptance, not_remembered, settings_and_field
from controller.core.clock import monotonic_s, utc_s
from controller.core.cycle import Cycle, Sinks
from controller.core.explainer import Explainer
from controller.core.gateway_keeper import keep_gateway
from controller.core.journal import Journal
from controller.core.keeper import Keeper
from controller.core.latch import LatchKeeper, read_latch
from controller.core.link_server import LinkServer
from controller.core.memory import Memory
from controller.core.pace import poll_period_s
from controller.core.reporter import Reporter
from controller.core.watchdog import Watchdog, notify
from controller.field.field_work import FieldWork
from controller.field.link_figures import link_figures
from controller.field.unit_books import UnitBooks
from controller.image.fleet import FleetLayout
from controller.image.process_image import Snapshot
from controller.link.messages import LINK_NAME, Request, Verdict
from controller.record.alarm_journal import NAME as ALARMS_NAME
from controller.record.alarm_journal import AlarmJournal
from controller.record.alarm_rate import AlarmRate

log = structlog.get_logger()

LATCH_NAME = "trips.json"
JOURNAL_NAME = "journal.jsonl"
# Thousands of replies a minute are gone without the collector: it looks seldom, and at the young.
RARELY = (20_000, 20, 50)


class Core:
    """All parts of the core, put together once."""

    def __init__(self, plant: PlantFile) -> None:
        self._plant = plant
        self._settings, self._field = settings_and_field(plant)
        self._reach = plant.core.reach
        layout = fleet_layout(plant)
        self._books = UnitBooks(plant.core.state_dir, len(layout), not_remembered)
        self._work = FieldWork(
            plant,
            self._field,
            acceptance=acceptance(plant),
            dice=SystemRandom(),
            clock=monotonic_s,
            poll_period_s=self._poll_period_s(layout),
            books=self._books,
        )
        self._reporter = Reporter(plant.plant.name, self._work.image, self._settings)
        plant.core.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        trips = read_latch(plant.core.state_dir / LATCH_NAME, utc_s())
        self._latch = LatchKeeper(plant.core.state_dir / LATCH_NAME, trips)
        self._journal = Journal(plant.core.state_dir / JOURNAL_NAME)
        self._memory = Memory(plant.core.state_dir)
        self._asked = Asked()
        self._keeper = Keeper(plant.core.state_dir, layout)
        self._watchdog = Watchdog()
        self._explainer = Explainer(self._settings, self._figures)
        self._link = LinkServer(
            plant.core.state_dir / LINK_NAME,
            self._reporter.hello,
            on_request=self._ask,
            on_question=self._explainer.answer,
        )
        state = first_state(len(layout), layout.containers, self._settings.heat.recovery, trips)
        self._alarms = AlarmJournal(plant.core.state_dir / ALARMS_NAME)
        self._alarm_rate = AlarmRate()
        self._cycle = Cycle(
            self._work.image,
            self._settings,
            self._restored(state),
            plant.core.scan_s,
            Sinks(act=self._act, report=self._report, feed=self._watchdog.feed),
            plant.core.state_dir,
            monotonic_s,
        )

    def _restored(self, state: PlantState) -> PlantState:
        """The state with all that was on disk and may be believed."""
        now_s, now_utc_s, tell = monotonic_s(), utc_s(), self._forgotten
        state = self._memory.restore(state, self._settings, now_s, now_utc_s, tell)
        state = self._keeper.restore(state, self._settings, now_utc_s, tell)
        alarms = self._alarms.restore(self._settings, now_s, now_utc_s, tell)
        return replace(state, alarms=alarms)

    async def run(self, stop: asyncio.Event, gateway_config: Path | None) -> None:
        """Run until `stop`; with a configuration file, keep a gateway beside."""
        async with self._link, asyncio.TaskGroup() as group:
            tasks = [group.create_task(run(), name=name) for name, run in self._writers()]
            lives = self._work.lives(self._cycle.wake)
            tasks += [group.create_task(life, name=name) for name, life in lives]
            if gateway_config is not None:
                tasks.append(group.create_task(keep_gateway(gateway_config), name="gateway"))
            with self._watchdog:
                cycle = group.create_task(self._cycle.run(), name="cycle")
                gc.collect()
                gc.freeze()
                gc.set_threshold(*RARELY)
                notify("READY=1")
                log.info("core runs", units=len(self._field.miners), tags=len(self._field.tags))
                await stop.wait()
                notify("STOPPING=1")
                cycle.cancel()
            self._books.close()
            for task in tasks:
                task.cancel()
        await self._work.close()

    def _writers(self) -> Iterator[tuple[str, Callable[[], Coroutine[Any, Any, None]]]]:
        """Who brings to disk what shall be there."""
        yield "latch", self._latch.run
        yield "keeper", self._keeper.file.run
        yield from self._books.writers()
        yield "journal", self._journal.run
        yield "alarms", self._alarms.run
        yield "requests", self._memory.requests.run
        yield "account", self._memory.account.run

    def _act(self, decision: Decision, snapshot: Snapshot) -> None:
        core = self._plant.core
        self._reach = "dry-run" if must_wait(decision.state) else core.reach
        decision = within(decision, core.reach, core.fence, self._settings)
        self._explainer.note(decision, snapshot)
        if not self._work.apply(decision, snapshot):
            self._cycle.let_go()
        self._latch.keep(decision.state.protection.trips)
        self._alarms.keep(decision.transitions)
        self._alarm_rate.note(decision.transitions, snapshot.utc_s)
        self._memory.keep(decision.state, snapshot)
        self._keeper.keep(decision.state, snapshot.utc_s)
        self._books.keep(snapshot.now_s)

    def _poll_period_s(self, layout: FleetLayout) -> float:
        """As the clock runs now."""
        return poll_period_s(self._plant.core.poll_s, len(layout), chosen_clock().speed)

    def _report(self, decision: Decision, snapshot: Snapshot) -> None:
        self._work.poller.period_s = self._poll_period_s(snapshot.fleet.layout)
        decision = replace(decision, events=(*decision.events, *self._work.news()))
        for event in decision.events:
            log.info(event.text, source=event.source, severity=event.severity.name)
            severity = event.severity.name
            self._journal.enter(
                snapshot.utc_s, "event", source=event.source, severity=severity, text=event.text
            )
        report = self._reporter.report(decision, snapshot, self._figures())
        self._link.publish(report, self._reporter.full)
        for verdict in decision.verdicts:
            self._journal.enter(
                snapshot.utc_s,
                "verdict",
                request=verdict.request,
                accepted=verdict.accepted,
                reason=verdict.reason,
                **self._asked.told(verdict.request, snapshot.utc_s),
            )
            self._link.verdict(Verdict(verdict.request, verdict.accepted, verdict.reason))

    def _forgotten(self, text: str) -> None:
        not_remembered(text)
        self._journal.enter(utc_s(), "event", source="requests", severity="MEDIUM", text=text)

    def _figures(self) -> dict[str, Made]:
        miners, water = self._work.miners.counts, self._work.water_counts
        poller = self._work.poller
        return {
            "plant.reach": self._reach,
            "plant.speed": chosen_clock().speed,
            "plant.poll_period_s": poller.period_s,
            **self._cycle.lateness.figures(),
            **self._alarm_rate.figures(utc_s()),
            "poll.polls": float(poller.counts.polls),
            "poll.failures": float(poller.counts.failures),
            "commands.sent": float(miners.sent + water.sent),
            "commands.verified": float(miners.verified + water.verified),
            "commands.failed": float(miners.failed + water.failed),
            "commands.dropped": float(miners.dropped + water.dropped),
            "commands.foreign": float(water.foreign),
            **link_figures(self._field.links),
            "commands.left": ", ".join(sorted(water.left)),
        }

    def _ask(self, request: Request) -> None:
        """Leave a visitor's request for the next scan, and have that scan at once."""
        self._journal.enter(utc_s(), "request", **msgspec.structs.asdict(request))
        wish = Wish(
            id=request.id,
            source=request.source,
            role=request.role,
            name=request.name,
            value=request.value,
            reason=request.reason,
            until_s=asyncio.get_running_loop().time() + request.expires_in_s,
        )
        if self._cycle.ask(wish):
            self._asked.note(request)
            self._cycle.wake()
        else:
            self._link.verdict(Verdict(request.id, accepted=False, reason="too many requests wait"))


async def run_core(plant: PlantFile, stop: asyncio.Event, gateway_config: Path | None) -> None:
    """The core's whole life."""
    await Core(plant).run(stop, gateway_config)
