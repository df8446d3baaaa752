"""Checkpoints on the Hugging Face hub, by name and pinned to a commit.

``huggingface_hub`` knows the hub: its addresses (``HF_ENDPOINT``), access tokens and answers.
The files themselves come the way of all others, :mod:`.transfer`, which bounds and checks
them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from l10n_pipeline.engines.cached import FILE_NAME, REPOSITORY, Kind
from l10n_pipeline.engines.huggingface.configuration import (
    ConfigurationError,
    parse_configuration,
)
from l10n_pipeline.errors import EnvironmentFault, L10nError, ModelError, NoModelError, UsageError
from l10n_pipeline.fetching.offer import Digest, Offer, RemoteFile
from l10n_pipeline.fetching.transfer import Network, Patience

if TYPE_CHECKING:
    from huggingface_hub.hf_api import ModelInfo, RepoSibling

_WEIGHTS: Final = re.compile(r"model(?:-\d{5}-of-\d{5})?\.safetensors")
_OTHERS: Final = re.compile(
    r"config\.json|generation_config\.json|model\.safetensors\.index\.json"
    r"|tokenizer\.json|tokenizer_config\.json|special_tokens_map\.json|added_tokens\.json"
    r"|vocab\.json|target_vocab\.json|merges\.txt|[A-Za-z0-9._-]+\.(?:spm|model)"
    r"|README\.md|LICEN[CS]E(?:\.[a-z]+)?",
)
"""Nothing that is unpickled, and no code."""
_CONFIG: Final = "config.json"
_MAX_CONFIG_BYTES: Final = 1 << 20
_MAX_SMALL_BYTES: Final = 256 << 20
_MAX_WEIGHTS_BYTES: Final = 64 << 30
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_HEX: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def is_repository(name: str) -> bool:
    """Whether a name has the shape of a repository's: ``Helsinki-NLP/opus-mt-en-tr``."""
    return bool(name) and re.fullmatch(REPOSITORY, name) is not None


def is_offline() -> bool:
    """Whether the hub's own settings forbid to connect."""
    return os.environ.get("HF_HUB_OFFLINE", "").lower() in {"1", "on", "yes", "true"}


def hub_offer(repository: str, revision: str, patience: Patience) -> Offer:
    """What the hub has under a name.

    Args:
        repository: ``organisation/name``.
        revision: a commit, tag, branch or ``refs/pr/N``; empty for the default branch.
            Whatever it is, the offer is of the commit that it stands for now.
        patience: for the hub's answers.

    Raises:
        NoModelError: where there is no such repository or revision, or it has no
            safetensors.
        ModelError: where its answers are not what they should be, or the model is of a
            family that cannot be run.
        EnvironmentFault: where the hub cannot be reached, or refuses.
    """
    # Read when the library is imported; what it reports would be nobody's business.
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    from huggingface_hub import HfApi, constants, get_token, hf_hub_url  # noqa: PLC0415 - slow to import

    try:
        info = HfApi().model_info(
            repository, revision=revision or None, files_metadata=True, timeout=patience.timeout
        )
    except Exception as error:  # whatever a bad answer makes the library stumble over
        raise _told(error, repository, revision, constants.ENDPOINT) from error
    commit = info.sha or ""
    if not _COMMIT.fullmatch(commit):
        raise ModelError("the hub names no commit", where=repository)
    token = get_token()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    files = [
        _remote(sibling, hf_hub_url(repository, sibling.rfilename, revision=commit))
        for sibling in _wanted(info.siblings or (), repository, revision)
    ]
    with Network(patience, plain=is_plain()) as network:
        address = next(file.url for file in files if file.name == _CONFIG)
        _refuse_foreign(
            network.read(address, limit=_MAX_CONFIG_BYTES, headers=headers) or b"", repository
        )
    return Offer(
        kind=Kind.CHECKPOINT,
        name=f"{repository.replace('/', '--')}@{commit[:12]}",
        files=tuple(files),
        repository=repository,
        version=commit,
        licence=_licence(info),
        origin=f"{constants.ENDPOINT}/{repository}/tree/{commit}",
        headers=headers,
    )


def is_plain() -> bool:
    """Whether the user named a hub without encryption."""
    return os.environ.get("HF_ENDPOINT", "").startswith("http://")


