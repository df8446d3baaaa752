import gettext
import re
from datetime import datetime

import babel
import pytest

from l10n_pipeline.catalogue.header import catalogue_header, template_header, timestamp
from l10n_pipeline.catalogue.po import write_catalogue
from l10n_pipeline.errors import LocaleError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue, TranslationUnit
from l10n_pipeline.plurals import plural_forms
from tests.catalogue.strategies import BRAZILIAN, ENGLISH, NOW
from tests.support.tools import run_tool

CREATED = "2026-06-30 09:00+0000"
ORDER = [
    "Project-Id-Version", "Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date",
    "Last-Translator", "Language-Team", "Language", "MIME-Version", "Content-Type",
    "Content-Transfer-Encoding", "Plural-Forms", "X-Generator",
]  # fmt: skip

# Every language of gettext 0.21's plural table, and some it has no rule for.
GETTEXT_LANGUAGES = [
    "be", "bg", "cs", "da", "de", "el", "en", "eo", "es", "et", "fi", "fo", "fr", "ga", "he", "hr",
    "hu", "it", "ja", "ko", "lt", "lv", "nb", "nl", "nn", "no", "pl", "pt", "pt_BR", "ro", "ru",
    "sk", "sl", "sr", "sr@latin", "sv", "tr", "uk", "vi", "en_GB", "fr_CA", "pt_PT", "es_419",
]  # fmt: skip


def known_locales() -> list[Locale]:
    locales = []
    for name in sorted(babel.Locale("en").languages):
        try:
            locales.append(Locale.parse(name))
        except LocaleError:
            continue  # regional names such as en_GB have their own shape in CLDR
    return locales


def rule(forms: str) -> tuple[int, list[int]]:
    match = re.fullmatch(r"nplurals=(\d+); plural=(.*);", forms)
    assert match, forms
    plural = gettext.c2py(match[2])
    return int(match[1]), [plural(number) for number in range(400)]


def test_a_new_header_has_every_field_in_order() -> None:
    header = catalogue_header({}, locale=BRAZILIAN, project="demo", created=CREATED, now=NOW)
    assert list(header) == ORDER
    assert header["Language"] == "pt_BR"
    assert header["POT-Creation-Date"] == CREATED
    assert header["PO-Revision-Date"] == "2026-07-01 12:30+0000"


def test_what_a_human_set_in_the_header_is_kept() -> None:
    found = {
        "X-Poedit-Basepath": "..", "Last-Translator": "Rosa <r@example.org>",
        "Plural-Forms": "nplurals=3; plural=n;", "X-Generator": "Poedit 3.4",
        "PO-Revision-Date": "1999-01-01 00:00+0000", "X-Other": "1",
        "Project-Id-Version": "app 1.0",
    }  # fmt: skip
    header = catalogue_header(found, locale=BRAZILIAN, project="demo", created=CREATED, now=NOW)
    assert list(header) == [*ORDER, "X-Poedit-Basepath", "X-Other"]
    kept = {name: header[name] for name in found if name != "PO-Revision-Date"}
    assert kept == {name: value for name, value in found.items() if name != "PO-Revision-Date"}
    assert header["PO-Revision-Date"] == "2026-07-01 12:30+0000"


@pytest.mark.parametrize("found", ["", "PACKAGE VERSION"])
def test_who_has_not_named_the_project_gets_its_name(found: str) -> None:
    header = catalogue_header(
        {"Project-Id-Version": found}, locale=BRAZILIAN, project="demo", created=CREATED, now=NOW
    )
    assert header["Project-Id-Version"] == "demo"


def test_a_project_name_cannot_break_out_of_its_field() -> None:
    header = template_header({}, project="demo\nLanguage: xx", created=CREATED)
    assert header["Project-Id-Version"] == "demo Language: xx"


def test_a_date_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        timestamp(datetime(2026, 7, 1))


@pytest.mark.parametrize("name", GETTEXT_LANGUAGES)
def test_plural_forms_are_those_of_gettexts_own_table(name: str) -> None:
    template = Catalogue(
        ENGLISH,
        None,
        (TranslationUnit("a", plural_source="b", plural_targets=("", "")),),
        {
            **template_header({}, project="demo", created=CREATED),
            "Plural-Forms": "nplurals=INTEGER; plural=EXPRESSION;",
        },
    )
    made = run_tool(
        "msginit", "--no-translator", "--no-wrap", f"--locale={name}", "--input=-",
        "--output-file=-", stdin=write_catalogue(template),
    )  # fmt: skip
    match = re.search(r"Plural-Forms: (.*?)\\n", made.stdout.decode())
    assert match, made.stderr.decode()
    if "INTEGER" in match[1]:
        assert name == "es_419", "gettext has no rule"
    else:
        assert rule(plural_forms(Locale.parse(name))) == rule(match[1])


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("pt_BR", "nplurals=2; plural=(n > 1);"),
        ("pt_PT", "nplurals=2; plural=(n != 1);"),
        ("tr", "nplurals=2; plural=(n != 1);"),
        ("az", "nplurals=2; plural=(n != 1);"),
        ("zh_TW", "nplurals=1; plural=0;"),
    ],
)
def test_plural_forms_of_languages_we_ship(name: str, forms: str) -> None:
    assert plural_forms(Locale.parse(name)) == forms


def test_plural_forms_exist_and_stay_in_range_for_every_language() -> None:
    for forms in {plural_forms(locale) for locale in known_locales()}:
        count, used = rule(forms)
        assert set(used) <= set(range(count)), forms


def test_msgfmt_accepts_the_header_of_every_plural_rule() -> None:
    by_rule = {plural_forms(locale): locale for locale in known_locales()}
    for locale in by_rule.values():
        header = catalogue_header({}, locale=locale, project="demo", created=CREATED, now=NOW)
        count, _ = rule(header["Plural-Forms"])
        unit = TranslationUnit("a", plural_source="b", plural_targets=("x",) * count)
        checked = run_tool(
            "msgfmt", "--check", "--output-file=/dev/null", "-",
            stdin=write_catalogue(Catalogue(ENGLISH, locale, (unit,), header)),
        )  # fmt: skip
        assert (checked.returncode, checked.stderr) == (0, b""), locale
