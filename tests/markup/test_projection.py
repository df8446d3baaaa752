from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline import codes
from l10n_pipeline.codes import CodedText
from l10n_pipeline.folding import words
from l10n_pipeline.markup import masked, project
from l10n_pipeline.model import AlignmentLink, CodeKind, Hypothesis, InlineCode, Span

SHOWN = ("make test", "https://example.org/a?b=c", "%s", "{count}", "<b>", "$HOME", "a@b.org")
ALPHABET = "abzÉ1 ,.\"()'-\u00a0\u202f\u2028“”«»漢字か🙂\u0301א\n"


def coded_of(written: str, **shown: str) -> tuple[str, tuple[InlineCode, ...]]:
    """A source with tags and its codes; ``x2="make test"`` is what a code shows."""
    found = []
    for match in codes.TAG.finditer(written):
        if match["alone"]:
            number = int(match["alone"])
            seen = shown.get(f"x{number}", "")
            found.append(InlineCode(CodeKind.STANDALONE, number, seen or "<br>", seen))
        else:
            kind = CodeKind.CLOSE if match["close"] else CodeKind.OPEN
            found.append(InlineCode(kind, int(match["pair"]), "**"))
    return written, tuple(found)


def projected(source: str, target: str, links: str = "", **shown: str) -> str:
    """Project through links told as ``word>word`` between words that stand in a text once;
    shown codes are written in the target as they are.
    """
    written, own = coded_of(source, **shown)
    mask = masked(codes.read(written, own))
    for mark in mask.marks:
        if mark.code.shown:
            target = target.replace(mark.code.shown, mark.span.of(mask.text))
    alignment = []
    for link in links.split():
        to, of = link.split(">")
        alignment.append(AlignmentLink(_span(target, to), _span(mask.text, of), 1.0))
    alignment.sort(key=lambda link: link.target)
    hypothesis = Hypothesis(target, -0.1, tuple(alignment))
    return codes.write(project(mask, hypothesis, target).coded)


def _span(text: str, word: str) -> Span:
    (found,) = [span for span in words(text) if span.of(text) == word]
    return found


@pytest.mark.parametrize(
    ("source", "target", "links", "expected"),
    [
        (
            "Part of the <g1>Justice Campaign</g1>, and on.",
            "Parte da Campanha “Justiça”, e mais.",
            "Parte>Part Campanha>Campaign Justiça>Justice e>and mais>on",
            "Parte da <g1>Campanha “Justiça”</g1>, e mais.",
        ),
        (
            "The <g1>red</g1> car stops.",
            "O carro vermelho para.",
            "O>The carro>car vermelho>red para>stops",
            "O carro <g1>vermelho</g1> para.",
        ),
        (
            "A <g1><g2>very</g2> old</g1> house",
            "Uma casa muito velha",
            "Uma>A casa>house muito>very velha>old",
            "Uma casa <g1><g2>muito</g2> velha</g1>",
        ),
        (
            "It is <g1>no longer used</g1>.",
            "Não é mais usado.",
            "Não>no é>is mais>longer usado>used",
            "<g1>Não é mais usado</g1>.",
        ),
        (
            'He said "<g1>never</g1>".',
            "Ele disse “nunca”.",
            "Ele>He disse>said nunca>never",
            "Ele disse “<g1>nunca</g1>”.",
        ),
        (
            'He said <g1>"never"</g1>.',
            "Ele disse “nunca”.",
            "Ele>He disse>said nunca>never",
            "Ele disse <g1>“nunca”</g1>.",
        ),
        (
            "<g1>Note:</g1> closed",
            "Nota: fechado",
            "Nota>Note fechado>closed",
            "<g1>Nota:</g1> fechado",
        ),
        (
            "<g1>Note</g1>: closed",
            "Nota: fechado",
            "Nota>Note fechado>closed",
            "<g1>Nota</g1>: fechado",
        ),
        ("<g1>All closed.</g1>", "Tudo fechado.", "", "<g1>Tudo fechado.</g1>"),
        ("<g1>All closed</g1>.", "Tudo fechado.", "", "<g1>Tudo fechado</g1>."),
        (
            "Tea<x1/> and milk",
            "Chá e leite",
            "Chá>Tea e>and leite>milk",
            "Chá<x1/> e leite",
        ),
        (
            "Click on <x1/> to save",
            "Clique em para salvar",
            "Clique>Click em>on para>to salvar>save",
            "Clique em <x1/> para salvar",
        ),
        (
            "Main Street<x1/>Springfield",
            "Rua Principal Springfield",
            "Rua>Street Principal>Main",
            "Rua Principal<x1/>Springfield",
        ),
        (
            "Bought <g1>online</g1> today",
            "Comprado on-line hoje",
            "Comprado>Bought line>online hoje>today",
            "Comprado <g1>on-line</g1> hoje",
        ),
        ("Salt <g1>&</g1> pepper", "Sal & pimenta", "Sal>Salt", "Sal <g1>&</g1> pimenta"),
        (
            "One.<x1/> Two",
            "Um. Dois",
            "Um>One Dois>Two",
            "Um.<x1/> Dois",
        ),
    ],
)  # fmt: skip
def test_codes_follow_the_words_they_belong_to(
    source: str, target: str, links: str, expected: str
) -> None:
    assert projected(source, target, links) == expected


