"""``l10n models``: which models there are, and fetching more.

:func:`fetch_list`, :func:`look_up` and :func:`fetch` connect to the network; nothing else
in this package does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from l10n_pipeline.config import Project
from l10n_pipeline.engines.cached import CachedModel, Kind, cached_models
from l10n_pipeline.engines.carried import installed_models
from l10n_pipeline.engines.folders import StudentRoles
from l10n_pipeline.engines.found import FoundModel
from l10n_pipeline.engines.huggingface import Checkpoint, read_checkpoint
from l10n_pipeline.engines.huggingface.languages import model_code
from l10n_pipeline.engines.published import (
    LICENCE,
    SNAPSHOT_DATE,
    Quality,
    published_students,
    quality_of,
)
from l10n_pipeline.engines.registry import find_model, find_route, refuse_one_language
from l10n_pipeline.errors import EnvironmentFault, L10nError, ModelError, NoModelError
from l10n_pipeline.fetching import hub, mozilla
from l10n_pipeline.fetching.offer import Offer
from l10n_pipeline.fetching.store import TransferProgress, store, stored
from l10n_pipeline.fetching.transfer import Network, Patience
from l10n_pipeline.locale import Locale
from l10n_pipeline.pipeline.engines import configured_model

__all__ = [
    "ListedModel",
    "ModelList",
    "Offer",
    "TransferProgress",
    "Wanted",
    "fetch",
    "fetch_list",
    "is_fetched",
    "is_offline",
    "is_stored",
    "list_models",
    "look_up",
    "look_up_offline",
    "patience",
]

OFFLINE_VARIABLE: Final = "L10N_OFFLINE"


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model as ``l10n models list`` tells of it."""

    name: str
    source: str
    """BCP 47 tag, or in words how many languages it reads."""
    target: str
    family: str
    state: str
    """``installed``, ``fetched``, ``folder`` or ``available``."""
    size: int
    """Bytes on disk; of an available model that no registry was asked about, its largest
    file's."""
    licence: str
    """Empty where it is not known."""
    origin: str
    quality: Quality | None = None
    configured_for: tuple[str, ...] = ()
    """Target locales that the project uses it for."""


@dataclass(slots=True)
class ModelList:
    """What :func:`list_models` found."""

    models: list[ListedModel] = field(default_factory=list)
    faults: list[L10nError] = field(default_factory=list)
    """What could not be read."""
    as_of: str = ""
    """Date of the list that the available ones are from; empty where none were asked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to fetch: a pair of languages, or a repository by name."""

    pair: tuple[Locale, Locale] | None = None
    repository: str = ""
    revision: str = ""
    architecture: str = ""
    pre_release: bool = False


def is_offline(asked: bool = False) -> bool:
    """Whether not to connect: asked for, or because of ``L10N_OFFLINE``."""
    return asked or os.environ.get(OFFLINE_VARIABLE, "").lower() not in {"", "0", "false", "no"}


def patience(timeout: float) -> Patience:
    """How long to wait for a server that sends nothing, in seconds."""
    return Patience(timeout=timeout)


def list_models(
    project: Project, source: Locale | None, target: Locale | None, *, available: bool = False
) -> ModelList:
    """The models on this machine, and on demand those that could be fetched.

    Never connects: what could be fetched is what the registry said when it was last asked,
    or else the snapshot that comes with this package.

    Args:
        project: whose configuration may name models.
        source: only models that read this language; None for all.
        target: only models that write this language; None for all.
        available: whether to list what could be fetched.
    """
    found = ModelList()
    configured = dict(_configured(project, found.faults))
    models = [
        _at_hand(model, "installed") for model in installed_models() if _fits(model, source, target)
    ]
    cached, faults = cached_models()
    found.faults += faults
    for model in cached:
        try:
            models += _cached(model, source, target)
        except ModelError as fault:
            found.faults.append(fault)
    named = {model.name for model in models}
    models += [
        _at_hand(model, "folder")
        for model in configured.values()
        if model.name not in named and _fits(model, source, target)
    ]
    found.models = [
        replace(
            model,
            configured_for=tuple(
                str(locale) for locale, used in configured.items() if used.name == model.name
            ),
        )
        for model in models
    ]
    if available:
        offers, found.as_of = _available()
        found.models += [
            offer
            for offer in offers
            if offer.name not in {model.name for model in models}
            and _serves(offer.source, source)
            and _serves(offer.target, target)
        ]
    found.models.sort(key=lambda model: (model.source, model.target, model.state == "available"))
    return found


def fetch_list(*, server: str = "", patience: Patience | None = None) -> int:
    """Ask Mozilla's registry, or a mirror, what it has; the number of models.

    Raises:
        EnvironmentFault, ModelError, OutputError: where it cannot be had or kept.
    """
    return len(_registry(server, patience or Patience()).offers())


def look_up(wanted: Wanted, *, server: str = "", patience: Patience | None = None) -> list[Offer]:
    """What a server has of what is wanted: one model, or the two of a way through English.

    Raises:
        NoModelError: where it has none.
        EnvironmentFault, ModelError: where it cannot be asked, or answers nonsense.
        UsageError: where the pair is of one language.
    """
    patience = patience or Patience()
    if wanted.pair is None:
        return [hub.hub_offer(wanted.repository, wanted.revision, patience)]
    refuse_one_language(*wanted.pair)
    offers = _registry(server, patience).offers(
        architecture=wanted.architecture, pre_release=wanted.pre_release
    )
    return list(mozilla.route(offers, *wanted.pair))


