"""Small projects and stand-in engines for tests of the whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from l10n_pipeline.config import Project, find_project
from l10n_pipeline.errors import NoModelError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import GREEDY, Hypothesis, Search, Span
from l10n_pipeline.pipeline.outcomes import TranslateOptions, TranslateReport
from l10n_pipeline.pipeline.translate import translate
from l10n_pipeline.pipeline.workspace import Workspace
from l10n_pipeline.protocols import Engine

PT = Locale.parse("pt-BR")
AZ = Locale.parse("az")
THEN = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
LATER = datetime(2026, 5, 6, 7, 8, tzinfo=UTC)


@dataclass
class FakeEngine:
    """Translates by a function and remembers what it was asked.

    However it is told to search, it writes the same: n-best lists have one entry.
    """

    write: Callable[[str], str] = lambda source: f"[{source}]"
    name: str = "fake/f32"
    complete: bool = True
    unwritable: Callable[[str], tuple[Span, ...]] = lambda source: ()
    asked: list[str] = field(default_factory=list)

    def translate(
        self,
        sources: Sequence[str],
        *,
        search: Search = GREEDY,
        prefixes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> list[Hypothesis]:
        self.asked += sources
        if progress is not None:
            progress(len(sources))
        return [self._hypothesis(source) for source in sources]

    def n_best(
        self,
        sources: Sequence[str],
        n: int,
        *,
        search: Search,
        prefixes: Sequence[str] | None = None,
    ) -> list[list[Hypothesis]]:
        return [[self._hypothesis(source)] for source in sources]

    def close(self) -> None:
        """Nothing to let go of."""

    def _hypothesis(self, source: str) -> Hypothesis:
        return Hypothesis(
            self.write(source),
            -0.5,
            complete=self.complete,
            unwritable=self.unwritable(source),
        )


@dataclass
class Runner:
    """Runs ``translate`` in a project with a fake engine for Portuguese alone."""

    root: Path
    engine: FakeEngine = field(default_factory=FakeEngine)
    loaded: int = 0

    @property
    def workspace(self) -> Workspace:
        return Workspace(find_project(self.root))

    def run(
        self,
        *locales: Locale,
        now: datetime = THEN,
        mt: bool = True,
        redraft: bool = False,
        dry_run: bool = False,
        paths: Sequence[Path] = (),
    ) -> TranslateReport:
        return translate(
            self.workspace,
            locales=locales or (PT,),
            now=now,
            paths=paths,
            options=TranslateOptions(mt=mt, redraft=redraft, dry_run=dry_run),
            find_engine=self._find,
        )

    def _find(self, project: Project, target: Locale, model: str | None) -> Callable[[], Engine]:
        if target != PT:
            raise NoModelError(f"no model for {target}")
        return self._load

    def _load(self) -> Engine:
        self.loaded += 1
        return self.engine

    def write(self, name: str, text: str | bytes) -> Path:
        """Write a file of the project, relative to its root."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def read(self, name: str) -> str:
        return (self.root / name).read_bytes().decode()

    def catalogue(self, document: str = "a.txt", locale: Locale = PT) -> Path:
        return self.root / f"locales/{locale.posix}/LC_MESSAGES/{document}.po"

    def edit(self, old: str, new: str, document: str = "a.txt") -> None:
        """Change a catalogue as a reviewer's editor would."""
        path = self.catalogue(document)
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def snapshot(self) -> dict[str, tuple[bytes, int]]:
        """Content and time of change of every file."""
        return {
            path.relative_to(self.root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }
