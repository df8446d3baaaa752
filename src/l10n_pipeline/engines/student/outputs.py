"""What the sentences of a batch may write, and the output layer cut down to it.

Each sentence keeps to its own shortlist. One product for several sentences at once computes
what any of them may write, and each picks its own out of that: a product a sentence would
read far more weights, and one for a large batch multiplies mostly what nobody may write.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from l10n_pipeline.engines.student.kernels import OutputLayer, Product

_SENTENCES_TOGETHER: Final = 20
"""Sentences that share a product."""


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Neighbours in the batch that share a product."""

    rows: int
    project: Product
    """Hidden states, float32 [rows, D], to what any of its sentences may write."""


@dataclass(frozen=True, slots=True, eq=False)
class Outputs:
    """The cut-down output layer of B sentences."""

    ids: Tensor
    """int64 [B, C]: what each may write, ascending, filled up with the barred id."""
    columns: Tensor
    """int64 [B, C]: where in its group's product these stand."""
    groups: tuple[_Group, ...]

    @classmethod
    def of(
        cls, lists: Sequence[NDArray[np.int64]], layer: OutputLayer, *, size: int, barred: int
    ) -> Outputs:
        """Of each sentence's ids.

        Args:
            lists: ascending target ids.
            layer: makes the product for some ids.
            size: of the target vocabulary.
            barred: the id whose logit is always minus infinity.
        """
        lists = [allowed[allowed != barred] for allowed in lists]
        ids = np.full((len(lists), max(map(len, lists))), barred)
        columns = np.empty_like(ids)
        groups = []
        for start in range(0, len(lists), _SENTENCES_TOGETHER):
            rows = slice(start, start + _SENTENCES_TOGETHER)
            member = np.zeros(size, dtype=np.bool_)
            for row, allowed in zip(ids[rows], lists[rows], strict=True):
                row[: len(allowed)] = allowed
                member[allowed] = True
            union = np.append(np.flatnonzero(member), barred)
            column_of = np.zeros(size, dtype=np.int64)
            column_of[union] = np.arange(len(union))
            columns[rows] = column_of[ids[rows]]
            groups.append(_Group(len(lists[rows]), layer(torch.from_numpy(union))))
        return cls(torch.from_numpy(ids), torch.from_numpy(columns), tuple(groups))

    def logits(self, hidden: Tensor) -> Tensor:
        """Hidden states, float32 [B, D], to float32 [B, C]."""
        if len(self.groups) == 1:
            logits: Tensor = self.groups[0].project(hidden)
            return logits.gather(1, self.columns)
        sizes = [group.rows for group in self.groups]
        return torch.cat(
            [
                group.project(part).gather(1, columns)
                for group, part, columns in zip(
                    self.groups,
                    torch.split(hidden, sizes),
                    torch.split(self.columns, sizes),
                    strict=True,
                )
            ]
        )

    def select(self, rows: Tensor) -> Outputs:
        """The layer of these rows (int64 indices, repetition allowed) in this order."""
        group_of = [group for group in self.groups for _ in range(group.rows)]
        # Groups are told apart by identity: rows of one that are neighbours stay together.
        runs = itertools.groupby((group_of[row] for row in rows.tolist()), key=id)
        groups = [
            _Group(len(run), run[0].project) for run in (list(members) for _, members in runs)
        ]
        return Outputs(
            self.ids.index_select(0, rows), self.columns.index_select(0, rows), tuple(groups)
        )
