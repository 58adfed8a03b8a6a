"""Checks of a kind's table, of what is taken and refused, and of the models built from it.

CHECKS = table_checks(MyPool, wrong=[("fee", -0.1)], models=[MyPool(...)], readme=README)

@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_table(check):
check()
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import numpy as np

from hedgecore.errors import SpecError
from hedgecore.pools.model import PoolModel
from hedgecore.registry.loading import Plugin
from hedgecore.registry.registry import Registry
from hedgecore.registry.specs import build, schema
from hedgecore.testing import answers as said
from hedgecore.testing import objects
from hedgecore.testing.grids import grid
from hedgecore.testing.law import LawBroken, require
from hedgecore.testing.markets import setting

BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
SHOWN = 30
"""The most characters of a value in the name of a check."""


@attrs.frozen(eq=False)
class TableCheck:
    """One check of a table: call it, and it raises LawBroken or returns nothing."""

    name: str
    run: Callable[[], None]

    def __call__(self) -> None:
        """Run it.

        Raises:
            LawBroken: by its name.

        """
        try:
            self.run()
        except LawBroken as error:
            error.law = error.law or self.name
            raise

    def __str__(self) -> str:
        return self.name


def table_checks(
    cls: Any,
    *,
    wrong: Iterable[tuple[str, Any]] = (),
    models: Iterable[Any] = (),
    readme: Path | None = None,
) -> tuple[TableCheck, ...]:
    """Checks of a kind's table, and of models that are built from it.

    Args:
        cls: the class of the kind, with an `example`.
        wrong: field and value, which `example` with that value in it must be refused for.
        models: models of the kind, each of which must be its table again, frozen, hashable, and the
            same from a pickle, before and after it was used.
        readme: a page whose Python blocks must run, and whose tables must name every field.

    Example:
        >>> from hedgecore.testing import table_checks
        >>> checks = table_checks(hc.default_registry()["uniswap-v2"], wrong=[("share", 5.0)])
        >>> for check in checks:
        ...     check()

    """
    installed = TableCheck(f"{cls.kind}-registered", partial(_check_registered, cls))
    own = [*_refusals(cls, wrong), *_names(cls), installed]
    each = [check for at, model in enumerate(models) for check in _of_model(model, at)]
    page = [] if readme is None else [TableCheck(f"readme-{cls.kind}", partial(_page, cls, readme))]
    return (*own, *each, *page)


def _refusals(cls: Any, wrong: Iterable[tuple[str, Any]]) -> Iterator[TableCheck]:
    for field, value in wrong:
        name = f"{cls.kind}.{field}={value!r:.{SHOWN}}"
        yield TableCheck(name, partial(_refuses, cls, field, value))


def _refuses(cls: Any, field: str, value: Any) -> None:
    """Require an error that names kind and field."""
    try:
        model = cls(**{**cls.example, field: value})
    except SpecError as error:
        place = f"{cls.kind}.{field}"
        require((error.kind, error.field) == (cls.kind, field), "its error is of another field",
                got=f"{error.kind}.{error.field}", expected=place)  # fmt: skip
        require(str(error).startswith(f"{place}: "), "its message does not start with the place",
                got=str(error), expected=f"{place}: …")  # fmt: skip
        return
    raise LawBroken(f"{field} = {value!r:.80} is taken", got=model)


def _names(cls: Any) -> Iterator[TableCheck]:
    """Checks that a field that is missing is named, and each that is misspelt."""
    for name, field in schema(cls).items():
        yield TableCheck(f"{cls.kind}.{name}-misspelt", partial(_check_misspelt, cls, name))
        if field.default is attrs.NOTHING:
            yield TableCheck(f"{cls.kind}.{name}-missing", partial(_check_missing, cls, name))


def _check_misspelt(cls: Any, name: str) -> None:
    table = {"kind": cls.kind, **cls.example, f"{name}{name[-1]}": 1}
    _says(cls, table, f"did you mean {name!r}")


def _check_missing(cls: Any, name: str) -> None:
    table = {key: each for key, each in cls.example.items() if key != name}
    _says(cls, {"kind": cls.kind, **table}, f"needs {name}")


def _says(cls: Any, table: Mapping[str, Any], said: str) -> None:
    plugin = Plugin("checked", "no distribution", "", {})
    try:
        build(table, registry=Registry({}, {}, {cls.kind: (cls, plugin)}))
    except SpecError as error:
        require(said in str(error), "it does not say so", got=str(error), expected=said)
        return
    raise LawBroken("it is built", expected=said)


def _check_registered(cls: Any) -> None:
    objects.registered(cls(**cls.example))


def _of_model(model: Any, at: int) -> Iterator[TableCheck]:
    for law in (objects.spec_round_trip, objects.frozen, objects.hashable, pickles_once_used):
        yield TableCheck(f"{type(model).kind}-{at}-{law.__name__}", partial(law, model))


def pickles_once_used(model: Any) -> None:
    """Pickles of a model, before and after it was asked anything, equal it and answer the same.

    Source: Python's data model; what a model keeps of its answers is no part of it.
    """
    fresh = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own
    ask = _questions(model)
    first = ask(fresh)
    used = pickle.loads(pickle.dumps(fresh))  # noqa: S301 - our own
    for back in (fresh, used):
        require(back == model, "what comes back from pickle is another", got=back, expected=model)
        require(hash(back) == hash(model), "and has another hash", got=hash(back))
    same = zip(first, ask(used), ask(fresh), strict=True)
    alike = all(np.array_equal(a, b, equal_nan=True) and np.array_equal(a, c, equal_nan=True)
                for a, b, c in same)  # fmt: skip
    require(alike, "it says something else once it was used", got=ask(used), expected=first)


def _questions(model: Any) -> Callable[[Any], tuple[Any, ...]]:
    """Questions to a model: a pool at prices, an instrument where it bends."""
    if isinstance(model, PoolModel):
        return lambda each: tuple(said.greeks_at(each, grid(model)))
    there = setting(model, None)
    return lambda each: tuple(there.numbers(each, there.points))


def _page(cls: Any, readme: Path) -> None:
    """Require that a page's blocks run, and that its tables name each field of the kind."""
    page = readme.read_text("utf-8")
    for block in BLOCK.findall(page):
        exec(block, {})  # noqa: S102 - the author's own
    rows = "".join(line for line in page.splitlines() if line.startswith("| `"))
    silent = [name for name in schema(cls) if f"`{name}`" not in rows]
    require(not silent, f"the tables of {readme.name} do not name {', '.join(silent)}")
