"""``l10n init``."""

from __future__ import annotations

import json
from collections.abc import Sequence

from l10n_pipeline.cli.console import counted, say
from l10n_pipeline.config import FILE_NAME, TEMPLATE, current_folder
from l10n_pipeline.errors import UsageError
from l10n_pipeline.files import write_atomically
from l10n_pipeline.locale import Locale
from l10n_pipeline.pipeline.proposing import proposed_documents


def run(*, source: str, targets: Sequence[str]) -> None:
    """Write ``l10n.toml`` into the current folder, for the documents that lie there.

    Raises:
        UsageError: where there is one already.
        LocaleError: where a language is none.
    """
    path = current_folder() / FILE_NAME
    if path.exists() or path.is_symlink():
        raise UsageError("is there already", where=FILE_NAME, way_out="edit it, or remove it first")
    language = Locale.parse(source)
    codes = list(dict.fromkeys(Locale.parse(target).bcp47 for target in targets))
    proposal = proposed_documents(path.parent, language)
    text = TEMPLATE.replace('source = "en"', f"source = {json.dumps(language.bcp47)}").replace(
        "targets = []", f"targets = {json.dumps(codes)}"
    )
    if proposal.patterns:
        text = text.replace(
            'documents = ["seeds/**"]', f"documents = {json.dumps(list(proposal.patterns))}"
        )
    write_atomically(path, text.encode(), where=FILE_NAME)
    command = "l10n translate" if codes else "l10n translate --to pt-BR (or another language)"
    if proposal.patterns:
        found = f"{counted(proposal.files, 'document')} found: {', '.join(proposal.patterns)}"
        say(f"wrote {FILE_NAME}; {found}")
        say(f"next: look at it, then run: {command}")
    else:
        say(f"wrote {FILE_NAME}; put documents into seeds/, then run: {command}")
