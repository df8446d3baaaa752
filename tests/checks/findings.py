"""What the rules say, by name."""

from l10n_pipeline.checks import inspect
from l10n_pipeline.locale import Locale


def rules(
    source: str, target: str, source_locale: str | None = None, target_locale: str | None = None
) -> list[str]:
    """Names of the rules that find something; locales are BCP 47 tags."""
    findings = inspect(
        source,
        target,
        source_locale=Locale.parse(source_locale) if source_locale else None,
        target_locale=Locale.parse(target_locale) if target_locale else None,
    )
    return [finding.rule for finding in findings]