def test_what_is_shown_comes_out_where_its_stand_in_does() -> None:
    assert (
        projected(
            "Run <x1/> in <g2><x3/> folders</g2>.",
            "Em {count} pastas execute make test.",
            "Em>in pastas>folders execute>Run",
            x1="make test",
            x3="{count}",
        )
        == "Em <g2><x3/> pastas</g2> execute <x1/>."
    )


def test_a_code_that_is_part_of_a_word_is_joined_to_it_again() -> None:
    assert projected("<x1/>px wide", "{size} px de largura", x1="{size}") == "<x1/>px de largura"


def test_a_swapped_name_keeps_its_codes() -> None:
    written, own = coded_of("Yesterday <g1>Ricardas</g1> spoke")
    mask = masked(codes.read(written, own))
    text = "Riardas falou ontem"
    links = [(0, 7, 10, 18), (8, 13, 19, 24), (14, 19, 0, 9)]
    alignment = tuple(AlignmentLink(Span(*link[:2]), Span(*link[2:]), 0.9) for link in links)
    hypothesis = Hypothesis(text, -0.1, alignment)
    made = project(mask, hypothesis, "O senhor Ričardas falou ontem")
    assert codes.write(made.coded) == "<g1>O senhor Ričardas</g1> falou ontem"


def test_an_article_that_agrees_with_a_swapped_name_stays_outside() -> None:
    written, own = coded_of("The <g1>stock market</g1> fell")
    mask = masked(codes.read(written, own))
    text = "O mercado de ações caiu"
    links = [(0, 1, 0, 3), (2, 9, 10, 16), (10, 12, 10, 16), (13, 18, 4, 9), (19, 23, 17, 21)]
    alignment = tuple(AlignmentLink(Span(*link[:2]), Span(*link[2:]), 0.9) for link in links)
    made = project(mask, Hypothesis(text, -0.1, alignment), "A bolsa caiu")
    assert codes.write(made.coded) == "A <g1>bolsa</g1> caiu"


def test_a_lost_code_is_put_in_and_told() -> None:
    written, own = coded_of("Run <x1/> now", x1="make test")
    mask = masked(codes.read(written, own))
    links = (
        AlignmentLink(Span(0, 7), Span(0, 3), 0.9),
        AlignmentLink(Span(8, 13), Span(mask.text.index("now"), len(mask.text)), 0.9),
    )
    made = project(mask, Hypothesis("Execute agora", -0.1, links), "Execute agora")
    assert codes.write(made.coded) == "Execute <x1/> agora"
    assert made.coded.text == "Execute make test agora"
    assert made.doubts == ('"make test" was left out and has been put in',)


def test_a_stand_in_that_comes_twice_is_left_once_and_told() -> None:
    written, own = coded_of("Run <x1/> now", x1="make test")
    mask = masked(codes.read(written, own))
    name = mask.marks[0].span.of(mask.text)
    text = f"Execute {name} {name} agora"
    made = project(mask, Hypothesis(text, -0.1), text)
    assert codes.write(made.coded) == "Execute <x1/> agora"
    assert '"make test" stood there more than once' in made.doubts


