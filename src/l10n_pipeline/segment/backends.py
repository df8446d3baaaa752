"""The sentence splitting libraries, behind one shape: text in, offsets of ends out.

yasbd has careful rules for some forty languages; sentencex knows abbreviations for some
three hundred and falls back to a related language for the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from l10n_pipeline.locale import Locale

Backend = Callable[[str], Sequence[int]]
"""Ascending offsets at which sentences of the text end, white space after them or not.
Raises :class:`BackendError` where it cannot tell."""

WINDOW: Final = 2000
"""Code points that a backend is given at once: some of its rules take time that grows
with the square of the length."""
_MARGIN: Final = 200
"""Code points at the end of a window where a rule may lack the context it looks for."""


class BackendError(Exception):
    """A library failed on a text."""


def backends_for(locale: Locale) -> tuple[Backend, ...]:
    """The libraries that serve a locale, best first."""
    fallback = _sentencex(locale.language)
    preferred = _yasbd(locale.language)
    return (preferred, fallback) if preferred else (fallback,)


def sentence_ends(backend: Backend, text: str) -> list[int]:
    """What the backend says of a text of any length, asked window by window.

    A window begins where the last sentence found ends, so that the backend sees whole
    sentences, and reaches far enough to decide the next.

    Raises:
        BackendError: where the library failed or answered with what are no offsets.
    """
    ends: list[int] = []
    start = 0
    while True:
        stop = _at_space(text, start, start + WINDOW)
        found = [start + end for end in _checked(backend, text[start:stop])]
        if stop == len(text):
            return ends + found
        sure = [end for end in found if end <= stop - _MARGIN]
        ends += sure
        start = sure[-1] if sure else _at_space(text, start, stop - _MARGIN)


def _at_space(text: str, start: int, at: int) -> int:
    """The last place up to ``at`` where a word ends, or ``at`` itself if there is none."""
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", start + WINDOW // 2, at)
    return space if space > 0 else at


def _checked(backend: Backend, text: str) -> Iterator[int]:
    previous = 0
    for end in backend(text):
        if not previous < end <= len(text):
            raise BackendError(f"{end} is no sentence end after {previous} of {len(text)}")
        previous = end
        yield end


def _yasbd(language: str) -> Backend | None:
    # Imported here because compiling its rules would slow down every command's start.
    from yasbd import BoundaryDetector, UnsupportedLanguageError  # noqa: PLC0415

    try:
        detector = BoundaryDetector(language)
    except UnsupportedLanguageError:
        return None

    def ends(text: str) -> list[int]:
        try:
            return list(detector.detect(text))
        except Exception as error:  # every language has rules of its own, any of which may fail
            raise BackendError(f"yasbd: {error!r}") from error

    return ends


def _sentencex(language: str) -> Backend:
    from sentencex import get_sentence_boundaries  # noqa: PLC0415 - as above

    def ends(text: str) -> list[int]:
        try:
            return [int(found["end_index"]) for found in get_sentence_boundaries(language, text)]
        except BaseException as error:
            # A panic of its Rust core is no Exception; Ctrl-C is to go through.
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            raise BackendError(f"sentencex: {error!r}") from error

    return ends
