"""The memory on disk: a cache of what catalogues and TMX files hold.

Nothing is kept there that those files have not got, so that the file may be deleted at any
time; it is made again from them. A supply whose fingerprint is known is not read again.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from l10n_pipeline.comparable import comparable, comparable_hash
from l10n_pipeline.errors import CatalogueError, InputError, L10nError, OutputError
from l10n_pipeline.memory.index import Found, SimilarityIndex
from l10n_pipeline.memory.matches import Match, best_match
from l10n_pipeline.memory.units import (
    NOWHERE,
    MemoryUnit,
    Pair,
    SuppliedUnits,
    Supply,
    SupplyKind,
    Surroundings,
)

DEFAULT_THRESHOLD: Final = 0.75
"""The similarity below which a translation is of no help."""

_APPLICATION: Final = 0x6C31306E
"""``l10n`` in ASCII: says whose database it is."""
_VERSION: Final = 3
"""Of the tables below and of what is written into them: a file of another is made anew."""
_TABLES: Final = """
CREATE TABLE supply (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    source_locale TEXT NOT NULL,
    target_locale TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    UNIQUE (source_locale, target_locale, kind, name)
);
CREATE TABLE unit (
    id INTEGER PRIMARY KEY,
    supply INTEGER NOT NULL,
    form INTEGER NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    document TEXT NOT NULL,
    context TEXT NOT NULL,
    previous TEXT NOT NULL,
    following TEXT NOT NULL,
    created TEXT NOT NULL,
    creator TEXT NOT NULL,
    more TEXT NOT NULL
);
CREATE TABLE answer (
    source_locale TEXT NOT NULL,
    target_locale TEXT NOT NULL,
    form BLOB NOT NULL,
    threshold REAL NOT NULL,
    similarity REAL NOT NULL,
    keys TEXT NOT NULL,
    PRIMARY KEY (source_locale, target_locale, form, threshold)
) WITHOUT ROWID;
CREATE INDEX unit_by_form ON unit (form);
CREATE INDEX unit_by_supply ON unit (supply);
CREATE VIEW supplied AS
    SELECT unit.source, unit.target, document, context, previous, following, created, creator,
        more, kind, name, unit.id, form, source_locale, target_locale
    FROM supply CROSS JOIN unit ON unit.supply = supply.id;
CREATE VIEW found AS
    SELECT unit.source, unit.target, document, context, previous, following, created, creator,
        more, kind, name, unit.id, form, source_locale, target_locale
    FROM unit JOIN supply ON unit.supply = supply.id;
"""
_INSERT: Final = "INSERT INTO unit VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_CACHE_KIBIBYTES: Final = 65_536
_WAIT_SECONDS: Final = 30.0
_DELETE: Final = "delete it: it is made again from the catalogues"
_MAKE_ROOM: Final = "make room or give write permission, then run again"

_Row = tuple[str, str, str, str, str, str, str, str, str, str, str, int, int, str, str]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What bringing a memory up to date came to."""

    unchanged: int
    """Supplies that were known as they are."""
    read: tuple[Supply, ...]
    forgotten: tuple[Supply, ...]
    """Supplies that are gone, with their units."""
    failed: tuple[tuple[Supply, L10nError], ...] = ()
    """Those that could not be read, and why; the memory has nothing of them."""


