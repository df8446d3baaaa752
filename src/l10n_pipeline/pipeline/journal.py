"""What a model wrote and no catalogue has yet, kept for the case that a run is interrupted.

Engines work in batches; what a batch gave is written to disk when it is there, and a run that
follows on one that was interrupted takes it from there instead of asking the model again. All that
is made of it, under the glossary and the checks of the day, is made anew. The catalogues remain
the only database: a journal holds nothing but what is on its way into them, is removed once it is
there, and may be deleted when no command runs.

A journal is a text file of a line for each translation, or for the news that one is not needed any
more: a checksum (CRC-32 of the rest, eight hex digits), a space, and ``["KEY",HYPOTHESES]`` as
JSON, with ``null`` for what is done with. Lines whose checksum is another, as the last one of a
killed process may be, say nothing. A key is a hash of all that a translation depends on.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from l10n_pipeline import __version__
from l10n_pipeline.errors import OutputError
from l10n_pipeline.files import is_file, read_bytes, reason
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import GREEDY, Alignment, Hypothesis, Search, Span
from l10n_pipeline.pipeline.batches import CHARACTERS_A_BATCH, Asked, of_like_length
from l10n_pipeline.pipeline.workers import WorkerPool
from l10n_pipeline.protocols import Engine

_CHECKSUM_DIGITS: Final = 8
_KEY_DIGITS: Final = 32


class _Hypothesis(msgspec.Struct, frozen=True, array_like=True):
    """A :class:`~l10n_pipeline.model.Hypothesis` as a journal has it."""

    text: str
    score: float
    complete: bool
    unwritable: tuple[tuple[int, int], ...]
    places: tuple[int, ...]
    """Of the alignment: start and end in the target, start and end in the source, a link."""
    weights: tuple[float, ...]


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    key: str
    found: tuple[_Hypothesis, ...] | None
    """Best first; None where it is done with."""


_ENTRY: Final = msgspec.json.Decoder(_Entry)


class Journal:
    """What engines wrote for one target language. Only for one who holds the project's lock.

    Args:
        path: the file; it is made when there is something to keep. None for a journal that keeps
            nothing.
        where: the file, for messages.

    Raises:
        OutputError: where it is there and cannot be read.
    """

    def __init__(self, path: Path | None, where: str) -> None:
        self.taken = 0
        """Translations of an interrupted run that were of use."""
        self._path = path
        self._where = where
        self._kept: dict[str, tuple[_Hypothesis, ...]] = {}
        """What an interrupted run left."""
        self._all: set[str] = set()
        """The keys of everything that is in the file and not done with."""
        self._used: set[str] = set()
        """Those of them that were asked for or added since the last settlement."""
        self._done: set[str] = set()
        """Those of them that nobody needs any more."""
        if path is not None and is_file(path, kind=OutputError, where=where):
            self._kept = _read(read_bytes(path, kind=OutputError, where=where))
            self._all = set(self._kept)

    def find(self, key: str) -> list[Hypothesis] | None:
        """What an interrupted run found under a key, best first."""
        found = self._kept.get(key)
        if found is None:
            return None
        self.taken += key not in self._used
        self._used.add(key)
        return [_loaded(one) for one in found]

    def add(self, found: Mapping[str, Sequence[Hypothesis]]) -> None:
        """Keep translations, by their keys: when this returns they are on disk.

        Raises:
            OutputError: where that fails; what was kept before still is.
        """
        if self._path is not None and found:
            self._append(_Entry(key, tuple(map(_dumped, one))) for key, one in found.items())
            self._all |= found.keys()
            self._used |= found.keys()

    def settle(self, *, written: bool) -> None:
        """Say what became of all that was asked for or added since this was last called.

        Args:
            written: whether all that was made of it is in the catalogues; otherwise it is kept.
        """
        if written:
            self._done |= self._used & self._all
        self._used = set()

    def forget(self) -> None:
        """Let go of what is in the catalogues."""
        done, self._done = self._done, set()
        self._all -= done
        if self._all and done:
            # What is not told of costs nothing but room.
            with contextlib.suppress(OutputError):
                self._append(_Entry(key, None) for key in done)
        elif done and self._path is not None:
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)
        for key in done:
            self._kept.pop(key, None)

    def _append(self, entries: Iterable[_Entry]) -> None:
        assert self._path is not None
        lines = b"".join(map(_line, entries))
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            descriptor = os.open(self._path, flags, 0o666)
            try:
                _append_lines(descriptor, lines)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise OutputError(
                f"cannot be written: {reason(error)}",
                where=self._where,
                way_out="make room or give write permission, then run again",
            ) from error


def _dumped(hypothesis: Hypothesis) -> _Hypothesis:
    links = tuple(hypothesis.alignment)
    return _Hypothesis(
        hypothesis.text,
        hypothesis.score,
        hypothesis.complete,
        tuple((span.start, span.end) for span in hypothesis.unwritable),
        tuple(
            place
            for link in links
            for place in (link.target.start, link.target.end, link.source.start, link.source.end)
        ),
        tuple(link.weight for link in links),
    )


def _loaded(one: _Hypothesis) -> Hypothesis:
    return Hypothesis(
        one.text,
        one.score,
        Alignment.of(one.places, one.weights),
        one.complete,
        tuple(Span(start, end) for start, end in one.unwritable),
    )


def _line(entry: _Entry) -> bytes:
    content = msgspec.json.encode(entry)
    return b"%08x %s\n" % (zlib.crc32(content), content)


def _read(data: bytes) -> dict[str, tuple[_Hypothesis, ...]]:
    kept: dict[str, tuple[_Hypothesis, ...]] = {}
    for line in data.split(b"\n"):
        checksum, content = line[:_CHECKSUM_DIGITS], line[_CHECKSUM_DIGITS + 1 :]
        if checksum != b"%08x" % zlib.crc32(content):
            continue
        try:
            entry = _ENTRY.decode(content)
        except msgspec.MsgspecError:
            continue  # another version's
        if entry.found is None:
            kept.pop(entry.key, None)
        else:
            kept[entry.key] = entry.found
    return kept


def _append_lines(descriptor: int, lines: bytes) -> None:
    """Append to a file all or nothing, and see it on disk.

    Raises:
        OSError: where that fails.
    """
    size = os.lseek(descriptor, 0, os.SEEK_END)
    try:
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            lines = b"\n" + lines  # after what a killed process began
        rest = memoryview(lines)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, size)
        raise


class Journals:
    """The journals of a run, one a target language.

    Args:
        folder: where they lie, absolute; None to keep nothing.
        where: the folder, for messages.
        to_the_end: whether to let go of translations only when the run has ended: one that makes
            anew what catalogues have cannot tell from them where another one was interrupted.
    """

    def __init__(
        self, folder: Path | None = None, where: str = "", *, to_the_end: bool = False
    ) -> None:
        self._folder = folder
        self._where = where
        self._to_the_end = to_the_end
        self._open: dict[Locale, Journal] = {}
        self.is_broken = False
        """Whether something could not be kept, so that no more is to be made."""

    def of(self, target: Locale) -> Journal:
        """The journal of a target language.

        Raises:
            OutputError: where it cannot be read.
        """
        if target not in self._open:
            where = f"{self._where}/{_name(target)}"
            self._open[target] = Journal(self._folder and self._folder / _name(target), where)
        return self._open[target]

    @property
    def taken(self) -> int:
        """Translations of interrupted runs that were of use."""
        return sum(journal.taken for journal in self._open.values())

    def settle(self, target: Locale, *, written: bool) -> None:
        """As :meth:`Journal.settle`, and let go of what is not needed as soon as it may be."""
        if target in self._open:
            self._open[target].settle(written=written)
            if not self._to_the_end:
                self._open[target].forget()

    def end(self, finished: Iterable[Locale]) -> None:
        """The run has ended.

        Args:
            finished: languages in which nothing remains to be done at all: what else is kept of
                them is of no use to anybody.
        """
        for journal in self._open.values():
            journal.forget()
        if self._folder is None:
            return
        for target in finished:
            with contextlib.suppress(OSError):
                (self._folder / _name(target)).unlink(missing_ok=True)


def _name(target: Locale) -> str:
    return f"unfinished.{target.posix}"


class KeptEngine:
    """An :class:`l10n_pipeline.protocols.Engine` whose translations are kept in a journal, and
    that does not ask for those that are there.

    Args:
        engine: translates what is not there.
        journal: where translations are kept, batch by batch.
        of: what tells its translations from others beside its name: languages, the model's files.
        characters: what a batch has at most, where the engine has not batches of its own.
    """

    def __init__(
        self,
        engine: Engine,
        journal: Journal,
        *,
        of: Sequence[str] = (),
        characters: int = CHARACTERS_A_BATCH,
    ) -> None:
        self.name = engine.name
        self._engine = engine
        self._of = tuple(of)
        self._journal = journal
        self._characters = characters

    def translate(
        self,
        sources: Sequence[str],
        *,
        search: Search = GREEDY,
        prefixes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> list[Hypothesis]:
        """Translate each source; see :class:`l10n_pipeline.protocols.Engine`.

        Raises:
            OutputError: where the journal cannot be written.
        """
        return [best for best, *_ in self._found(sources, 1, search, prefixes, progress)]

    def n_best(
        self,
        sources: Sequence[str],
        n: int,
        *,
        search: Search,
        prefixes: Sequence[str] | None = None,
    ) -> list[list[Hypothesis]]:
        """Several translations of each source; see :class:`l10n_pipeline.protocols.Engine`.

        Raises:
            OutputError: where the journal cannot be written.
        """
        return self._found(sources, n, search, prefixes, None)

    def close(self) -> None:
        """Let go of the engine."""
        self._engine.close()

    def _found(
        self,
        sources: Sequence[str],
        n: int,
        search: Search,
        prefixes: Sequence[str] | None,
        progress: Callable[[int], None] | None,
    ) -> list[list[Hypothesis]]:
        asked = list(zip(sources, prefixes or [""] * len(sources), strict=True))
        times = Counter(asked)
        way = msgspec.json.encode((__version__, self.name, self._of, n, search))
        keys = {one: _key(way, one) for one in times}
        found = {one: old for one, key in keys.items() if (old := self._journal.find(key))}
        if found and progress is not None:
            progress(sum(times[one] for one in found))
        missing = [one for one in times if one not in found]
        for batch, results in self._batches(missing, n, search):
            self._journal.add({keys[one]: new for one, new in zip(batch, results, strict=True)})
            found.update(zip(batch, results, strict=True))
            if progress is not None:
                progress(sum(times[one] for one in batch))
        return [found[one] for one in asked]

    def _batches(
        self, asked: Sequence[Asked], n: int, search: Search
    ) -> Iterator[tuple[list[Asked], list[list[Hypothesis]]]]:
        if isinstance(self._engine, WorkerPool):
            yield from self._engine.batches(asked, n, search)
            return
        for batch in of_like_length(asked, self._characters):
            sources, prefixes = [one[0] for one in batch], [one[1] for one in batch]
            forced = prefixes if any(prefixes) else None
            if n == 1:
                best = self._engine.translate(sources, search=search, prefixes=forced)
                yield batch, [[hypothesis] for hypothesis in best]
            else:
                yield batch, self._engine.n_best(sources, n, search=search, prefixes=forced)


def _key(way: bytes, asked: Asked) -> str:
    return hashlib.sha256(way + msgspec.json.encode(asked)).hexdigest()[:_KEY_DIGITS]
