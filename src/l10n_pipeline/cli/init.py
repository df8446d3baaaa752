"""``l10n init``."""

from __future__ import annotations

import json
from collections.abc import Sequence

from l10n_pipeline.cli.console import say
from l10n_pipeline.config import FILE_NAME, TEMPLATE, current_folder
from l10n_pipeline.errors import UsageError
from l10n_pipeline.files import write_atomically
from l10n_pipeline.locale import Locale


def run(*, source: str, targets: Sequence[str]) -> None:
    """Write ``l10n.toml`` into the current folder.

    Raises:
        UsageError: where there is one already.
        LocaleError: where a language is none.
    """
    path = current_folder() / FILE_NAME
    if path.exists() or path.is_symlink():
        raise UsageError("is there already", where=FILE_NAME, way_out="edit it, or remove it first")
    codes = [Locale.parse(target).bcp47 for target in targets]
    text = TEMPLATE.replace(
        'source = "en"', f"source = {json.dumps(Locale.parse(source).bcp47)}"
    ).replace("targets = []", f"targets = {json.dumps(codes)}")
    write_atomically(path, text.encode(), where=FILE_NAME)
    say(f"wrote {FILE_NAME}; put documents into seeds/, then run: l10n translate")
