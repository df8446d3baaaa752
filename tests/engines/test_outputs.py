"""The output layer cut down to what the sentences of a batch may write."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from l10n_pipeline.engines.student.outputs import Outputs

SIZE, WIDTH, BARRED = 40, 8, 1
# Of whole numbers, whose sums are the same in any order.
WEIGHTS = torch.randint(-9, 10, (SIZE, WIDTH), generator=torch.Generator().manual_seed(0)).float()
LISTS = st.lists(
    st.lists(st.integers(0, SIZE - 1), min_size=1, unique=True)
    .map(sorted)
    .filter(lambda ids: ids != [BARRED]),
    min_size=1,
    max_size=70,
)


class Layer:
    """A map onto the vocabulary, which remembers how often it was cut down."""

    def __init__(self) -> None:
        self.products: list[list[int]] = []

    def __call__(self, ids: Tensor | None) -> Callable[[Tensor], Tensor]:
        assert ids is not None
        self.products.append(ids.tolist())
        bias = torch.arange(SIZE).float()
        bias[BARRED] = -torch.inf
        return lambda x: x @ WEIGHTS[ids].T + bias[ids]


def outputs_of(lists: list[list[int]]) -> tuple[Outputs, Layer]:
    layer = Layer()
    arrays = [np.array(ids, dtype=np.int64) for ids in lists]
    return Outputs.of(arrays, layer, size=SIZE, barred=BARRED), layer


def hidden_states(rows: int) -> Tensor:
    draw = torch.Generator().manual_seed(rows)
    return torch.randint(-9, 10, (rows, WIDTH), generator=draw).float()


def said(hidden: Tensor, ids: Tensor) -> Tensor:
    """What the whole vocabulary's product says of these ids."""
    whole = hidden @ WEIGHTS.T + torch.arange(SIZE)
    whole[:, BARRED] = -torch.inf
    return whole.gather(1, ids)


@given(LISTS)
def test_each_sentence_is_offered_its_own_ids_and_the_barred_one_behind_them(
    lists: list[list[int]],
) -> None:
    outputs, _ = outputs_of(lists)
    for row, ids in zip(outputs.ids.tolist(), lists, strict=True):
        kept = [one for one in ids if one != BARRED]
        assert row == kept + [BARRED] * (len(row) - len(kept))
    assert outputs.ids.shape[1] == max(len(set(ids) - {BARRED}) for ids in lists)


@given(LISTS)
def test_logits_are_those_of_the_whole_vocabulary(lists: list[list[int]]) -> None:
    outputs, layer = outputs_of(lists)
    hidden = hidden_states(len(lists))
    assert torch.equal(outputs.logits(hidden), said(hidden, outputs.ids))
    assert len(layer.products) == -(-len(lists) // 20)
    for ids in layer.products:
        assert len(set(ids)) == len(ids)


@given(lists=LISTS, data=st.data())
def test_rows_may_be_repeated_left_out_and_reordered(
    lists: list[list[int]], data: st.DataObject
) -> None:
    outputs, layer = outputs_of(lists)
    products = len(layer.products)
    indices = st.integers(0, len(lists) - 1)
    for _ in range(2):  # rows of rows as well
        rows = torch.tensor(data.draw(st.lists(indices, min_size=1, max_size=90)))
        chosen = outputs.select(rows)
        assert torch.equal(chosen.ids, outputs.ids[rows])
        assert sum(group.rows for group in chosen.groups) == len(rows)
        hidden = hidden_states(len(rows))
        assert torch.equal(chosen.logits(hidden), said(hidden, chosen.ids))
        outputs, indices = chosen, st.integers(0, len(rows) - 1)
    assert len(layer.products) == products
