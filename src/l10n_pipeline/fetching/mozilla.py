"""Mozilla's registry of Firefox Translations students, on Remote Settings.

The server (Kinto) names the folder of attachments at its root, and lists one record for
each file in the collection ``translations-models-v2``, whose attachments are Zstandard
frames; ``translations-models``, its forerunner, has them as they are. Sources:
<https://remote-settings.readthedocs.io/>, and ``toolkit/components/translations`` of
Firefox for what the records' fields mean.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Final

import pydantic

from l10n_pipeline.engines.cached import FILE_NAME, Kind, cache_folder, now
from l10n_pipeline.engines.published import LICENCE, as_served, quality_of
from l10n_pipeline.engines.registry import PIVOT
from l10n_pipeline.errors import EnvironmentFault, LocaleError, ModelError, NoModelError, UsageError
from l10n_pipeline.fetching.audience import is_for
from l10n_pipeline.fetching.offer import Offer, RemoteFile
from l10n_pipeline.fetching.transfer import Network
from l10n_pipeline.files import write_atomically
from l10n_pipeline.locale import Locale

SERVER: Final = "https://firefox.settings.services.mozilla.com/v1"
SERVER_VARIABLE: Final = "L10N_MOZILLA_SERVER"
COLLECTIONS: Final = ("translations-models-v2", "translations-models")
ARCHITECTURES: Final = ("base", "base-memory", "tiny")
"""Best first."""
_SNAPSHOT: Final = Path("registries", "mozilla.json")
_MAX_ROOT_BYTES: Final = 1 << 20
_MAX_RECORDS_BYTES: Final = 64 << 20
_MAX_FILE_BYTES: Final = 1 << 30
"""The largest students have 60 MB."""
_MAJOR_VERSIONS: Final = range(1, 4)
"""1: tiny; 2: other sizes and split vocabularies; 3: the same files, Zstandard on the way."""
_VERSION: Final = re.compile(r"(?P<major>\d{1,6})\.(?P<minor>\d{1,6})(?P<alpha>a\d{0,6})?")
_LOCATION: Final = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*")
_NAME_OF_TYPE: Final = {
    "model": re.compile(rf"(?!lex)(?=.*\.bin$){FILE_NAME}"),
    "lex": re.compile(rf"(?=lex.*\.bin$){FILE_NAME}"),
    "vocab": re.compile(rf"(?=vocab\..*spm$){FILE_NAME}"),
    "srcvocab": re.compile(rf"(?=srcvocab\..*spm$){FILE_NAME}"),
    "trgvocab": re.compile(rf"(?=trgvocab\..*spm$){FILE_NAME}"),
}
_SYSTEMS: Final = ("Linux", "Darwin", "WINNT", "Android")

_Hash = Annotated[
    str, pydantic.StringConstraints(pattern=r"^[0-9a-fA-F]{64}$", to_lower=True, strict=True)
]
_Size = Annotated[int, pydantic.Field(ge=0, le=_MAX_FILE_BYTES)]


class _Attachment(pydantic.BaseModel, frozen=True):
    hash: _Hash
    size: _Size
    location: str
    filename: str = ""
    mimetype: str | None = None


class _Record(pydantic.BaseModel, frozen=True):
    """One file of one model. Fields that are not known here are passed over."""

    name: str
    source: str = pydantic.Field(
        validation_alias=pydantic.AliasChoices("sourceLanguage", "fromLang")
    )
    target: str = pydantic.Field(validation_alias=pydantic.AliasChoices("targetLanguage", "toLang"))
    version: str
    file_type: str = pydantic.Field(validation_alias="fileType")
    architecture: str | None = None
    variant: str | None = None
    filter_expression: str | None = None
    attachment: _Attachment
    decompressed_hash: _Hash | None = pydantic.Field(None, validation_alias="decompressedHash")
    decompressed_size: _Size | None = pydantic.Field(None, validation_alias="decompressedSize")
    last_modified: int = 0

    @pydantic.model_validator(mode="after")
    def _is_safe(self) -> _Record:
        pattern = _NAME_OF_TYPE.get(self.file_type)
        if pattern is None or not pattern.fullmatch(self.name):
            raise ValueError(f"not the name of a {self.file_type}: {self.name}")
        if not _LOCATION.fullmatch(self.attachment.location):
            raise ValueError(f"not a place: {self.attachment.location}")
        return self

    @property
    def is_compressed(self) -> bool:
        return self.attachment.location.endswith(".zst")

    def at(self, attachments: str) -> RemoteFile:
        """The file as it can be fetched."""
        attachment = self.attachment
        return RemoteFile(
            name=self.name,
            url=attachments + attachment.location,
            transfer_size=attachment.size,
            digest=attachment.hash,
            size=(self.decompressed_size if self.is_compressed else None) or attachment.size,
            sha256=(self.decompressed_hash if self.is_compressed else attachment.hash) or "",
            compressed=self.is_compressed,
        )


@dataclass(frozen=True, slots=True)
class Registry:
    """What a server lists."""

    server: str
    """Root of its API: ``https://…/v1``."""
    attachments: str
    """What the attachments' places are relative to; ends in ``/``."""
    fetched: datetime
    records: tuple[Mapping[str, Any], ...]
    """As the server has them; may be anything."""

    def offers(self, *, architecture: str = "", pre_release: bool = False) -> list[Offer]:
        """Every complete model, the one to take of each pair before others of it.

        Of a pair's models, those for everybody go before pre-releases, then the newest
        version, then the better architecture. Versions of a major number that is not
        known here are left out.

        Args:
            architecture: ``tiny``, ``base`` or ``base-memory``; empty for any. Asked for by
                name, a model is offered that Firefox has on other systems alone.
            pre_release: whether to take what Firefox has in its test versions alone.
        """
        environments = [
            {"env.channel": channel, "env.appinfo.OS": system}
            for channel, system in product(
                ("release", "nightly") if pre_release else ("release",),
                _SYSTEMS if architecture else _SYSTEMS[:1],
            )
        ]
        groups: dict[tuple[str, ...], dict[str, _Record]] = defaultdict(dict)
        for record in self._usable():
            if architecture and record.architecture != architecture:
                continue
            if not any(is_for(record.filter_expression or "", one) for one in environments):
                continue
            if not pre_release and "a" in record.version:
                continue
            key = (
                record.source,
                record.target,
                record.version,
                record.architecture or "",
                record.variant or "",
            )
            files = groups[key]
            # A file that was replaced under the same version: the newer one.
            other = files.get(record.file_type)
            if other is None or other.last_modified < record.last_modified:
                files[record.file_type] = record
        offers = [self._offer(files) for files in groups.values() if _is_complete(files)]
        return sorted(offers, key=_preference)

    def _usable(self) -> Iterator[_Record]:
        for raw in self.records:
            try:
                record = _Record.model_validate(raw)
                as_served(record.source), as_served(record.target)
            except (pydantic.ValidationError, LocaleError):
                continue  # a kind of record that is none of our business
            version = _VERSION.fullmatch(record.version)
            if version and int(version["major"]) in _MAJOR_VERSIONS:
                yield record

    def _offer(self, files: Mapping[str, _Record]) -> Offer:
        wanted = ("vocab",) if "vocab" in files else ("srcvocab", "trgvocab")
        model = files["model"]
        source, target = as_served(model.source).bcp47, as_served(model.target).bcp47
        architecture = model.architecture or ""
        if not re.fullmatch(r"[a-z0-9-]{1,32}", architecture):
            architecture = ""
        return Offer(
            kind=Kind.STUDENT,
            name="-".join(filter(None, (source, target, architecture, model.version))),
            files=tuple(
                files[kind].at(self.attachments)
                for kind in ("model", *wanted, "lex")
                if kind in files
            ),
            source=source,
            target=target,
            version=model.version,
            architecture=architecture,
            licence=LICENCE,
            origin=self.server,
            quality=quality_of(model.decompressed_hash or model.attachment.hash),
        )


