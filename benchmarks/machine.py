"""What a measurement was made on: figures mean nothing without it."""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("torch", "transformers", "sentencepiece", "sacrebleu")
_VECTOR_UNITS = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8", "asimd", "i8mm")


def description() -> dict[str, object]:
    """The processor, the system, and the versions of what computes."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "vector_units": sorted(set(_flags()) & set(_VECTOR_UNITS)),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
        "measured": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def load() -> float:
    """Processes that wanted a core in the last minute: far above 0, the machine is not ours."""
    return os.getloadavg()[0]


def _processor() -> str:
    return _cpuinfo("model name") or platform.processor() or platform.machine()


def _flags() -> list[str]:
    return (_cpuinfo("flags") or _cpuinfo("Features")).split()


def _cpuinfo(field: str) -> str:
    path = Path("/proc/cpuinfo")
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == field:
                return value.strip()
    return ""


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