class TranslationMemory:
    """Translations by their sources, for any number of language pairs.

    One object serves one thread; several processes may use one file at a time.

    Args:
        path: of the file, made where there is none; None keeps all in memory.

    Raises:
        OutputError: where the file cannot be opened or made, or is somebody else's; so do all
            methods where it cannot be read or written.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._where = str(path) if path else "translation memory"
        self._indices: dict[Pair, SimilarityIndex] = {}
        self._indexed_version = 0
        self._answers: dict[tuple[Pair, str, float], Found | None] = {}
        """What the indices said; kept on disk for as long as the sources stay what they are."""
        with self._faults_told():
            if path is not None:
                self._make_folder(path.parent)
            self._database = sqlite3.connect(
                path or ":memory:", timeout=_WAIT_SECONDS, isolation_level=None
            )
            try:
                self._prepare()
            except BaseException:
                self._database.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. Asking the memory afterwards is an error."""
        # What cannot be kept is found again.
        with contextlib.suppress(OutputError):
            self._keep_answers()
        self._database.close()

    # --- filling ---------------------------------------------------------------------

    def refresh(self, pair: Pair, supplies: Iterable[SuppliedUnits]) -> Refreshed:
        """Make the memory of a pair consist of these supplies.

        Each supply that is new or changed goes in as one step: what stops the work leaves the
        others of before and after intact.

        Args:
            pair: the languages of all their units.
            supplies: all there are, each once. One whose reading raises a
                :class:`~l10n_pipeline.errors.CatalogueError` or
                :class:`~l10n_pipeline.errors.InputError` is told of, and asked again
                the next time.
        """
        with self._damage_told():
            rows = self._database.execute(
                "SELECT kind, name, fingerprint FROM supply"
                " WHERE source_locale = ? AND target_locale = ?",
                _codes(pair),
            )
            known = {
                Supply(SupplyKind(kind), name): fingerprint for kind, name, fingerprint in rows
            }
        unchanged, read = 0, list[Supply]()
        failed: list[tuple[Supply, L10nError]] = []
        for supplied in supplies:
            if known.get(supplied.supply) == supplied.fingerprint:
                unchanged += 1
            else:
                try:
                    self.replace(pair, supplied)
                except (CatalogueError, InputError) as error:
                    failed.append((supplied.supply, error))
                    continue
                read.append(supplied.supply)
            known.pop(supplied.supply, None)
        for gone in known:
            self._forget(pair, gone)
        return Refreshed(unchanged, tuple(read), tuple(known), tuple(failed))

    def replace(self, pair: Pair, supplied: SuppliedUnits) -> int:
        """Take over a supply's units in place of those that the memory has of it.

        Returns:
            How many units it has.
        """
        with self._changing():
            dropped = self._drop(pair, supplied.supply)
            kind, name = supplied.supply.kind, supplied.supply.name
            added = self._database.execute(
                "INSERT INTO supply VALUES (NULL, ?, ?, ?, ?, ?)",
                (kind, name, *_codes(pair), supplied.fingerprint),
            ).lastrowid
            assert added is not None
            rows = (_row(added, unit) for unit in supplied.read())
            count = max(0, self._database.executemany(_INSERT, rows).rowcount)
            if count or dropped:
                self._drop_answers(pair)
        return count

    def _forget(self, pair: Pair, supply: Supply) -> None:
        with self._changing():
            if self._drop(pair, supply):
                self._drop_answers(pair)

    def _drop(self, pair: Pair, supply: Supply) -> int:
        """Remove a supply; how many units it had."""
        dropped = 0
        found = self._database.execute(
            "SELECT id FROM supply"
            " WHERE source_locale = ? AND target_locale = ? AND kind = ? AND name = ?",
            (*_codes(pair), supply.kind, supply.name),
        ).fetchall()
        for number in found:
            dropped += self._database.execute("DELETE FROM unit WHERE supply = ?", number).rowcount
            self._database.execute("DELETE FROM supply WHERE id = ?", number)
        return dropped

    def _drop_answers(self, pair: Pair) -> None:
        self._indices.pop(pair, None)
        self._answers = {asked: found for asked, found in self._answers.items() if asked[0] != pair}
        self._database.execute(
            "DELETE FROM answer WHERE source_locale = ? AND target_locale = ?", _codes(pair)
        )

    # --- asking ----------------------------------------------------------------------

    def counts(self, pair: Pair) -> dict[Supply, int]:
        """How many units each supply has, in order of kind and name."""
        with self._damage_told():
            rows = self._database.execute(
                "SELECT kind, name, (SELECT count(*) FROM unit WHERE unit.supply = supply.id)"
                " FROM supply WHERE source_locale = ? AND target_locale = ? ORDER BY kind, name",
                _codes(pair),
            )
            return {Supply(SupplyKind(kind), name): count for kind, name, count in rows}

    def units(self, pair: Pair) -> Iterator[tuple[MemoryUnit, Supply]]:
        """All units of a pair, by supply and in the order they were given in."""
        with self._damage_told():
            rows = self._database.execute(
                "SELECT * FROM supplied WHERE source_locale = ? AND target_locale = ?"
                " ORDER BY kind, name, id",
                _codes(pair),
            )
            for row in rows:
                yield _unit(row)

    def exact(self, pair: Pair, source: str, surroundings: Surroundings = NOWHERE) -> Match | None:
        """The best context, exact or near match of a segment; None where there is none.

        Args:
            pair: languages of the segment and of the translation.
            source: the segment's text.
            surroundings: where it stands.
        """
        form = comparable(source)
        return best_match(source, surroundings, self._of_form(pair, form, comparable_hash(form)))

    def lookup(
        self,
        pair: Pair,
        source: str,
        surroundings: Surroundings = NOWHERE,
        *,
        threshold: float = DEFAULT_THRESHOLD,
    ) -> Match | None:
        """The best match of a segment; None where none reaches the threshold.

        The first new question that no exact match answers reads all sources of the pair into
        memory: some 500 bytes and 10 µs a unit. Answers are kept, none of them included, until
        the sources change.

        Args:
            pair: languages of the segment and of the translation.
            source: the segment's text.
            surroundings: where it stands.
            threshold: least similarity, above 0; 1 wants nothing but exact and near matches.
        """
        match = self.exact(pair, source, surroundings)
        if match is not None or threshold >= 1:
            return match
        found = self._similar(pair, comparable(source), threshold)
        if found is None:
            return None
        units = (unit for key in found.keys for unit in self._of_key(pair, key))
        return best_match(source, surroundings, units, found.similarity)

    def _similar(self, pair: Pair, form: str, threshold: float) -> Found | None:
        """The most similar sources; found once for as long as the sources are the same."""
        self._notice_changes()
        asked = (pair, form, threshold)
        if asked not in self._answers:
            with self._damage_told():
                row = self._database.execute(
                    "SELECT similarity, keys FROM answer WHERE source_locale = ?"
                    " AND target_locale = ? AND form = ? AND threshold = ?",
                    (*_codes(pair), _bytes(form), threshold),
                ).fetchone()
                if row is not None:
                    similarity, keys = float(row[0]), tuple(map(int, json.loads(row[1])))
                    return Found(similarity, keys) if keys else None
            self._answers[asked] = self._index(pair).best(form, threshold)
        return self._answers[asked]

    def _keep_answers(self) -> None:
        if not self._answers:
            return
        with self._changing():
            self._notice_changes()
            self._database.executemany(
                "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (
                        *_codes(pair),
                        _bytes(form),
                        threshold,
                        found.similarity if found else 0.0,
                        json.dumps(found.keys if found else ()),
                    )
                    for (pair, form, threshold), found in self._answers.items()
                ),
            )

    def _notice_changes(self) -> None:
        """Forget what was found among sources that another process has changed since."""
        with self._faults_told():
            version = self._told("data_version")
        if version != self._indexed_version:
            self._indices.clear()
            self._answers.clear()
            self._indexed_version = version

    def _index(self, pair: Pair) -> SimilarityIndex:
        with self._damage_told():
            if pair not in self._indices:
                rows = self._database.execute(
                    "SELECT form, source FROM supplied"
                    " WHERE source_locale = ? AND target_locale = ?",
                    _codes(pair),
                )
                forms = ((int(key), comparable(_text(source))) for key, source in rows)
                self._indices[pair] = SimilarityIndex((key, form) for key, form in forms if form)
            return self._indices[pair]

    def _of_form(self, pair: Pair, form: str, key: int) -> list[tuple[MemoryUnit, Supply]]:
        return [found for found in self._of_key(pair, key) if comparable(found[0].source) == form]

    def _of_key(self, pair: Pair, key: int) -> list[tuple[MemoryUnit, Supply]]:
        """Units of a form, in an order that a memory made anew has, too."""
        with self._damage_told():
            rows = self._database.execute(
                "SELECT * FROM found WHERE form = ? AND source_locale = ? AND target_locale = ?"
                " ORDER BY kind, name, id",
                (key, *_codes(pair)),
            )
            return [_unit(row) for row in rows]

    # --- the file --------------------------------------------------------------------

    def _prepare(self) -> None:
        """Make the tables where there are none, or those of another version."""
        if not self._is_current():
            with self._changing():
                # Another process may have made them while this one waited.
                if not self._is_current():
                    self._make_tables()
        self._database.execute("PRAGMA journal_mode = WAL")
        # What the last moments before a power cut wrote may be lost: it is made again.
        self._database.execute("PRAGMA synchronous = NORMAL")
        # Hashes of forms come in no order: their index has to be at hand while it is made.
        self._database.execute(f"PRAGMA cache_size = -{_CACHE_KIBIBYTES}")

    def _is_current(self) -> bool:
        return self._told("application_id") == _APPLICATION and (
            self._told("user_version") == _VERSION
        )

    def _told(self, pragma: str) -> int:
        (value,) = self._database.execute(f"PRAGMA {pragma}").fetchone()
        return int(value)

    def _make_tables(self) -> None:
        found = self._database.execute(
            "SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')"
        ).fetchall()
        if found and self._told("application_id") != _APPLICATION:
            raise OutputError(
                "is a database, but no translation memory",
                where=self._where,
                way_out="move it away",
            )
        for kind, name in found:
            self._database.execute(f"DROP {kind} {name}")
        for statement in _TABLES.split(";"):
            self._database.execute(statement)
        self._database.execute(f"PRAGMA application_id = {_APPLICATION}")
        self._database.execute(f"PRAGMA user_version = {_VERSION}")

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """One step: all of it, or nothing where it is left by an error."""
        with self._faults_told():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                # An error such as a full disk may have ended the step already.
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    def _make_folder(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"cannot be made: {(error.strerror or type(error).__name__).lower()}",
                where=str(folder),
                way_out=_MAKE_ROOM,
            ) from error

    @contextlib.contextmanager
    def _faults_told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise OutputError(
                f"cannot be used: {error}", where=self._where, way_out=_way_out(error)
            ) from error

    @contextlib.contextmanager
    def _damage_told(self) -> Iterator[None]:
        """As :meth:`_faults_told`, also of what is read and makes no sense: SQLite knows a page
        by its structure, not by a checksum of what is in it.
        """
        try:
            with self._faults_told():
                yield
        except (ValueError, TypeError, OverflowError) as error:
            raise OutputError(
                "cannot be used: what is in it is damaged", where=self._where, way_out=_DELETE
            ) from error


