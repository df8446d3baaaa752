"""What time it is, for the headers of catalogues."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from l10n_pipeline.errors import UsageError

_VARIABLE = "SOURCE_DATE_EPOCH"


def now() -> datetime:
    """What time catalogues are to say it is, in UTC: that of SOURCE_DATE_EPOCH
    (https://reproducible-builds.org/specs/source-date-epoch/), where it is set.

    Raises:
        UsageError: where it is no time.
    """
    seconds = os.environ.get(_VARIABLE, "")
    if not seconds:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(
            f"{seconds!r} is not a number of seconds since 1970", where=_VARIABLE
        ) from error
