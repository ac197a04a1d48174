"""A reader that is behind gets the newest picture, not the oldest."""

from hypothesis import given
from hypothesis import strategies as st

from controller.link.outbox import VERDICT_CAP, Outbox


def test_a_new_reader_wants_the_full_image_first() -> None:
    outbox = Outbox()

    outbox.put_report(b"report")

    assert outbox.wants_full
    assert outbox.take() is None
    assert outbox.skipped == 0


def test_a_reader_that_keeps_up_gets_every_report() -> None:
    outbox = Outbox()
    outbox.filled()

    outbox.put_report(b"1")
    first = outbox.take()
    outbox.put_report(b"2")
    second = outbox.take()

    assert (first, second) == (b"1", b"2")
    assert outbox.skipped == 0


def test_a_reader_two_reports_behind_gets_a_full_image_and_both_are_counted() -> None:
    outbox = Outbox()
    outbox.filled()

    outbox.put_report(b"1")
    outbox.put_report(b"2")

    assert outbox.wants_full
    assert outbox.take() is None
    assert outbox.skipped == 2


def test_verdicts_go_first_and_are_bounded() -> None:
    outbox = Outbox()
    outbox.filled()
    outbox.put_report(b"report")

    taken = [outbox.put_verdict(b"verdict") for _ in range(VERDICT_CAP + 1)]

    assert taken == [True] * VERDICT_CAP + [False]
    assert outbox.take() == b"verdict"


@given(st.lists(st.sampled_from(["report", "take"]), max_size=60))
def test_every_report_is_sent_skipped_or_waiting(steps: list[str]) -> None:
    outbox = Outbox()
    outbox.filled()
    put, sent = 0, 0

    for step in steps:
        if step == "report":
            outbox.put_report(b"r")
            put += 1
        elif outbox.take() is not None:
            sent += 1
        elif outbox.wants_full:
            outbox.filled()
    waiting = 0
    while outbox.take() is not None:
        waiting += 1

    assert put == sent + outbox.skipped + waiting
    assert waiting <= 1
