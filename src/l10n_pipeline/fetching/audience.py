"""Whom a record of Remote Settings is meant for.

``filter_expression`` is written in JEXL. Mozilla's model records use a handful of its
means, which are all that is understood here: comparisons of ``env.channel`` and
``env.appinfo.OS`` with a string, joined by ``&&`` and ``||``.
Source: <https://firefox-source-docs.mozilla.org/services/settings/index.html>.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_COMPARISON: Final = re.compile(
    r"\s*(?P<field>env\.channel|env\.appinfo\.OS)\s*(?P<operator>[!=]=)\s*"
    r"(?P<quote>['\"])(?P<value>[^'\"]*)(?P=quote)\s*"
)


def is_for(expression: str, environment: Mapping[str, str]) -> bool:
    """Whether a filter expression lets a record through.

    What cannot be understood lets nothing through.

    Args:
        expression: the record's ``filter_expression``; empty lets everybody through.
        environment: values of ``env.channel`` and ``env.appinfo.OS``.

    >>> desktop = {"env.channel": "release", "env.appinfo.OS": "Linux"}
    >>> is_for("", desktop), is_for("env.appinfo.OS != 'Android'", desktop)
    (True, True)
    >>> is_for("env.channel == 'default' || env.channel == 'nightly'", desktop)
    False
    """
    if not expression.strip():
        return True
    alternatives = [
        [_holds(comparison, environment) for comparison in alternative.split("&&")]
        for alternative in expression.split("||")
    ]
    if any(None in terms for terms in alternatives):
        return False
    return any(all(terms) for terms in alternatives)


def _holds(comparison: str, environment: Mapping[str, str]) -> bool | None:
    """Whether a comparison holds; None where it cannot be understood."""
    match = _COMPARISON.fullmatch(comparison)
    if match is None:
        return None
    return (environment[match["field"]] == match["value"]) == (match["operator"] == "==")
