"""What a folder of files is as a model."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from l10n_pipeline.engines.found import CheckpointFiles, FoundModel, ModelFiles
from l10n_pipeline.errors import LocaleError, ModelError
from l10n_pipeline.locale import Locale

_FILES_OF_A_MODEL: Final = (
    "a model folder holds one model*.bin, its vocab*.spm (or srcvocab*.spm and trgvocab*.spm), "
    "and may hold one lex*.bin; or it holds a transformers checkpoint: config.json and "
    "*.safetensors"
)
# "enpt" in "model.enpt.intgemm.alphas.bin": Firefox Translations and Bergamot both name so.
PAIR_IN_NAME: Final = re.compile(r"\.(?P<source>[a-z]{2})(?P<target>[a-z]{2})\.")
STUDENT: Final = "student"


@dataclass(frozen=True, slots=True)
class StudentRoles:
    """A student's files by what they are."""

    model: Path
    source_vocabulary: Path
    target_vocabulary: Path
    shortlist: Path | None

    @classmethod
    def of(cls, paths: Iterable[Path]) -> StudentRoles | None:
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
            family=STUDENT,
            model=self.model,
            source_vocabulary=self.source_vocabulary,
            target_vocabulary=self.target_vocabulary,
            shortlist=self.shortlist,
            licence=licence,
            origin=origin,
            size=sum(path.stat().st_size for path in files if path is not None),
        )


def model_in_folder(path: Path, source: Locale, target: Locale) -> FoundModel:
    """The model whose files lie in a folder.

    Args:
        path: a folder that holds one ``*.bin`` model, ``vocab*.spm`` or ``srcvocab*.spm``
            and ``trgvocab*.spm``, and at most one ``lex*.bin``; or a transformers checkpoint.
        source: what it translates from.
        target: what it translates to.

    Raises:
        ModelError: where the folder does not hold exactly that, or the model itself says
            that it is of another pair.
    """
    try:
        files = sorted(file for file in path.iterdir() if file.is_file())
    except OSError as error:
        raise ModelError(
            f"cannot be read as a model folder: {error.strerror or error}",
            where=str(path),
            way_out=_FILES_OF_A_MODEL,
        ) from error
    from l10n_pipeline.engines.huggingface import (  # noqa: PLC0415 - for this kind alone
        is_checkpoint,
    )

    if is_checkpoint(path):
        return checkpoint_in_folder(path, source, target)
    roles = StudentRoles.of(files)
    if roles is None:
        raise ModelError("is not a model folder", where=str(path), way_out=_FILES_OF_A_MODEL)
    match = PAIR_IN_NAME.search(roles.model.name)
    if match and not _speaks(match, source, target):
        raise ModelError(
            f"translates {match['source']} → {match['target']}, not {source} → {target}",
            where=str(roles.model),
            way_out="pass the folder of a model for this pair",
        )
    return roles.described(
        name=path.resolve().name,
        source=source.bcp47,
        target=target.bcp47,
        licence="",
        origin=str(path),
    )


def checkpoint_in_folder(path: Path, source: Locale, target: Locale) -> CheckpointFiles:
    """The transformers checkpoint that lies in a folder, for a pair.

    Raises:
        ModelError: where it is broken, of a family that cannot be run, or does not serve
            the pair.
    """
    from l10n_pipeline.engines.huggingface import (  # noqa: PLC0415 - for this kind alone
        read_checkpoint,
    )

    checkpoint = read_checkpoint(path)
    if not checkpoint.serves(source, target):
        raise ModelError(
            f"does not translate {source} → {target}",
            where=str(path),
            way_out="pass the folder of a model for this pair",
        )
    return CheckpointFiles(
        name=checkpoint.name,
        source=source.bcp47,
        target=target.bcp47,
        family=checkpoint.family,
        checkpoint=checkpoint,
        licence=checkpoint.licence,
        origin=str(path),
        size=checkpoint.size,
    )


def _role(name: str) -> str:
    if name.endswith(".bin"):
        return "shortlist" if name.startswith("lex") else "model"
    if name.endswith(".spm"):
        prefix = name.partition(".")[0]
        return {"vocab": "shared", "srcvocab": "source", "trgvocab": "target"}.get(prefix, "")
    return ""


def _speaks(match: re.Match[str], source: Locale, target: Locale) -> bool:
    """Whether the pair in a model's name is of these languages."""
    try:
        found = Locale.parse(match["source"]).language, Locale.parse(match["target"]).language
    except LocaleError:
        # Four letters that are no pair of languages say nothing about the pair.
        return True
    return found == (source.language, target.language)
