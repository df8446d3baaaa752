"""Whether documents made to break parsers come back, and keep their structure when translated.

The examples of the CommonMark specification, and the pages by which browsers' parsers are
tested. Both come from packages; :mod:`benchmarks.corpus` fetches them.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks import identity
from benchmarks.commands import carry_out
from benchmarks.documents import Reader
from benchmarks.errors import BenchmarkError

_EXAMPLE: Final = re.compile(
    r"^`{32} example[^\n]*\n(.*?)^\.\n.*?^`{32}$", re.MULTILINE | re.DOTALL
)
_PAGE: Final = re.compile(r"^#data\n(.*?)\n#errors", re.MULTILINE | re.DOTALL)


def examples_of(specification: str) -> Iterator[str]:
    r"""The Markdown of the examples in the specification's own source, ``spec.txt``.

    >>> text = "`" * 32 + " example\n→a\n.\n<p>…</p>\n" + "`" * 32 + "\n"
    >>> list(examples_of(text))
    ['\ta\n']
    """
    for found in _EXAMPLE.finditer(specification):
        yield found[1].replace("→", "\t")


def pages_of(tests: str) -> Iterator[str]:
    r"""The pages of a file of the tree construction tests of html5lib.

    >>> list(pages_of("#data\n<p>One\n#errors\n…"))
    ['<p>One']
    """
    for found in _PAGE.finditer(tests):
        yield found[1]


def documents_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Names and texts of all that is in a folder.

    Raises:
        BenchmarkError: where the folder has neither.
    """
    some = False
    for path in sorted(folder.rglob("spec.txt")):
        for number, text in enumerate(examples_of(path.read_text("utf-8")), start=1):
            some = True
            yield f"{path}-{number}.md", text
    for path in sorted(folder.rglob("*.dat")):
        # Some files hold characters that are no text on purpose.
        tests = path.read_bytes().decode("utf-8", "replace")
        for number, text in enumerate(pages_of(tests), start=1):
            some = True
            yield f"{path}-{number}.html", text
    if not some:
        raise BenchmarkError(f"no examples in {folder}; fetch them: python -m benchmarks.corpus")


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Judge all examples; gives what ``--json`` writes.

    Raises:
        BenchmarkError: where there are none.
    """
    reader = Reader()
    return identity.results_of(
        [
            identity.judged(reader, text.encode(), name)
            for name, text in documents_of(options.folder)
        ]
    )


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    results = carry_out("conformance", parse(arguments), run, identity.report)
    if identity.failed(results):
        sys.exit(1)


if __name__ == "__main__":
    main()
