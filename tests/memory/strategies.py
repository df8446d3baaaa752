"""Units as catalogues and other tools' files have them."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from l10n_pipeline.locale import Locale
from l10n_pipeline.memory.units import MemoryUnit, Pair, Surroundings
from tests.glossary.strategies import AWKWARD

EN, PT_BR = Locale("en"), Locale.parse("pt-BR")
PAIR = Pair(EN, PT_BR)

words = st.lists(
    st.sampled_from(
        [
            "open",
            "close",
            "the",
            "file",
            "this",
            "files",
            "a",
            "menu",
            "now",
            "12",
            "Straße",
            "“it”",
            "it's",
        ]
    ),
    min_size=1,
    max_size=8,
).map(" ".join)
"""Texts that are often alike."""

_tags = st.sampled_from(["<g1>", "</g1>", "<g2>", "</g2>", "<x1/>", "<x3/>", "<g0>", "<b>", "&lt;"])
texts = st.lists(st.one_of(_tags, st.text(AWKWARD, max_size=5), words), min_size=1, max_size=5).map(
    "".join
)
filled = texts.filter(str.strip)
units = st.builds(
    MemoryUnit,
    source=filled,
    target=filled,
    surroundings=st.builds(Surroundings, *[st.sampled_from(["", "a", "b\n“c” <&>", " "])] * 4),
    created=st.none()
    | st.datetimes(timezones=st.just(UTC)).map(lambda date: date.replace(microsecond=0)),
    creator=st.sampled_from(["", "ana", 'a "b" <c>&\t\n']),
    notes=st.lists(texts, max_size=2).map(tuple),
    properties=st.lists(
        st.tuples(st.sampled_from(["", "domain", "x-l10n-", 'a"\r\n&']), texts), max_size=2
    ).map(tuple),
)
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
