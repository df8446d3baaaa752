"""Addresses and placeholders in text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.formats.protected import protected_spans


def protected(text: str) -> list[str]:
    return [span.of(text) for span in protected_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "http://a.example",
        "https://a.example/b?c=1&d={id}#e",
        "https://en.wikipedia.org/wiki/A_(b)_c",
        "https://az.wikipedia.org/wiki/Şuşa",
        "git+ssh://a.example/b",
        "HTTP://A.EXAMPLE/",
        "www.a.example",
        "Www.a.example/b",
        "mailto:a@b.example",
        "a.b+c@d-e.example.org",
        "étude@a.example",
        "%s",
        "%1$s",
        "%5.2f",
        "%-10s",
        "%(name)s",
        "%%",
        "%@",
        "%ld",
        "{name}",
        "{0}",
        "{}",
        "{user.name!r}",
        "{0:.2f}",
        "{{ name | upper }}",
        "{{{raw}}}",
        "{% if a %}",
        "${HOME}",
        "#{x}",
        "%{x}",
        "C:\\Users\\ana",
        "C:\\Program Files (x86)\\App\\x.exe",
        "\\\\server\\share\\a",
        "/etc/fstab",
        "~/x",
        "./run.sh",
        "src/a/b.py",
        "setup.py",
        "DEBUG=1",
        "--no-color=yes",
        "\\alpha",
    ],
)
def test_an_address_or_placeholder_is_protected_wherever_it_stands(text: str) -> None:
    assert protected(text) == [text]
    assert protected(f"See {text}, now.") == [text]
    assert protected(f"({text})") == [text]
    assert protected(f"“{text}”; {text}") == [text, text]


@pytest.mark.parametrize(
    "text",
    [
        "50% of it",
        "%50 of it",
        "100 %sure",
        "50 % discount",
        "50%sure",
        "@home",
        "a @ b",
        "{a b}",
        "{sic!}",
        "$100",
        "a://",
        "and/or",
        "{",
        "10:30",
        "km/h/s",
        "10/12/2020",
        "Node.js and example.com",
        "E=mc²",
        "x == y",
        "--and so it goes",
        "He said --and I agree-- nothing",
        "the dog --big and brown-- ran",
        "a -- b",
        "the end.Then more",
        "</b>",
    ],
)
def test_plain_words_and_percentages_are_not(text: str) -> None:
    assert protected(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("请看http://a.example/b。你好", ["http://a.example/b"]),
        ("请写信给a@b.example吧", ["a@b.example"]),
        ("(http://a.example/b_(c)).", ["http://a.example/b_(c)"]),
        ("**http://a.example/**", ["http://a.example/"]),
        ("http://a.example/?!…", ["http://a.example/"]),
        ("%d%% of %s%s", ["%d", "%%", "%s", "%s"]),
        ("%ds, %dpx, %dMB", ["%d", "%d", "%d"]),
        ("{a}{b}", ["{a}", "{b}"]),
        ("in C:\\a and D:\\b.", ["C:\\a", "D:\\b"]),
        ("see /etc/passwd, and/or ~/a.", ["/etc/passwd", "~/a"]),
        ("use --force, or (--version).", ["--force", "--version"]),
        ("open package.json.", ["package.json"]),
        ("\\textbf and \\n", ["\\textbf", "\\n"]),
    ],
)
def test_an_address_ends_where_the_sentence_goes_on(text: str, expected: list[str]) -> None:
    assert protected(text) == expected


SIGNS = st.text(st.sampled_from("aA1{}%$#()@.:/wsd-_<>*\n \u00a0é你🎉"))


@given(SIGNS | st.text())
def test_spans_are_in_order_and_apart_and_not_empty(text: str) -> None:
    done = 0
    for span in protected_spans(text):
        assert done <= span.start < span.end <= len(text)
        done = span.end


@pytest.mark.parametrize(
    "hostile",
    [
        "{",
        "{a",
        "@a.",
        "http://",
        "%(",
        "%1$",
        "www.",
        "a.b-",
        "%",
        "${",
        "a",
        "://",
        ")",
        "\\",
        "/",
        "/a",
        "a/",
        "a.",
        ".py",
        "a.py.",
        " --",
        "--a-",
        "a=",
        "=",
        "C:\\",
        "C:\\A A",
        "~/",
        "\\\\a\\",
    ],
)
def test_time_grows_no_faster_than_the_text(hostile: str) -> None:
    text = "mailto:" + hostile * (100_000 // len(hostile)) + "@"
    begun = time.process_time()
    protected_spans(text)
    assert time.process_time() - begun < 2
