"""The tokens of a checkpoint that are no text: languages, ends, padding.

They stand in ``tokenizer_config.json``, ``special_tokens_map.json``, ``added_tokens.json`` or
``tokenizer.json``, in one or several of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from l10n_pipeline.engines.files import read_optional_json_object

TOKENIZER: Final = "tokenizer.json"
TOKENIZER_LIMIT: Final = 64 * 2**20
_SMALL_LIMIT: Final = 8 * 2**20
# What every vocabulary has, such as <pad>: MADLAD-400's languages aside, no language.
_ORDINARY: Final = re.compile(r"</?[a-z]+>")
_LISTS: Final = ("additional_special_tokens", "extra_special_tokens")


@dataclass(frozen=True, slots=True)
class SpecialTokens:
    """What a checkpoint's files say of its special tokens."""

    names: tuple[str, ...]
    """Each once, in the order in which the files list them."""
    ids: Mapping[str, int]
    """Ids, where a file gives them."""
    configuration: Mapping[str, Any]
    """``tokenizer_config.json``."""


def read_special_tokens(folder: Path, *, with_ids: bool = False) -> SpecialTokens:
    """Gather a checkpoint's special tokens.

    Args:
        folder: the checkpoint's.
        with_ids: whether to look into ``tokenizer.json``, which is large, where the other
            files name tokens without their ids.

    Raises:
        ModelError: where a file is there and cannot be read.
    """
    configuration = read_optional_json_object(folder / "tokenizer_config.json", limit=_SMALL_LIMIT)
    listed = read_optional_json_object(folder / "special_tokens_map.json", limit=_SMALL_LIMIT)
    added = read_optional_json_object(folder / "added_tokens.json", limit=_SMALL_LIMIT)
    decoder = configuration.get("added_tokens_decoder")
    ids = dict(_with_ids(decoder if isinstance(decoder, dict) else {}))
    ids |= {name: number for name, number in added.items() if type(number) is int}
    names = [name for file in (listed, configuration) for key in _LISTS for name in _all(file, key)]
    languages = [name for name in (*names, *ids) if not _ORDINARY.fullmatch(name)]
    if not languages or (with_ids and any(name not in ids for name in languages)):
        tokenizer = read_optional_json_object(folder / TOKENIZER, limit=TOKENIZER_LIMIT)
        ids |= dict(added_tokens(tokenizer))
    by_id = sorted(ids, key=lambda name: ids[name])
    return SpecialTokens(tuple(dict.fromkeys([*names, *by_id])), ids, configuration)


def added_tokens(tokenizer: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Names and ids of the added tokens in a ``tokenizer.json``."""
    found = tokenizer.get("added_tokens")
    for entry in found if isinstance(found, list) else ():
        if isinstance(entry, dict) and type(entry.get("id")) is int:
            name = entry.get("content")
            if isinstance(name, str):
                yield name, entry["id"]


def _with_ids(decoder: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for number, entry in decoder.items():
        name = _name(entry)
        if name and number.isascii() and number.isdigit() and len(number) < 10:
            yield name, int(number)


def _all(file: Mapping[str, Any], key: str) -> Iterator[str]:
    found = file.get(key)
    for entry in found if isinstance(found, list) else ():
        name = _name(entry)
        if name:
            yield name


def _name(entry: object) -> str:
    """The token's spelling: an entry is that, or an object with it."""
    name = entry.get("content") if isinstance(entry, dict) else entry
    return name if isinstance(name, str) else ""
