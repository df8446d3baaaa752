"""Subtitles: SubRip and WebVTT.

Sentences that go on from one cue to the next are translated whole and put back over the same
cues; no time, number or setting changes.
"""

from l10n_pipeline.formats.subtitles.srt import SubRip
from l10n_pipeline.formats.subtitles.webvtt import WebVTT

__all__ = ["SubRip", "WebVTT"]
