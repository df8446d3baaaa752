"""Which cases the prepositions of a language govern."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from l10n_pipeline.inflection.choice import BASE


def _governed(listed: str, **weights: float) -> dict[str, dict[str, float]]:
    return {word: dict(weights) for word in listed.split()}


# Weights say which of several cases is the usual one.
GOVERNMENT: Final = MappingProxyType(
    {
        "ru": {
            **_governed(
                "из от до у без для после около против кроме среди вокруг возле близ вдоль мимо "
                "ради вне внутри помимо насчет относительно касательно вследствие из-за из-под "
                "ввиду напротив сверх изо ото безо недалеко вместо посреди позади включая",
                genitive=1.0,
            ),
            **_governed("к ко благодаря согласно вопреки навстречу подобно", dative=1.0),
            **_governed("про через сквозь спустя", accusative=1.0),
            **_governed("над перед между передо надо", instrumental=1.0),
            **_governed("при", prepositional=1.0),
            **_governed("о об обо", prepositional=1.0, accusative=0.3),
            **_governed("в во", prepositional=1.0, accusative=0.9),
            **_governed("на", prepositional=0.95, accusative=0.95),
            **_governed("с со", instrumental=1.0, genitive=0.8),
            **_governed("за", instrumental=0.8, accusative=0.9),
            **_governed("под", instrumental=1.0, accusative=0.7),
            **_governed("по", dative=1.0, prepositional=0.1, accusative=0.1),
            **_governed("как", **{BASE: 0.6, "accusative": 0.3, "genitive": 0.3}),
        },
        "uk": {
            **_governed(
                "із від до без для після біля проти крім серед навколо поблизу вздовж заради поза "
                "усередині внаслідок з-за з-під напередодні замість щодо",
                genitive=1.0,
            ),
            **_governed("завдяки всупереч назустріч", dative=1.0),
            **_governed("про через крізь повз", accusative=1.0),
            **_governed("над перед між", instrumental=1.0),
            **_governed("при по", prepositional=1.0),
            **_governed("в", prepositional=1.0, accusative=0.9),
            **_governed("у", prepositional=1.0, accusative=0.8, genitive=0.8),
            **_governed("на", prepositional=0.95, accusative=0.95),
            **_governed("з зі", instrumental=0.95, genitive=0.95),
            **_governed("за", instrumental=0.8, accusative=0.9),
            **_governed("під", instrumental=1.0, accusative=0.7),
            **_governed("як", **{BASE: 0.6, "accusative": 0.3, "genitive": 0.3}),
        },
    }
)
