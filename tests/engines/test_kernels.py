"""Products in 8 bits: what they compute, where they can be had, what they do not depend on."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from l10n_pipeline.decoding import Translator, greedy_search
from l10n_pipeline.engines import find_model
from l10n_pipeline.engines.student import StudentModel
from l10n_pipeline.engines.student.configuration import (
    Activation,
    StudentConfiguration,
    parse_configuration,
)
from l10n_pipeline.engines.student.kernels import (
    FloatKernels,
    Int8Kernels,
    Kernels,
    Map,
    RoundedKernels,
    multiplies_exactly,
    runs_in_int8,
)
from l10n_pipeline.engines.student.marian_file import MarianFile, read_marian_file
from l10n_pipeline.engines.student.network import all_maps, feed_forward_maps, output_map
from l10n_pipeline.errors import ModelError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Precision
from tests.support.machines import require_int8
from tests.support.student_writer import (
    Item,
    Recipe,
    configuration_item,
    floats,
    model_bytes,
    model_items,
)
from tests.support.students import SOURCE_SIZE, ToyStudent, source_sentences, write_student

RECIPE = Recipe(dimension=64, heads=2, feed_forward=96, encoder_depth=2, decoder_depth=2)
SENTENCES = (Path(__file__).parent / "sentences.en.txt").read_text(encoding="utf-8").splitlines()
INT8_REFUSED = "has no 8-bit weights with the scales of their inputs; use precision f32"
IDS = st.integers(2, SOURCE_SIZE - 1)
SOURCES = st.lists(
    st.one_of(st.lists(IDS, max_size=6), st.lists(IDS, min_size=10, max_size=70)).map(
        lambda ids: (*ids, 0)
    ),
    min_size=2,
    max_size=24,
)


def changed(
    student: ToyStudent, change: Callable[[dict[str, Item]], None], **said: object
) -> ToyStudent:
    """The student with other items, or with something else said in its configuration."""
    items = model_items(student.recipe)
    items["special:model.yml"] = configuration_item({**student.recipe.configuration, **said})
    change(items)
    student.model.write_bytes(model_bytes(items))
    return student


def as_it_is(items: dict[str, Item]) -> None:
    """Changes nothing."""


def without(*endings: str) -> Callable[[dict[str, Item]], None]:
    """Removes the items whose names end so."""

    def change(items: dict[str, Item]) -> None:
        for name in [name for name in items if name.endswith(endings)]:
            del items[name]

    return change


def other_scales(items: dict[str, Item]) -> None:
    """Gives maps that stand side by side scales of their own."""
    for number, name in enumerate(name for name in items if name.endswith("_QuantMultA")):
        items[name] = floats(torch.tensor([[20.0 + number % 7]]))


def opened(student: ToyStudent) -> tuple[MarianFile, StudentConfiguration]:
    file = read_marian_file(student.model)
    return file, parse_configuration(file.configuration)


def inputs_between_steps(
    file: MarianFile, weight: str, rows: int, width: int, *, reach: int = 140, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """Inputs that nobody rounds in doubt, float32 [rows, width], and what they round to."""
    draw = torch.Generator().manual_seed(seed)
    integers = torch.randint(-reach, reach + 1, (rows, width), generator=draw)
    between = torch.rand(rows, width, generator=draw) * 0.8 - 0.4
    return (integers + between) / file.scale(weight), integers


def exact_product(file: MarianFile, m: Map, integers: Tensor) -> Tensor:
    """By the integers themselves: float64 [..., outputs]."""
    weights = file.eight_bit_matrix(m.weight, m.inputs, m.outputs)
    assert weights is not None
    products = integers.clamp(-128, 127) @ weights.integers.long().T
    bias = file.optional_vector(m.bias, m.outputs) if m.bias else None
    shift = torch.zeros(m.outputs) if bias is None else bias
    return products.double() * weights.step / file.scale(m.weight) + shift.double()


@pytest.fixture(params=[as_it_is, other_scales, without("_bq", "_bo", "_b1", "_bf", "out_b")])
def student(request: pytest.FixtureRequest, tmp_path: Path) -> ToyStudent:
    """As Marian writes them, with scales of all kinds, and with biases left out."""
    require_int8()
    return changed(write_student(tmp_path, RECIPE, shortlisted=True), request.param)


def test_products_are_those_of_the_integers(student: ToyStudent) -> None:
    file, configuration = opened(student)
    kernels = Int8Kernels(file)
    *maps, _ = all_maps(configuration)
    assert len(maps) > 20
    for number, m in enumerate(maps):
        x, integers = inputs_between_steps(file, m.weight, 5, m.inputs, seed=number)
        expected = exact_product(file, m, integers)
        for product in (kernels.side_by_side(m), kernels.side_by_side_of_many(m)):
            torch.testing.assert_close(product(x).double(), expected, rtol=1e-5, atol=1e-5)


def test_products_are_those_of_rounded_inputs(student: ToyStudent) -> None:
    file, configuration = opened(student)
    for number, m in enumerate(all_maps(configuration)):
        x, _ = inputs_between_steps(file, m.weight, 7, m.inputs, reach=127, seed=number)
        eight_bit, rounded = (
            product_of(kernels, m)(x) for kernels in (Int8Kernels(file), RoundedKernels(file))
        )
        torch.testing.assert_close(eight_bit, rounded, rtol=1e-4, atol=1e-4)


def product_of(kernels: Kernels, m: Map) -> Callable[[Tensor], Tensor]:
    if m.weight.endswith("Wemb"):
        return kernels.output(m, barred=1)(None)
    return kernels.side_by_side(m)


def test_outputs_side_by_side_are_those_of_each_map(student: ToyStudent) -> None:
    file, _ = opened(student)
    width = RECIPE.dimension
    maps = [Map(f"encoder_l1_self_W{k}", f"encoder_l1_self_b{k}", width, width) for k in "qkv"]
    x = torch.randn(6, 3, width, generator=torch.Generator().manual_seed(1))
    for kernels in (Int8Kernels(file), RoundedKernels(file), FloatKernels(file)):
        apart = torch.cat([kernels.side_by_side(m)(x) for m in maps], dim=-1)
        for together in (kernels.side_by_side(*maps), kernels.side_by_side_of_many(*maps)):
            torch.testing.assert_close(together(x), apart, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("activation", list(Activation))
def test_feed_forward_blocks_lose_a_step_of_rounding_at_most(
    student: ToyStudent, activation: Activation
) -> None:
    file, configuration = opened(student)
    maps = feed_forward_maps("encoder_l1_ffn", configuration)
    x, _ = inputs_between_steps(file, maps[0].weight, 9, maps[0].inputs, reach=127)
    eight_bit, rounded = (
        kernels.feed_forward_of_many(maps, activation)(x.view(3, 3, -1))
        for kernels in (Int8Kernels(file), RoundedKernels(file))
    )
    assert eight_bit.shape == (3, 3, maps[-1].outputs)
    # A sum that lies between two steps may come out on either side of it.
    last = file.matrix(maps[-1].weight, maps[-1].inputs, maps[-1].outputs)
    step = float(last.abs().max()) / file.scale(maps[-1].weight)
    assert float((eight_bit - rounded).abs().max()) <= step + 1e-3
    assert float((eight_bit - rounded).abs().median()) < 1e-4


def test_the_barred_id_is_minus_infinity_and_some_ids_are_those_of_all(
    student: ToyStudent,
) -> None:
    file, configuration = opened(student)
    m = output_map(configuration)
    x = torch.randn(5, m.inputs, generator=torch.Generator().manual_seed(2))
    ids = torch.tensor([0, 2, 3, 30, m.outputs - 1, 1])
    for kernels in (Int8Kernels(file), RoundedKernels(file), FloatKernels(file)):
        layer = kernels.output(m, barred=1)
        whole, some = layer(None)(x), layer(ids)(x)
        assert whole.shape == (5, m.outputs)
        assert bool(whole[:, 1].isneginf().all())
        assert bool(some[:, -1].isneginf().all())
        torch.testing.assert_close(some, whole[:, ids], rtol=1e-5, atol=1e-5)


def test_all_precisions_write_much_the_same(student: ToyStudent) -> None:
    sentences = source_sentences(40)
    eight_bit = student.load(precision=Precision.INT8)
    assert eight_bit.name == "toy/int8"
    found = Translator(eight_bit).translate(sentences)
    rounded = Translator(student.load(rounded=True)).translate(sentences)
    same = sum(one.text == other.text for one, other in zip(found, rounded, strict=True))
    assert same >= 0.85 * len(sentences)
    assert len({one.text for one in found}) > 30


def test_swish_is_computed_as_well(tmp_path: Path) -> None:
    require_int8()
    (tmp_path / "relu").mkdir()
    relu = write_student(tmp_path / "relu", RECIPE)
    student = changed(
        write_student(tmp_path, RECIPE), as_it_is, **{"transformer-ffn-activation": "swish"}
    )
    sentences = source_sentences(30)
    texts = {
        label: [one.text for one in Translator(model).translate(sentences)]
        for label, model in {
            "int8": student.load(precision=Precision.INT8),
            "rounded": student.load(rounded=True),
            "relu": relu.load(precision=Precision.INT8),
        }.items()
    }
    same = sum(a == b for a, b in zip(texts["int8"], texts["rounded"], strict=True))
    assert same >= 0.85 * len(sentences)
    assert texts["int8"] != texts["relu"]


# --- where it can be had ---------------------------------------------------------------


def test_processors_with_the_instructions_multiply_exactly() -> None:
    flags = set(Path("/proc/cpuinfo").read_text(encoding="utf-8").split())
    assert multiplies_exactly() or not flags & {"avx512_vnni", "avx_vnni"}


def in_16_bits(integers: Tensor, _: object, __: object, ___: float) -> Callable[[Tensor], Tensor]:
    """Adds pairs of products in 16 bits, as processors without the instructions do."""

    def product(x: Tensor) -> Tensor:
        # Unsigned bytes times signed ones, and what the zero point adds is taken off again.
        pairs = ((x + 128).unsqueeze(1) * integers.float()).unflatten(-1, (-1, 2)).sum(-1)
        return pairs.clamp(-(2**15), 2**15 - 1).sum(-1) - 128 * integers.float().sum(-1)

    return product


def not_there(*_: object) -> Callable[[Tensor], Tensor]:
    raise RuntimeError("Didn't find engine for operation quantized::linear_prepack")


@pytest.mark.parametrize("product", [in_16_bits, not_there])
def test_bits_that_get_lost_are_noticed(
    monkeypatch: pytest.MonkeyPatch, product: Callable[..., Callable[[Tensor], Tensor]]
) -> None:
    monkeypatch.setattr("l10n_pipeline.engines.student.kernels._Int8Product", product)
    assert not multiplies_exactly.__wrapped__()


@pytest.fixture
def machine_that_loses_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("l10n_pipeline.engines.student.model.multiplies_exactly", lambda: False)


@pytest.mark.usefixtures("machine_that_loses_bits")
def test_a_machine_that_loses_bits_computes_in_f32(tmp_path: Path) -> None:
    student = write_student(tmp_path, RECIPE)
    model = student.load(precision=Precision.AUTO)
    assert model.name == "toy/f32"
    assert model.near_tie > 0
    with pytest.raises(ModelError) as caught:
        student.load(precision=Precision.INT8)
    assert str(caught.value) == (
        f"{student.model}: this machine cannot multiply in 8 bits without loss; use precision f32"
    )


def in_float32(name: str) -> Callable[[dict[str, Item]], None]:
    """Stores a weight in float32, as it was before it was quantised."""

    def change(items: dict[str, Item]) -> None:
        shape = items[name].shape
        items[name] = floats(torch.randn(shape, generator=torch.Generator().manual_seed(3)))

    return change


@pytest.mark.parametrize(
    "change",
    [
        without("encoder_l2_self_Wo_QuantMultA"),
        without("decoder_l1_rnn_W_QuantMultA"),
        without("Wemb_QuantMultA"),
        in_float32("encoder_l1_ffn_W2"),
        in_float32("decoder_l2_context_Wv"),
        in_float32("Wemb"),
    ],
)
def test_a_file_without_8_bits_throughout_is_computed_in_f32(
    tmp_path: Path, change: Callable[[dict[str, Item]], None]
) -> None:
    student = changed(write_student(tmp_path, RECIPE), change)
    file, configuration = opened(student)
    assert not runs_in_int8(file, list(all_maps(configuration)))
    model = student.load(precision=Precision.AUTO)
    assert model.name == "toy/f32"
    assert Translator(model).translate(source_sentences(2))
    with pytest.raises(ModelError) as caught:
        student.load(precision=Precision.INT8)
    assert str(caught.value) == f"{student.model}: {INT8_REFUSED}"


@pytest.mark.parametrize("precision", [Precision.BF16, Precision.F16])
def test_a_student_does_not_compute_in_16_bits(tmp_path: Path, precision: Precision) -> None:
    student = write_student(tmp_path, RECIPE)
    with pytest.raises(ModelError, match=rf"does not compute in {precision}; use precision int8"):
        student.load(precision=precision)


@pytest.mark.parametrize("scale", [0.0, -3.0, float("nan"), float("inf")])
def test_impossible_scales_are_refused(tmp_path: Path, scale: float) -> None:
    def change(items: dict[str, Item]) -> None:
        items["encoder_l1_ffn_W1_QuantMultA"] = floats(torch.tensor([[scale]]))

    require_int8()
    student = changed(write_student(tmp_path, RECIPE), change)
    with pytest.raises(ModelError, match="encoder_l1_ffn_W1_QuantMultA"):
        student.load(precision=Precision.INT8)


# --- what it does not depend on --------------------------------------------------------


def everything_said(
    model: StudentModel, sources: Sequence[Sequence[int]], written: Sequence[Sequence[int]]
) -> list[list[tuple[Tensor, Tensor]]]:
    """For each source, step by step: the logits of the whole vocabulary, and the attention.

    Args:
        model: the model.
        sources: with their ends of sentence.
        written: the tokens each is made to write, as many for all.
    """
    state, previous = model.start(sources), None
    said: list[list[tuple[Tensor, Tensor]]] = [[] for _ in sources]
    for tokens in [*zip(*written, strict=True), None]:
        output = model.step(state, previous)
        logits = output.logits
        if output.candidates is not None:
            # What stands behind the candidates is barred, and their ids stand there already.
            whole = torch.full((len(sources), model.target_vocabulary.size), -torch.inf)
            logits = whole.scatter_reduce_(1, output.candidates, logits, "amax")
        for row, source in enumerate(sources):
            assert not output.attention[row, len(source) :].any()
            said[row].append((logits[row].clone(), output.attention[row, : len(source)].clone()))
        state = output.state
        previous = None if tokens is None else torch.tensor(tokens)
    return said


def same_bits(one: Sequence[tuple[Tensor, Tensor]], other: Sequence[tuple[Tensor, Tensor]]) -> bool:
    return all(
        torch.equal(logits, logits_too) and torch.equal(attention, attention_too)
        for (logits, attention), (logits_too, attention_too) in zip(one, other, strict=True)
    )


@lru_cache
def toy(dimension: int, heads: int, feed_forward: int, *, shortlisted: bool) -> StudentModel:
    """A toy whose heads are as wide as those of real students."""
    recipe = replace(RECIPE, dimension=dimension, heads=heads, feed_forward=feed_forward)
    with tempfile.TemporaryDirectory() as folder:
        student = write_student(Path(folder), recipe, shortlisted=shortlisted)
        return student.load(precision=Precision.INT8)


@settings(max_examples=40)
@given(
    shape=st.sampled_from([(64, 2, 64), (32, 1, 48), (128, 4, 192), (96, 2, 100), (128, 2, 64)]),
    shortlisted=st.booleans(),
    sources=SOURCES,
    data=st.data(),
)
def test_a_sentence_has_the_same_bits_alone_and_in_any_batch(
    shape: tuple[int, int, int],
    shortlisted: bool,
    sources: list[tuple[int, ...]],
    data: st.DataObject,
) -> None:
    require_int8()
    model = toy(*shape, shortlisted=shortlisted)
    assert model.near_tie == 0
    written = data.draw(
        st.lists(
            st.lists(IDS, min_size=3, max_size=3), min_size=len(sources), max_size=len(sources)
        )
    )
    together = everything_said(model, sources, written)
    for source, tokens, said in zip(sources, written, together, strict=True):
        (alone,) = everything_said(model, [source], [tokens])
        assert same_bits(said, alone)


@pytest.mark.parametrize(("heads", "steady"), [(1, True), (2, True), (4, False), (8, False)])
def test_heads_too_narrow_for_that_are_searched_with_care(heads: int, steady: bool) -> None:
    require_int8()
    assert (toy(64, heads, 64, shortlisted=False).near_tie == 0) is steady


def test_rows_that_are_selected_keep_their_bits() -> None:
    require_int8()
    model = toy(64, 2, 64, shortlisted=True)
    eos = model.source_vocabulary.eos_id
    sources = [
        (*model.source_vocabulary.encode(text).ids, eos) for text in source_sentences(50, seed=3)
    ]
    before = model.step(model.start(sources), None)
    rows = torch.tensor([49, 0, 0, 21, 20, 19, 3, 3, 45])
    tokens = torch.tensor([5, 6, 7, 8, 9, 10, 11, 11, 12])
    chosen = model.step(before.state.select(rows), tokens)
    assert chosen.candidates is not None
    for index, (row, token) in enumerate(zip(rows.tolist(), tokens.tolist(), strict=True)):
        first = model.step(model.start([sources[row]]), None)
        alone = model.step(first.state, torch.tensor([token]))
        assert alone.candidates is not None
        width = alone.logits.shape[1]
        assert torch.equal(chosen.candidates[index, :width], alone.candidates[0])
        assert torch.equal(chosen.logits[index, :width], alone.logits[0])
        assert bool(chosen.logits[index, width:].isneginf().all())
    assert torch.equal(chosen.logits[6], chosen.logits[7])


# --- the embedded model ----------------------------------------------------------------


@pytest.fixture(scope="module")
def embedded() -> Callable[..., StudentModel]:
    files = find_model(Locale.parse("en"), Locale.parse("pt_BR"))

    def load(*, precision: Precision = Precision.F32, rounded: bool = False) -> StudentModel:
        return StudentModel(
            name=files.name,
            model=files.model,
            source_vocabulary=files.source_vocabulary,
            target_vocabulary=files.target_vocabulary,
            shortlist=files.shortlist,
            precision=precision,
            rounded=rounded,
        )

    return load


def encoded(model: StudentModel, texts: Sequence[str]) -> list[tuple[int, ...]]:
    eos = model.source_vocabulary.eos_id
    return [(*model.source_vocabulary.encode(text).ids, eos) for text in texts]


@pytest.mark.slow
def test_the_embedded_model_writes_in_int8_what_it_writes_rounded(
    embedded: Callable[..., StudentModel],
) -> None:
    require_int8()
    eight_bit = embedded(precision=Precision.AUTO)
    assert eight_bit.name == "enpt-1693087644/int8"
    sources = encoded(eight_bit, SENTENCES)
    found = greedy_search(eight_bit, sources)
    rounded = greedy_search(embedded(rounded=True), sources)
    for one, other in zip(found, rounded, strict=True):
        assert one.tokens == other.tokens or min(one.margin, other.margin) < 0.05
        if one.tokens == other.tokens:
            assert one.score == pytest.approx(other.score, abs=0.02)
    assert sum(one.tokens == other.tokens for one, other in zip(found, rounded, strict=True)) >= (
        0.95 * len(sources)
    )


@pytest.mark.slow
def test_the_embedded_model_gives_a_sentence_the_same_bits_in_any_batch(
    embedded: Callable[..., StudentModel],
) -> None:
    require_int8()
    model = embedded(precision=Precision.INT8)
    assert model.near_tie == 0
    texts = [*SENTENCES, "", "Why?", " ".join(SENTENCES[:3])]
    sources = [source[-96:] for source in encoded(model, texts)]
    written = [(120 + row, 130, 140, 150, 160 + row) for row in range(len(sources))]
    alone = [
        everything_said(model, [source], [tokens])[0]
        for source, tokens in zip(sources, written, strict=True)
    ]
    orders = [range(len(sources)), sorted(range(len(sources)), key=lambda at: -len(sources[at]))]
    for order in orders:
        together = everything_said(
            model, [sources[at] for at in order], [written[at] for at in order]
        )
        for at, said in zip(order, together, strict=True):
            assert same_bits(said, alone[at])
