"""Document formats: bytes to a :class:`~l10n_pipeline.model.Document` and back."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.html import Html
from l10n_pipeline.formats.markdown import Markdown
from l10n_pipeline.formats.subtitles import SubRip, WebVTT
from l10n_pipeline.formats.text import PlainText
from l10n_pipeline.protocols import DocumentFormat

FORMATS: Final[tuple[DocumentFormat, ...]] = (
    PlainText(),
    Markdown(),
    Html(),
    SubRip(),
    WebVTT(),
)
"""Every format there is; no two serve the same suffix."""

_BY_SUFFIX: Final = {suffix: served for served in FORMATS for suffix in served.suffixes}


def format_for(path: str) -> DocumentFormat:
    """The format that serves a file of this name, whatever the case of its suffix.

    >>> format_for("guide/INTRO.TXT").name
    'text'

    Raises:
        DocumentError: where no format serves the suffix; says which ones are.
    """
    suffix = PurePosixPath(path).suffix.lower()
    if suffix not in _BY_SUFFIX:
        raise DocumentError(
            f"no document format serves {suffix!r}" if suffix else "the file name has no suffix",
            where=path,
            way_out=f"supported are {', '.join(sorted(_BY_SUFFIX))}",
        )
    return _BY_SUFFIX[suffix]
