"""Pairs that Mozilla publishes a Firefox Translations student for.

Only for messages that say where a model can be had. Source: the ``models/`` folder of
the public repository ``mozilla/firefox-translations-models``, commit e7957fc of 2025-12-15,
where the models are under the Mozilla Public License 2.0. Mozilla publishes newer models,
of these and of further pairs, at <https://mozilla.github.io/translations/firefox-models/>.
"""

from __future__ import annotations

from typing import Final

MODELS_PAGE: Final = "https://mozilla.github.io/translations/firefox-models/"


def _languages(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


_TO_ENGLISH: Final = _languages(
    """
    ar az be bg bn bs ca cs da de el es et fa fi fr gu he hi hr hu id is it ja kn ko lt
    lv ml ms mt nb nl nn pl pt ro ru sk sl sq sr sv ta te tr uk vi zh
    """
)
_FROM_ENGLISH: Final = _languages(
    """
    ar az bg bn ca cs da de el es et fa fi fr gu he hi hr hu id is it ja kn ko lt lv ml
    ms nl pl pt ro ru sk sl sq sv ta te tr uk zh
    """
)


def is_published(source: str, target: str) -> bool:
    """Whether Mozilla publishes a student from one language to the other.

    Args:
        source: bare language code: ``en``.
        target: bare language code: ``az``.

    >>> is_published("en", "az"), is_published("az", "pt")
    (True, False)
    """
    if target == "en":
        return source in _TO_ENGLISH
    return source == "en" and target in _FROM_ENGLISH
