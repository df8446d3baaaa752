"""Pairs inside of words, formulas, and words that a translation brings to the front."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline import codes
from l10n_pipeline.codes import CodedText
from l10n_pipeline.folding import words
from l10n_pipeline.locale import Locale
from l10n_pipeline.markup import Masked, masked, project
from l10n_pipeline.markup.scripts import folded, unfolded
from l10n_pipeline.model import AlignmentLink, CodeKind, Hypothesis, InlineCode
from l10n_pipeline.pipeline.coding import drafts_with_codes
from l10n_pipeline.pipeline.engines import engine_for
from tests.markup.test_coding import Translator
from tests.markup.test_projection import projected

_HTML = re.compile(r"<(/?)([a-z]+)>")


def html(written: str) -> tuple[str, tuple[InlineCode, ...]]:
    """A source with tags, and its codes, of ``2<sup>48</sup>``."""
    own: list[InlineCode] = []
    waiting: list[int] = []
    count = 0

    def tag(match: re.Match[str]) -> str:
        nonlocal count
        if match[2] == "wbr":
            count += 1
            own.append(InlineCode(CodeKind.STANDALONE, count, match[0]))
        elif match[1]:
            own.append(InlineCode(CodeKind.CLOSE, waiting.pop(), match[0]))
        else:
            count += 1
            waiting.append(count)
            own.append(InlineCode(CodeKind.OPEN, count, match[0]))
        return codes.tag(own[-1])

    source = _HTML.sub(tag, written)
    return source, tuple(own)


def coded(written: str) -> CodedText:
    return codes.read(*html(written))


def rendered(made: CodedText) -> str:
    raws = {codes.tag(mark.code): mark.code.raw for mark in made.marks}
    return codes.TAG.sub(lambda match: raws[match[0]], codes.write(made))


def copied(mask: Masked) -> str:
    """What a model makes of a text that copies all."""
    links = tuple(AlignmentLink(word, word, 0.97) for word in words(mask.text))
    return rendered(project(mask, Hypothesis(mask.text, -0.1, links), mask.text).coded)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("up to 2<sup>48</sup> bytes", "up to 248 bytes"),
        ("H<sub>2</sub>O", "H2O"),
        ("<b>H<sub>2</sub>O</b> boils", "H2O boils"),
        ("80 m<sup>2</sup> of <i>x</i><sub>1</sub>.", "80 m2 of x1."),
        ("O(n<sup>2</sup>) time", "O(n2) time"),
        ("10<sup>-6</sup> m", "10-6 m"),
        ("let x<sub>i</sub> be", "let Zelnovak be"),
        ("10<sup>6</sup> is not 106", "Zelnovak is not 106"),
        ("x<sup>2</sup> and x<sup>2</sup>", "Zelnovak and Krastovic"),
        ("<sup>14</sup>C is old", "14C is old"),
        ("the claim<sup>1</sup> is", "the claim is"),
        ("the claim<sup>[2]</sup>, too.<sup>3</sup> So", "the claim, too. So"),
        ("<sup>1</sup>Department of", "Department of"),
        ("Acme<sup>TM</sup> and Total<sub>max</sub>", "Acme and Total"),
        ("in 2010<sup>[4]</sup> he", "in 2010 he"),
        ("the 1<sup>st</sup> and the n<sup>th</sup>", "the 1st and the nth"),
        ("1<sup>o</sup> e 1<sup>a</sup>", "1o e 1a"),
        ("<sub>small print of this</sub>", "small print of this"),
        ("(<sub>small</sub>)", "(small)"),
        ("see <sup>1</sup> below", "see 1 below"),
        ("x<sup><b>2</b></sup>", "x2"),
        ("漢字<sup>1</sup>漢字", "漢字漢字"),
    ],
)
def test_a_formula_is_one_word_and_a_footnote_s_mark_none(written: str, seen: str) -> None:
    assert masked(coded(written)).text == seen


@pytest.mark.parametrize(
    "written",
    [
        "up to 2<sup>48</sup> bytes of H<sub>2</sub>O or H<sub>2</sub>SO<sub>4</sub>",
        "the claim<sup>1</sup>, and <b>m<sup>2</sup></b>. An un<b>believ</b>able e<i>X</i>ample",
        "<b>P</b>ortable <b>D</b>ocument <b>F</b>ormat: <b>H</b><i>2</i><b>O</b> and H<b>2</b>O",
        "2<sup>1</sup>か 漢字<sub>2</sub>漢",
        "a long<wbr>word and <i>long</i>word and long<i>word</i>",
        "1<sup>st</sup> of <i>x</i><sub><i>i</i></sub><sup>2</sup> of 1<sup>st</sup>",
    ],
)
def test_what_a_model_copies_keeps_its_pairs_at_their_characters(written: str) -> None:
    assert copied(masked(coded(written))) == written
    assert copied(masked(coded(written), 1)) == written


@pytest.mark.parametrize(
    ("source", "target", "links", "expected"),
    [
        ("the 1<g1>st</g1> place", "o 1º lugar", "1º>1st", "o 1<g1>º</g1> lugar"),
        ("e<g1>X</g1>ample", "exemplo", "exemplo>eXample", "e<g1>x</g1>emplo"),
        ("<g1>re</g1>start it", "reinicie isso", "reinicie>restart", "<g1>re</g1>inicie isso"),
        ("Java<g1>Script</g1> is", "É JAVASCRIPT", "É>is", "É JAVA<g1>SCRIPT</g1>"),
        ("all <g1>file</g1>s", "todos os arquivos", "arquivos>files", "todos os <g1>arquivos</g1>"),
        ("un<g1>sung</g1> man", "um anónimo", "anónimo>unsung", "um <g1>anónimo</g1>"),
    ],
)
def test_a_pair_in_a_word_is_where_the_translation_has_its_part(
    source: str, target: str, links: str, expected: str
) -> None:
    assert projected(source, target, links) == expected


@pytest.mark.parametrize(
    ("written", "text", "is_doubtful"),
    [
        ("un<b>sung</b> now", "desconhecido agora", True),
        ("<b>un</b>sung now", "desconhecido agora", True),
        ("<b>file</b>s now", "arquivos agora", False),
        ("<b>files</b> now", "arquivos agora", False),
        ("<b>re</b>start now", "reinicie agora", False),
    ],
)
def test_a_pair_around_more_of_a_word_is_told(written: str, text: str, is_doubtful: bool) -> None:
    mask = masked(coded(written))
    pairs = zip(words(text), words(mask.text), strict=True)
    links = tuple(AlignmentLink(to, of, 0.9) for to, of in pairs)
    doubts = project(mask, Hypothesis(text, -0.1, links), text).doubts
    told = ("<g1> may be around more of a word than in the source",)
    assert doubts == (told if is_doubtful else ())


def test_a_formula_that_does_not_arrive_is_asked_for_in_another_way() -> None:
    translator = Translator(lambda source: source.replace("21024", "21.024"))
    source, own = html("up to 2<sup>1024</sup> bytes")
    ((_, draft),) = drafts_with_codes([source], [own], translator, engine="fake")
    assert translator.asked == [["up to 21024 bytes"], ["up to QX1 bytes"]]
    assert draft.text == source
    assert [finding.rule for finding in draft.findings] == ["echo"]


def test_a_formula_that_is_lost_is_put_in_and_told() -> None:
    translator = Translator(lambda source: re.sub(r" (?:H2O|QX1)", "", source))
    source, own = html("the H<sub>2</sub>O here")
    ((_, draft),) = drafts_with_codes([source], [own], translator, engine="fake")
    assert "H<g1>2</g1>O" in draft.text
    assert [finding.message for finding in draft.findings if finding.rule == "codes"] == [
        '"H2O" was left out and has been put in'
    ]


def linked(source: str, text: str, links: list[tuple[int, int, float]]) -> tuple[str, bool]:
    """Project through links between words by index; tells whether there are doubts."""
    mask = masked(coded(source))
    to, of = words(text), words(mask.text)
    alignment = tuple(AlignmentLink(to[one], of[other], how) for one, other, how in links)
    made = project(mask, Hypothesis(text, -0.1, alignment), text)
    return rendered(made.coded), bool(made.doubts)


def test_what_takes_the_place_of_a_subject_is_found() -> None:
    links = [(0, 0, 0.72), (1, 1, 0.94), (2, 3, 0.91)]
    made = linked("It is <b>not</b> possible", "Não é possível", links)
    assert made == ("<b>Não</b> é possível", True)


def test_a_subject_that_has_its_translation_keeps_it() -> None:
    links = [(0, 0, 0.97), (1, 1, 0.94), (2, 3, 0.91)]
    made, _ = linked("She is <b>so</b> happy", "Ela é feliz", links)
    assert not made.startswith("<b>")
    links[0] = (0, 0, 0.72)
    made, _ = linked("<i>She</i> is <b>so</b> happy", "Ela é feliz", links)
    assert made.startswith("<i>Ela</i>")


def test_time_grows_with_the_number_of_formulas_alone() -> None:
    unit = "an e<i>X</i>ample of H<sub>2</sub>O and 2<sup>48</sup> in the claim<sup>1</sup>"
    written = " ".join([unit] * 1000)
    began = time.perf_counter()
    assert copied(masked(coded(written))) == written
    assert time.perf_counter() - began < 15


@pytest.mark.slow
def test_the_bundled_model_keeps_formulas_and_emphasised_negations() -> None:
    translations = {
        "The file may have 2<sup>48</sup> bytes.": "2<sup>48</sup> bytes",
        "Water is H<sub>2</sub>O.": "H<sub>2</sub>O",
        "The claim<sup>1</sup> is old.": "<sup>1</sup> é",
        "The flat has 80 m<sup>2</sup>.": "80 m<sup>2</sup>",
        "It is <em>not</em> necessary to restart the server.": "<em>Não</em>",
        "There are <em>no</em> other options.": "<em>Não</em>",
        "It can <em>only</em> be called once.": "<em>Só</em>",
    }
    engine = engine_for(Locale.parse("en"), Locale.parse("pt"))
    for written, expected in translations.items():
        mask = masked(coded(written))
        (answer,) = engine.translate([mask.text])
        assert expected in rendered(project(mask, answer, answer.text).coded)


# --- properties -----------------------------------------------------------------------------

_LETTERS = "abXYé12"


@st.composite
def marked_words(draw: st.DrawFn) -> str:
    """Words with pairs around any of their characters, nested or beside each other."""

    def part(depth: int) -> str:
        text = draw(st.text(_LETTERS, min_size=1, max_size=3))
        if depth and draw(st.booleans()):
            name = draw(st.sampled_from(("sup", "sub", "b", "i")))
            inner = part(depth - 1)
            text = draw(st.sampled_from((text, ""))) + f"<{name}>{inner}</{name}>"
        if depth and draw(st.booleans()):
            text += part(depth - 1)
        return text

    count = draw(st.integers(1, 4))
    return " ".join(part(3) for _ in range(count))


@given(marked_words())
def test_a_copy_has_every_pair_at_its_very_characters(written: str) -> None:
    for attempt in (0, 1):
        assert copied(masked(coded(written), attempt)) == written


@given(marked_words())
def test_what_is_folded_unfolds(written: str) -> None:
    whole = coded(written)
    assert unfolded(*folded(whole)) == whole


@given(st.data(), marked_words())
def test_whatever_becomes_of_words_their_codes_stay_and_nest(
    data: st.DataObject, written: str
) -> None:
    source, own = html(written)
    mask = masked(codes.read(source, own))
    drawn_words = st.text(_LETTERS, min_size=1, max_size=4)
    copies = st.sampled_from(mask.text.split() or ["a"])
    text = " ".join(data.draw(st.lists(drawn_words | copies, min_size=1, max_size=6)))
    to, of = words(text), words(mask.text)
    indices = st.tuples(st.integers(0, len(to) - 1), st.integers(0, len(of) - 1), st.floats(0, 1))
    drawn = sorted(data.draw(st.lists(indices, max_size=8)), key=lambda link: link[0])
    links = tuple(AlignmentLink(to[one], of[other], how) for one, other, how in drawn)
    made = project(mask, Hypothesis(text, -0.1, links), text)
    result = codes.write(made.coded)
    assert codes.faults(result, own) == ()
    assert codes.emptied(source, result) == ()
    assert codes.read(result, own).text == made.coded.text
    if not mask.standing:
        assert made.coded.text == text
