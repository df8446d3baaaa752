"""Options that several benchmarks share."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.engines import EngineSpec
from l10n_pipeline.locale import Locale


def add_pair(parser: argparse.ArgumentParser) -> None:
    """What is translated, and with which model: ``source``, ``origin``, ``target``, ``model``."""
    parser.add_argument("--source", type=Path, required=True, help="one sentence a line")
    parser.add_argument("--from", dest="origin", type=Locale.parse, default=Locale("en"))
    parser.add_argument("--to", dest="target", type=Locale.parse, default=Locale("pt"))
    parser.add_argument("--model", help="folder or name of a model; default: an installed one")


def add_engines(parser: argparse.ArgumentParser, default: Sequence[str]) -> None:
    """Which engines: ``engines``, ``python310``."""
    parser.add_argument(
        "--engines",
        nargs="+",
        type=EngineSpec.parse,
        default=[EngineSpec.parse(label) for label in default],
        metavar="NAME[:SETTING=VALUE,…]",
        help=f"default: {' '.join(default)}",
    )
    parser.add_argument(
        "--python310", default="python3.10", help="CPython 3.10, for Bergamot; default: on PATH"
    )


def add_rounds(parser: argparse.ArgumentParser, default: int) -> None:
    """How often to measure, and where to keep what was found: ``rounds``, ``json``."""
    parser.add_argument("--rounds", type=at_least_one, default=default, help=f"default: {default}")
    parser.add_argument("--json", type=Path, help="write all figures to this file")


def at_least_one(text: str) -> int:
    """Read a number of things of which there must be some.

    Raises:
        argparse.ArgumentTypeError: where it is none, or too small.
    """
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"not a number from 1 on: {text!r}")
    return int(text)
