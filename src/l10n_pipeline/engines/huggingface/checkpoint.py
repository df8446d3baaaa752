"""What a folder in the Hugging Face hub's layout holds, read without torch.

Folders are foreign: sizes are bounded, nothing is unpickled, no code of theirs is run
(``auto_map`` and ``trust_remote_code`` have no say), and the tensors that the configuration
calls for must be there, in their shapes, before any is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from l10n_pipeline.engines.files import (
    GET_AGAIN,
    read_file,
    read_json_object,
    read_optional_json_object,
)
from l10n_pipeline.engines.huggingface.configuration import (
    ARCHITECTURES,
    Configuration,
    ConfigurationError,
    parse_configuration,
)
from l10n_pipeline.engines.huggingface.languages import (
    FLORES_CODE,
    M2M_100_CODES,
    is_individual,
    model_code,
    nearest_codes,
)
from l10n_pipeline.engines.huggingface.special_tokens import (
    TOKENIZER,
    TOKENIZER_LIMIT,
    SpecialTokens,
    added_tokens,
    read_special_tokens,
)
from l10n_pipeline.engines.huggingface.subwords import open_subwords, read_pieces
from l10n_pipeline.engines.huggingface.weights import (
    chosen_tensors,
    stored_tensors,
    weights_files,
)
from l10n_pipeline.errors import ModelError, NoModelError
from l10n_pipeline.locale import Locale

CONFIG: Final = "config.json"
_SMALL_LIMIT: Final = 2**20
_README_LIMIT: Final = 2**22
_SNAPSHOT: Final = re.compile(r"models--(?P<owner>.+?)--(?P<name>.+)/snapshots/(?P<hash>[0-9a-f]+)")
# "opus-mt-en-pt", "opus-mt-tc-big-en-pt", "opus_mt_gmw-gmw"
_PAIR: Final = re.compile(r"opus-mt-(?:.*-)?(?P<source>[A-Za-z_+]{2,})-(?P<target>[A-Za-z_+]{2,})")
_FRONT_MATTER: Final = re.compile(r"\A---\s*\n(.*?)\n---\s*\n", re.DOTALL)
_LICENCE: Final = re.compile(
    r"^license:[ \t]*[\"']?([A-Za-z0-9.+-]{2,40})[\"']?[ \t]*$", re.MULTILINE
)
_LANGUAGES: Final = re.compile(r"^language:[ \t]*(.*(?:\n(?:[ \t]*-|[ \t]+).*)*)", re.MULTILINE)
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_SPDX: Final = {
    "apache-2.0": "Apache-2.0",
    "mit": "MIT",
    "mpl-2.0": "MPL-2.0",
    "cc-by-4.0": "CC-BY-4.0",
    "cc-by-sa-4.0": "CC-BY-SA-4.0",
    "cc-by-nc-4.0": "CC-BY-NC-4.0",
    "cc-by-nc-sa-4.0": "CC-BY-NC-SA-4.0",
}
_MARIAN_TOKEN: Final = re.compile(r">>(.+)<<")
_M2M_100_TOKEN: Final = re.compile(r"__([a-z]{2,3})__")
_MADLAD_TOKEN: Final = re.compile(r"<2([a-z]{2,3}(?:_[A-Za-z0-9]{2,8})*)>")


@dataclass(frozen=True, slots=True)
class Prompt:
    """The tokens, as the vocabulary spells them, that tell a model what to translate."""

    before_source: tuple[str, ...] = ()
    after_source: tuple[str, ...] = ()
    """They follow the end of sentence."""
    before_target: tuple[str, ...] = ()
    """They follow the decoder's start token."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A model's folder that was looked through: make one with :func:`read_checkpoint`."""

    folder: Path
    name: str
    """``org/model`` for a snapshot in the hub's cache, else the folder's name."""
    family: str
    """``marian``, ``nllb``, ``m2m-100`` or ``madlad-400``."""
    revision: str
    """The snapshot's commit; empty where the path does not tell."""
    licence: str
    """SPDX identifier where the model card names a common licence, else what it says; empty
    where it says nothing."""
    size: int
    """Bytes of its files together."""
    weights: tuple[Path, ...]
    """Its safetensors files."""
    configuration: Configuration
    sources: tuple[str, ...]
    """Codes of the languages it reads, in the family's spelling."""
    targets: tuple[str, ...]
    """Codes of the languages it writes."""
    tensors: tuple[tuple[str, str], ...]
    """The name that the network has for each weight, and the one it is stored under."""
    mark_lead: tuple[str, ...] = ()
    """MADLAD-400: the pieces that its tokenizer puts before the token of the target."""
    marked_target: bool = False
    """Marian: whether the source begins with a token that names the target."""
    legacy_prompt: bool = False
    """NLLB: whether the source's language follows the sentence, as in its first tokenizer."""

    def serves(self, source: Locale, target: Locale) -> bool:
        """Whether it translates from one into the other."""
        found = model_code(self.sources, source), model_code(self.targets, target)
        return None not in found and (found[0] != found[1] or self.family == "marian")

    def codes(self, source: Locale, target: Locale) -> tuple[str, str]:
        """The family's codes for a pair of locales.

        Raises:
            NoModelError: where it lacks one; names the nearest it has.
        """
        return (
            self._code(source, self.sources, "read"),
            self._code(target, self.targets, "write"),
        )

    def prompt(self, source: Locale, target: Locale) -> Prompt:
        """The tokens that ask for a translation from one into the other.

        Raises:
            NoModelError: as :meth:`codes`.
        """
        origin, destination = self.codes(source, target)
        match self.family:
            case "marian":
                return Prompt((f">>{destination}<<",)) if self.marked_target else Prompt()
            case "madlad-400":
                return Prompt((*self.mark_lead, f"<2{destination}>"))
            case "m2m-100":
                return Prompt((f"__{origin}__",), (), (f"__{destination}__",))
            case _ if self.legacy_prompt:
                return Prompt((), (origin,), (destination,))
            case _:
                return Prompt((origin,), (), (destination,))

    def _code(self, wanted: Locale, codes: Sequence[str], does: str) -> str:
        code = model_code(codes, wanted)
        if code is None:
            near = nearest_codes(codes, wanted)
            raise NoModelError(
                f"does not {does} {wanted.english_name} ({wanted})",
                where=str(self.folder),
                way_out=f"the nearest of its {len(codes)} languages: {', '.join(near)}"
                if near
                else f"its languages: {_listed(codes)}",
            )
        return code