def _wanted(siblings: Iterable[RepoSibling], repository: str, revision: str) -> list[RepoSibling]:
    """The files of a repository that make a model, the small ones first."""
    by_name = {sibling.rfilename: sibling for sibling in siblings}
    weights = sorted(name for name in by_name if _WEIGHTS.fullmatch(name))
    if "model.safetensors" in weights:
        weights = ["model.safetensors"]
    others = sorted(
        name for name in by_name if _OTHERS.fullmatch(name) and re.fullmatch(FILE_NAME, name)
    )
    at = f"{repository}@{revision}" if revision else repository
    if not weights:
        pickled = any(
            name.endswith((".bin", ".pt", ".ckpt", ".h5", ".msgpack")) for name in by_name
        )
        raise NoModelError(
            "has no safetensors"
            + (", only files that can run code when loaded" if pickled else ""),
            where=at,
            way_out="see on its page whether a pull request has them and ask for that one: "
            "--revision refs/pr/NUMBER",
        )
    if _CONFIG not in others:
        raise NoModelError(f"has no {_CONFIG}", where=at, way_out="ask for another model")
    return [by_name[name] for name in (*others, *weights)]


def _remote(sibling: RepoSibling, url: str) -> RemoteFile:
    name = sibling.rfilename
    size = sibling.size
    digest = sibling.lfs.sha256 if sibling.lfs else sibling.blob_id
    most = _MAX_WEIGHTS_BYTES if _WEIGHTS.fullmatch(name) else _MAX_SMALL_BYTES
    if size is None or not 0 <= size <= most or not digest or not _HEX.fullmatch(digest):
        raise ModelError(f"the hub does not say what {name} is", where=url)
    return RemoteFile(
        name=name,
        url=url,
        transfer_size=size,
        digest=digest,
        size=size,
        sha256=digest if sibling.lfs else "",
        digest_kind=Digest.SHA256 if sibling.lfs else Digest.GIT_BLOB,
    )


def _refuse_foreign(config: bytes, repository: str) -> None:
    """Refuse what cannot be run before its weights are fetched."""
    try:
        found = json.loads(config)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"its {_CONFIG} is not JSON", where=repository) from error
    try:
        parse_configuration(found if isinstance(found, dict) else {}, {})
    except ConfigurationError as error:
        raise ModelError(
            str(error),
            where=repository,
            way_out="ask for a MarianMT, M2M-100, NLLB-200 or MADLAD-400 model",
        ) from error


def _licence(info: ModelInfo) -> str:
    """The licence that the model card states; empty where it states none."""
    card = info.card_data
    stated = card.get("license") if card else None
    if isinstance(stated, list):
        stated = " and ".join(map(str, stated))
    if not stated:
        tags = (tag.removeprefix("license:") for tag in info.tags or () if "license:" in tag)
        stated = next(tags, "")
    return str(stated)[:80]


def _told(error: Exception, repository: str, revision: str, endpoint: str) -> L10nError:
    """What went wrong between us and the hub, told in one line."""
    import httpx2  # noqa: PLC0415 - slow to import
    from huggingface_hub import errors  # noqa: PLC0415 - slow to import

    match error:
        case errors.GatedRepoError():
            return EnvironmentFault(
                "its owner gives access on request",
                where=repository,
                way_out="ask for it on its page, then log in with: hf auth login",
            )
        case errors.RevisionNotFoundError():
            return NoModelError(
                f"has no revision {revision!r}", where=repository, way_out="see its page"
            )
        case errors.RepositoryNotFoundError():
            return NoModelError(
                "is no public model of the hub",
                where=repository,
                way_out="check the name; for a private one log in with: hf auth login",
            )
        case errors.HFValidationError():
            return UsageError(f"{repository!r} is not a model's name")
        case errors.OfflineModeIsEnabled():
            return EnvironmentFault("HF_HUB_OFFLINE is set", way_out="unset it to fetch models")
        case httpx2.TimeoutException():
            what = "does not answer"
        case errors.HfHubHTTPError():
            what = f"answers {error.response.status_code}"
        case httpx2.HTTPError() | OSError():
            what = f"cannot be reached: {error}"
        case ValueError() | LookupError() | TypeError():
            what = "does not answer as a hub does"
        case _:
            raise error
    return EnvironmentFault(
        what, where=endpoint, way_out="check the connection, or HF_ENDPOINT, and run again"
    )
