"""Texts as documents have them: every kind of space, script and mark that bites."""

from hypothesis import strategies as st

AWKWARD = (
    "aAeEßİıſ 1_-‑–'’`´\"“”«».,…\u00a0\u202f\u2028\r\n\t\ufeff\u00ad\u200b\u200d\u200c"
    "\u0301\u0327\u0323\u0345\u0307éçÅ\u212bάᾳ北京아ᄀ\u1161\u11a8ไทยも\u3099🎉❤\ufe0f👩🚀🏽אبʼ"
)
texts = st.text(st.sampled_from(AWKWARD), max_size=24)
any_texts = st.one_of(texts, st.text(max_size=24))
