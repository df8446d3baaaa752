"""Writing is all or nothing; reading fails in one clear line."""

import os
import stat
from pathlib import Path

import pytest

from l10n_pipeline import files
from l10n_pipeline.errors import CatalogueError, DocumentError, OutputError


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_writes_and_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder" / "file.po"
    files.write_atomically(target, b"one")
    files.write_atomically(target, b"two")
    assert target.read_bytes() == b"two"
    assert names_in(target.parent) == ["file.po"]


def test_keeps_the_mode_of_the_file_it_replaces(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")
    target.chmod(0o640)
    files.write_atomically(target, b"new")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_writes_through_a_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    files.write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_no_temporary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    if failing == "fsync":
        monkeypatch.setattr(files.os, "fsync", no_room)
    else:
        monkeypatch.setattr(Path, "replace", no_room)
    with pytest.raises(OutputError, match="no space left on device"):
        files.write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert names_in(tmp_path) == ["file"]


def test_an_interrupt_leaves_the_old_file_and_no_temporary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        files.write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert names_in(tmp_path) == ["file"]


@pytest.mark.parametrize("link", [False, True])
def test_a_copy_has_the_bytes_mode_and_time_and_is_known_for_one(
    tmp_path: Path, link: bool
) -> None:
    source, copy = tmp_path / "source", tmp_path / "new/copy"
    source.write_bytes(b"one")
    source.chmod(0o640)
    os.utime(source, ns=(1, 5_000_000_000))
    assert not files.is_copy(source, copy, link=link)
    files.copy_atomically(source, copy, link=link)
    found = copy.stat()
    assert (copy.read_bytes(), stat.S_IMODE(found.st_mode)) == (b"one", 0o640)
    assert found.st_mtime_ns == 5_000_000_000
    assert copy.samefile(source) == link
    assert files.is_copy(source, copy, link=link)
    assert not files.is_copy(source, copy, link=not link)
    assert names_in(copy.parent) == ["copy"]
    files.copy_atomically(source, copy, link=not link)
    assert copy.samefile(source) != link
    assert names_in(copy.parent) == ["copy"]


def test_what_has_other_bytes_or_is_a_link_is_no_copy(tmp_path: Path) -> None:
    for name, content in (("source", b"one"), ("short", b"on"), ("other", b"two")):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "link").symlink_to("source")
    os.utime(tmp_path / "other", ns=(0, 0))
    for name in ("short", "other", "link", "none"):
        assert not files.is_copy(tmp_path / "source", tmp_path / name)
    (tmp_path / "other").write_bytes(b"one")
    os.utime(tmp_path / "other", ns=(0, 0))
    assert files.is_copy(tmp_path / "source", tmp_path / "other")


@pytest.mark.parametrize("link", [False, True])
def test_a_copy_that_fails_leaves_the_old_file_and_no_temporary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, link: bool
) -> None:
    (tmp_path / "source").write_bytes(b"new")
    (tmp_path / "copy").write_bytes(b"old")

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", no_room)
    with pytest.raises(OutputError, match="copy: cannot be written: no space left on device"):
        files.copy_atomically(tmp_path / "source", tmp_path / "copy", link=link)
    assert (tmp_path / "copy").read_bytes() == b"old"
    assert sorted(names_in(tmp_path)) == ["copy", "source"]


def test_a_file_in_the_way_of_a_folder_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(OutputError, match="cannot be written"):
        files.write_atomically(tmp_path / "a" / "b", b"x")


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no such file"):
        files.read_bytes(tmp_path / "none")
    with pytest.raises(CatalogueError, match="is a folder"):
        files.read_bytes(tmp_path, kind=CatalogueError)


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DocumentError, match="is a pipe or device, not a file"):
        files.read_bytes(tmp_path / "pipe")


def test_a_long_name_in_chinese_leaves_room_for_the_temporary_one(tmp_path: Path) -> None:
    path = tmp_path / ("北" * 80 + ".po")
    files.write_atomically(path, b"one")
    assert names_in(tmp_path) == [path.name]


def test_a_circle_of_links_is_an_error_and_nothing_is_none(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CatalogueError, match="name: cannot be read: too many levels"):
        files.look(tmp_path / "circle", kind=CatalogueError, where="name")
    assert files.look(tmp_path / "none") is None
    assert files.look(tmp_path / "file" / "below") is None


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.txt", ["a.txt"]),
        ("**/*.txt", ["a.txt", "x/b.txt", "x/y/c.txt"]),
        ("x/**", ["x/b.txt", "x/link", "x/y", "x/y/c.txt"]),
        ("**/y/*.txt", ["x/y/c.txt"]),
        ("**/**/c.txt", ["x/y/c.txt"]),
        ("*/[bc].txt", ["x/b.txt"]),
        ("*/link/*", ["x/link/b.txt", "x/link/link", "x/link/y"]),
        ("x/b.txt", ["x/b.txt"]),
        ("none/*", []),
        ("a.txt/*", []),
        ("../*", [""]),
    ],
)
def test_patterns_match_as_they_read(tmp_path: Path, pattern: str, found: list[str]) -> None:
    for name in ("a.txt", "x/b.txt", "x/y/c.txt"):
        (tmp_path / "root" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "root" / name).write_bytes(b"")
    root = tmp_path / "root"
    (root / "x/link").symlink_to(root / "x")
    assert not files.pattern_fault(pattern)
    paths = files.glob(root, pattern, on_error=pytest.fail)
    assert paths == [root / (name or "../root") for name in found]


def test_an_unreadable_folder_is_told_of_and_the_others_are_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("open/a.txt", "shut/b.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"")
    scandir = os.scandir

    def refusing(folder: Path) -> object:
        if folder.name == "shut":
            raise PermissionError(13, "Permission denied", str(folder))
        return scandir(folder)

    monkeypatch.setattr(files.os, "scandir", refusing)
    errors: list[OSError] = []
    found = files.glob(tmp_path, "**/*.txt", on_error=errors.append)
    assert found == [tmp_path / "open/a.txt"]
    assert {error.filename for error in errors} == {str(tmp_path / "shut")}


def test_a_giant_is_refused_before_it_is_read(tmp_path: Path) -> None:
    giant = tmp_path / "giant"
    with giant.open("wb") as stream:
        stream.truncate(files.MAX_INPUT_BYTES + 1)
    with pytest.raises(DocumentError, match="split the file"):
        files.read_bytes(giant)
