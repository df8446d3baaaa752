"""A benchmark as a command: it measures, prints its report, and keeps the figures."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

from benchmarks.errors import BenchmarkError


def carry_out(
    name: str,
    options: argparse.Namespace,
    run: Callable[[argparse.Namespace], dict[str, Any]],
    report: Callable[[dict[str, Any]], str],
) -> dict[str, Any]:
    """Measure and tell.

    Args:
        name: of the benchmark.
        options: what was asked for; ``json`` is where all figures go, or None.
        run: measures; what it gives can be written as JSON.
        report: makes a table of that.

    Returns:
        What ``run`` gave.

    Raises:
        SystemExit: with the reason, where the benchmark cannot go on.
    """
    try:
        results = run(options)
    except BenchmarkError as error:
        sys.exit(f"{name}: {error}")
    print(report(results))
    if options.json:
        options.json.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return results
