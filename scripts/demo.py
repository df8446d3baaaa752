"""The main job on the seed document, laid out as a project of its own.

Makes a project folder (the seeds, the glossaries, an ``l10n.toml``, no catalogues), runs
the commands a user would run there and shows what came out. Run again, it finds nothing
to do: no model is loaded and no file changes.
"""

from __future__ import annotations

import argparse
import filecmp
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import polib

REPOSITORY = Path(__file__).resolve().parent.parent
SHOWN = ("Heydar Aliyev Foundation", "Ričardas", "Endless corridor", "1275")
"""The first entry with each of these is shown."""
WIDTH = 96


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--folder", type=Path, default=REPOSITORY / "build" / "demo", help="where the project goes"
    )
    project: Path = parser.parse_args().folder.resolve()

    lay_out(project)
    if not (project / "l10n.toml").exists():
        run(project, "init", "--to", "pt-BR")
    run(project, "translate")
    run(project, "build", "--accept", "mt")
    run(project, "status")
    show(project)


def lay_out(project: Path) -> None:
    """Copy the seeds and glossaries; a file that is there already is left alone if equal."""
    for folder, pattern in (("seeds", "*.txt"), ("glossary", "*.tsv")):
        (project / folder).mkdir(parents=True, exist_ok=True)
        for file in sorted((REPOSITORY / folder).glob(pattern)):
            copy = project / folder / file.name
            if not copy.exists() or not filecmp.cmp(file, copy, shallow=False):
                shutil.copyfile(file, copy)


def run(project: Path, *arguments: str) -> None:
    """Run an ``l10n`` command in the project, showing it as a user would type it."""
    print(f"\n$ l10n {' '.join(arguments)}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "l10n_pipeline", *arguments], cwd=project, check=False
    )
    if done.returncode:
        sys.exit(done.returncode)


def show(project: Path) -> None:
    """A few entries side by side, and where the files are."""
    catalogues = sorted((project / "locales").glob("pt_BR/LC_MESSAGES/*.po"))
    print("\nA few segments, source and draft:\n")
    for catalogue in catalogues:
        entries = polib.pofile(str(catalogue))
        for words in SHOWN:
            entry = next((entry for entry in entries if words in entry.msgid), None)
            if entry is not None:
                print(side_by_side(entry.msgid, entry.msgstr), end="\n\n")
    print("To review:  ", *map(shown_path, catalogues))
    print("The edition:", *map(shown_path, sorted((project / "build" / "pt_BR").rglob("*.txt"))))


def shown_path(path: Path) -> Path:
    """Relative to the current folder where it lies below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def side_by_side(left: str, right: str) -> str:
    """Two texts in two columns."""
    half = WIDTH // 2 - 2
    columns = [textwrap.wrap(text, half) for text in (left, right)]
    height = max(map(len, columns))
    rows = zip(*(column + [""] * (height - len(column)) for column in columns), strict=True)
    return "\n".join(f"  {row[0]:<{half}}  {row[1]}".rstrip() for row in rows)


if __name__ == "__main__":
    main()
