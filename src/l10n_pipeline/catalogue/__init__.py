"""Gettext catalogues: PO in and out, review states, and the merge that loses no human work.

Everything here is pure: bytes or values in, bytes or values out. No clock, no files.

==================  ==================================================================
:mod:`.po`          ``read_catalogue``, ``write_catalogue``; alone knows polib
:mod:`.syntax`      strict reading of PO lines, in front of polib
:mod:`.notes`       the ``# l10n-…:`` lines: provenance, term verdicts, findings
:mod:`.header`      header fields, their order and dates
:mod:`.states`      where a unit stands in review, and what a build may use
:mod:`.merge`       template, plan of what to draft, merge of drafts and human work
==================  ==================================================================
"""