def is_checkpoint(folder: Path) -> bool:
    """Whether a folder's ``config.json`` names a kind of network that can be run."""
    if not (folder / CONFIG).is_file():
        return False
    try:
        found = read_json_object(folder / CONFIG, limit=_SMALL_LIMIT)
    except ModelError:
        return False
    return found.get("model_type") in ARCHITECTURES


def read_checkpoint(folder: Path) -> Checkpoint:
    """Look through a folder: configuration, weights' headers, languages; no weights.

    Raises:
        ModelError: where a file is missing, broken, too large or of a kind that cannot be
            run, or the weights are not those that the configuration calls for.
    """
    if not (folder / CONFIG).exists():
        raise ModelError(
            f"has no {CONFIG}", where=str(folder), way_out="pass the folder of a model"
        )
    generation = read_optional_json_object(folder / "generation_config.json", limit=_SMALL_LIMIT)
    try:
        configuration = parse_configuration(
            read_json_object(folder / CONFIG, limit=_SMALL_LIMIT), generation
        )
    except ConfigurationError as error:
        raise ModelError(
            str(error),
            where=str(folder / CONFIG),
            way_out="use a MarianMT, M2M-100, NLLB-200 or MADLAD-400 model",
        ) from error
    weights = weights_files(folder)
    tensors = chosen_tensors(stored_tensors(weights), configuration.tensors, folder)
    name, revision = _named(folder)
    card = _front_matter(folder)
    tokens = read_special_tokens(folder)
    spoken = _spoken(folder, configuration.architecture, tokens, f"{name} {folder.name}", card)
    return Checkpoint(
        folder=folder,
        name=name,
        family=spoken.family,
        revision=revision,
        licence=_licence(card),
        size=_size(folder),
        weights=weights,
        configuration=configuration,
        sources=spoken.sources,
        targets=spoken.targets,
        tensors=tuple(tensors.items()),
        mark_lead=spoken.lead,
        marked_target=spoken.marked,
        legacy_prompt=tokens.configuration.get("legacy_behaviour") is True,
    )


@dataclass(frozen=True, slots=True)
class _Spoken:
    """The languages of a checkpoint, and by what convention they are asked for."""

    family: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    marked: bool = False
    lead: tuple[str, ...] = ()


