"""The runners' side of the protocol between a benchmark and its engines.

Requests come as one JSON object a line on standard input, answers as one a line on
standard output::

    {"load": {"model": {"name": "enpt", "source": "en", "target": "pt", "chosen": "",
                        "kind": "student", "model": "…/model.bin", "shortlist": "…",
                        "source_vocabulary": "….spm", "target_vocabulary": "….spm"},
              "settings": {"workers": 2}}}     -> {"seconds": 0.4, "version": "fxtranslate 0.5.0"}
    {"translate": {"source": "in.txt",         -> {"seconds": 1.9}
                   "target": "out.txt",
                   "lines_at_once": 64}}

All values of ``model`` are texts, empty where there is none (``chosen`` is what the user
named); of a ``checkpoint`` instead of a ``student``, ``model`` is the folder and the files
are not told. What ``settings`` there are is the engine's own business. Files are UTF-8 with one
segment a line. The seconds of a translation are those between having read the lines and
having all translations: files are not on the clock. Where ``lines_at_once`` is given, the
engine sees no more lines than that together. At the end of standard input the runner ends.
"""

import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Model = dict[str, str]
Settings = dict[str, Any]
Translate = Callable[[list[str]], list[str]]
TranslateLine = Callable[[str], str]


class Loaded:
    """An engine that is ready."""

    def __init__(self, version: str, translate: Translate) -> None:
        self.version = version
        self.translate = translate


def serve(load: Callable[[Model, Settings], Loaded]) -> None:
    """Answer requests until standard input ends."""
    # Native engines write to file descriptor 1; what they write must not be taken for answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    engine: Loaded | None = None
    for line in sys.stdin:
        request = json.loads(line)
        if "load" in request:
            began = time.perf_counter()
            engine = load(request["load"]["model"], request["load"]["settings"])
            answer = {"seconds": time.perf_counter() - began, "version": engine.version}
        elif engine is None:
            raise RuntimeError("asked to translate before anything was loaded")
        else:
            answer = {"seconds": _translate_file(engine, request["translate"])}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _translate_file(engine: Loaded, request: dict[str, Any]) -> float:
    # As bytes: carriage returns are part of a line.
    lines = Path(request["source"]).read_bytes().decode().split("\n")[:-1]
    at_once = request.get("lines_at_once") or len(lines)
    began = time.perf_counter()
    translations: list[str] = []
    for start in range(0, len(lines), at_once):
        translations += engine.translate(lines[start : start + at_once])
    seconds = time.perf_counter() - began
    output = "".join(translation + "\n" for translation in translations)
    Path(request["target"]).write_bytes(output.encode())
    return seconds


def over_processes(make: Callable[[Model], TranslateLine], model: Model, workers: int) -> Translate:
    """A way to translate that shares the lines out among processes.

    Args:
        make: loads an engine that translates one line; called once in each process.
        model: what ``make`` gets.
        workers: how many processes; for 1 it is this one.
    """
    if workers == 1:
        translate_line = make(model)
        return lambda lines: [translate_line(line) for line in lines]
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(workers + 1)
    pool = context.Pool(workers, _load_in_worker, (make, model, ready))
    # Loading is waited for here, so that it is not on the clock of the first translation.
    ready.wait(timeout=_LOADING_SECONDS)
    return lambda lines: pool.map(_translate_in_worker, lines, chunksize=8)


def by_length(translate: Translate, at_once: int) -> Translate:
    """The same in batches of ``at_once`` lines of like length, longest first."""

    def batched(lines: list[str]) -> list[str]:
        order = sorted(range(len(lines)), key=lambda at: -len(lines[at]))
        found = [""] * len(lines)
        for start in range(0, len(order), at_once):
            places = order[start : start + at_once]
            for at, text in zip(places, translate([lines[at] for at in places]), strict=True):
                found[at] = text
        return found

    return batched


_LOADING_SECONDS = 120
_in_worker: dict[str, TranslateLine] = {}


def _load_in_worker(make: Callable[[Model], TranslateLine], model: Model, ready: Any) -> None:
    _in_worker["translate"] = make(model)
    ready.wait()


def _translate_in_worker(line: str) -> str:
    return _in_worker["translate"](line)
