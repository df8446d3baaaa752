"""Short fingerprints kept in catalogue entries.

They answer two questions without any other database: has a human touched what the
machine wrote, and was a draft made under the terms that hold today?
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from l10n_pipeline.model import TermHit

_DIGITS = 12


def text_hash(text: str) -> str:
    """First 12 hex digits of the SHA-256 of the text's UTF-8.

    >>> text_hash("Olá")
    '5251c3c68010'
    """
    # Lone surrogates cannot come from a decoded file, but a hash must never fail.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def terms_hash(hits: Iterable[TermHit]) -> str:
    """Fingerprint of all that the glossary asks of a segment; empty where it asks nothing.

    Notes and origins are left out, and so is the order of hits, aliases and forbidden
    renderings: they change no translation. Accepted forms count in their order, since the
    first and the last bound what a rendering may begin and end with.
    """
    asked = sorted(
        json.dumps(
            (
                hit.term.source,
                hit.term.target,
                hit.term.mode,
                hit.term.kind,
                hit.term.case_sensitive,
                hit.term.fixed_case,
                hit.term.ignores_diacritics,
                hit.term.gender,
                hit.plural,
                hit.term.forms,
                sorted(hit.term.forbidden),
                sorted(hit.term.aliases),
            )
        )
        for hit in hits
    )
    return text_hash("\n".join(asked)) if asked else ""
