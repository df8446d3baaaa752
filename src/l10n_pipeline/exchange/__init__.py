"""Catalogues as translators' own tools take them, and what comes back.

Everything here is pure: nouns or bytes in, nouns or bytes out.

==================  ==================================================================
:mod:`.entries`     what goes out, and what comes back, whatever the format
:mod:`.xliff`       XLIFF 2.1
:mod:`.table`       CSV, for spreadsheets
:mod:`.cells`       cells that no spreadsheet runs or rewrites
:mod:`.matching`    which catalogue, and which of its entries, what came back is for
:mod:`.returning`   what becomes of a catalogue's entry by what came back
==================  ==================================================================
"""