def test_guessing_is_told() -> None:
    written, own = coded_of("a <g1>b</g1> c")
    made = project(masked(codes.read(written, own)), Hypothesis("x y z", -0.1), "x y z")
    assert codes.write(made.coded) == "x <g1>y</g1> z"
    assert made.doubts == ("codes stand where the order of words alone puts them",)


def test_a_text_without_codes_stays_as_it_is() -> None:
    made = project(masked(CodedText("Two  spaces ")), Hypothesis(" x ", -0.1), " x ")
    assert made.coded == CodedText(" x ")


def test_pairs_may_be_nested_deeply() -> None:
    depth = 2_000
    opening = "".join(f"<g{number}>" for number in range(1, depth + 1))
    closing = "".join(f"</g{number}>" for number in range(depth, 0, -1))
    written, own = coded_of(f"one {opening}two{closing}")
    made = project(masked(codes.read(written, own)), Hypothesis("um dois", -0.1), "um dois")
    assert codes.write(made.coded) == f"um {opening}dois{closing}"


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("Go <g1>→</g1> on", "Vá em frente", "Vá <g1>→</g1> em frente"),
        ("Go on <g1>»</g1>", "Continue", "Continue <g1>»</g1>"),
        ("<g1>*</g1> needed", "necessário", "<g1>*</g1> necessário"),
        ("Go<g1>.</g1>", "Vá.", "Vá<g1>.</g1>"),
        ("Say <g1>“</g1>Go”", "Diga «Vá»", "Diga <g1>«</g1>Vá»"),
        ("Go (<g1>*</g1>)", "Vá (†)", "Vá (<g1>*</g1>†)"),
        ("Go <g1><g2>→</g2></g1> on", "Vá em → frente", "Vá em <g1><g2>→</g2></g1> frente"),
        ("Go <g1><g2>→</g2></g1> on", "Vá em frente", "Vá <g1><g2>→</g2></g1> em frente"),
        ("Go <g1>→<g2></g2></g1> on", "Vá em frente", "Vá <g1>→<g2></g2></g1> em frente"),
    ],
)
def test_a_pair_around_symbols_never_loses_them(source: str, target: str, expected: str) -> None:
    assert projected(source, target, "Vá>Go" if "Vá" in target else "") == expected


@pytest.mark.parametrize(
    "unit",
    ["go <g1>there</g1> and ", "go there <x1/>", "run <x1/> ", "go <g1>→</g1> ", "<x1/><x2/>"],
)
def test_time_grows_with_the_number_of_codes_alone(unit: str) -> None:
    count = 3000
    numbers = re.findall(r"\d+", unit)
    written = ""
    for at in range(count):
        copy = unit
        for number in sorted(set(numbers), reverse=True):
            copy = copy.replace(number, str(int(number) + at * len(set(numbers))))
        written += copy
    shown = {f"x{at}": "x" for at in range(1, count + 1)} if unit.startswith("run") else {}
    written, own = coded_of(f"{written}end", **shown)
    began = time.perf_counter()
    mask = masked(codes.read(written, own))
    links = tuple(AlignmentLink(word, word, 1.0) for word in words(mask.text))
    made = project(mask, Hypothesis(mask.text, -0.1, links), mask.text)
    assert not mask.has_words or codes.write(made.coded) == written
    assert time.perf_counter() - began < 15


# --- properties -----------------------------------------------------------------------------


@st.composite
def sources(draw: st.DrawFn) -> tuple[str, tuple[InlineCode, ...]]:
    """Any text with any well nested codes."""
    pieces = []
    open_pairs: list[int] = []
    number = 0
    own = []
    for what in draw(st.lists(st.sampled_from("tttopxsc"), max_size=14)):
        if what == "t":
            pieces.append(draw(st.text(ALPHABET, max_size=8)))
        elif what == "o":
            number += 1
            open_pairs.append(number)
            own.append(InlineCode(CodeKind.OPEN, number, "**"))
            pieces.append(codes.tag(own[-1]))
        elif what == "c" and open_pairs:
            own.append(InlineCode(CodeKind.CLOSE, open_pairs.pop(), "**"))
            pieces.append(codes.tag(own[-1]))
        elif what in "pxs":
            number += 1
            shown = draw(st.sampled_from(SHOWN)) if what == "s" else ""
            own.append(InlineCode(CodeKind.STANDALONE, number, "<br>", shown))
            pieces.append(codes.tag(own[-1]))
    while open_pairs:
        own.append(InlineCode(CodeKind.CLOSE, open_pairs.pop(), "**"))
        pieces.append(codes.tag(own[-1]))
    return "".join(pieces), tuple(own)


