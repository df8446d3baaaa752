"""Bad input: one clear line, the right exit status, nothing written, the others done."""

import os
import re
import shutil
import sys
import traceback
from pathlib import Path

import pytest

from l10n_pipeline import cli

from .conftest import L10n

GOOD = "One comes. Two goes.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path / "l10n.toml", 'targets = ["ru"]')
    write(tmp_path / "seeds/good.txt", GOOD)
    return tmp_path


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def catalogue(root: Path, name: str) -> Path:
    return root / "locales/ru/LC_MESSAGES" / f"{name}.po"


def one_error(stderr: str) -> str:
    """The only line of standard error, without what marks it as an error."""
    (line,) = stderr.splitlines()
    assert line.startswith("error: ")
    assert "Traceback" not in line
    return line.removeprefix("error: ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x7fELF\x02\x01\x01\x00\x00\x00" * 20, r"seeds/bad\.txt: .*binary"),
        (b"Fine.\nNow caf\xe9.\n", r"seeds/bad\.txt.*UTF-8.*byte 13|seeds/bad\.txt:2"),
    ],
)
def test_a_document_that_is_no_text(root: Path, l10n: L10n, content: bytes, message: str) -> None:
    write(root / "seeds/bad.txt", content)
    done = l10n("translate", "--no-mt")
    assert re.search(message, one_error(done.stderr))
    assert done.returncode == 1
    assert catalogue(root, "good.txt").exists()
    assert not catalogue(root, "bad.txt").exists()


def test_the_source_language_as_a_target_is_told_where_it_was_named(root: Path, l10n: L10n) -> None:
    done = l10n("build", "--to", "en")
    assert one_error(done.stderr).startswith("--to en: the documents are in English already; name")
    write(root / "l10n.toml", 'targets = ["ru", "en"]')
    done = l10n("build")
    assert one_error(done.stderr) == (
        "l10n.toml: the documents are in English already; take 'en' out of 'targets'"
    )
    assert done.returncode == 2


def test_an_unknown_kind_of_document(root: Path, l10n: L10n) -> None:
    write(root / "seeds/a.xyz", "One.")
    done = l10n("translate", "--no-mt", "seeds/a.xyz", "seeds/good.txt")
    assert ".txt" in one_error(done.stderr)
    assert done.returncode == 1
    assert catalogue(root, "good.txt").exists()


@pytest.mark.parametrize("content", ['msgid "a\nmsgstr', "\x00\x00", '"Language: ru\\n"\nmsgid'])
def test_a_corrupt_catalogue(root: Path, l10n: L10n, content: str) -> None:
    write(root / "seeds/other.txt", GOOD)
    broken = write(catalogue(root, "good.txt"), content)
    done = l10n("translate", "--no-mt")
    assert one_error(done.stderr).startswith("locales/ru/LC_MESSAGES/good.txt.po")
    assert done.returncode == 1
    assert broken.read_text(encoding="utf-8") == content
    assert catalogue(root, "other.txt").exists()
    for command in (["build"], ["status"]):
        again = l10n(*command)
        assert "locales/ru/LC_MESSAGES/good.txt.po" in one_error(again.stderr)
        assert again.returncode == 1


def test_a_catalogue_of_another_language(root: Path, l10n: L10n) -> None:
    header = r'"Language: pt_BR\n"' + "\n" + r'"Content-Type: text/plain; charset=UTF-8\n"'
    content = f'msgid ""\nmsgstr ""\n{header}\n'
    broken = write(catalogue(root, "good.txt"), content)
    done = l10n("translate", "--no-mt")
    message = one_error(done.stderr)
    assert "pt" in message
    assert "ru" in message
    assert done.returncode == 1
    assert broken.read_text(encoding="utf-8") == content


@pytest.mark.parametrize("locale", ["xx", "pt-BRA", "klingon", ""])
def test_an_unknown_locale(root: Path, l10n: L10n, locale: str) -> None:
    done = l10n("translate", "--no-mt", "--to", locale)
    assert repr(locale) in one_error(done.stderr)
    assert done.returncode == 2
    assert not (root / "locales").exists()


def test_the_source_language_as_target(root: Path, l10n: L10n) -> None:
    done = l10n("translate", "--to", "en")
    assert "English" in one_error(done.stderr)
    assert done.returncode == 2


def test_an_unknown_key_in_the_configuration(root: Path, l10n: L10n) -> None:
    write(root / "l10n.toml", 'target = ["ru"]')
    done = l10n("translate", "--no-mt")
    assert one_error(done.stderr) == "l10n.toml: unknown key 'target'; did you mean 'targets'"
    assert done.returncode == 2
    assert not (root / "locales").exists()


def test_no_target_language(root: Path, l10n: L10n) -> None:
    write(root / "l10n.toml", "")
    done = l10n("translate")
    assert "--to" in one_error(done.stderr)
    assert done.returncode == 2


