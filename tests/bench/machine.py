"""The machine that a number was measured on."""

import os
import platform
from pathlib import Path


def machine() -> str:
    """Processor, cores and Python, on one line."""
    return f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _processor() -> str:
    """The processor's name as Linux tells it, elsewhere as the platform does."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor() or platform.machine())
