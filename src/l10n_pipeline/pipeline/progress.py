"""How the pipeline tells whoever runs it that it is alive."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told of long work as it goes on. Never decides anything."""

    def begin(self, what: str, total: int) -> None:
        """A stretch of work of ``total`` segments begins."""
        ...

    def advance(self, count: int) -> None:
        """``count`` more segments of it are done."""
        ...

    def end(self) -> None:
        """The stretch of work is over."""
        ...


class Silence:
    """Tells nobody."""

    def begin(self, what: str, total: int) -> None:
        """Do nothing."""

    def advance(self, count: int) -> None:
        """Do nothing."""

    def end(self) -> None:
        """Do nothing."""