def test_a_broken_glossary_row(root: Path, l10n: L10n) -> None:
    write(root / "glossary/en-ru.tsv", "One\tОдин\nTwo\n")
    done = l10n("translate", "--no-mt", "--to", "ru", "--to", "az")
    assert one_error(done.stderr).startswith("glossary/en-ru.tsv:2: ")
    assert done.returncode == 2
    assert not catalogue(root, "good.txt").exists()
    assert (root / "locales/az/LC_MESSAGES/good.txt.po").exists()


def test_no_model_for_a_language(root: Path, l10n: L10n) -> None:
    done = l10n("translate", "--to", "az", "--to", "xh")
    az, xh = done.stderr.splitlines()
    assert "Azerbaijani" in az
    assert "--model" in az
    assert "--no-mt" in az
    assert "Xhosa" in xh
    assert done.returncode == 1
    assert not list((root / "locales").rglob("*.po"))


@pytest.mark.parametrize("content", [b"", b"\x01" + b"\0" * 100, b"\xff" * 4096])
def test_a_hostile_model_file(root: Path, l10n: L10n, content: bytes) -> None:
    write(root / "model/model.bin", content)
    write(root / "model/vocab.spm", b"x")
    done = l10n("translate", "--model", "model")
    assert "model/model.bin" in one_error(done.stderr.splitlines()[-1])
    assert done.returncode == 1
    assert not catalogue(root, "good.txt").exists()


def test_a_model_that_is_not_there(root: Path, l10n: L10n) -> None:
    done = l10n("translate", "--model", "nowhere")
    assert "nowhere" in one_error(done.stderr)
    assert done.returncode == 1


def test_input_of_the_filter_that_is_not_utf8(l10n: L10n) -> None:
    done = l10n("mt", "--from", "en", "--to", "pt", stdin=b"\n\n\xff\n")
    assert one_error(done.stderr).startswith("standard input:3: not UTF-8")
    assert done.returncode == 1


def test_names_from_the_outside_cannot_write_to_the_terminal(root: Path, l10n: L10n) -> None:
    write(root / "seeds/a\x1b[31m\n.txt", b"\xff")
    done = l10n("translate", "--no-mt")
    assert "\x1b" not in done.stderr + done.stdout
    assert r"a\x1b[31m\n.txt" in one_error(done.stderr)


def test_usage_errors_exit_with_2(l10n: L10n) -> None:
    for arguments in (["nonsense"], ["build", "--accept", "all"], ["mt"], ["translate", "--wat"]):
        assert l10n(*arguments).returncode == 2


def test_init_does_not_overwrite(root: Path, l10n: L10n) -> None:
    done = l10n("init")
    assert "l10n.toml" in one_error(done.stderr)
    assert done.returncode == 2
    assert (root / "l10n.toml").read_text(encoding="utf-8") == 'targets = ["ru"]'


@pytest.mark.parametrize("command", [["translate", "--no-mt"], ["build"]])
# The child does nothing that a thread of the parent's could have left locked.
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_folder_that_may_not_be_written(
    root: Path,
    l10n: L10n,
    command: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    l10n("translate", "--no-mt")
    if command[0] == "translate":
        write(root / "seeds/more.txt", GOOD)
    before = sorted(root.rglob("*"))
    monkeypatch.setattr(sys, "argv", ["l10n", *command])
    # Whatever the command imports is imported now: see as_nobody.
    monkeypatch.chdir(shutil.copytree(root, tmp_path_factory.mktemp("rehearsal") / "project"))
    with pytest.raises(SystemExit):
        cli.main()
    monkeypatch.chdir(root)
    status, stderr = as_nobody(root)
    assert status == 1
    lines = stderr.splitlines()
    if command[0] == "build":  # its editions might lie where they may be written
        assert lines.pop(0).startswith("note: .l10n may not be written")
    assert lines
    for line in lines:
        assert "permission denied" in one_error(line)
    assert sorted(root.rglob("*")) == before


def as_nobody(folder: Path) -> tuple[int, str]:
    """Run the command in a child process without write permission to ``folder``.

    The child is forked, not started: an unprivileged user may not be allowed to read the
    interpreter and its libraries.
    """
    # The folders above may be closed to others.
    for parent in folder.parents[:3]:
        parent.chmod(parent.stat().st_mode | 0o055)
    folder.chmod(0o755 if os.getuid() == 0 else 0o555)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _become_nobody_and_run(writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        stderr = stream.read().decode()
    _, status = os.waitpid(child, 0)
    folder.chmod(0o755)
    return os.waitstatus_to_exitcode(status), stderr


def _become_nobody_and_run(stderr: int) -> None:
    status = 99
    try:
        os.dup2(stderr, 2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8")
        sys.stdout = os.fdopen(1, "w", encoding="utf-8")
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        cli.main()
    except SystemExit as leaving:
        status = int(leaving.code or 0)
    except BaseException:  # noqa: BLE001 - shown, and the exit status says so
        traceback.print_exc(file=sys.stderr)
    finally:
        sys.stderr.flush()
        os._exit(status)


def test_a_file_error_that_nobody_foresaw_is_not_blamed_on_the_output(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> int:
        raise FileNotFoundError(2, "No such file or directory", "model.bin")

    monkeypatch.setattr(cli, "_run", fail)
    with pytest.raises(FileNotFoundError):
        cli.main()
