from controller.core.asked import MOST_ASKED, Asked
from controller.link.messages import Request


def wish(number: int) -> Request:
    return Request(f"w{number}", "opcua:anna", "operator", "heat_demand_kw", 45.0, "cold", 600.0)


def test_a_verdicts_entry_tells_who_asked_what_why_and_until_when() -> None:
    asked = Asked()
    asked.note(wish(1))

    assert asked.told("w1", 1_000.0) == {
        "name": "heat_demand_kw",
        "value": 45.0,
        "source": "opcua:anna",
        "role": "operator",
        "why": "cold",
        "until_utc_s": 1_600.0,
    }


def test_a_request_is_told_once() -> None:
    asked = Asked()
    asked.note(wish(1))
    asked.told("w1", 0.0)

    assert asked.told("w1", 0.0) == {}


def test_requests_that_never_get_a_verdict_do_not_pile_up() -> None:
    asked = Asked()
    for number in range(MOST_ASKED + 1):
        asked.note(wish(number))

    assert asked.told("w0", 0.0) == {}
    assert asked.told("w1", 0.0) != {}
