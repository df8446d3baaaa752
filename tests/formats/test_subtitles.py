"""Subtitles: sentences over cues, translations back over the same cues."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l10n_pipeline.codes import TAG
from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.subtitles import SubRip, WebVTT, srt, webvtt
from l10n_pipeline.formats.subtitles.division import divide
from l10n_pipeline.formats.subtitles.turns import ends_sentence
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import BlockKind, Document, Segment
from l10n_pipeline.segment import SentenceSegmenter, segment_document

SAMPLES = Path(__file__).parent / "samples" / "subtitles"
NAMES = ["heat.vtt", "interview.srt", "quirks.srt", "river.srt", "talk.vtt"]
ENGLISH = Locale("en")
FORMATS: dict[str, SubRip | WebVTT] = {".srt": SubRip(), ".vtt": WebVTT()}
SYNTAXES = {".srt": srt.SubRip.syntax, ".vtt": webvtt.WebVTT.syntax}
SEGMENTER = SentenceSegmenter(ENGLISH)


def read(text: str | bytes, suffix: str = ".srt", locale: Locale = ENGLISH) -> Document:
    data = text.encode() if isinstance(text, str) else text
    return FORMATS[suffix].read(data, path=f"seeds/a{suffix}", name=f"a{suffix}", locale=locale)


def segments(document: Document) -> tuple[Segment, ...]:
    return segment_document(document, SEGMENTER)


def sources(text: str, suffix: str = ".srt") -> list[str]:
    return [segment.source for segment in segments(read(text, suffix))]


def built(text: str, *translations: str, suffix: str = ".srt") -> str:
    """The text with its segments translated, in order."""
    document = read(text, suffix)
    found = segments(document)
    assert len(found) == len(translations), [segment.source for segment in found]
    return FORMATS[suffix].build(document, dict(zip(found, translations, strict=True))).decode()


def srt_of(*cues: str) -> str:
    """Cues of two seconds, one right after the other."""
    return "\n".join(
        f"{at + 1}\n00:00:{2 * at:02},000 --> 00:00:{2 * at + 2:02},000\n{cue}\n"
        for at, cue in enumerate(cues)
    )


def texts(text: str) -> list[str]:
    """The cues of a SubRip file as its author sees them."""
    return [cue.span.of(text) for cue in srt.SubRip.syntax.cues(text)]


def put(source: list[str], *translations: str) -> list[str]:
    """The cues after these translations of the segments of these cues."""
    return texts(built(srt_of(*source), *translations))


# --- properties ----------------------------------------------------------------------

FRAGMENTS = st.lists(
    st.sampled_from(
        [
            *" \t\n\r\x0b\x85\u2028\xa0\u202f\ufeff.!…-♪[]()<>&{aÉ你。😀א\u0301",
            *("\n\n", "\r\n", "\r\n\r\n", "1\n", "00:00:0x,0 --> 00:00:02,000\n", "NOTE x\n"),
            *("Some words ", "end. ", "Then ", "<i>", "</i>", "<b>", "</b>", "<v Ann>", "</v>"),
            *("<c.a>", "</c>", "<00:00:01.500>", "&amp;", "&lt;", "&nbsp;", "{\\an8}", "<br>"),
            *("- Who?\n- Me", "JOHN: ", "[noise]\n", "...", "<g1>", "<x2/>", "{name}", "a@b.cd"),
            *("\n\n2\n00:00:01,000 --> 00:00:02,000\n", "\n00:00:01.000 --> 00:00:02.000 x:1\n"),
            "word\n\n3\n00:00:02,000 --> 00:00:03,000\nand ",
            "</i>\n\n4\n00:00:03,000 --> 00:00:04,000\n<i>",
            "</b></i>\r\n\r\n5\r\n00:00:04.000 --> 00:00:05.000\r\n<i><b>",
        ]
    ),
    max_size=40,
).map("".join)
FILES = FRAGMENTS.map(lambda text: "00:00:00,000 --> 00:00:01,000\n" + text)
SUFFIXES = st.sampled_from(sorted(FORMATS))
WORDS = st.lists(
    st.sampled_from(
        [
            "não",
            "e",
            "vírgula,",
            "fim.",
            "comprimento",
            "1984",
            "<",
            "&",
            "->",
            "你好世界。",
            "a\nb",
        ]
    ),
    min_size=1,
    max_size=30,
)


def with_tags(words: list[str], source: str) -> st.SearchStrategy[str]:
    """The words with the tags of the source among them, in their order: well nested."""
    tags = [found[0] for found in TAG.finditer(source)]
    places = st.lists(st.integers(0, len(words)), min_size=len(tags), max_size=len(tags))

    def put_in(places: list[int]) -> str:
        pieces = list(words)
        for place, tag in reversed(list(zip(sorted(places), tags, strict=True))):
            pieces.insert(place, tag)
        return " ".join(pieces)

    return places.map(put_in)


@given(FILES, SUFFIXES)
def test_blocks_and_their_pieces_tile_the_text(text: str, suffix: str) -> None:
    document = read(text, suffix)

    assert "".join(block.span.of(document.text) for block in document.blocks) == document.text
    assert all(block.span for block in document.blocks)
    for block in document.blocks:
        assert block.translatable == (block.kind is BlockKind.SUBTITLE)
        raw = "".join(piece.span.of(document.text) for piece in block.pieces)
        assert raw == (block.span.of(document.text) if block.translatable else "")


@given(FILES, SUFFIXES, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_building_with_nothing_or_the_source_gives_the_bytes_back(
    text: str, suffix: str, codec: str
) -> None:
    data = text.encode(codec)
    document = read(data, suffix)
    served = FORMATS[suffix]

    assert served.build(document, {}) == data
    assert served.build(document, {s: s.source for s in segments(document)}) == data


@given(st.binary(max_size=60) | FRAGMENTS.map(str.encode), SUFFIXES)
def test_any_bytes_are_read_back_exactly_or_refused(data: bytes, suffix: str) -> None:
    try:
        document = read(data, suffix)
    except DocumentError:
        return
    assert FORMATS[suffix].build(document, {}) == data


@given(FILES, SUFFIXES, st.data())
def test_whatever_the_translation_times_stay_and_no_cue_with_text_is_emptied(
    text: str, suffix: str, data: st.DataObject
) -> None:
    document = read(text, suffix)
    translations = {}
    for segment in segments(document):
        if data.draw(st.booleans()):
            source = segment.source if segment.codes else ""
            translations[segment] = data.draw(with_tags(data.draw(WORDS), source))

    made = FORMATS[suffix].build(document, translations).decode()

    assert shown(made, suffix) == shown(document.text, suffix)


def shown(text: str, suffix: str) -> list[tuple[float, float, bool]]:
    """From when until when each cue is shown, and whether there is anything to see."""
    syntax = SYNTAXES[suffix]
    return [
        (cue.start, cue.end, any(token.shown.strip() for token in syntax.tokens(text, cue.span)))
        for cue in syntax.cues(text)
    ]


@settings(max_examples=40)
@given(
    st.lists(
        st.lists(
            st.sampled_from(["one", "two,", "<i>one</i>", "<b>two <i>three</i></b>", "four\nfive"]),
            min_size=1,
            max_size=4,
        )
        .map(" ".join)
        .flatmap(lambda cue: st.sampled_from([cue, f"<i>{cue}</i>", f"<b><i>{cue}</i></b>"])),
        min_size=1,
        max_size=6,
    ),
    st.data(),
)
def test_whatever_the_translation_every_cue_closes_what_it_opens(
    cues: list[str], data: st.DataObject
) -> None:
    (source,) = sources(srt_of(*cues))
    words = data.draw(WORDS.filter(lambda words: "<" not in words))

    made = put(cues, data.draw(with_tags(words, source)))

    assert len(made) == len(cues)
    for cue in made:
        left = re.sub(r"[^<]*(</?[bi]>)?", r"\1", cue)
        while left != (less := re.sub(r"<(.)></\1>", "", left)):
            left = less
        assert left == ""


# --- what is read -----------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_golden_files_list_what_is_translated(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    found = segments(read(data, Path(name).suffix))

    expected = (SAMPLES / name).with_suffix(".expected").read_text(encoding="utf-8")
    assert "".join(f"{one.detail} | {one.source}\n" for one in found) == expected


@pytest.mark.parametrize("name", NAMES)
def test_golden_files_come_back_as_they_are(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    document = read(data, Path(name).suffix)

    translations = {segment: segment.source for segment in segments(document)}
    assert FORMATS[Path(name).suffix].build(document, translations) == data


@pytest.mark.parametrize(
    ("cues", "expected"),
    [
        (["It was", "late."], ["It was late."]),
        (["It was late.", "We left."], ["It was late.", "We left."]),
        (["It was late", "- Who says?"], ["It was late", "Who says?"]),
        (["It was late", "JOHN: We left"], ["It was late", "JOHN: We left"]),
        (["It was late", "[door]"], ["It was late", "[door]"]),
        (["It was late", "♪ la la ♪"], ["It was late", "la la"]),
        (["It was late", ">> Who says?"], ["It was late", "Who says?"]),
        (["It was late", "{\\an8}OFFICE"], ["It was late", "OFFICE"]),
        (["It was so", "{\\an8}late"], ["It was so late"]),
        (["It was...", "...late."], ["It was late."]),
        (["It was so…", "late."], ["It was so… late."]),
        (["It was so...", "We left."], ["It was so...", "We left."]),
        (["“It was late.”", "he said."], ["“It was late.” he said."]),
        (["他说", "我们走吧"], ["他说", "我们走吧"]),
        (["他说，", "我们走吧"], ["他说， 我们走吧"]),
        (["그는", "갔다"], ["그는 갔다"]),
        (["- One\n- Two"], ["One", "Two"]),
        (["He was tall\n- very tall."], ["He was tall - very tall."]),
        (["It is\n-5 degrees"], ["It is -5 degrees"]),
        (["--and so"], ["--and so"]),
        (["He went\n(quietly)\nhome."], ["He went (quietly) home."]),
        (["[soft\nmusic]\nWho?"], ["[soft music]", "Who?"]),
        (["<i>- One</i>\n<i>- Two</i>"], ["One", "Two"]),
        (["♪♪", "...", "1"], ["1"]),
        (["a <g1> b"], ["a <x1/> b"]),
    ],
)
def test_text_goes_on_where_no_sentence_ends_and_nobody_else_speaks(
    cues: list[str], expected: list[str]
) -> None:
    assert sources(srt_of(*cues)) == expected


def test_a_long_pause_ends_what_goes_on() -> None:
    late = srt_of("It was", "late.").replace(
        "00:00:02,000 --> 00:00:04", "00:00:03,600 --> 00:00:05"
    )

    assert sources(late) == ["It was", "late."]


def test_cues_shown_at_the_same_time_are_apart() -> None:
    assert sources(srt_of("It was", "late.").replace("00:00:02,000 -->", "00:00:00,000 -->")) == [
        "It was",
        "late.",
    ]


def test_text_without_any_full_stop_is_divided_all_the_same() -> None:
    found = sources(srt_of(*["and so we went on"] * 60))

    assert len(found) > 1
    assert max(map(len, found)) < 500


def test_a_block_says_when_it_is_shown() -> None:
    (segment,) = segments(read(srt_of("It was", "late.")))

    assert segment.kind is BlockKind.SUBTITLE
    assert segment.detail == "00:00:00–00:00:04"


def test_a_translation_may_fill_two_lines_of_each_cue_or_as_many_as_the_source_has() -> None:
    def limits(*cues: str) -> list[int | None]:
        return [segment.limit for segment in segments(read(srt_of(*cues)))]

    assert limits("It was late.") == [42 + 1 + 42]
    assert limits("It was", "late.") == [4 * 42 + 3]
    assert limits("It\nwas\nlate.") == [3 * 42 + 2]
    assert limits("- Who?\n- Me.") == [42, 42]
    assert limits(50 * "x" + " y.") == [2 * 53 + 1]
    assert limits("It was late. So we went.") == [
        85 - len("So we went. "),
        85 - len("It was late. "),
    ]


def test_a_new_voice_begins_anew() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>It was\n\n00:02.000 --> 00:03.000\n<v {}>late"

    assert sources(text.format("Ann"), ".vtt") == ["It was late"]
    assert sources(text.format("Bob"), ".vtt") == ["It was", "late"]


@pytest.mark.parametrize("suffix", sorted(FORMATS))
@pytest.mark.parametrize("text", ["", "WEBVTT\n\nNOTE nothing", "1\n00:00 - 00:05\nText"])
def test_a_file_without_a_cue_is_refused(text: str, suffix: str) -> None:
    with pytest.raises(DocumentError, match="no subtitle found"):
        read(text, suffix)


def test_other_encodings_are_refused_with_the_way_out() -> None:
    with pytest.raises(DocumentError, match="save the file as UTF-8"):
        read(srt_of("Então?").encode("cp1252"))


def test_a_plain_question_mark_of_greek_ends_a_sentence() -> None:
    assert ends_sentence("Τι\u037e", "Και")


# --- what is written ----------------------------------------------------------------------


def test_a_translation_is_divided_in_proportion_and_near_punctuation() -> None:
    assert put(
        ["When I came to Baku,", "I did not know that I would stay there."],
        "Quando cheguei a Baku, eu não sabia que ficaria lá.",
    ) == ["Quando cheguei a Baku,", "eu não sabia que ficaria lá."]


def test_a_cue_ends_with_a_clause_where_the_source_s_does() -> None:
    cues = ["When I ask what they miss most,", "they do not talk about the fish."]
    translation = "Quando lhes pergunto do que mais sentem falta, não falam dos peixes."
    assert put(cues, translation)[0] == "Quando lhes pergunto\ndo que mais sentem falta,"


def test_no_cue_ends_with_a_word_that_belongs_to_the_next() -> None:
    cues = ["The engineer wanted to open the gates", "for forty-eight hours every spring."]
    translation = "O engenheiro queria abrir os portões por quarenta e oito horas."
    assert put(cues, translation)[0].endswith("portões")


def test_dots_that_say_that_text_goes_on_need_no_comma() -> None:
    cues = ["He was already eighty years old...", "...but he still went out."]
    assert put(cues, "Ele já tinha oitenta anos, mas ainda saía.") == [
        "Ele já tinha oitenta anos...",
        "...mas ainda saía.",
    ]


def test_two_sentences_may_share_a_cue() -> None:
    assert put(
        ["I did not know", "that. But I stayed", "there for years."],
        "Eu não sabia disso.",
        "Mas fiquei lá durante anos.",
    ) == ["Eu não sabia", "disso. Mas fiquei", "lá durante anos."]


def test_a_sentence_left_in_the_source_keeps_its_bytes_beside_a_translated_one() -> None:
    text = srt_of("I did not\nknow", "that.  But\n I stayed", "there.")
    document = read(text)
    first, second = segments(document)

    made = SubRip().build(document, {first: "Eu não sabia disso.", second: second.source})

    assert texts(made.decode()) == ["Eu não\nsabia", "disso.  But\n I stayed", "there."]


@pytest.mark.parametrize(
    ("cues", "translation", "expected"),
    [
        (["Certainly", "not."], "Não.", ["Não.", "Não."]),
        (["Cer", "tain", "ly not."], "De modo.", ["De", "De", "modo."]),
        (["<i>Not</i>", "at <b>all</b> now."], "<g1>Não</g1><g2></g2>", ["<i>Não</i><b></b>"] * 2),
    ],
)
def test_words_are_shown_again_where_there_are_fewer_than_cues(
    cues: list[str], translation: str, expected: list[str]
) -> None:
    assert put(cues, translation) == expected


@pytest.mark.parametrize(
    ("source", "translation", "expected"),
    [
        ("Short.", "Curto.", "Curto."),
        ("Two\nlines.", "Duas linhas.", "Duas\nlinhas."),
        ("Two\nlines.", "Uma.", "Uma."),
        ("One line.", "Uma linha que, depois de traduzida, é longa.", None),
        (
            "It took two lines because it\nwas rather long in English.",
            "Coube numa linha só em português.",
            "Coube numa linha só em português.",
        ),
    ],
)
def test_lines_are_balanced_and_no_more_than_needed(
    source: str, translation: str, expected: str | None
) -> None:
    (made,) = put([source], translation)

    assert made.replace("\n", " ") == translation
    assert all(len(line) <= 42 for line in made.split("\n"))
    assert made == expected or expected is None


def test_the_lines_of_a_dialogue_stay_one_each() -> None:
    long = "Uma resposta que é longa demais para caber em quarenta e duas colunas."

    assert put(["- Who?\n- Me."], "Quem?", long) == [f"- Quem?\n- {long}"]


def test_new_lines_end_as_the_document_s_do() -> None:
    text = srt_of("Two\nlines.").replace("\n", "\r\n")

    assert built(text, "Duas linhas.") == text.replace("Two", "Duas").replace("lines", "linhas")


def test_tags_open_where_a_cue_ends_are_closed_and_opened_again() -> None:
    cues = ["I <i>really</i> mean it", "and <b>always</b> did."]

    assert put(cues, "Sempre <g2>o disse e <g1>digo ainda hoje</g1></g2>.") == [
        "Sempre <b>o disse</b>",
        "<b>e <i>digo ainda hoje</i></b>.",
    ]


def test_tags_that_the_source_opens_again_are_one_pair() -> None:
    cues = ["I <i>never", "saw him</i> again."]
    reopened = ["I <i>never</i>", "<i>saw him</i> again."]

    assert sources(srt_of(*reopened)) == ["I <g1>never saw him</g1> again."]
    assert put(reopened, "<g1>Nunca mais</g1> tornei a ver.") == [
        "<i>Nunca mais</i>",
        "tornei a ver.",
    ]
    assert put(reopened, "<g1>Nunca mais o vi em parte alguma</g1>.") == [
        "<i>Nunca mais</i>",
        "<i>o vi em parte alguma</i>.",
    ]
    assert sources(srt_of(*cues)) == ["I <x1/>never saw him<x2/> again."]


def test_tags_and_dots_around_a_whole_sentence_stay_in_every_cue() -> None:
    cues = ["{\\an8}<i>He never said...</i>", "{\\an8}<i>...what he saw.</i>"]

    assert sources(srt_of(*cues)) == ["He never said what he saw."]
    assert put(cues, "Nunca disse o que viu.") == [
        "{\\an8}<i>Nunca disse...</i>",
        "{\\an8}<i>...o que viu.</i>",
    ]


def test_webvtt_is_escaped_and_voices_stay() -> None:
    head = "WEBVTT\n\n00:01.000 --> 00:02.000\n"
    text = f"{head}<v Ann>Tom &amp; Jerry</v>"

    assert (
        built(text, "1 < 2 & 2 --> 3", suffix=".vtt")
        == f"{head}<v Ann>1 &lt; 2 &amp; 2 --&gt; 3</v>"
    )


def test_scripts_without_spaces_are_divided_between_characters() -> None:
    made = put(["It was late", "and we went home."], "天色已晚，我们都回家了。")

    assert made == ["天色已晚，", "我们都回家了。"]


def test_punctuation_set_off_by_a_space_stays_with_its_word() -> None:
    assert put(["What", "did you say"], "« Quoi ? »") == ["« Quoi ? »", "« Quoi ? »"]


def test_protected_text_is_never_divided() -> None:
    cues = ["Ask {% if x %} for", "the way."]

    assert put(cues, "<x1/> caminho") == ["{% if x %}", "caminho"]


@pytest.mark.parametrize("translation", [" \n", "<g1> </g1>"])
def test_a_blank_translation_leaves_the_source(translation: str) -> None:
    text = srt_of("It <b>was</b> late.")

    assert built(text, translation) == text


@pytest.mark.parametrize(
    ("translation", "message"),
    [
        ("Tarde", "<g1> is missing"),
        ("<g1>Tarde</g1> \ud800", "half of a surrogate pair"),
        ("<g1>00:00:01,000</g1> --> 00:00:02,000", "read as another one or as several"),
    ],
)
def test_what_cannot_be_written_is_refused_with_its_line(translation: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        built(srt_of("It <i>was</i> late."), translation)
    assert caught.value.where == "seeds/a.srt:3"


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("before", ["", "Um\n"])
def test_the_line_that_is_refused_is_of_the_cue_that_would_be_others(
    number: int, before: str
) -> None:
    document = read(srt_of("One comes.", "Two come.", "Three come."))
    segment = segments(document)[number]
    with pytest.raises(DocumentError) as caught:
        SubRip().build(document, {segment: f"{before}00:00:00,500 --> 00:00:00,600\nDois"})
    assert caught.value.where == f"seeds/a.srt:{3 + 4 * number}"


def test_a_segment_of_another_document_is_an_error() -> None:
    (segment,) = segments(read(srt_of("It was a very long story.")))

    with pytest.raises(ValueError, match="not a segment"):
        SubRip().build(read(srt_of("It was late.")), {segment: "x"})


# --- dividing -------------------------------------------------------------------------------


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=60),
    st.lists(st.integers(1, 100), min_size=1, max_size=60),
    st.integers(1, 60) | st.none(),
)
def test_every_part_has_a_word(widths: list[int], weights: list[int], limit: int | None) -> None:
    weights = weights[: len(widths)]

    firsts = divide(widths, [1] * len(widths), [0.0] * len(widths), weights, limit)

    assert len(firsts) == len(weights) - 1
    bounds = [0, *firsts, len(widths)]
    assert all(start < end for start, end in pairwise(bounds))


def test_too_few_words_are_an_error() -> None:
    with pytest.raises(ValueError, match="1 words are too few for 2 parts"):
        divide([1], [0], [0.0], [1, 1])


# --- hostile input ----------------------------------------------------------------------------

HEAD = "1\n00:00:01,000 --> 00:00:02,000\n"


@pytest.mark.parametrize(
    "make",
    [
        lambda: HEAD + "<i>" * 8_000 + "x" + "</i>" * 8_000,
        lambda: HEAD + "<i>" * 8_000 + "x" + "</b>" * 8_000,
        lambda: HEAD + "<" * 100_000 + "x",
        lambda: HEAD + "{\\" * 50_000 + "x",
        lambda: HEAD + "&" * 100_000 + "x",
        lambda: HEAD + "[\n" * 8_000 + "x",
        lambda: HEAD + "!" * 100_000 + "x",
        lambda: HEAD + " " * 100_000 + "x",
        lambda: HEAD + "x\n" * 8_000,
        lambda: HEAD + "x " * 50_000,
        lambda: HEAD * 1_000 + "x",
        lambda: HEAD + "- x\n\n" * 4_000,
        lambda: HEAD + "-->" * 50_000,
        lambda: " " * 200_000 + HEAD,
    ],
)
@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_time_and_memory_grow_with_the_size_alone(make: Callable[[], str], suffix: str) -> None:
    data = make().encode()
    started = monotonic()
    document = read(data, suffix)
    assert FORMATS[suffix].build(document, {}) == data
    assert monotonic() - started < 10