def server_address(named: str = "", environment: Mapping[str, str] = os.environ) -> str:
    """The root of the server's API to ask: the one named, ``$L10N_MOZILLA_SERVER``, or
    Mozilla's.

    Raises:
        UsageError: where it is no address.
    """
    server = (named or environment.get(SERVER_VARIABLE) or SERVER).rstrip("/")
    if not server.startswith(("https://", "http://")):
        raise UsageError(
            f"not the address of a server: {server}", way_out="it begins with https://"
        )
    return server


def fetch_registry(network: Network, server: str) -> Registry:
    """Ask a server what it has, and keep the answer for :func:`last_registry`.

    Raises:
        EnvironmentFault, ModelError: where it cannot be had, or is no such registry.
        OutputError: where it cannot be kept.
    """
    root = _json(network.read(f"{server}/", limit=_MAX_ROOT_BYTES), server)
    try:
        attachments = str(root["capabilities"]["attachments"]["base_url"]).rstrip("/") + "/"
    except (KeyError, TypeError) as error:
        raise _no_registry(server) from error
    records: list[Any] | None = None
    for collection in COLLECTIONS:
        url = f"{server}/buckets/main/collections/{collection}/records"
        body = network.read(url, limit=_MAX_RECORDS_BYTES, absent=404)
        if body is not None:
            records = _json(body, server).get("data")
            break
    if not isinstance(records, list):
        raise _no_registry(server)
    registry = Registry(
        server, attachments, now(), tuple(one for one in records if isinstance(one, dict))
    )
    content = {
        "server": server,
        "attachments": attachments,
        "fetched": registry.fetched.isoformat(),
        "records": registry.records,
    }
    write_atomically(cache_folder() / _SNAPSHOT, json.dumps(content, ensure_ascii=False).encode())
    return registry