def look_up_offline(wanted: Wanted) -> list[FoundModel]:
    """The models on this machine that are what is wanted.

    Raises:
        EnvironmentFault: where there are none.
    """
    cached, _ = cached_models()
    if wanted.pair is not None:
        refuse_one_language(*wanted.pair)
        try:
            return list(find_route(*wanted.pair))
        except NoModelError as error:
            what = f"{wanted.pair[0]} → {wanted.pair[1]}"
            raise _offline(what, cached) from error
    raise _offline(wanted.repository, cached)


def is_fetched(repository: str) -> bool:
    """Whether a model of this repository is in the cache."""
    return any(model.is_called(repository) for model in cached_models()[0])


def is_stored(offer: Offer) -> bool:
    """Whether an offered model is in the cache, whole and sound."""
    return stored(offer) is not None


def fetch(offer: Offer, *, progress: TransferProgress, patience: Patience | None = None) -> Path:
    """Fetch an offered model into the cache; its folder.

    Raises:
        EnvironmentFault, ModelError, OutputError: where it cannot be had, is not what was
            announced, or cannot be written. The cache is as it was.
    """
    with Network(patience or Patience(), plain=_is_plain(offer.origin)) as network:
        return store(offer, network, progress=progress, inspect=_INSPECT[offer.kind]).folder


def _refuse_incomplete(folder: Path) -> None:
    if StudentRoles.of(folder.iterdir()) is None:
        raise ModelError("holds other files than a student's", where=str(folder))


_INSPECT: Final[Mapping[Kind, Callable[[Path], object]]] = {
    Kind.STUDENT: _refuse_incomplete,
    Kind.CHECKPOINT: read_checkpoint,
}


def _registry(server: str, patience: Patience) -> mozilla.Registry:
    address = mozilla.server_address(server)
    with Network(patience, plain=_is_plain(address)) as network:
        return mozilla.fetch_registry(network, address)


def _is_plain(address: str) -> bool:
    return address.startswith("http://")


def _offline(what: str, cached: Sequence[CachedModel]) -> EnvironmentFault:
    names = ", ".join(model.name for model in cached)
    return EnvironmentFault(
        f"{what} is not on this machine, and nothing is fetched while offline",
        way_out=f"fetched before: {names}" if names else "no model was fetched before",
    )


def _configured(project: Project, faults: list[L10nError]) -> Iterator[tuple[Locale, FoundModel]]:
    for locale in project.models:
        if choice := configured_model(project, locale):
            try:
                yield locale, find_model(project.source, locale, chosen=choice)
            except L10nError as fault:
                faults.append(fault)


def _fits(model: FoundModel, source: Locale | None, target: Locale | None) -> bool:
    return _serves(model.source, source) and _serves(model.target, target)


def _serves(tag: str, wanted: Locale | None) -> bool:
    return wanted is None or tag in map(str, wanted.fallbacks)


def _at_hand(model: FoundModel, state: str) -> ListedModel:
    return ListedModel(
        name=model.name,
        source=model.source,
        target=model.target,
        family=model.family,
        state=state,
        size=model.size,
        licence=model.licence,
        origin=model.origin,
    )


def _cached(
    model: CachedModel, source: Locale | None, target: Locale | None
) -> Iterator[ListedModel]:
    manifest = model.manifest
    if manifest.kind is Kind.STUDENT:
        if not (_serves(manifest.source, source) and _serves(manifest.target, target)):
            return
        model.refuse_damage()
        weights = next((file for file in manifest.files if file.name.startswith("model")), None)
        pair, family = (manifest.source, manifest.target), str(manifest.kind)
        quality = quality_of(weights.sha256) if weights else None
    else:
        model.refuse_damage()
        checkpoint = read_checkpoint(model.folder)
        codes = checkpoint.sources, checkpoint.targets
        for known, wanted in zip(codes, (source, target), strict=True):
            if wanted is not None and model_code(known, wanted) is None:
                return
        pair, family, quality = _languages(checkpoint), checkpoint.family, None
    yield ListedModel(
        name=model.name,
        source=pair[0],
        target=pair[1],
        family=family,
        state="fetched",
        size=manifest.size,
        licence=manifest.licence,
        origin=manifest.origin,
        quality=quality,
    )


def _languages(checkpoint: Checkpoint) -> tuple[str, str]:
    """What a checkpoint reads and writes, in few words."""
    read, written = (
        ", ".join(codes) if len(codes) <= 3 else f"{len(codes)} languages"
        for codes in (checkpoint.sources, checkpoint.targets)
    )
    return read, written


def _available() -> tuple[list[ListedModel], str]:
    """What can be fetched, and the date of the list that says so."""
    registry = mozilla.last_registry()
    if registry is None:
        snapshot = [
            ListedModel(
                name=f"{student.source}-{student.target}-{student.architecture}",
                source=str(student.source),
                target=str(student.target),
                family=str(Kind.STUDENT),
                state="available",
                size=student.size,
                licence=LICENCE,
                origin="Mozilla",
                quality=student.quality,
            )
            for student in published_students()
        ]
        return snapshot, SNAPSHOT_DATE
    listed = [
        ListedModel(
            name=offer.name,
            source=offer.source,
            target=offer.target,
            family=str(offer.kind),
            state="available",
            size=offer.size,
            licence=offer.licence,
            origin=offer.origin,
            quality=offer.quality,
        )
        for offer in registry.offers()
    ]
    return listed, registry.fetched.date().isoformat()
