"""What the machine that runs the tests can do."""

import pytest

from l10n_pipeline.engines.student.kernels import multiplies_exactly


def require_int8() -> None:
    """Skip what computes in 8 bits where the processor would lose bits; the report says so."""
    if not multiplies_exactly():
        pytest.skip("this processor cannot multiply in 8 bits without loss (no VNNI)")
