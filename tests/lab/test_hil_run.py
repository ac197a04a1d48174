"""Steps done one after the other in virtual time, and everything put back however it ends."""

import asyncio

import pytest

from tests.lab.hil_bench import HandBench, Helper, made_run, outcome_of, steps_file

RISING = {"figure": "rig:heat_kw", "low": 50.0, "within_s": 120.0, "for_s": 10.0}


async def test_what_comes_in_time_and_stays_is_passed_with_the_time_it_took() -> None:
    bench = HandBench({"rig:heat_kw": lambda now_s: now_s})

    outcome = await outcome_of(steps_file({"expect": [RISING]}), bench)

    (one,) = outcome.steps[0].expect
    assert (outcome.result, one.passed) == ("passed", True)
    assert one.reached_after_s == pytest.approx(50.0, abs=1.1)
    assert outcome.lasted_s == pytest.approx(60.0, abs=2.1)
    assert one.measured == pytest.approx(60.0, abs=2.1)


async def test_what_never_comes_fails_at_its_limit_and_the_next_step_is_done_all_the_same() -> None:
    bench = HandBench({"rig:heat_kw": lambda _: 20.0, "rig:other_kw": lambda _: 1.0})
    other = {"expect": [{"figure": "rig:other_kw", "near": 1.0}]}

    outcome = await outcome_of(steps_file({"expect": [RISING]}, other), bench)

    first, second = outcome.steps
    assert [first.result, second.result, outcome.result] == ["failed", "passed", "failed"]
    assert first.ended_s == pytest.approx(120.0, abs=1.1)
    assert "did not come within 120 s" in first.expect[0].why


async def test_everything_set_is_put_back_in_reverse_also_when_all_is_well() -> None:
    bench = HandBench()
    file = steps_file({"set": {"fault:pump-1": "off"}}, {"set": {"rig:outdoor_c": -5.0}})

    outcome = await outcome_of(file, bench)

    assert bench.put_down == [
        ("fault:pump-1", "off"),
        ("rig:outdoor_c", -5.0),
        ("rig:outdoor_c", "before"),
        ("fault:pump-1", "before"),
    ]
    assert [(one.what, one.done) for one in outcome.restored] == [
        ("rig:outdoor_c", True),
        ("fault:pump-1", True),
    ]
    assert outcome.result == "passed"


async def test_a_run_that_is_ended_in_the_middle_puts_back_and_judges_nothing_as_passed() -> None:
    bench = HandBench({"rig:heat_kw": lambda _: 20.0})
    file = steps_file({"set": {"fault:pump-1": "off"}, "expect": [RISING]}, {"wait_s": 10.0})

    outcome = await outcome_of(file, bench, stop_after_s=30.0)

    assert bench.put_down[-1] == ("fault:pump-1", "before")
    assert [step.result for step in outcome.steps] == ["aborted", "not run"]
    assert (outcome.result, outcome.why) == ("aborted", "the run was ended")
    assert outcome.steps[0].expect[0].passed is False
    assert outcome.lasted_s == pytest.approx(30.0, abs=1.1)


async def test_an_unforeseen_error_of_a_look_still_puts_back_what_was_set() -> None:
    def broken(now_s: float) -> float:
        if now_s > 5.0:
            raise ZeroDivisionError
        return 0.0

    bench = HandBench({"rig:heat_kw": broken})
    run = made_run(steps_file({"set": {"fault:pump-1": "off"}, "expect": [RISING]}), bench)

    with pytest.raises(ExceptionGroup):
        await run.until(asyncio.Event())

    assert bench.put_down[-1] == ("fault:pump-1", "before")
    assert run.outcome.result == "aborted"
    assert run.outcome.figures[0].values[:2] == [0.0, 0.0]


async def test_a_setting_that_is_refused_fails_the_step_without_judging_it() -> None:
    bench = HandBench({"rig:heat_kw": lambda _: 60.0})
    bench.refused = {"link:heat_demand_kw"}
    file = steps_file({"set": {"link:heat_demand_kw": 60.0}, "expect": [RISING]})

    outcome = await outcome_of(file, bench)

    (step,) = outcome.steps
    assert step.result == "failed"
    assert step.set[0].why == "link:heat_demand_kw is refused"
    assert "did not get so far" in step.expect[0].why


