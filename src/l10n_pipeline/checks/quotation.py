"""Quotation marks that did not arrive."""

from __future__ import annotations

import re
from typing import Final

from l10n_pipeline.checks.pair import LanguagePair
from l10n_pipeline.model import Diagnostic, Severity

# Unicode's paired quotation marks and the ASCII one. Apostrophes and single marks
# are left out: nobody can tell them apart.
_DOUBLE: Final = re.compile('["“”„‟«»「」『』〝〞〟＂]')


def lost_quotation_marks(source: str, target: str, _: LanguagePair) -> list[Diagnostic]:
    """The source quotes, the translation has fewer quotation marks."""
    wanted = len(_DOUBLE.findall(source))
    if not wanted or (found := len(_DOUBLE.findall(target))) >= wanted:
        return []
    marks = "quotation mark" if wanted == 1 else "quotation marks"
    message = f"{wanted} {marks} in the source, {found} in the translation"
    return [Diagnostic("quotation", message, Severity.WARNING)]
