"""Fetch documents of well-known public projects, the same ones every time.

The packages are those of ``data/corpus.toml``, in the versions named there, from the
registries that npm, pip and apt are set up with. Documents are kept, everything else is not.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from benchmarks import figures
from benchmarks.commands import carry_out
from benchmarks.errors import BenchmarkError

MANIFEST: Final = Path(__file__).parent / "data" / "corpus.toml"
_OLD_SETUPTOOLS: Final = "setuptools<80\n"
"""What builds sources made before pkg_resources was taken out of setuptools."""


@dataclass(frozen=True, slots=True)
class Package:
    """A package, and what is taken of it."""

    registry: str
    name: str
    version: str
    licence: str
    purpose: str
    under: str
    gives: Mapping[str, int]
    """How many files, by suffix."""

    @property
    def folder(self) -> str:
        """Where its files are put."""
        return f"{self.purpose}/{self.name.replace('/', '-').removeprefix('@')}"


def packages_of(manifest: Path) -> list[Package]:
    """The packages that a manifest lists.

    Raises:
        BenchmarkError: where it cannot be read.
    """
    try:
        listed = tomllib.loads(manifest.read_text("utf-8"))["package"]
        return [
            Package(
                registry=one["from"],
                name=one["name"],
                version=one["version"],
                licence=one["licence"],
                purpose=one.get("for", "documents"),
                under=one.get("under", ""),
                gives=one["gives"],
            )
            for one in listed
        ]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise BenchmarkError(f"{manifest} cannot be used: {error!r}") from error


def fetched(package: Package, into: Path) -> None:
    """Fetch a package, and unpack it into a folder.

    Raises:
        BenchmarkError: where it is not to be had, or its client is not there.
    """
    with tempfile.TemporaryDirectory() as folder:
        _CLIENTS[package.registry](package, Path(folder))
        (archive,) = Path(folder).glob("*.[dt]*")
        if package.registry == "debian":
            _carried_out(["dpkg-deb", "-x", str(archive), str(into)], into)
            return
        with tarfile.open(archive) as packed:
            packed.extractall(into, filter="data")


def _from_npm(package: Package, folder: Path) -> None:
    _carried_out(["npm", "pack", "--silent", f"{package.name}@{package.version}"], folder)


def _from_pypi(package: Package, folder: Path) -> None:
    constraints = folder / "constraints"
    constraints.write_text(_OLD_SETUPTOOLS, "utf-8")
    _carried_out(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--no-binary", ":all:", f"{package.name}=={package.version}"),
        ],
        folder,
        {"PIP_CONSTRAINT": str(constraints), "PIP_BUILD_CONSTRAINT": str(constraints)},
    )


def _from_debian(package: Package, folder: Path) -> None:
    folder.chmod(0o755)
    _carried_out(["apt-get", "download", "--quiet", f"{package.name}={package.version}"], folder)


_CLIENTS: Final[Mapping[str, Callable[[Package, Path], None]]] = {
    "npm": _from_npm,
    "pypi": _from_pypi,
    "debian": _from_debian,
}


def _carried_out(
    command: Sequence[str], folder: Path, variables: Mapping[str, str] | None = None
) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **(variables or {})},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
    except FileNotFoundError as error:
        raise BenchmarkError(f"{command[0]} is not installed") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise BenchmarkError(f"{' '.join(command)} failed: {said[-1] if said else 'in silence'}")


def taken(package: Package, unpacked: Path) -> Iterator[Path]:
    """The files of an unpacked package that are wanted, links aside."""
    for path in sorted(unpacked.rglob("*")):
        if path.suffix.lower() not in package.gives or path.is_symlink() or not path.is_file():
            continue
        place = PurePosixPath(path.relative_to(unpacked).as_posix())
        if not package.under or f"/{package.under}/" in f"/{place}":
            yield path


def collected(package: Package, folder: Path) -> Counter[str]:
    """Fetch a package and put its files into a folder; gives how many, by suffix.

    Raises:
        BenchmarkError: where it is not to be had, or gives other than the manifest says.
    """
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as unpacked:
        fetched(package, Path(unpacked))
        for path in taken(package, Path(unpacked)):
            place = folder / package.folder / path.relative_to(unpacked)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
            counts[path.suffix.lower()] += 1
    if counts != Counter(package.gives):
        raise BenchmarkError(
            f"{package.name} {package.version} gives {dict(counts)}, "
            f"not {dict(package.gives)} as {MANIFEST.name} says"
        )
    return counts


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Fetch all packages; gives what ``--json`` writes.

    Raises:
        BenchmarkError: where any is not to be had; the others are there then.
    """
    packages = [one for one in packages_of(options.manifest) if one.registry in options.sources]
    missing: list[str] = []
    counts: list[dict[str, Any]] = []
    for package in packages:
        shutil.rmtree(options.folder / package.folder, ignore_errors=True)
        try:
            found = collected(package, options.folder)
        except BenchmarkError as error:
            missing.append(str(error))
        else:
            counts.append(
                {
                    "package": f"{package.name} {package.version}",
                    "licence": package.licence,
                    "for": package.purpose,
                    "files": dict(found),
                }
            )
    if missing:
        raise BenchmarkError("\n  ".join(["not all could be fetched", *missing]))
    return {"packages": counts}


def report(results: dict[str, Any]) -> str:
    """What was fetched, for people."""
    rows = [["package", "files", "licence"]]
    for one in results["packages"]:
        files = ", ".join(f"{count} {suffix}" for suffix, count in one["files"].items())
        rows.append([one["package"], files, one["licence"]])
    total: Counter[str] = Counter()
    for one in results["packages"]:
        if one["for"] == "documents":
            total.update(one["files"])
    rows.append(
        ["documents", ", ".join(f"{count} {suffix}" for suffix, count in total.items()), ""]
    )
    return figures.table(rows)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--sources",
        nargs="+",
        choices=sorted(_CLIENTS),
        default=sorted(_CLIENTS),
        help="where from; default: everywhere",
    )
    parser.add_argument("--manifest", type=Path, default=MANIFEST)
    parser.add_argument("--json", type=Path, help="write what was fetched to this file")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    carry_out("corpus", parse(arguments), run, report)


if __name__ == "__main__":
    main()
