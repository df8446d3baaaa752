"""Machine-translate documents under a glossary of names, review them as PO, rebuild them."""

__version__ = "0.1.0"
