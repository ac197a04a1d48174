"""The rules of the house bite: one run of bad tests, each refused for its reason."""

import pytest

RULES = """
pytest_plugins = (
    "tests.harness.loops", "tests.harness.leaks", "tests.harness.logs",
    "tests.harness.sockets", "tests.harness.loopback", "tests.harness.skips",
)
"""

SETTINGS = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
addopts = --import-mode=importlib -p no:cacheprovider -p no:randomly -rA
markers =
    real_sockets
    system
"""

BAD_AND_GOOD = """
import asyncio, io, socket, threading
import pytest
import structlog
import uvloop
from controller.lab.virtual_loop import VirtualLoop

kept = []

async def test_virtual_by_default():
    assert type(asyncio.get_running_loop()) is VirtualLoop

@pytest.mark.real_sockets
async def test_real_by_mark():
    assert isinstance(asyncio.get_running_loop(), uvloop.Loop)

@pytest.mark.system
async def test_real_for_systems():
    assert isinstance(asyncio.get_running_loop(), uvloop.Loop)

async def test_leaves_a_task():
    kept.append(asyncio.get_running_loop().create_task(asyncio.sleep(60), name="lonely poller"))

@pytest.fixture
async def server():
    task = asyncio.get_running_loop().create_task(asyncio.sleep(60))
    yield
    task.cancel()

async def test_ends_its_task_in_a_fixture(server):
    pass

def test_leaves_a_thread():
    thread = threading.Thread(target=threading.Event().wait, name="lonely thread", daemon=True)
    thread.start()

@pytest.mark.real_sockets
def test_leaves_a_listener():
    kept.append(socket.create_server(("127.0.0.1", 0)))

@pytest.mark.real_sockets
async def test_leaves_a_server_of_uvloop(free_loopback):
    loop = asyncio.get_running_loop()
    kept.append(await loop.create_server(asyncio.Protocol, *free_loopback()))

@pytest.mark.real_sockets
async def test_leaves_a_unix_listener(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    kept.append(socket.socket(socket.AF_UNIX))
    kept[-1].bind("link")
    kept[-1].listen()

def test_connects():
    with socket.socket() as door:
        door.connect(("127.0.0.1", 9))

def test_binds_a_unix_path():
    with socket.socket(socket.AF_UNIX) as door:
        door.bind("link")

@pytest.mark.real_sockets
def test_new_loopback_each_time(free_loopback):
    addresses = {free_loopback(port=4028) for _ in range(20)}
    assert len({host for host, _ in addresses}) > 15
    assert {port for _, port in addresses} == {4028}
    with socket.create_server(free_loopback()):
        pass

def test_logs_to_a_stream_of_its_own():
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(file=io.StringIO()))

def test_logs_as_ever():
    assert not structlog.is_configured()

def test_skips():
    pytest.skip("no PostgreSQL here")

@pytest.mark.xfail(strict=True)
def test_expected_failure():
    assert 1 == 2
"""

SKIPPED_FILE = """
import pytest
pytest.skip("no NATS here", allow_module_level=True)
"""

REASONS = {
    "test_leaves_a_task": "tasks left running: lonely poller",
    "test_leaves_a_thread": "threads left running: lonely thread",
    "test_leaves_a_listener": "sockets left listening: tcp",
    "test_leaves_a_server_of_uvloop": "sockets left listening: tcp",
    "test_leaves_a_unix_listener": "sockets left listening: unix",
    "test_connects": "a real socket would connect",
    "test_binds_a_unix_path": "a real socket would bind",
}


def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, ci: str) -> pytest.RunResult:
    monkeypatch.setenv("CI", ci)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makeini(SETTINGS)
    pytester.makeconftest(RULES)
    pytester.makepyfile(test_all=BAD_AND_GOOD, test_none=SKIPPED_FILE)
    return pytester.runpytest_subprocess("--continue-on-collection-errors", timeout=50)


def test_each_offence_is_refused_and_the_rest_passes(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(pytester, monkeypatch, ci="")

    for name, reason in REASONS.items():
        result.stdout.re_match_lines_random([rf"(FAILED|ERROR) .*{name}", rf".*{reason}"])
    # A leak is an error after a test that has passed otherwise.
    result.assert_outcomes(passed=12, failed=2, errors=5, skipped=2, xfailed=1)


def test_under_ci_a_skip_is_a_failure(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(pytester, monkeypatch, ci="true")

    result.stdout.re_match_lines_random([r"FAILED .*test_skips"])
    for reason in ("no PostgreSQL here", "no NATS here"):
        result.stdout.re_match_lines_random([rf".*nothing may be skipped under CI.*{reason}"])
    result.assert_outcomes(passed=12, failed=3, errors=6, xfailed=1)
