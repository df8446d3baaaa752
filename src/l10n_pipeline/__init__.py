"""Machine-translate documents under a glossary of names, review them as PO, rebuild them."""

from importlib.metadata import version

__version__ = version("l10n-pipeline")
