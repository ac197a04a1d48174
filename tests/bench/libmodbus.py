"""libmodbus as a peer: a small client, compiled on the spot against Debian's packages.

The packages are used if they are installed; else they are fetched with apt and unpacked beside,
which needs no rights. Nothing of them is kept.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

PACKAGES = ("libmodbus-dev", "libmodbus5")
CLIENT = r"""
#include <errno.h>
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
    int port = atoi(argv[1]), registers = atoi(argv[2]), requests = atoi(argv[3]);
    uint16_t words[125];
    struct timespec before, after;
    modbus_t *link = modbus_new_tcp("127.0.0.1", port);
    if (link == NULL || modbus_set_slave(link, 1) != 0 || modbus_connect(link) != 0) {
        fprintf(stderr, "no connection: %s\n", modbus_strerror(errno));
        return 1;
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    for (int n = 0; n < requests; n++) {
        if (modbus_read_registers(link, 0, registers, words) != registers) {
            fprintf(stderr, "no answer: %s\n", modbus_strerror(errno));
            return 1;
        }
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    printf("%.3f\n", ((after.tv_sec - before.tv_sec) * 1e6
                      + (after.tv_nsec - before.tv_nsec) / 1e3) / requests);
    return 0;
}
"""


class Missing(Exception):  # noqa: N818 - the peer is missing, nothing went wrong
    """libmodbus or a compiler cannot be had here; the message says what."""


class Libmodbus:
    """The compiled client."""

    def __init__(self) -> None:
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None:
            raise Missing("there is no C compiler")
        self._folder = tempfile.TemporaryDirectory(prefix="libmodbus-")
        folder = Path(self._folder.name)
        source, self._program = folder / "client.c", folder / "client"
        source.write_text(CLIENT, encoding="utf-8")
        roots = (Path("/"), folder)
        for root in roots:
            if root == folder:
                _fetch(folder)
            include = root / "usr/include/modbus"
            libraries = sorted((root / "usr/lib").rglob("libmodbus.so.5"))
            if include.is_dir() and libraries:
                _run(compiler, "-O2", f"-I{include}", str(source), "-o", str(self._program),
                     str(libraries[0]), f"-Wl,-rpath,{libraries[0].parent}")  # fmt: skip
                return
        raise Missing(f"{' and '.join(PACKAGES)} hold no header or library")

    def request_us(self, port: int, registers: int, requests: int) -> float:
        """Processor time of one request."""
        return float(_run(str(self._program), str(port), str(registers), str(requests)))


def _fetch(folder: Path) -> None:
    """Have Debian's packages beside, without installing them."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise Missing("libmodbus-dev is not installed, and this is no Debian to fetch it from")
    _run("apt-get", "download", *PACKAGES, folder=folder)
    for package in folder.glob("*.deb"):
        _run("dpkg-deb", "-x", str(package), str(folder))


def _run(*command: str, folder: Path | None = None) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=120, check=True, cwd=folder
        )
    except subprocess.CalledProcessError as error:
        raise Missing(f"{command[0]}: {error.stderr.strip()[-300:]}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(f"{command[0]}: {error}") from error
    return done.stdout
