"""Reading and building, as all subtitle formats do it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import zip_longest
from typing import Final

from l10n_pipeline.formats.subtitles.cues import Syntax
from l10n_pipeline.formats.subtitles.reading import read_subtitles
from l10n_pipeline.formats.subtitles.writing import write_subtitles
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Document, Segment

_TIMING: Final = re.compile(
    r"(?:\A|(?<=[\r\n]))[^\r\n:>]*:[ \t]*\d+(?:[ \t]*[.,:][ \t]*\d+)*[ \t]*-->[^\r\n]*"
)


class SubtitleFormat:
    """A way to write subtitles; implements :class:`l10n_pipeline.protocols.DocumentFormat`."""

    name: str
    suffixes: tuple[str, ...]
    edition_suffix: str = ""
    syntax: Syntax
    """What tells it from the others."""

    def read(self, data: bytes, *, path: str, name: str, locale: Locale) -> Document:
        """Decode and divide into blocks, one for each run of cues whose text goes on.

        Raises:
            DocumentError: where the bytes are no text in UTF-8, or in UTF-16 or UTF-32 with a
                byte order mark, or hold no cue.
        """
        return read_subtitles(
            data, self.syntax, path=path, name=name, locale=locale, format_name=self.name
        )

    def build(
        self,
        document: Document,
        translations: Mapping[Segment, str],
        *,
        target: Locale | None = None,  # noqa: ARG002  the protocol's; a file does not say it
    ) -> bytes:
        """The document with these segments replaced: see
        :func:`~l10n_pipeline.formats.subtitles.writing.write_subtitles`.
        """
        return write_subtitles(document, translations, self.syntax)

    def first_drift(self, source: Document, built: Document) -> int | None:
        """The first timing that is another: over which cues a sentence runs depends on its text."""
        at = 0
        for ours, theirs in zip_longest(*map(_TIMING.finditer, (source.text, built.text))):
            at = ours.start() if ours else at
            if ours is None or theirs is None or ours[0].strip() != theirs[0].strip():
                return at
        return None
