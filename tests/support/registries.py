"""Servers that speak as Mozilla's Remote Settings and the Hugging Face hub do."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support.loopback import Loopback, Resource

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

COLLECTION = "translations-models-v2"


class MozillaServer(Loopback):
    """A Remote Settings server with translation models."""

    def __init__(self, *, collection: str = COLLECTION) -> None:
        super().__init__()
        self.collection = collection
        self.records: list[dict[str, Any]] = []

    @property
    def root(self) -> str:
        return f"{self.url}/v1"

    @property
    def records_path(self) -> str:
        return f"/v1/buckets/main/collections/{self.collection}/records"

    def add_model(
        self,
        source: str,
        target: str,
        files: Mapping[str, bytes],
        *,
        version: str = "3.0",
        architecture: str | None = "tiny",
        **fields: Any,
    ) -> list[str]:
        """Offer a model: ``files`` by type, ``{"model": …, "vocab": …, "lex": …}``.

        Returns the paths of its attachments.
        """
        pair = f"{source[:2]}{target[:2]}"
        names = {"model": f"model.{pair}.intgemm.alphas.bin", "lex": f"lex.50.50.{pair}.s2t.bin"}
        return [
            self.add_file(
                body,
                name=names.get(kind, f"{kind}.{pair}.spm"),
                fileType=kind,
                sourceLanguage=source,
                targetLanguage=target,
                version=version,
                architecture=architecture,
                **fields,
            )
            for kind, body in files.items()
        ]

    def add_file(self, body: bytes, *, name: str, **fields: Any) -> str:
        """Offer a file: its record and its attachment; the attachment's path."""
        record = {
            "name": name,
            "filter_expression": "",
            "id": f"record-{len(self.records)}",
            "schema": 1749570042331,
            "last_modified": 1749570511392 + len(self.records),
            **fields,
        }
        packed = body
        suffix = Path(name).suffix
        if self.collection == COLLECTION:
            packed, suffix = zstd.compress(body, level=1), ".zst"
            record |= {
                "decompressedSize": len(body),
                "decompressedHash": hashlib.sha256(body).hexdigest(),
            }
        else:
            record["fromLang"] = record.pop("sourceLanguage")
            record["toLang"] = record.pop("targetLanguage")
        location = f"main-workspace/{self.collection}/{len(self.records):08x}{suffix}"
        record["attachment"] = {
            "filename": f"{name}{suffix if suffix == '.zst' else ''}",
            "location": location,
            "hash": hashlib.sha256(packed).hexdigest(),
            "mimetype": "application/zstd" if suffix == ".zst" else "application/octet-stream",
            "size": len(packed),
        }
        self.records.append(record)
        self.resources[f"/attachments/{location}"] = Resource(packed)
        self.publish()
        return f"/attachments/{location}"

    def publish(self) -> None:
        """Have the server tell of the records as they are now."""
        root = {
            "project_name": "Remote Settings PROD",
            "url": f"{self.root}/",
            "capabilities": {"attachments": {"base_url": f"{self.url}/attachments/"}},
        }
        self.resources["/v1/"] = Resource(json.dumps(root).encode())
        self.resources[self.records_path] = Resource(json.dumps({"data": self.records}).encode())


class HubServer(Loopback):
    """A server with the Hugging Face hub's API."""

    def add_repository(
        self,
        name: str,
        files: Mapping[str, bytes],
        *,
        licence: str | None = "apache-2.0",
        commit: str = "",
        revisions: Sequence[str] = ("main",),
        stored_apart: Sequence[str] = (".safetensors", ".spm"),
    ) -> str:
        """Offer a repository at a commit; its revisions lead there. The commit."""
        commit = commit or hashlib.sha1(name.encode()).hexdigest()
        siblings = []
        for path, body in files.items():
            sibling: dict[str, Any] = {"rfilename": path, "size": len(body)}
            sibling["blobId"] = hashlib.sha1(b"blob %d\0" % len(body) + body).hexdigest()
            address = f"/{name}/resolve/{commit}/{path}"
            headers = {"X-Repo-Commit": commit}
            if path.endswith(tuple(stored_apart)):
                digest = hashlib.sha256(body).hexdigest()
                sibling["lfs"] = {"size": len(body), "sha256": digest, "pointerSize": 134}
                self.resources[f"/lfs/{digest}"] = Resource(body, etag=f'"{digest}"')
                headers |= {"Location": f"/lfs/{digest}", "X-Linked-Size": str(len(body))}
                self.resources[address] = Resource(b"", headers, status=302, etag="")
            else:
                self.resources[address] = Resource(body, headers, etag=f'"{sibling["blobId"]}"')
            siblings.append(sibling)
        card = {"license": licence} if licence else {}
        info = {
            "_id": "0",
            "id": name,
            "modelId": name,
            "sha": commit,
            "private": False,
            "gated": False,
            "disabled": False,
            "downloads": 1,
            "likes": 0,
            "tags": [f"license:{licence}"] if licence else [],
            "cardData": card,
            "siblings": siblings,
        }
        body = json.dumps(info).encode()
        for revision in (commit, *revisions):
            quoted = revision.replace("/", "%2F")
            self.resources[f"/api/models/{name}/revision/{quoted}"] = Resource(body)
        self.resources[f"/api/models/{name}"] = Resource(body)
        return commit
