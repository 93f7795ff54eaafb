"""A model as bytes and back, and in parts that fit into items of a table. No word of any text is in them in the clear."""

from array import array
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import accumulate, pairwise
from typing import Final
from zlib import compress, decompress, error

import msgspec

from chalicelib.cases.learning.model import Model, Plane
from chalicelib.cases.learning.sureness import Sureness
from chalicelib.cases.learning.vocabulary import Vocabulary

VERSION: Final = 2  # goes up whenever terms are taken or weighed otherwise: an old model would then mean nothing
PART: Final = 350_000  # bytes; DynamoDB takes items of 400 KB


class _Packed(msgspec.Struct, array_like=True, frozen=True):
    version: int
    known: dict[str, int]
    gaps: bytes
    counts: bytes
    texts: int
    planes: tuple[tuple[bytes, float, float], ...]
    sureness: Sureness
    until: datetime


def pack(model: Model) -> bytes:
    """The model in bytes."""
    known = model.vocabulary
    return compress(msgspec.msgpack.encode(_Packed(
        VERSION, dict(model.known), _numbers(_gaps(known.buckets)), _numbers(known.counts), known.texts,
        tuple((plane.steps.tobytes(), plane.step, plane.bias) for plane in model.planes),
        model.sureness, model.until,
    )), 9)  # fmt: skip


def unpack(data: bytes) -> Model:
    """The model from ``pack``'s bytes. ValueError if they are none, or of another version: then it must be fitted anew."""
    try:
        packed = msgspec.msgpack.decode(decompress(data), type=_Packed)
    except (error, msgspec.DecodeError) as problem:
        raise ValueError(f"These {len(data)} bytes are no model ({problem})") from problem
    if packed.version != VERSION:
        raise ValueError(f"This model is of version {packed.version}, and {VERSION} is wanted: fit it anew")
    buckets = accumulate(_from(packed.gaps))
    vocabulary = Vocabulary(tuple(buckets), _from(packed.counts), packed.texts)
    planes = tuple(Plane(array("b", steps), step, bias) for steps, step, bias in packed.planes)
    return Model(packed.known, vocabulary, planes, packed.sureness, packed.until)


def parts(data: bytes) -> Iterator[bytes]:
    """Bytes cut into parts of at most ``PART``; joined again they are the same."""
    return (data[start : start + PART] for start in range(0, len(data), PART))


def _gaps(ascending: tuple[int, ...]) -> Iterator[int]:
    return (after - before for before, after in pairwise((0, *ascending)))


def _numbers(values: Iterable[int]) -> bytes:
    return array("I", values).tobytes()


def _from(data: bytes) -> "array[int]":
    return array("I", data)