def _spoken(
    folder: Path, architecture: str, tokens: SpecialTokens, names: str, card: str
) -> _Spoken:
    if architecture == "marian":
        return _spoken_by_marian(folder, tokens, names, card)
    if architecture == "t5":
        subwords = open_subwords(folder, ("spiece.model", "sentencepiece.model"))
        marks = [match for piece in subwords.pieces if (match := _MADLAD_TOKEN.fullmatch(piece))]
        codes = tuple(match[1] for match in marks)
        if not codes:
            raise ModelError(
                "is a T5 without MADLAD-400's language tokens: it does not translate",
                where=str(folder),
                way_out="use a MADLAD-400 model",
            )
        # As "<2pt> Hello" comes out of its own tokenizer: SentencePiece puts a space first,
        # unless a tokenizer.json sets the mark apart from the text.
        mark = marks[0][0]
        own = read_optional_json_object(folder / TOKENIZER, limit=TOKENIZER_LIMIT)
        apart = mark in dict(added_tokens(own))
        spelt = [] if apart else [piece for piece, _ in subwords.split(f"{mark} a")]
        lead = spelt[: spelt.index(mark)] if mark in spelt else []
        return _Spoken("madlad-400", codes, codes, lead=tuple(lead))
    named = tokens.names
    flores = tuple(name for name in named if FLORES_CODE.fullmatch(name))
    if flores:
        return _Spoken("nllb", flores, flores)
    if not (folder / "vocab.json").is_file():
        raise ModelError(
            "does not say which languages it knows", where=str(folder), way_out=GET_AGAIN
        )
    codes = tuple(match[1] for name in named if (match := _M2M_100_TOKEN.fullmatch(name)))
    codes = codes or M2M_100_CODES
    return _Spoken("m2m-100", codes, codes)


def _spoken_by_marian(folder: Path, tokens: SpecialTokens, names: str, card: str) -> _Spoken:
    match = _PAIR.search(names)
    said = [tokens.configuration.get(key) for key in ("source_lang", "target_lang")]
    pair = [
        value if isinstance(value, str) and value else match[key] if match else ""
        for value, key in zip(said, ("source", "target"), strict=True)
    ]
    if not all(pair):
        raise ModelError(
            "does not say which languages it translates",
            where=str(folder),
            way_out="name the folder as the model is named: opus-mt-en-pt",
        )
    listed = _languages_of_card(card)
    marked = tuple(
        match[1]
        for piece in read_pieces(folder / "vocab.json")
        if (match := _MARIAN_TOKEN.fullmatch(piece)) and is_individual(match[1])
    )
    # A group's name (ROMANCE, mul) does not say who belongs to it; the model card does.
    sources = (pair[0],) if is_individual(pair[0]) else tuple(filter(is_individual, listed))
    targets = marked or ((pair[1],) if is_individual(pair[1]) else ())
    if not sources or not targets:
        raise ModelError(
            f"does not say which languages {pair[0]} → {pair[1]} stands for",
            where=str(folder),
            way_out="fetch its README.md as well, which lists them",
        )
    return _Spoken("marian", sources, targets, marked=bool(marked))


def _named(folder: Path) -> tuple[str, str]:
    """Name and revision, as far as the path tells."""
    path = folder.absolute()
    match = _SNAPSHOT.search(path.as_posix())
    if match:
        return f"{match['owner']}/{match['name']}", match["hash"]
    return path.name, ""


def _front_matter(folder: Path) -> str:
    """The model card's front matter; empty where there is none that can be read."""
    try:
        text = read_file(folder / "README.md", limit=_README_LIMIT).decode("utf-8", "replace")
    except ModelError:
        return ""
    match = _FRONT_MATTER.match(text.replace("\r\n", "\n"))
    return match[1] if match else ""


def _licence(card: str) -> str:
    match = _LICENCE.search(card)
    return _SPDX.get(match[1].lower(), match[1]) if match else ""


def _languages_of_card(card: str) -> list[str]:
    match = _LANGUAGES.search(card)
    return _LANGUAGE.findall(match[1]) if match else []


def _size(folder: Path) -> int:
    try:
        return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise ModelError(
            f"cannot be read: {error.strerror or error}", where=str(folder), way_out=GET_AGAIN
        ) from error


def _listed(codes: Sequence[str]) -> str:
    shown = ", ".join(codes[:12])
    return shown if len(codes) <= 12 else f"{shown} and {len(codes) - 12} more"
