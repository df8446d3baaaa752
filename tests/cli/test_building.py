"""``l10n build`` and ``l10n status`` as people and CI see them."""

import json
from pathlib import Path

import pytest

from l10n_pipeline.fingerprint import text_hash

from .conftest import L10n

PAGE = "One comes. Two goes now.\n"


@pytest.fixture
def site(tmp_path: Path, l10n: L10n) -> Path:
    """Two documents with catalogues in Azerbaijani; one sentence is translated."""
    (tmp_path / "l10n.toml").write_text('targets = ["az"]', encoding="utf-8")
    (tmp_path / "seeds").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "seeds" / name).write_text(PAGE, encoding="utf-8")
    assert l10n("translate", "--no-mt").returncode == 0
    edit(tmp_path, 'msgid "One comes."\nmsgstr ""', 'msgid "One comes."\nmsgstr "Biri gəlir."')
    return tmp_path


def edit(site: Path, old: str, new: str) -> None:
    catalogue = site / "locales/az/LC_MESSAGES/a.txt.po"
    text = catalogue.read_text(encoding="utf-8")
    assert old in text
    catalogue.write_text(text.replace(old, new), encoding="utf-8")


def test_a_build_says_what_each_document_and_all_are_made_of(site: Path, l10n: L10n) -> None:
    whole = "1 of 4 segments translated (2 of 10 words), 3 left in the source language (8 words)"
    assert l10n("build").stdout.splitlines() == [
        "build/az/a.txt: 1 reviewed, 1 left in the source language (1 new; 3 words)",
        "build/az/b.txt: 2 left in the source language (2 new; 5 words)",
        f"in all, 2 editions: {whole}",
    ]


def test_a_document_below_keep_is_removed(site: Path, l10n: L10n) -> None:
    l10n("build", "--quiet")
    dry, done, again = (
        l10n("build", "--keep", "50", *more) for more in (("--dry-run",), (), ("--strict",))
    )
    below = "0 of 2 segments translated, 0%, less than keep = 50"
    assert dry.stdout.splitlines()[1] == f"build/az/b.txt: would be removed: {below}"
    assert done.stdout.splitlines()[1] == f"build/az/b.txt: removed: {below}"
    assert again.stdout.splitlines()[1] == f"build/az/b.txt: not written: {below}"
    assert (done.returncode, again.returncode) == (0, 1)
    assert again.stderr == (
        "error: --strict: 3 segments left in the source language, 1 edition not written\n"
    )
    assert [path.name for path in (site / "build/az").iterdir()] == ["a.txt"]


def test_an_edition_of_a_document_that_is_gone_is_removed(site: Path, l10n: L10n) -> None:
    l10n("build", "--quiet")
    (site / "seeds/b.txt").unlink()
    dry, done = (l10n("build", *more) for more in (("--dry-run",), ()))
    gone = "its document is gone"
    assert dry.stdout.splitlines()[1] == f"build/az/b.txt: would be removed: {gone}"
    assert done.stdout.splitlines()[1] == f"build/az/b.txt: removed: {gone}"
    assert (done.returncode, done.stderr) == (0, "")
    assert [path.name for path in (site / "build/az").iterdir()] == ["a.txt"]


def test_strict_fails_for_a_stale_translation_even_where_it_is_used(site: Path, l10n: L10n) -> None:
    edit(
        site,
        'msgid "Two goes now."\nmsgstr ""',
        '#, fuzzy\n#| msgid "Two goes."\nmsgid "Two goes now."\nmsgstr "İkisi gedir."',
    )
    command = ("build", "seeds/a.txt", "--accept", "fuzzy")
    done = l10n(*command, "--strict")
    assert (done.returncode, done.stderr) == (1, "error: --strict: 1 stale\n")
    assert done.stdout.splitlines() == [
        "build/az/a.txt: 1 reviewed, 1 stale",
        "locales/az/LC_MESSAGES/a.txt.po: the translation of “Two goes now.” is stale",
    ]
    assert l10n(*command).returncode == 0


def test_strict_fails_where_there_are_no_documents(site: Path, l10n: L10n) -> None:
    (site / "l10n.toml").write_text('targets = ["az"]\ndocuments = ["seed/**"]', encoding="utf-8")
    assert l10n("build").returncode == 0
    done = l10n("build", "--strict")
    assert done.stdout == "no documents found; see 'documents' in l10n.toml\n"
    assert (done.returncode, done.stderr) == (1, "error: --strict: no documents found\n")


def test_a_catalogue_that_is_behind_its_document_is_named(site: Path, l10n: L10n) -> None:
    (site / "seeds/a.txt").write_text("One comes. Two went. Three went.\n", encoding="utf-8")
    done = l10n("build")
    assert done.stdout.splitlines()[-1] == (
        "locales/az/LC_MESSAGES/a.txt.po: is behind its document, 2 segments of which it lacks: "
        "bring it up to date with l10n translate"
    )
    report = json.loads(l10n("build", "--format", "json").stdout)
    assert [one["not_in_catalogue"] for one in report["editions"]] == [2, 0]
    l10n("translate", "--no-mt")
    assert "behind" not in l10n("build").stdout


