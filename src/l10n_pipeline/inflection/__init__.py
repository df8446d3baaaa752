"""How names inflect: generating an agreed target's forms and choosing among them."""

from l10n_pipeline.inflection.choice import ParadigmInflector
from l10n_pipeline.inflection.registry import Need, inflector_for, missing_for

__all__ = ["Need", "ParadigmInflector", "inflector_for", "missing_for"]
