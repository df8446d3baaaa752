"""``python -m l10n_pipeline`` is the ``l10n`` command."""

from l10n_pipeline.cli import main

main()
