"""Draw what ``throughput.py`` measured, and write it into the documentation.

Reads the JSON that ``throughput.py --json`` wrote; writes ``docs/speed.svg`` and the
generated part of ``docs/speed.md``. Nothing in either is typed in by hand.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from benchmarks.engines import REPOSITORY

RESULTS: Final = REPOSITORY / "benchmarks" / "results" / "throughput.json"
CHART: Final = REPOSITORY / "docs" / "speed.svg"
PAGE: Final = REPOSITORY / "docs" / "speed.md"
BEGIN: Final = "<!-- measured: begin -->"
END: Final = "<!-- measured: end -->"

_LETTER: Final = 7.6
_LONGEST_BAR: Final = 300
_FIGURES: Final = 270
_TOP: Final = 66
_ROW: Final = 34
_FOOT: Final = 40
"""Pixels."""
_STYLE: Final = """
  text { font: 13px system-ui, "DejaVu Sans", sans-serif; fill: #24292f }
  .title { font-size: 16px; font-weight: 600 }
  .quiet { fill: #57606a }
  .ours { fill: #0969da } .peer { fill: #afb8c1 }
  .range { stroke: #24292f; stroke-width: 1.2 }
  .one { stroke: #57606a; stroke-dasharray: 3 3 }
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path, nargs="?", default=RESULTS)
    results = json.loads(parser.parse_args().results.read_text(encoding="utf-8"))
    CHART.write_text(svg(results), encoding="utf-8")
    PAGE.write_text(with_results(PAGE.read_text(encoding="utf-8"), results), encoding="utf-8")


def svg(results: dict[str, Any]) -> str:
    """A bar for each engine's speed relative to the baseline's, fastest first."""
    engines = by_speed(results)
    furthest = max(engine["speed_ratio"]["most"] for engine in engines)
    scale = _LONGEST_BAR / furthest
    left = 28 + _LETTER * max(len(engine["label"]) for engine in engines)
    width = left + _LONGEST_BAR + _FIGURES
    bottom = _TOP + _ROW * len(engines)
    height = bottom + _FOOT
    root = Element("svg", _attributes(width=width, height=height, role="img"))
    root.set("xmlns", "http://www.w3.org/2000/svg")
    root.set("viewBox", f"0 0 {width:g} {height:g}")
    SubElement(root, "title").text = title(results)
    SubElement(root, "style").text = _STYLE
    SubElement(root, "rect", _attributes(width=width, height=height, fill="#ffffff"))
    _text(root, title(results), 16, 28, "title")
    _text(root, subtitle(results), 16, 48, "quiet")
    for number, engine in enumerate(engines):
        _bar(root, engine, left=left, top=_TOP + _ROW * number, scale=scale)
    one = left + scale
    _line(root, "one", x1=one, x2=one, y1=_TOP, y2=bottom + 6)
    _text(root, f"{results['against']} = 1", one, bottom + 24, "quiet", anchor="middle")
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def _bar(root: Element, engine: dict[str, Any], *, left: float, top: float, scale: float) -> None:
    ratio, middle, right = engine["speed_ratio"], top + _ROW / 2, left + _LONGEST_BAR
    baseline = middle + 4.5
    _text(root, engine["label"], left - 12, baseline, anchor="end")
    bar = _attributes(x=left, y=top + 7, rx=2, height=_ROW - 14)
    bar |= _attributes(width=scale * ratio["median"])
    SubElement(root, "rect", {**bar, "class": "ours" if is_ours(engine) else "peer"})
    ends = {"x1": left + scale * ratio["least"], "x2": left + scale * ratio["most"]}
    _line(root, "range", **ends, y1=middle, y2=middle)
    _text(root, f"{ratio['median']:.2f} ×", right + 14, baseline)
    rest = f"{engine['words_per_second']['median']:,.0f} words/s, BLEU {engine['bleu']:.2f}"
    _text(root, rest, right + 66, baseline, "quiet")


def _text(
    root: Element, text: str, x: float, y: float, kind: str = "plain", anchor: str = "start"
) -> None:
    place = _attributes(x=x, y=y)
    SubElement(root, "text", {**place, "class": kind, "text-anchor": anchor}).text = text


def _line(root: Element, kind: str, **ends: float) -> None:
    SubElement(root, "line", {**_attributes(**ends), "class": kind})


def _attributes(**values: float | str) -> dict[str, str]:
    """Attributes as text; a tenth of a pixel is exact enough."""
    return {
        name: value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")
        for name, value in values.items()
    }


def title(results: dict[str, Any]) -> str:
    source, target = results["pair"]
    return f"Speed on the same {source} → {target} model, relative to {results['against']}"


def subtitle(results: dict[str, Any]) -> str:
    machine = results["machine"]
    return (
        f"{results['lines']:,} sentences of {results['test_set']}, median of "
        f"{results['rounds']} rounds in alternation (line: least to most); "
        f"{machine['processor']}, {machine['cores']} cores"
    )


def markdown(results: dict[str, Any]) -> str:
    """The same and more as a table."""
    like = results["like"]
    heads = [
        "engine",
        f"× {results['against']}",
        "least–most",
        "words/s",
        "BLEU",
        "difference (95%)",
    ]
    heads += ["p", "chrF", *([f"lines as {like}"] if like else []), "peak MB", "loads in"]
    rows = [heads, ["---", *["---:"] * (len(heads) - 1)]]
    for engine in by_speed(results):
        ratio, memory, difference = (
            engine["speed_ratio"],
            engine["memory"],
            engine["bleu_difference"],
        )
        rows.append(
            [
                f"`{engine['label']}`",
                f"{ratio['median']:.2f}",
                f"{ratio['least']:.2f}–{ratio['most']:.2f}",
                f"{engine['words_per_second']['median']:,.0f}",
                f"{engine['bleu']:.2f}",
                "{value:+.2f} ({low:+.2f} to {high:+.2f})".format(**difference)
                if difference
                else "",
                f"{difference['p_value']:.3f}" if difference else "",
                f"{engine['chrf']:.2f}",
                *([f"{engine['share_alike']:.0%}"] if like else []),
                f"{memory['proportional'] / 1e6:,.0f}" if memory else "",
                f"{engine['loading_seconds']:.1f} s",
            ]
        )
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"\n{table}\n\n{conditions(results)}\n"


def conditions(results: dict[str, Any]) -> str:
    """What the figures were measured with and on."""
    machine = results["machine"]
    units = ", ".join(machine["vector_units"])
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    versions = sorted({engine["version"] for engine in results["engines"]})
    return (
        f"Measured on {machine['measured']}: model {results['model']}, {results['lines']:,} "
        f"sentences of {results['test_set']} with {results['words']:,} source words, "
        f"{results['rounds']} rounds. {machine['processor']}, {machine['cores']} cores ({units}), "
        f"{machine['system']}, {results['load_before']:.2f} other processes on average in the "
        f"minute before. {'; '.join(versions)}; Python {machine['python']}, {packages}."
    )


def with_results(page: str, results: dict[str, Any]) -> str:
    """The page with its generated part made anew."""
    before, _, rest = page.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise SystemExit(f"chart: {PAGE.name} has no part between {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{markdown(results)}\n{END}{after}"


def by_speed(results: dict[str, Any]) -> list[dict[str, Any]]:
    return sorted(results["engines"], key=lambda engine: -engine["speed_ratio"]["median"])


def is_ours(engine: dict[str, Any]) -> bool:
    return bool(engine["label"].startswith("l10n"))


if __name__ == "__main__":
    main()
