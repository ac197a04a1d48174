"""Guessing is slow, and does not shut out the others."""

from controller.gateway.lockout import KEYS, Lockout


def test_four_failures_a_minute_are_forgiven() -> None:
    lockout = Lockout()

    fail(lockout, 4)

    assert not lockout.locked("olga", "10.0.0.1", 4.0)


def test_the_fifth_failure_within_a_minute_locks() -> None:
    lockout = Lockout()

    fail(lockout, 5)

    assert lockout.locked("olga", "10.0.0.1", 63.0)
    assert not lockout.locked("olga", "10.0.0.1", 64.0)


def test_only_this_user_at_this_address_is_locked() -> None:
    lockout = Lockout()

    fail(lockout, 5)

    assert not lockout.locked("emil", "10.0.0.1", 5.0)
    assert not lockout.locked("olga", "10.0.0.2", 5.0)


def test_slow_failures_do_not_add_up() -> None:
    lockout = Lockout()

    for minute in range(20):
        lockout.failed("olga", "10.0.0.1", minute * 60.0)

    assert not lockout.locked("olga", "10.0.0.1", 1200.0)


def test_each_lock_is_twice_as_long() -> None:
    lockout = Lockout()

    fail(lockout, 5)
    fail(lockout, 5, start_s=100.0)

    assert lockout.locked("olga", "10.0.0.1", 100.0 + 4.0 + 119.0)
    assert not lockout.locked("olga", "10.0.0.1", 100.0 + 4.0 + 120.0)


def test_twenty_failures_of_any_names_lock_an_address() -> None:
    lockout = Lockout()

    for number in range(20):
        lockout.failed(f"guess{number}", "10.0.0.1", float(number))

    assert lockout.locked("olga", "10.0.0.1", 20.0)
    assert not lockout.locked("olga", "10.0.0.2", 20.0)


def test_success_forgets_the_failures() -> None:
    lockout = Lockout()
    fail(lockout, 4)

    lockout.succeeded("olga", "10.0.0.1")
    fail(lockout, 4, start_s=5.0)

    assert not lockout.locked("olga", "10.0.0.1", 9.0)


def test_guesses_from_everywhere_take_bounded_memory() -> None:
    lockout = Lockout()

    for number in range(3 * KEYS):
        lockout.failed("olga", f"10.0.{number // 256}.{number % 256}", 0.0)

    assert len(lockout._records) <= KEYS  # noqa: SLF001 - the bound is what this is about


def fail(lockout: Lockout, times: int, start_s: float = 0.0) -> None:
    for second in range(times):
        lockout.failed("olga", "10.0.0.1", start_s + second)