@st.composite
def hypotheses(draw: st.DrawFn, source: str, stand_ins: list[str]) -> Hypothesis:
    """Any text with any of the stand-ins, any number of times, and any alignment."""
    pieces = draw(
        st.lists(st.text(ALPHABET, max_size=6) | st.sampled_from([*stand_ins, "x"]), max_size=12)
    )
    text = "".join(pieces)
    places = st.integers(0, max(len(text), 1)), st.integers(0, max(len(source), 1))
    links = []
    for _ in range(draw(st.integers(0, 12))):
        (to, to_end), (of, of_end) = (sorted((draw(one), draw(one))) for one in places)
        weight = draw(st.floats(0, 1))
        links.append(
            AlignmentLink(
                Span(min(to, len(text)), min(to_end, len(text))),
                Span(min(of, len(source)), min(of_end, len(source))),
                weight,
            )
        )
    return Hypothesis(text, -1.0, tuple(links))


@given(st.data(), sources(), st.integers(0, 1))
def test_whatever_a_model_does_the_codes_are_those_of_the_source_and_well_nested(
    data: st.DataObject, source: tuple[str, tuple[InlineCode, ...]], attempt: int
) -> None:
    written, own = source
    mask = masked(codes.read(written, own), attempt)
    stand_ins = [mark.span.of(mask.text) for mark in mask.marks if mark.code.shown]
    hypothesis = data.draw(hypotheses(mask.text, stand_ins))
    made = project(mask, hypothesis, hypothesis.text)
    result = codes.write(made.coded)
    assert codes.faults(result, own) == ()
    assert codes.read(result, own).text == made.coded.text
    if words(hypothesis.text):
        assert codes.emptied(written, result) == ()
    # Nothing but stand-ins and white space is taken away, nothing but white space added, save
    # what stands alone in a pair.
    if any(doubt.endswith("put in") for doubt in made.doubts):
        return
    kept = codes.TAG.sub("", result) if own else result
    pattern = "|".join(rf"(?<!\d){word}" if word.isdigit() else word for word in stand_ins)
    left = re.sub(rf"(?:{pattern})(?!\d)", "", hypothesis.text) if stand_ins else hypothesis.text
    assert re.sub(r"\s", "", kept) == re.sub(r"\s", "", left)


@given(st.data(), sources())
def test_an_enforced_text_that_has_little_to_do_with_its_hypothesis_has_the_codes(
    data: st.DataObject, source: tuple[str, tuple[InlineCode, ...]]
) -> None:
    written, own = source
    mask = masked(codes.read(written, own))
    hypothesis = data.draw(hypotheses(mask.text, []))
    text = data.draw(st.text(ALPHABET, max_size=20))
    assert codes.faults(codes.write(project(mask, hypothesis, text).coded), own) == ()


@given(sources(), st.integers(0, 1))
def test_a_model_that_copies_its_source_gives_the_codes_back_in_order(
    source: tuple[str, tuple[InlineCode, ...]], attempt: int
) -> None:
    written, own = source
    mask = masked(codes.read(written, own), attempt)
    links = tuple(AlignmentLink(word, word, 1.0) for word in words(mask.text))
    made = project(mask, Hypothesis(mask.text, -0.1, links), mask.text)
    shown = [mark.code for mark in made.coded.marks if mark.code.shown]
    assert shown == [code for code in own if code.shown]
    assert not any("left out" in doubt for doubt in made.doubts)


def test_a_stop_does_not_touch_the_code_after_it_where_it_did_not_in_the_source() -> None:
    made = projected("Any. <x1/> writes.", "Algum.make test escreve.", x1="make test")
    assert made == "Algum. <x1/> escreve."
    assert projected("v.<x1/> is", "v.make test é", x1="make test") == "v.<x1/> é"
    assert projected("In <x1/> too.", "(make test) também.", x1="make test") == "(<x1/>) também."
