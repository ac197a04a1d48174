"""The story is played in order, tells what became of each wish, and waits for what must happen."""

import asyncio

from controller.lab.story import (
    REQUEST_MINUTES,
    Answer,
    Scene,
    more_heat,
    pumps_fail,
    reset,
    story,
    tell,
)

ACCEPTED = Answer(accepted=True, reason="accepted")


class Notes:
    """A stage that writes down what is done on it; the plant trips `trips_after_s` later."""

    def __init__(
        self,
        *,
        trips_after_s: float | None = 1.0,
        stops_after_s: float | None = 9.0,
        heat: Answer = ACCEPTED,
        resets: tuple[Answer, ...] = (ACCEPTED,),
    ) -> None:
        self.done: list[tuple[float, str]] = []
        self.said: list[str] = []
        self._trips_after_s = trips_after_s
        self._stops_after_s = stops_after_s
        self._heat = heat
        self._resets = list(resets)
        self._broken_s: float | None = None
        self._begun_s = asyncio.get_running_loop().time()

    def say(self, text: str) -> None:
        """Note it."""
        self.said.append(text)

    def invite(self) -> None:
        """Note it."""
        self._note("invite")

    def first_out(self) -> str:
        """The trip, some time after the pumps broke."""
        tripped = self._since_broken(self._trips_after_s)
        return "primary-flow: no primary pump runs" if tripped else ""

    def electric_kw(self) -> float | None:
        """Full power, until some time after the pumps broke."""
        return 28.0 if self._since_broken(self._stops_after_s) else 3_175.0

    async def request_heat(self, demand_kw: float, minutes: float) -> Answer:
        """Note it, and answer as told."""
        self._note(f"heat {demand_kw:.0f} for {minutes:.0f} min")
        return self._heat

    async def request_reset(self) -> Answer:
        """Note it, and answer as told."""
        self._note("reset")
        return self._resets.pop(0)

    async def break_pumps(self) -> None:
        """Note it."""
        self._note("break")
        self._broken_s = self._now_s()

    async def mend_pumps(self) -> None:
        """Note it."""
        self._note("mend")

    def _since_broken(self, after_s: float | None) -> bool:
        if after_s is None or self._broken_s is None:
            return False
        return self._now_s() - self._broken_s >= after_s

    def _now_s(self) -> float:
        return asyncio.get_running_loop().time() - self._begun_s

    def _note(self, what: str) -> None:
        self.done.append((round(self._now_s()), what))


def refusals(*reasons: str) -> tuple[Answer, ...]:
    return (*(Answer(accepted=False, reason=reason) for reason in reasons), ACCEPTED)


async def test_the_story_takes_two_minutes_and_keeps_its_times() -> None:
    stage = Notes()

    await tell(stage, story(4_000.0))

    assert stage.done == [
        (25, "heat 4000 for 10 min"),
        (60, "break"),
        (85, "mend"),
        (100, "reset"),
        (120, "invite"),
    ]


def test_the_story_fits_into_the_time_of_its_request() -> None:
    last_s = max(scene.at_s for scene in story(4_000.0))

    assert last_s < 60.0 * REQUEST_MINUTES


async def test_the_trip_is_explained_in_plain_words() -> None:
    stage = Notes()

    await pumps_fail(stage)

    assert "Tripped on primary-flow: no primary pump runs." in stage.said[1]
    assert "overheats" in stage.said[1]


async def test_the_audience_hears_how_fast_the_power_went() -> None:
    stage = Notes(trips_after_s=1.0, stops_after_s=9.0)

    await pumps_fail(stage)

    assert stage.said[-1].startswith("8 s after the trip")
    assert "28 kW; before it they drew 3,175 kW" in stage.said[-1]


async def test_power_that_does_not_go_is_told() -> None:
    stage = Notes(stops_after_s=None)

    await pumps_fail(stage)

    assert "still draw power" in stage.said[-1]


async def test_a_trip_that_does_not_come_is_told() -> None:
    stage = Notes(trips_after_s=None)

    await pumps_fail(stage)

    assert stage.said[-1] == "No trip within 15 s: this should not be."


async def test_refused_heat_is_told_with_its_reason() -> None:
    stage = Notes(heat=Answer(accepted=False, reason="core is away"))

    await more_heat(stage, 4_000.0)

    assert stage.said == ["4,000 kW were asked for and refused: core is away."]


async def test_the_reset_is_asked_for_every_two_seconds_until_it_is_accepted() -> None:
    stage = Notes(trips_after_s=0.0, resets=refusals("flow is low", "flow is low", "wait 5 s"))
    await stage.break_pumps()

    await reset(stage)

    assert stage.done[1:] == [(0, "reset"), (2, "reset"), (4, "reset"), (6, "reset")]


async def test_each_reason_against_the_reset_is_told_once() -> None:
    stage = Notes(trips_after_s=0.0, resets=refusals("flow is low", "flow is low", "wait 5 s"))
    await stage.break_pumps()

    await reset(stage)

    assert [text.split(".")[0] for text in stage.said] == [
        "Reset refused: flow is low",
        "Reset refused: wait 5 s",
        "The reset is accepted: flow is proven and no cause stands any more",
    ]


async def test_nothing_is_reset_when_somebody_was_faster() -> None:
    stage = Notes(trips_after_s=None)

    await reset(stage)

    assert stage.done == []
    assert "somebody was faster" in stage.said[0]


async def test_a_long_scene_delays_the_next_and_no_more() -> None:
    stage = Notes()

    async def slow(stage: Notes) -> None:
        await asyncio.sleep(30.0)
        stage.invite()

    async def quick(stage: Notes) -> None:
        stage.invite()

    await tell(stage, (Scene(0.0, slow), Scene(10.0, quick), Scene(40.0, quick)))

    assert [at_s for at_s, _ in stage.done] == [30, 30, 40]
