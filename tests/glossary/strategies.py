"""Texts as documents have them: every kind of space, script and mark that bites."""

from hypothesis import strategies as st

from l10n_pipeline.model import Gender, Term, TermKind, TermMode

AWKWARD = (
    "aAeEßİıſ 1_-‑–'’`´\"“”«».,…\u00a0\u202f\u2028\r\n\t\ufeff\u00ad\u200b\u200d\u200c"
    "\u0301\u0327\u0323\u0345\u0307éçÅ\u212bάᾳ北京아ᄀ\u1161\u11a8ไทยも\u3099🎉❤\ufe0f👩🚀🏽אبʼ"
)
texts = st.text(st.sampled_from(AWKWARD), max_size=24)
any_texts = st.one_of(texts, st.text(max_size=24))

_spellings = st.builds(
    "{}{}".format,
    st.sampled_from("aZéß北🎉İЖ"),
    st.text("aé \u00a0\u202f'`\"“<&>;#=+ß🎉\u200d\u0301Жאب-", max_size=8),
).map(str.strip)
terms = st.builds(
    Term,
    source=_spellings,
    target=_spellings,
    note=st.sampled_from(["", "a town", "a; b", "“x” <b>&amp;</b>", "#1"]),
    # Another term's spellings must not be among them: rows of one file may not clash.
    aliases=st.just(()),
    forms=st.lists(_spellings, max_size=3, unique=True).map(tuple),
    forbidden=st.lists(_spellings, max_size=3, unique=True).map(tuple),
    mode=st.sampled_from(TermMode),
    kind=st.sampled_from(TermKind),
    gender=st.sampled_from(Gender),
    ignores_diacritics=st.booleans(),
)
"""Terms with different sources may all stand in one file: they have no aliases."""