def last_registry() -> Registry | None:
    """What :func:`fetch_registry` was last told; None where it never ran, or nothing is left."""
    try:
        content = json.loads((cache_folder() / _SNAPSHOT).read_bytes())
        return Registry(
            str(content["server"]),
            str(content["attachments"]),
            datetime.fromisoformat(content["fetched"]),
            tuple(one for one in content["records"] if isinstance(one, dict)),
        )
    except (OSError, EnvironmentFault, ValueError, LookupError, TypeError, RecursionError):
        return None


def route(offers: Sequence[Offer], source: Locale, target: Locale) -> tuple[Offer, ...]:
    """The offer for a pair of locales, or the two that serve it through English.

    A locale is served by its own model or by that of a more general one.

    Args:
        offers: as :meth:`Registry.offers` gives them.
        source: what to translate from.
        target: what to translate to.

    Raises:
        NoModelError: where neither is offered; names the leg that is missing.
    """
    if direct := _best(offers, source, target):
        return (direct,)
    if PIVOT.language not in (source.language, target.language):
        legs = _best(offers, source, PIVOT), _best(offers, PIVOT, target)
        first, second = legs
        if first and second:
            return (first, second)
        missing = [
            f"{origin} → {destination}"
            for leg, origin, destination in zip(legs, (source, PIVOT), (PIVOT, target), strict=True)
            if leg is None
        ]
        what = f", nor {' and '.join(missing)} for a way through English"
    else:
        what = ""
    raise NoModelError(
        f"the registry has no model for {source} → {target}{what}",
        way_out="see what there is with: l10n models list --available",
    )


def _best(offers: Iterable[Offer], source: Locale, target: Locale) -> Offer | None:
    by_pair: dict[tuple[str, str], Offer] = {}
    for offer in offers:
        by_pair.setdefault((offer.source, offer.target), offer)
    for origin in source.fallbacks:
        for destination in target.fallbacks:
            if found := by_pair.get((origin.bcp47, destination.bcp47)):
                return found
    return None


def _is_complete(files: Mapping[str, _Record]) -> bool:
    return "model" in files and ("vocab" in files or {"srcvocab", "trgvocab"} <= files.keys())


def _preference(offer: Offer) -> tuple[object, ...]:
    version = _VERSION.fullmatch(offer.version)
    assert version is not None
    rank = ARCHITECTURES.index(offer.architecture) if offer.architecture in ARCHITECTURES else 99
    # 3.0 comes after its own alphas.
    alpha = int(version["alpha"][1:] or 0) if version["alpha"] else 1 << 20
    return (
        offer.source,
        offer.target,
        -int(version["major"]),
        -int(version["minor"]),
        -alpha,
        rank,
        offer.name,
    )


def _json(body: bytes | None, server: str) -> dict[str, Any]:
    try:
        content = json.loads(body or b"")
    except (ValueError, RecursionError) as error:
        raise _no_registry(server) from error
    if not isinstance(content, dict):
        raise _no_registry(server)
    return content


def _no_registry(server: str) -> ModelError:
    return ModelError(
        "does not answer as a Remote Settings server with translation models does",
        where=server,
        way_out=f"check --server or {SERVER_VARIABLE}",
    )