async def test_what_cannot_be_put_back_is_told_and_spoils_the_run_but_not_the_others() -> None:
    bench = HandBench()
    bench.stuck = {"rig:outdoor_c"}
    file = steps_file({"set": {"fault:pump-1": "off", "rig:outdoor_c": -5.0}})

    outcome = await outcome_of(file, bench)

    assert [(one.what, one.done) for one in outcome.restored] == [
        ("rig:outdoor_c", False),
        ("fault:pump-1", True),
    ]
    assert outcome.result == "failed"
    assert outcome.why == "not everything could be put back"


async def test_a_step_waits_for_what_must_come_first_and_is_not_judged_when_it_does_not() -> None:
    bench = HandBench({"link:plant.mode": lambda now_s: "running" if now_s > 40.0 else "starting"})
    until = {"figure": "link:plant.mode", "is": "running", "within_s": 60.0}
    expect = {"figure": "link:plant.mode", "is": "running"}
    never = {"figure": "link:plant.mode", "is": "off", "within_s": 5.0}

    outcome = await outcome_of(
        steps_file({"until": [until], "expect": [expect]}, {"until": [never], "expect": [expect]}),
        bench,
    )

    first, second = outcome.steps
    assert first.result == "passed"
    assert first.until[0].reached_after_s == pytest.approx(41.0, abs=1.1)
    assert second.result == "failed"
    assert second.expect[0].passed is False


async def test_a_needed_step_that_fails_ends_the_run() -> None:
    bench = HandBench({"rig:heat_kw": lambda _: 0.0})
    file = steps_file({"needed": True, "expect": [{"figure": "rig:heat_kw", "low": 1.0}]}, {})

    outcome = await outcome_of(file, bench)

    assert [step.result for step in outcome.steps] == ["failed", "not run"]
    assert outcome.result == "failed"
    assert outcome.why == "'step 1' is needed for what follows"


async def test_a_broken_rule_of_always_fails_a_run_whose_steps_have_all_passed() -> None:
    bench = HandBench({"rig:outlet_c": lambda now_s: 90.0 if 5.0 < now_s < 7.0 else 80.0})
    always = [{"figure": "rig:outlet_c", "high": 85.0}]

    outcome = await outcome_of(steps_file({"wait_s": 20.0}, always=always), bench)

    (one,) = outcome.always
    assert outcome.steps[0].result == "passed"
    assert outcome.result == "failed"
    assert one.misses in {1, 2}
    assert (one.highest, one.first_miss) == (90.0, 90.0)
    assert one.first_miss_s == pytest.approx(6.0, abs=1.1)


@pytest.mark.parametrize(("answer", "result"), [("", "passed"), ("nobody is there", "failed")])
async def test_a_person_is_asked_before_anything_is_set(answer: str, result: str) -> None:
    bench, person = HandBench(), Helper(answer)
    file = steps_file({"ask": "Press the stop", "set": {"rig:outdoor_c": 1.0}})

    outcome = await outcome_of(file, bench, person)

    assert person.asked == ["Press the stop within 600 s"]
    assert outcome.steps[0].result == result
    assert bool(bench.put_down) == (answer == "")


async def test_wishes_live_as_long_as_the_steps_that_are_left_and_no_longer() -> None:
    bench = HandBench()
    file = steps_file(
        {"set": {"link:heat_demand_kw": 1.0}, "wait_s": 100.0},
        {"set": {"link:power_limit_kw": 1.0}, "wait_s": 50.0},
    )

    await outcome_of(file, bench)

    assert bench.lives_s[:2] == [270.0, 170.0]


async def test_a_run_that_is_cancelled_puts_everything_back_before_it_is_gone() -> None:
    bench = HandBench({"rig:heat_kw": lambda _: 20.0})
    run = made_run(steps_file({"set": {"fault:pump-1": "off"}, "expect": [RISING]}), bench)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(30.0):
            await run.until(asyncio.Event())

    assert bench.put_down[-1] == ("fault:pump-1", "before")
    assert run.outcome.result == "aborted"
    assert run.outcome.lasted_s == pytest.approx(30.0, abs=1.1)
