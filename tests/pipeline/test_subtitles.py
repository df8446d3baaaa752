"""Subtitles from end to end with the real model, as a viewer sees them."""

from collections.abc import Sequence
from pathlib import Path
from statistics import mean

import pytest

from l10n_pipeline.config import Accept, find_project
from l10n_pipeline.formats.subtitles import SubRip, WebVTT
from l10n_pipeline.formats.subtitles.cues import Cue, TokenKind
from l10n_pipeline.formats.subtitles.division import LONGEST_LINE, reluctance, width
from l10n_pipeline.pipeline.build import build
from l10n_pipeline.pipeline.translate import translate
from l10n_pipeline.pipeline.workspace import Workspace
from tests.support.projects import LATER, PT

SAMPLES = Path(__file__).parents[1] / "formats/samples/subtitles"
FORMATS = {".srt": SubRip(), ".vtt": WebVTT()}


def shown(suffix: str, text: str, cue: Cue) -> list[str]:
    """The lines of a cue as a viewer sees them."""
    tokens = FORMATS[suffix].syntax.tokens(text, cue.span)
    parts = ("\n" if token.kind is TokenKind.BREAK else token.shown for token in tokens)
    return "".join(parts).strip().split("\n")


def outside(text: str, cues: Sequence[Cue]) -> list[str]:
    """All but the text of the cues."""
    ends = [0, *(cue.span.end for cue in cues)]
    starts = [*(cue.span.start for cue in cues), len(text)]
    return [text[end:start] for end, start in zip(ends, starts, strict=True)]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["river.srt", "heat.vtt", "interview.srt"])
def test_a_translated_file_is_shown_as_its_source_is(name: str, tmp_path: Path) -> None:
    (tmp_path / "l10n.toml").write_text('documents = ["seeds/*"]\n', "utf-8")
    (tmp_path / "seeds").mkdir()
    source = (SAMPLES / name).read_bytes().decode()
    (tmp_path / "seeds" / name).write_bytes(source.encode())
    workspace = Workspace(find_project(tmp_path))
    assert translate(workspace, locales=[PT], now=LATER).errors == []
    report = build(workspace, locales=[PT], accept=Accept.MT)
    assert report.errors == []
    made = (tmp_path / "build/pt_BR" / name).read_bytes().decode()
    assert made != source

    suffix = Path(name).suffix
    before, after = (FORMATS[suffix].syntax.cues(text) for text in (source, made))
    assert [(cue.start, cue.end) for cue in after] == [(cue.start, cue.end) for cue in before]
    assert outside(made, after) == outside(source, before)
    ends: list[bool] = []
    for ours, theirs in zip(before, after, strict=True):
        old, new = shown(suffix, source, ours), shown(suffix, made, theirs)
        assert bool("".join(old)) == bool("".join(new))
        room = max(LONGEST_LINE, *map(width, old))
        assert len(new) <= max(2, len(old))
        if sum(map(width, new)) < 2 * room - 10:
            assert max(map(width, new)) <= room
        if len(new) > 1 and min(len(line.split()) for line in old) > 1:
            assert min(len(line.split()) for line in new) > 1, "a word alone"
        ends += [reluctance(line.split()[-1]) > 0 for line in new if line]
    assert mean(ends) <= 0.2, "lines end with words that go with the next"
