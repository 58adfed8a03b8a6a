"""Loops over numbers that the extra `fast` turns into machine code, when they are first called.

Numba takes a third of a second to be imported, and about one to compile a loop, which it then keeps
on disk. So nothing is imported or compiled until a loop is called, and whoever calls one asks first
whether that pays.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, cached_property
from importlib.util import find_spec
from typing import Any, Generic, ParamSpec, TypeVar

from hedgecore.errors import SpecError

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

VARIABLE = "HEDGECORE_FAST"
"""The environment variable that switches compiled loops off, so that workers know it too."""
MANY = 8192
"""Numbers in one call from which a compiled loop is used."""

_LEAST: ContextVar[float] = ContextVar("least", default=MANY)


class Compiled(Generic[Given, Answer]):
    """A function in the part of Python that numba compiles; another one may call it."""

    def __init__(self, function: Callable[Given, Answer]) -> None:
        self.function = function

    def __call__(self, *given: Given.args, **named: Given.kwargs) -> Answer:
        """Answer of the compiled function."""
        answer: Answer = self.machine_code(*given, **named)
        return answer

    @cached_property
    def machine_code(self) -> Any:
        """The function as numba's, kept on disk where a folder for that can be written to."""
        from numba import njit  # noqa: PLC0415 - an extra, and slow to import

        options: dict[str, Any] = {"error_model": "numpy", "nogil": True}
        try:
            return njit(cache=True, **options)(self.function)
        except RuntimeError:  # no such folder
            return njit(**options)(self.function)

    @property
    def _numba_type_(self) -> Any:
        """Options of numba for a function that is called by another."""
        return self.machine_code._numba_type_


def compiled(function: Callable[Given, Answer]) -> Compiled[Given, Answer]:
    """Function that is compiled when it is first called, and kept on disk.

    What it calls must stand in the same file: by that file's date numba knows what is out of date.

    Example:
        >>> @hc.compiled
        ... def square(price: float) -> float:
        ...     return price * price
        >>> square.function(3.0)  # as Python has it; a loop of a `Kernel` calls the compiled one
        9.0

    """
    return Compiled(function)


@cache
def is_installed() -> bool:
    """True where the extra `fast` is there."""
    return find_spec("numba") is not None


def is_fast(size: int) -> bool:
    """True where a call on so many numbers is one for a compiled loop.

    Raises:
        SpecError: the environment variable says neither 0 nor 1.

    """
    if size < _LEAST.get() or not is_installed():
        return False
    said = os.environ.get(VARIABLE, "").strip() or "1"
    if said not in {"0", "1"}:
        reason = f"must be 1, or 0 for no compiled loops, not {said!r:.80}"
        raise SpecError(reason, field=VARIABLE)
    return said == "1"


@contextmanager
def fast_from(size: float) -> Iterator[None]:
    """Context in which calls on `size` numbers or more are for compiled loops, others not."""
    token = _LEAST.set(size)
    try:
        yield
    finally:
        _LEAST.reset(token)
