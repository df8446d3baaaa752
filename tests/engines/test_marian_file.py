"""The reader of model files against broken and hostile ones."""

from __future__ import annotations

import struct
import tracemalloc
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from l10n_pipeline.engines.student.marian_file import read_marian_file
from l10n_pipeline.errors import ModelError
from tests.support.student_writer import (
    FLOAT32,
    INT8,
    INTGEMM8,
    Item,
    floats,
    model_bytes,
    quantised,
)

WEIGHTS = torch.tensor([[0.5, -1.0, 0.25], [0.0, 0.75, 1.0]])
GOOD = {
    "Wemb": quantised(WEIGHTS),
    "W": quantised(WEIGHTS.T, shape=(2, 3)),
    "plain_W": floats(WEIGHTS),
    "b": floats(torch.tensor([[1.0, 2.0, 3.0]])),
    "special:model.yml": Item(INT8, (8,), b"dim: 1\n\0"),
}
HEADER = struct.Struct("<4Q")
FIRST_HEADER = 16

any_u64 = st.one_of(
    st.integers(0, 2**64 - 1),
    st.sampled_from([0, 1, 2**31, 2**32, 2**63 - 1, 2**63, 2**64 - 1, 2**64 - 256]),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "model.bin"


def refusal(path: Path, data: bytes) -> str:
    """The one line with which a file is refused."""
    path.write_bytes(data)
    with pytest.raises(ModelError) as caught:
        read_marian_file(path)
    message = str(caught.value)
    assert "\n" not in message
    assert caught.value.where == str(path)
    assert caught.value.way_out
    return message


def read_all(path: Path) -> None:
    """Read a file and all its tensors, refused or not."""
    try:
        found = read_marian_file(path)
        for name, item in found.items.items():
            if len(item.shape) == 2:
                found.embeddings(name, *item.shape)
        assert found.configuration
    except ModelError:
        pass


def test_reads_every_kind_of_item(file: Path) -> None:
    file.write_bytes(model_bytes(GOOD))

    found = read_marian_file(file)

    assert list(found.items) == list(GOOD)
    assert found.configuration == "dim: 1\n"
    close = {"atol": 0.03, "rtol": 0}
    torch.testing.assert_close(found.embeddings("Wemb", 2, 3), WEIGHTS, **close)
    torch.testing.assert_close(found.matrix("W", 2, 3), WEIGHTS.T, **close)
    torch.testing.assert_close(found.matrix("plain_W", 2, 3), WEIGHTS.T)
    assert found.vector("b", 3).tolist() == [1, 2, 3]
    assert found.optional_vector("none", 3) is None


def test_names_the_tensor_that_is_missing_or_has_another_shape(file: Path) -> None:
    file.write_bytes(model_bytes(GOOD))
    found = read_marian_file(file)

    with pytest.raises(ModelError, match=r"lacks the tensor 'encoder_Wemb'"):
        found.embeddings("encoder_Wemb", 2, 3)
    with pytest.raises(ModelError, match=r"'Wemb' has shape 2×3 where .* 32000×3"):
        found.embeddings("Wemb", 32000, 3)
    with pytest.raises(ModelError, match=r"'b' has shape 1×3 where .* 1×4"):
        found.vector("b", 4)
    with pytest.raises(ModelError, match="of integers where it should be of weights"):
        found.vector("special:model.yml", 8)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 0.0, -1.0])
def test_refuses_impossible_multipliers(file: Path, value: float) -> None:
    item = Item(INTGEMM8, (1, 1), b"\1" + struct.pack("<f", value))
    file.write_bytes(model_bytes({"Wemb": item}))

    with pytest.raises(ModelError, match="impossible multiplier"):
        read_marian_file(file).embeddings("Wemb", 1, 1)


def test_refuses_weights_that_are_not_numbers(file: Path) -> None:
    file.write_bytes(model_bytes({"b": floats(torch.tensor([[1.0, float("nan")]]))}))

    with pytest.raises(ModelError, match="'b' holds values that are not numbers"):
        read_marian_file(file).vector("b", 2)


def test_refuses_a_file_cut_off_anywhere(file: Path) -> None:
    data = model_bytes(GOOD)
    for length in range(1, len(data)):
        assert "cut off" in refusal(file, data[:length])


def test_refuses_what_is_no_regular_file(tmp_path: Path, file: Path) -> None:
    assert "is empty" in refusal(file, b"")
    with pytest.raises(ModelError, match=r"regular file|cannot be read"):
        read_marian_file(tmp_path)
    with pytest.raises(ModelError, match="No such file"):
        read_marian_file(tmp_path / "absent.bin")
    with pytest.raises(ModelError, match="regular file"):
        read_marian_file(Path("/dev/null"))


@pytest.mark.parametrize(
    ("offset", "value", "message"),
    [
        (0, 2, "not a Marian model file"),
        (8, 0, "no tensors"),
        (8, 2**64 - 1, "cut off or broken"),
        (FIRST_HEADER, 0, "name does not end"),
        (FIRST_HEADER, 2**64 - 1, "cut off or broken"),
        (FIRST_HEADER + 8, 0x0402, "type 0x402"),
        (FIRST_HEADER + 8, 2**64 - 1, "only float32 and 8-bit"),
        (FIRST_HEADER + 16, 2**62, "dimensions"),
        (FIRST_HEADER + 16, 0, "impossible shape"),
        (FIRST_HEADER + 24, 0, "needs 10 bytes and has 0"),
        (FIRST_HEADER + 24, 2**64 - 1, "cut off or broken"),
    ],
)
def test_says_what_is_wrong_with_a_header(
    file: Path, offset: int, value: int, message: str
) -> None:
    data = bytearray(model_bytes(GOOD))
    struct.pack_into("<Q", data, offset, value)
    assert message in refusal(file, bytes(data))


