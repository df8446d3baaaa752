"""Be ``l10n translate`` in a project, with an engine that notes what it is asked: the process that
:mod:`benchmarks.interruption` disturbs.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from l10n_pipeline import cli
from l10n_pipeline.cli import translate as command
from l10n_pipeline.config import Project
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import GREEDY, Hypothesis, Search
from l10n_pipeline.pipeline.engines import EngineLoader, find_engine
from l10n_pipeline.pipeline.translate import translate
from l10n_pipeline.protocols import Engine

STAND_IN: Final = "stand-in"
"""The engine that is no model."""
_PACE: Final = 0.0002
"""Seconds that it takes for a source: too long to be done at once."""


class Told:
    """An engine that notes what it is asked before it begins.

    Args:
        engine: translates.
        log: a line for each call of those that nobody forced or searched for in another way.
    """

    def __init__(self, engine: Engine, log: Path) -> None:
        self.name = engine.name
        self._engine = engine
        self._log = log

    def translate(
        self,
        sources: Sequence[str],
        *,
        search: Search = GREEDY,
        prefixes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> list[Hypothesis]:
        """Note the sources and translate them."""
        if search == GREEDY and not prefixes:
            with self._log.open("ab", buffering=0) as stream:
                stream.write(json.dumps(list(sources)).encode() + b"\n")
        return self._engine.translate(sources, search=search, prefixes=prefixes, progress=progress)

    def n_best(
        self,
        sources: Sequence[str],
        n: int,
        *,
        search: Search,
        prefixes: Sequence[str] | None = None,
    ) -> list[list[Hypothesis]]:
        """Translate the sources."""
        return self._engine.n_best(sources, n, search=search, prefixes=prefixes)

    def close(self) -> None:
        """Let go of the engine."""
        self._engine.close()


class StandIn:
    """Writes the source in brackets, after a while."""

    def __init__(self) -> None:
        self.name = f"{STAND_IN}/f32"

    def translate(self, sources: Sequence[str], **_: object) -> list[Hypothesis]:
        """Take the time that there is for these sources."""
        time.sleep(_PACE * len(sources))
        return [Hypothesis(f"[{source}]", -0.5) for source in sources]

    def n_best(self, sources: Sequence[str], n: int, **_: object) -> list[list[Hypothesis]]:
        """Lists of one, however many are asked for."""
        return [[one] for one in self.translate(sources)[: n * len(sources)]]

    def close(self) -> None:
        """Nothing to let go of."""


@dataclass(frozen=True)
class ToldLoader(EngineLoader):
    """Loads an engine that notes what it is asked where it works: in each worker, or here."""

    log: Path

    def load_here(self) -> Engine:
        """Load it in this process."""
        return Told(super().load_here(), self.log)


def main(root: str, log: str, engine: str, user: str) -> None:
    """Run the command.

    Args:
        root: the project's.
        log: a file to note in what the engine is asked.
        engine: :data:`STAND_IN`, or anything else for the project's model.
        user: the number of who is to run it; empty for who does.
    """

    def find(project: Project, target: Locale, model: str | None) -> Callable[[], Engine]:
        if engine == STAND_IN:
            return lambda: Told(StandIn(), Path(log))
        found = find_engine(project, target, model)
        return ToldLoader(found.route, found.settings, Path(log))

    replaced = partial(translate, find_engine=find)
    setattr(command, "translate", replaced)  # noqa: B010 - it is no name for others
    os.chdir(root)
    sys.argv = ["l10n", "translate", "--quiet"]
    if user:
        _become(int(user))
    cli.main()


def _become(user: int) -> None:
    """Go on as somebody without rights, who may not even read this program's libraries: what
    the command imports on its way is imported first.
    """
    sys.argv.append("--dry-run")
    try:
        cli.main()
    except SystemExit:
        sys.argv.pop()
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)


if __name__ == "__main__":
    main(*sys.argv[1:])
