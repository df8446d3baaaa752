"""Marian students: the small, quick models of Firefox Translations and Bergamot.

Their files are read directly: :mod:`.marian_file` (weights), :mod:`.configuration`,
:mod:`.vocabulary` and :mod:`.shortlist`; :mod:`.network` computes with them.
"""

from l10n_pipeline.engines.student.model import StudentModel

__all__ = ["StudentModel"]
