"""What Mozilla publishes as Firefox Translations students, and how good they are.

A snapshot, for messages and for the list of models before a registry was ever fetched.
Source: ``models/*/*/metadata.json`` and ``evaluation/{bleu,comet}-results.json`` of the
public repository ``mozilla/firefox-translations-models``, commit e7957fc of 2025-12-15,
where the models are under the Mozilla Public License 2.0. The scores are of the FLORES
devtest (``flores-test``) as measured there.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from l10n_pipeline.locale import Locale

SNAPSHOT_DATE: Final = "2025-12-15"
LICENCE: Final = "MPL-2.0"
"""SPDX identifier of the licence that Mozilla publishes its students under."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Published scores on the FLORES devtest."""

    bleu: float
    comet: float

    def __str__(self) -> str:
        return f"BLEU {self.bleu:.1f}, COMET {self.comet:.3f}"


@dataclass(frozen=True, slots=True)
class PublishedStudent:
    """A student in the snapshot."""

    source: Locale
    target: Locale
    architecture: str
    """``tiny``, ``base`` or ``base-memory``."""
    size: int
    """Bytes of its model file alone; vocabularies and shortlist add about a fifth."""
    sha256: str
    """Of its model file, not compressed."""
    quality: Quality | None
    """None where it was not measured."""


def as_served(tag: str) -> Locale:
    """The most general locale that a published model's language tag stands for.

    A script that the language has anyway is dropped, so that ``zh`` finds ``zh-Hans``.

    >>> str(as_served("zh-Hans")), str(as_served("zh-Hant")), str(as_served("pt-BR"))
    ('zh', 'zh-Hant', 'pt-BR')

    Raises:
        LocaleError: where the tag names no language.
    """
    locale = Locale.parse(tag)
    return locale if locale.territory or locale.variant else locale.fallbacks[-1]


@cache
def published_students() -> tuple[PublishedStudent, ...]:
    """All of the snapshot, in order of pair and architecture."""
    with (files(__package__) / "published.tsv").open(encoding="utf-8") as table:
        return tuple(
            PublishedStudent(
                source=as_served(row["source"]),
                target=as_served(row["target"]),
                architecture=row["architecture"],
                size=int(row["bytes"]),
                sha256=row["sha256"],
                quality=Quality(float(row["bleu"]), float(row["comet"])) if row["bleu"] else None,
            )
            for row in csv.DictReader(table, delimiter="\t")
        )


def is_published(source: Locale, target: Locale) -> bool:
    """Whether a student from one language to the other, or a more general one, is published.

    >>> en, az, pt = map(Locale.parse, ("en", "az", "pt-BR"))
    >>> is_published(en, az), is_published(en, pt), is_published(az, pt)
    (True, True, False)
    """
    return any(
        student.source in source.fallbacks and student.target in target.fallbacks
        for student in published_students()
    )


def quality_of(sha256: str) -> Quality | None:
    """The published scores of exactly this model file; None where there are none."""
    return next(
        (student.quality for student in published_students() if student.sha256 == sha256), None
    )
