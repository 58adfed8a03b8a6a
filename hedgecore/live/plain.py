"""`to_plain`: records as plain JSON, which anything can read.

A record becomes a table with its class under ``type``; what has a kind becomes the table of its
kind. Decimals are text, dates and moments ISO 8601, arrays nested lists; NaN and infinities are
the words ``nan``, ``inf`` and ``-inf``. Floats keep all their digits, so what comes back is equal
to the bit. Which of these a text is, the class says that is read: nothing in a file names code to
run.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import singledispatch
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from hedgecore.errors import JournalError
from hedgecore.registry.specs import spec_of

TYPE, KIND, SHAPE = "type", "kind", "shape"
NUMBERS = "biuf"
"""Kinds of NumPy's types whose arrays are written."""


def to_plain(value: Any) -> Any:
    """Plain JSON of a record, a number, a text, or lists and tables of them.

    Raises:
        JournalError: something within has no plain form: a secret, a function.

    Example:
        >>> from decimal import Decimal
        >>> from hedgecore.interfaces.orders import Filled
        >>> from hedgecore.live.plain import to_plain
        >>> to_plain(Filled(contracts=Decimal("-0.10")))["contracts"]
        '-0.10'

    """
    cls = type(value)
    if isinstance(getattr(cls, KIND, None), str):
        return _plain(spec_of(value))
    if attrs.has(cls):
        fields = (each for each in attrs.fields(cls) if each.init)
        own = {each.name: to_plain(getattr(value, each.name)) for each in fields}
        return {TYPE: cls.__name__, **own}
    return _plain(value)


@singledispatch
def _plain(value: Any) -> Any:
    raise JournalError(f"a {type(value).__name__} is not written down: it has no plain form")


@_plain.register
def _(value: None) -> None:
    return value


@_plain.register
def _(value: bool) -> bool:  # noqa: FBT001 - a value among others
    return value


@_plain.register
def _(value: int) -> int:
    return int(value)


@_plain.register
def _(value: float) -> float | str:
    number = float(value)
    return number if np.isfinite(number) else repr(number)


@_plain.register
def _(value: str) -> str:
    return str.__str__(value)


@_plain.register
def _(value: Decimal) -> str:
    return str(value)


@_plain.register
def _(value: date) -> str:
    return value.isoformat()


@_plain.register
def _(value: Enum) -> Any:
    return to_plain(value.value)


@_plain.register(tuple)
@_plain.register(list)
def _(value: Any) -> list[Any]:
    return [to_plain(each) for each in value]


@_plain.register(set)
@_plain.register(frozenset)
def _(value: Any) -> list[Any]:
    return sorted(to_plain(each) for each in value)


@_plain.register
def _(value: Mapping) -> dict[str, Any]:  # type: ignore[type-arg]
    for key in value:
        if not isinstance(key, str):
            raise JournalError(f"the keys of a table are texts, not {key!r:.80}")
    return {str.__str__(key): to_plain(each) for key, each in value.items()}


@_plain.register
def _(value: np.generic) -> Any:
    return _array(np.asarray(value))


@_plain.register(np.ndarray)
def _array(value: NDArray[Any]) -> Any:
    """Nested lists, of one number alone that number; an empty array of rows by its shape."""
    if value.dtype.kind not in NUMBERS or value.dtype.itemsize > np.dtype(np.float64).itemsize:
        raise JournalError(f"an array of {value.dtype} is not written down")
    if not value.size and value.ndim > 1:
        return {SHAPE: list(value.shape)}
    return value.tolist() if np.isfinite(value).all() else _plain(value.tolist())
