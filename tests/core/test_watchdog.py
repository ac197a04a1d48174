import socket
import subprocess
import sys
from pathlib import Path

import pytest

from controller.core.watchdog import notify

HANGS = """
import threading
from controller.core.watchdog import Watchdog
with Watchdog(dump_after_s=0.3, abort_after_s=1.2) as dog:
    dog.feed()
    threading.Event().wait(20.0)
"""


@pytest.mark.system
def test_a_loop_that_hangs_is_dumped_and_aborted() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HANGS], capture_output=True, text=True, timeout=15, check=False
    )

    assert done.returncode == -6, "SIGABRT"
    assert "threading.Event().wait" in done.stderr or "Thread" in done.stderr


@pytest.mark.real_sockets
def test_systemd_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))

        notify("WATCHDOG=1")

        assert systemd.recv(100) == b"WATCHDOG=1"


def test_nobody_is_told_where_nobody_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)

    notify("WATCHDOG=1")
