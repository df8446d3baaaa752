"""Segmentation: boundaries only, offsets, never text."""

from l10n_pipeline.segment.documents import segment_document
from l10n_pipeline.segment.sentences import SentenceSegmenter

__all__ = ["SentenceSegmenter", "segment_document"]
