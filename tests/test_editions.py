"""Where localised editions go."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.editions import EditionTemplate, parse_template
from l10n_pipeline.locale import Locale

PT = Locale.parse("pt-BR")
TEMPLATES = (
    "build/{locale}/{path}",
    "{language_tag}/{path}",
    "{folder}/{stem}.{locale}{suffix}",
    "i18n/{language_tag}/{folder}/current/{stem}{suffix}",
    "site/{folder}/{stem}/{locale}/{path}",
    "{path}.{locale}.txt",
)
FILE_NAMES = st.from_regex(r"[^/\x00-\x1f.]([^/\x00-\x1f]*[^/\x00-\x1f.])?", fullmatch=True)


@pytest.mark.parametrize(
    ("template", "edition"),
    [
        ("build/{locale}/{path}", "build/pt_BR/guide/intro.md"),
        ("content/{language_tag}/{path}", "content/pt-BR/guide/intro.md"),
        ("{folder}/{stem}.{locale}{suffix}", "docs/guide/intro.pt_BR.md"),
        ("{folder}/{stem}.{language_tag}{suffix}", "docs/guide/intro.pt-BR.md"),
        ("out/{locale}/{folder}/{stem}{suffix}", "out/pt_BR/docs/guide/intro.md"),
        ("./{locale}//{path}", "pt_BR/guide/intro.md"),
    ],
)
def test_places_are_filled(template: str, edition: str) -> None:
    made = parse_template(template).path(PT, "docs/guide/intro.md", "guide/intro.md")
    assert made == edition


def test_a_document_in_the_root_has_its_edition_there() -> None:
    template = parse_template("{folder}/{stem}.{locale}{suffix}")
    assert template.path(PT, "README.md", "README.md") == "README.pt_BR.md"


@pytest.mark.parametrize(
    ("template", "edition"),
    [("{locale}/{path}", "pt_BR/a.b.po"), ("{folder}/{stem}-{locale}{suffix}", "po/a.b-pt_BR.po")],
)
def test_a_format_may_change_the_suffix(template: str, edition: str) -> None:
    assert parse_template(template).path(PT, "po/a.b.pot", "a.b.pot", ".po") == edition


@pytest.mark.parametrize(
    ("template", "folder"),
    [
        ("build/{locale}/{path}", "build"),
        ("a/b/c-{locale}/{path}", "a/b"),
        ("{folder}/{stem}.{locale}{suffix}", "."),
        ("docs/{stem}.{locale}", "docs"),
    ],
)
def test_the_fixed_folder_ends_before_the_first_place(template: str, folder: str) -> None:
    assert str(EditionTemplate(template).fixed_folder) == folder


@given(
    st.sampled_from(TEMPLATES),
    st.lists(FILE_NAMES, max_size=2),
    FILE_NAMES,
    st.sampled_from((".md", ".html", ".pot")),
    st.sampled_from((PT, Locale.parse("az"), Locale.parse("zh-Hant"))),
)
def test_an_edition_is_known_for_one(
    template: str, folders: list[str], stem: str, suffix: str, locale: Locale
) -> None:
    name = "/".join([*folders, stem + suffix])
    made = parse_template(template)
    edition = made.path(locale, f"docs/{name}", name)
    patterns = list(made.patterns(locale))

    assert any(re.fullmatch(pattern, edition, re.DOTALL) for pattern in patterns)
    assert not edition.startswith("/")
    folder = "/".join(["docs", *folders])
    places = {"path": name, "folder": folder, "stem": stem, "suffix": suffix}
    readings = made.readings(locale, edition)
    assert any(reading.items() <= places.items() for reading in readings)


def test_a_source_is_taken_for_no_edition() -> None:
    patterns = list(parse_template("{folder}/{stem}.{locale}{suffix}").patterns(PT))
    for source in ("a.md", "docs/a.md", "docs/a.pt.md", "docs/a.pt_BR", "pt_BR/a.md", "pt_BR.md"):
        assert not any(re.fullmatch(pattern, source) for pattern in patterns), source


def test_what_lies_in_a_language_s_own_folder_goes_with_its_editions() -> None:
    patterns = list(parse_template("{folder}/{locale}/{stem}{suffix}").folder_patterns(PT))
    for path in ("docs/pt_BR/img/x.png", "pt_BR/x.css", "docs/pt_BR/a.md"):
        assert any(re.fullmatch(pattern, path) for pattern in patterns), path