def _way_out(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "another l10n is using it: run again when that is done"
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return _DELETE
    return _MAKE_ROOM


def _text(value: object) -> str:
    """A value as the text that it is.

    Raises:
        TypeError: where it is none: the file is damaged.
    """
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _bytes(form: str) -> bytes:
    return form.encode("utf-8", "surrogatepass")


def _codes(pair: Pair) -> tuple[str, str]:
    return pair.source.bcp47, pair.target.bcp47


def _row(supply: int, unit: MemoryUnit) -> tuple[object, ...]:
    more = [list(unit.notes), unit.properties] if unit.notes or unit.properties else None
    place = unit.surroundings
    return (
        supply,
        comparable_hash(comparable(unit.source)),
        unit.source,
        unit.target,
        place.document,
        place.context,
        place.previous,
        place.following,
        unit.created.isoformat() if unit.created else "",
        unit.creator,
        json.dumps(more, ensure_ascii=False) if more else "",
    )


def _unit(row: _Row) -> tuple[MemoryUnit, Supply]:
    texts = tuple(map(_text, row[:11]))
    source, target, document, context, previous, following, created, creator, more = texts[:9]
    kind, name = texts[9:]
    notes, properties = json.loads(more) if more else ((), ())
    unit = MemoryUnit(
        source,
        target,
        Surroundings(document, context, previous, following),
        created=datetime.fromisoformat(created) if created else None,
        creator=creator,
        notes=tuple(notes),
        properties=tuple((kind, value) for kind, value in properties),
    )
    return unit, Supply(SupplyKind(kind), name)