def test_refuses_impossible_names_and_shapes(file: Path) -> None:
    data = model_bytes(GOOD)
    first_name = FIRST_HEADER + len(GOOD) * HEADER.size
    first_shape = first_name + sum(len(name) + 1 for name in GOOD)

    def with_bytes(offset: int, new: bytes) -> bytes:
        return data[:offset] + new + data[offset + len(new) :]

    assert "not UTF-8" in refusal(file, with_bytes(first_name, b"\xff"))
    assert "does not end" in refusal(file, with_bytes(first_name + 4, b"x"))
    assert "does not end" in refusal(file, with_bytes(first_name + 1, b"\0"))
    for dimension in (-1, 0, -(2**31)):
        shape = struct.pack("<i", dimension)
        assert "impossible shape" in refusal(file, with_bytes(first_shape, shape))
    # 2^31 by 2^31 elements would wrap around in 64 bits.
    huge = struct.pack("<2i", 2**31 - 1, 2**31 - 1)
    assert "needs 4,611,686,014,132,420,61" in refusal(file, with_bytes(first_shape, huge))
    assert "twice" in refusal(file, data.replace(b"W\0plain_W\0", b"b\0plain_W\0", 1))
    assert "after its last tensor" in refusal(file, data + b"\0")


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(flips=st.lists(st.tuples(st.integers(0, 700), st.integers(0, 255)), max_size=4))
def test_no_flipped_byte_does_worse_than_a_refusal(
    file: Path, flips: list[tuple[int, int]]
) -> None:
    data = bytearray(model_bytes(GOOD))
    for position, value in flips:
        data[position % len(data)] = value
    file.write_bytes(data)
    read_all(file)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    count=any_u64 | st.integers(0, 4),
    headers=st.lists(
        st.tuples(
            any_u64 | st.integers(0, 8),
            any_u64 | st.sampled_from([INT8, FLOAT32, INTGEMM8]),
            any_u64 | st.integers(0, 4),
            any_u64 | st.integers(0, 64),
        ),
        max_size=4,
    ),
    rest=st.binary(max_size=256),
)
def test_made_up_headers_take_no_more_memory_than_the_file(
    file: Path, count: int, headers: list[tuple[int, int, int, int]], rest: bytes
) -> None:
    data = struct.pack("<2Q", 1, count) + b"".join(HEADER.pack(*header) for header in headers)
    file.write_bytes(data + rest)
    tracemalloc.start()
    try:
        read_all(file)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2**20


def test_integers_times_their_step_are_the_weights(file: Path) -> None:
    file.write_bytes(model_bytes(GOOD))
    found = read_marian_file(file)
    matrix = found.eight_bit_matrix("W", 2, 3)
    embeddings = found.eight_bit_embeddings("Wemb", 2, 3)
    assert matrix is not None
    assert embeddings is not None
    assert matrix.integers.dtype == embeddings.integers.dtype == torch.int8
    assert matrix.integers.tolist() == [[12, 0], [-24, 18], [6, 24]]
    assert embeddings.integers.tolist() == [[12, -24, 6], [0, 18, 24]]
    assert torch.equal(matrix.integers * matrix.step, found.matrix("W", 2, 3))
    assert torch.equal(embeddings.integers * embeddings.step, found.embeddings("Wemb", 2, 3))


def test_weights_of_another_type_have_no_integers(file: Path) -> None:
    file.write_bytes(model_bytes(GOOD))
    found = read_marian_file(file)
    assert found.eight_bit_matrix("plain_W", 2, 3) is None
    assert found.eight_bit_embeddings("plain_W", 2, 3) is None


def test_integers_of_another_shape_are_refused(file: Path) -> None:
    file.write_bytes(model_bytes(GOOD))
    found = read_marian_file(file)
    with pytest.raises(ModelError, match=r"'W' has shape 2×3 where .* 3×2"):
        found.eight_bit_matrix("W", 3, 2)
    with pytest.raises(ModelError, match=r"'Wemb' has shape 2×3 where .* 3×2"):
        found.eight_bit_embeddings("Wemb", 3, 2)
    with pytest.raises(ModelError, match="lacks the tensor 'V'"):
        found.eight_bit_matrix("V", 3, 2)


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_integers_with_an_impossible_multiplier_are_refused(file: Path, value: float) -> None:
    data = GOOD["W"].data[:-4] + struct.pack("<f", value)
    file.write_bytes(model_bytes({**GOOD, "W": Item(INTGEMM8, (2, 3), data)}))
    with pytest.raises(ModelError, match="impossible multiplier"):
        read_marian_file(file).eight_bit_matrix("W", 2, 3)


@pytest.mark.parametrize(
    ("value", "message"), [(0.0, "not a scale"), (-2.5, "not a scale"), (float("nan"), "numbers")]
)
def test_only_a_positive_number_is_a_scale(file: Path, value: float, message: str) -> None:
    scales = {
        "W_QuantMultA": floats(torch.tensor([[12.5]])),
        "V_QuantMultA": floats(torch.tensor([[value]])),
        "U_QuantMultA": floats(torch.tensor([[1.0, 2.0]])),
    }
    file.write_bytes(model_bytes({**GOOD, **scales}))
    found = read_marian_file(file)
    assert found.scale("W") == 12.5
    assert found.has_scale("W")
    assert not found.has_scale("plain_W")
    with pytest.raises(ModelError, match=message):
        found.scale("V")
    with pytest.raises(ModelError, match="'U_QuantMultA' has shape"):
        found.scale("U")
    with pytest.raises(ModelError, match="lacks the tensor 'plain_W_QuantMultA'"):
        found.scale("plain_W")
