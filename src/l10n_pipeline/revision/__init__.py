"""What became of each sentence between two versions of a document.

Everything here is pure: texts in, changes out. :func:`trace` tells, of each sentence that is new,
which ones of before it was made of, so that what reviewers did for those is not lost.

====================  ================================================================
:mod:`.tracing`       ``trace``: which change happened, the surest first
:mod:`.shortlist`     which of very many sentences are worth comparing exactly
:mod:`.numbering`     texts with their numbers taken out
====================  ================================================================
"""

from l10n_pipeline.model import Change, ChangeKind
from l10n_pipeline.revision.tracing import trace

__all__ = ["Change", "ChangeKind", "trace"]