def test_what_is_left_out_is_a_draft_only_where_no_human_wrote_it(site: Path, l10n: L10n) -> None:
    entry, broken = 'msgid "Two goes now."\nmsgstr ', "İkisi <g1>gedir</g1>."
    stale = f'#, fuzzy\n#| msgid "Two goes."\n{entry}"{broken}"'
    edit(site, f'{entry}""', stale)
    left = "is left out: <g1> is not in the source, </g1> is not in the source"
    for noun in ("translation", "draft"):
        assert l10n("build", "seeds/a.txt", "--accept", "mt").stdout.splitlines()[-1] == (
            f"locales/az/LC_MESSAGES/a.txt.po: the {noun} of “Two goes now.” {left}"
        )
        draft = f'# l10n-mt: fake/f32 text={text_hash(broken)}\n#, fuzzy\n{entry}"{broken}"'
        edit(site, stale, draft)
        stale = draft


def test_only_the_first_stale_entries_are_named(site: Path, l10n: L10n) -> None:
    sentences = [f"It is number {number}." for number in range(8)]
    (site / "seeds/a.txt").write_text(" ".join(sentences), encoding="utf-8")
    l10n("translate", "--no-mt")
    for sentence in sentences:
        entry = f'msgid "{sentence}"\nmsgstr '
        edit(site, f'{entry}""', f'#, fuzzy\n#| msgid "It was."\n{entry}"Oldu."')
    lines = l10n("build", "seeds/a.txt").stdout.splitlines()
    assert sum(line.endswith("is stale") for line in lines) == 5
    assert lines[-1].startswith("3 translations more like these: ")


def test_a_build_reports_as_json(site: Path, l10n: L10n) -> None:
    done = l10n("build", "--format", "json", "--keep", "50", "--strict")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    first, second = report["editions"]
    assert (first["path"], first["fate"], first["percent"]) == ("build/az/a.txt", "written", 50)
    assert (first["accept"], first["keep"], first["compiled"]) == ("reviewed", 50, None)
    assert first["words"] == {
        "total": 5,
        "translated": 2,
        "in_source": 3,
        "stale": 0,
        "translated_by_state": {"new": 0, "draft": 0, "edited": 0, "reviewed": 2, "stale": 0},
        "in_source_by_state": {"new": 3, "draft": 0, "edited": 0, "reviewed": 0, "stale": 0},
    }
    assert second["fate"] == "withheld"
    assert report["total"]["withheld"] == 1
    assert report["total"]["segments"]["in_source"] == 3
    assert [one["locale"] for one in report["locales"]] == ["az"]
    assert (report["warnings"], report["errors"]) == ([], [])


def test_a_program_s_catalogue_is_compiled_beside_it(site: Path, l10n: L10n) -> None:
    (site / "seeds/app.pot").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Open"\nmsgstr ""\n',
        encoding="utf-8",
    )
    l10n("translate", "--no-mt")
    done = l10n("build", "seeds/app.pot", "--mo")
    assert done.stdout.splitlines() == [
        "build/az/app.po: 1 left in the source language (1 new; 1 word); build/az/app.mo"
    ]
    assert (site / "build/az/app.mo").is_file()


@pytest.mark.parametrize("value", ["101", "-1", "80%"])
def test_keep_is_a_percentage(l10n: L10n, value: str) -> None:
    done = l10n("build", "--to", "az", f"--keep={value}")
    assert (done.returncode, done.stdout) == (2, "")


def test_status_fits_a_terminal(site: Path, l10n: L10n) -> None:
    deep = f"seeds/{'very-long-name/' * 10}page.txt"
    (site / deep).parent.mkdir(parents=True)
    (site / deep).write_text("One comes.", encoding="utf-8")
    l10n("translate", "--no-mt", "--to", "az", "--to", "tr")
    lines = l10n("status").stdout.splitlines()
    assert max(map(len, lines)) <= 100
    assert any(line.startswith("…") and "name/page.txt" in line for line in lines)
    header, locale, row = (line.split() for line in lines[:3])
    assert header == ["new", "draft", "edited", "stale", "reviewed", "failing", "done"]
    assert locale == ["az"]
    assert row == ["a.txt", "1/3", "-", "-", "-", "1/2", "-", "40%"]
    assert "az: 1 of 5 segments reviewed (20%), 2 of 12 words (16%)" in lines
    assert "in all: 1 of 10 segments reviewed (10%), 2 of 24 words (8%)" in lines


def test_status_of_a_path_is_its_alone(site: Path, l10n: L10n) -> None:
    report = json.loads(l10n("status", "seeds/a.txt", "--format", "json").stdout)
    (catalogue,) = report["catalogues"]
    assert (catalogue["document"], catalogue["locale"]) == ("a.txt", "az")
    assert catalogue["segments"]["reviewed_human"] == 1
    assert catalogue["percent_reviewed"] == {"segments": 50, "words": 40}
    assert report["total"]["words"]["total"] == 5
    done = l10n("status", "seeds/none.txt")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: seeds/none.txt: no such document or catalogue")
