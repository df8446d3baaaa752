"""Fetched models are found before installed ones, and never trusted blindly."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from l10n_pipeline.engines import find_model, find_route, load_model
from l10n_pipeline.engines.cached import cache_folder, cached_models
from l10n_pipeline.errors import EnvironmentFault, ModelError, NoModelError
from l10n_pipeline.locale import Locale
from tests.support.student_writer import Recipe
from tests.support.students import write_student

EN, PT, PT_BR, AZ, RU = map(Locale.parse, ("en", "pt", "pt_BR", "az", "ru"))
THEN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("L10N_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def put(
    cache: Path,
    source: str,
    target: str,
    *,
    name: str = "",
    fetched: datetime = THEN,
    change: dict[str, Any] | None = None,
) -> Path:
    """Put a small student into the cache as a fetch would."""
    folder = cache / "models/student" / (name or f"{source}-{target}-tiny-3.0")
    folder.mkdir(parents=True)
    student = write_student(folder, Recipe(dimension=16, heads=2), shortlisted=True)
    (folder / "vocab.spm").write_bytes(student.source_vocabulary.read_bytes())
    manifest = {
        "format": 1,
        "kind": "student",
        "source": source,
        "target": target,
        "version": "3.0",
        "licence": "MPL-2.0",
        "origin": "https://example.org/v1",
        "fetched": fetched.isoformat(),
        "files": [
            {
                "name": path.name,
                "size": path.stat().st_size,
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            for path in sorted(folder.iterdir())
        ],
        **(change or {}),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def test_a_fetched_model_is_found_described_and_loaded(cache: Path) -> None:
    folder = put(cache, "en", "az")
    found = find_model(EN, AZ)
    assert (found.name, found.source, found.target) == ("en-az-tiny-3.0", "en", "az")
    assert (found.family, found.licence) == ("student", "MPL-2.0")
    assert found.origin == "https://example.org/v1"
    assert found.size == sum(file.stat().st_size for file in folder.iterdir()) - (
        (folder / "manifest.json").stat().st_size
    )
    assert load_model(found).name.startswith("en-az-tiny-3.0/")
    assert find_model(EN, AZ, chosen="en-az-tiny-3.0") == found


def test_a_fetched_model_goes_before_an_installed_one(cache: Path) -> None:
    assert find_model(EN, PT).name == "enpt-1693087644"
    put(cache, "en", "pt")
    assert find_model(EN, PT_BR).name == "en-pt-tiny-3.0"
    assert find_model(EN, PT, chosen="enpt-1693087644").name == "enpt-1693087644"


def test_of_several_the_last_fetched_is_taken(cache: Path) -> None:
    put(cache, "en", "az", name="b", fetched=THEN + timedelta(days=1))
    put(cache, "en", "az", name="a", fetched=THEN + timedelta(days=2))
    put(cache, "en", "az", name="c")
    assert find_model(EN, AZ).name == "a"


def test_a_locale_of_its_own_goes_before_a_more_general_one(cache: Path) -> None:
    put(cache, "en", "pt-BR")
    put(cache, "en", "pt", fetched=THEN + timedelta(days=1))
    assert find_model(EN, PT_BR).name == "en-pt-BR-tiny-3.0"
    assert find_model(EN, PT).name == "en-pt-tiny-3.0"
    assert find_model(EN, Locale.parse("pt-PT")).name == "en-pt-tiny-3.0"


def test_a_pair_goes_through_english_where_it_has_no_model(cache: Path) -> None:
    with pytest.raises(NoModelError, match=r"Portuguese .*two that serve it .* models pull pt az"):
        find_route(PT, AZ)
    put(cache, "en", "az")
    assert [model.name for model in find_route(PT_BR, AZ)] == ["pten-1693087646", "en-az-tiny-3.0"]
    with pytest.raises(NoModelError):
        find_model(PT, AZ)
    with pytest.raises(NoModelError):
        find_route(PT, AZ, chosen="en-az-tiny-3.0")
    put(cache, "pt", "az")
    assert [model.name for model in find_route(PT, AZ)] == ["pt-az-tiny-3.0"]


@pytest.mark.parametrize("size", [None, 0, 10])
def test_a_damaged_model_is_told_of_and_not_passed_over(cache: Path, size: int | None) -> None:
    vocabulary = put(cache, "en", "pt") / "vocab.spm"
    if size is None:
        vocabulary.unlink()
    else:
        vocabulary.write_bytes(b"x" * size)
    with pytest.raises(
        ModelError, match=r"en-pt-tiny-3\.0: .*damaged: vocab\.spm.*; .* l10n models pull en pt"
    ):
        find_model(EN, PT)
    assert find_model(PT, EN).name == "pten-1693087646"


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"kind": "program"},
        {"kind": "huggingface"},
        {"source": ""},
        {"source": "not a language"},
        {"fetched": "yesterday"},
        {"files": []},
        {"files": [{"name": "../../secret", "size": 1, "sha256": "0" * 64}]},
        {"files": [{"name": "a/b", "size": 1, "sha256": "0" * 64}]},
        {"files": [{"name": "a", "size": -1, "sha256": "0" * 64}]},
        {"files": [{"name": "a", "size": 1, "sha256": "0"}]},
        {"version": "../.."},
        {"repository": "a/../../b"},
    ],
)
def test_a_manifest_that_is_not_right_is_passed_over_and_told_of(
    cache: Path, change: dict[str, Any]
) -> None:
    folder = put(cache, "en", "az", change=change)
    models, (fault,) = cached_models()
    assert models == []
    assert str(folder) in str(fault)
    assert len(str(fault).splitlines()) == 1
    with pytest.raises(NoModelError):
        find_model(EN, AZ)


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"[" * 100_000, b" " * (2 << 20), None])
def test_a_file_that_is_no_manifest_is_told_of(cache: Path, content: bytes | None) -> None:
    manifest = put(cache, "en", "az") / "manifest.json"
    manifest.unlink()
    if content is not None:
        manifest.write_bytes(content)
    models, faults = cached_models()
    assert (models, len(faults)) == ([], 1)


def test_a_model_on_its_way_is_not_seen(cache: Path) -> None:
    put(cache, "en", "az", name=".en-az-tiny-3.0.part")
    assert cached_models() == ([], [])


def test_the_cache_lies_where_the_system_wants_it() -> None:
    assert cache_folder({"L10N_CACHE": "/a", "XDG_CACHE_HOME": "/b"}) == Path("/a")
    assert cache_folder({"XDG_CACHE_HOME": "/b"}) == Path("/b/l10n-pipeline")
    assert cache_folder({"XDG_CACHE_HOME": "b"}) == Path.home() / ".cache/l10n-pipeline"


def test_without_a_home_nothing_is_found_and_the_way_out_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", homeless)
    monkeypatch.delenv("L10N_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert cached_models() == ([], [])
    with pytest.raises(EnvironmentFault, match="set L10N_CACHE"):
        cache_folder()
