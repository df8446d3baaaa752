"""``l10n models``."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from l10n_pipeline.cli.console import columns, complain_all, counted, printable, progress, say
from l10n_pipeline.config import find_project
from l10n_pipeline.errors import UsageError
from l10n_pipeline.locale import Locale
from l10n_pipeline.pipeline.models import (
    ListedModel,
    Wanted,
    fetch,
    fetch_list,
    is_fetched,
    is_offline,
    is_stored,
    list_models,
    look_up,
    look_up_offline,
    patience,
)

if TYPE_CHECKING:
    from l10n_pipeline.pipeline.models import Offer

_WANTED = "name two languages, as in: l10n models pull en pt-BR; or a model of the Hugging Face hub"


def run_list(*, source: str | None, target: str | None, available: bool, as_json: bool) -> None:
    """Print the models at hand, and on demand those that can be fetched."""
    found = list_models(
        find_project(),
        Locale.parse(source) if source else None,
        Locale.parse(target) if target else None,
        available=available,
    )
    if as_json:
        say(json.dumps([_as_json(model) for model in found.models], ensure_ascii=False, indent=2))
    else:
        if found.models:
            say(_table(found.models))
        else:
            what = "for these languages " if source or target else ""
            say(
                f"no model {what}at hand; see what there is with: l10n models list --available, "
                'or for en → pt and pt → en: pip install "l10n-pipeline[en-pt]"'
            )
        if found.as_of:
            say(f"available as of {found.as_of}; l10n models pull asks anew, and fetches")
    sys.exit(complain_all(found.faults))


def run_pull(
    what: Sequence[str],
    *,
    revision: str,
    architecture: str,
    pre_release: bool,
    server: str,
    accept_licence: bool,
    offline: bool,
    timeout: float,
    quiet: bool,
) -> None:
    """Fetch models, or with nothing named the list of what there is."""
    bear = patience(timeout)
    wanted = _wanted(what, revision, architecture, pre_release) if what else None
    if is_offline(offline):
        _tell_at_hand(wanted)
    elif wanted is None:
        number = fetch_list(server=server, patience=bear)
        say(f"the registry has {counted(number, 'model')}: l10n models list --available")
    else:
        missing = _announced(wanted, look_up(wanted, server=server, patience=bear))
        for offer in missing:
            if not (offer.is_free or accept_licence) and not _consents(offer):
                say("nothing was fetched")
                sys.exit(1)
        for offer in missing:
            folder = fetch(offer, progress=progress(quiet=quiet, of="bytes"), patience=bear)
            say(f"{offer.label}: fetched to {printable(str(folder))}")


def _tell_at_hand(wanted: Wanted | None) -> None:
    if wanted is None:
        raise UsageError("nothing is fetched while offline", way_out=_WANTED)
    if is_fetched(wanted.repository):
        say(f"{wanted.repository} is at hand")
        return
    for model in look_up_offline(wanted):
        say(f"{model.source} → {model.target}: {printable(model.name)} is at hand")


def _announced(wanted: Wanted, offers: Sequence[Offer]) -> list[Offer]:
    """Tell of each offer; those that are not here yet."""
    if len(offers) > 1 and wanted.pair:
        source, target = wanted.pair
        say(f"{source} → {target}: no model of its own; through English, by two:")
    missing = [offer for offer in offers if not is_stored(offer)]
    for offer in offers:
        say(_line(offer, present=offer not in missing))
    return missing


def _wanted(what: Sequence[str], revision: str, architecture: str, pre_release: bool) -> Wanted:
    match what:
        case [name] if name.count("/") == 1 and not name.startswith((".", "/")):
            if architecture or pre_release:
                raise UsageError(
                    "--architecture and --pre-release are of Mozilla's models",
                    way_out="choose a model of the hub with --revision",
                )
            return Wanted(repository=name, revision=revision)
        case [source, target]:
            if revision:
                raise UsageError(
                    "--revision is of a model on the Hugging Face hub",
                    way_out="leave it out for a pair of languages",
                )
            pair = Locale.parse(source), Locale.parse(target)
            return Wanted(pair=pair, architecture=architecture, pre_release=pre_release)
        case _:
            raise UsageError(f"not a pair of languages: {' '.join(what)}", way_out=_WANTED)


def _line(offer: Offer, *, present: bool) -> str:
    """A model in one line, before it is fetched."""
    facts = [
        f"{offer.size / 1e6:.0f} MB",
        f"licence: {printable(offer.licence) or 'not stated'}",
        *([str(offer.quality)] if offer.quality else []),
        f"from {printable(offer.origin)}",
    ]
    name = f"{offer.label}: {offer.name}" if offer.source else offer.label
    return f"{name}, {', '.join(facts)}{'; already here' if present else ''}"


def _consents(offer: Offer) -> bool:
    """Whether the user agrees to a licence that restricts what the model may be used for.

    Raises:
        UsageError: where there is nobody to ask.
    """
    restricts = (
        f"its licence ({printable(offer.licence)}) may restrict what you use it for"
        if offer.licence
        else "it states no licence, so you may not be allowed to use it"
    )
    if not sys.stdin.isatty():
        raise UsageError(
            restricts, where=offer.label, way_out="read it, then run again with --accept-licence"
        )
    sys.stdout.write(f"{offer.label}: {restricts}. Fetch it all the same? [y/N] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _table(models: Sequence[ListedModel]) -> str:
    rows = [("pair", "name", "family", "size", "quality", "licence", "state", "from")]
    rows += [
        (
            f"{model.source} → {model.target}",
            printable(model.name),
            model.family,
            f"{model.size / 1e6:.0f} MB",
            str(model.quality or ""),
            printable(model.licence),
            ", ".join([model.state, *(f"used for {tag}" for tag in model.configured_for)]),
            printable(model.origin),
        )
        for model in models
    ]
    return columns(rows, right=[3])


def _as_json(model: ListedModel) -> dict[str, object]:
    quality = model.quality
    return {
        "source": model.source,
        "target": model.target,
        "name": model.name,
        "family": model.family,
        "state": model.state,
        "configured_for": list(model.configured_for),
        "size": model.size,
        "licence": model.licence,
        "quality": {"bleu": quality.bleu, "comet": quality.comet} if quality else None,
        "origin": model.origin,
    }
