"""Checkpoints in the Hugging Face hub's layout, run by CTranslate2.

An alternative to :mod:`l10n_pipeline.engines.huggingface` for CPUs (Klein et al. 2020,
*Efficient and high-quality neural machine translation with OpenNMT*, 2020.ngt-1.25): the same
models, computed in 8-bit integers. It needs the package ``ctranslate2``, an extra.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from l10n_pipeline.engines.huggingface.checkpoint import Checkpoint
from l10n_pipeline.errors import EnvironmentFault
from l10n_pipeline.locale import Locale

if TYPE_CHECKING:
    from l10n_pipeline.engines.ctranslate2.model import CTranslate2Model


def load_with_ctranslate2(
    checkpoint: Checkpoint, source: Locale, target: Locale, *, compute_type: str = "auto"
) -> CTranslate2Model:
    """Load a checkpoint; imports torch and ctranslate2. Arguments and errors are those of
    :class:`.model.CTranslate2Model`.

    Raises:
        EnvironmentFault: where ctranslate2 is not installed.
    """
    try:
        from l10n_pipeline.engines.ctranslate2.model import (  # noqa: PLC0415 - imports torch
            CTranslate2Model,
        )
    except ModuleNotFoundError as error:
        if error.name != "ctranslate2":
            raise
        raise EnvironmentFault(
            "CTranslate2 is not installed",
            way_out='install it with: pip install "l10n-pipeline[ctranslate2]"',
        ) from error
    return CTranslate2Model(checkpoint, source, target, compute_type=compute_type)


__all__ = ["load_with_ctranslate2"]
