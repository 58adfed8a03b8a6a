"""Subjects of `hedgecore check`: a kind, a class of one's own, or all that is in a book."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import attrs
import typer

from hedgecore.books.book import Book
from hedgecore.errors import did_you_mean
from hedgecore.market.portfolio import Balance
from hedgecore.registry.registry import default_registry
from hedgecore.registry.validation import faults
from hedgecore.testing.laws import LAWS

SUFFIXES = (".toml", ".json")
TRADED = "hedgecore_instruments"


class Subject(NamedTuple):
    """Something to check: what the user calls it, and the model."""

    name: str
    model: Any


def subjects(target: str) -> list[Subject]:
    """Subjects that `target` names: KIND, MODULE:CLASS or BOOK.

    Raises:
        HedgecoreError: there is no such thing, or it cannot be built.

    """
    if Path(target).suffix in SUFFIXES or Path(target).is_file():
        return _of_book(Path(target))
    if ":" in target:
        return [Subject(target, _model(_import(target), target))]
    registry = default_registry()
    return [Subject(target, _model(registry[target], target))]


def _of_book(path: Path) -> list[Subject]:
    """Each model of a book once, by the name of the first that is it."""
    book = Book.load(path, accept=True)
    held = [(each.name, each.model) for each in book.positions]
    traded = [(each.name, each) for each in book.instruments]
    seen: dict[Any, str] = {}
    for name, model in [*held, *traded]:
        if not isinstance(model, Balance):
            seen.setdefault(model, name)
    return [Subject(name, model) for model, name in seen.items()]


def _import(target: str) -> Any:
    """Object that MODULE:NAME names, MODULE being importable from here, or a file."""
    place, _, name = target.rpartition(":")
    path = Path(place)
    folder, module = (path.parent, path.stem) if path.suffix == ".py" else (Path(), place)
    sys.path.insert(0, str(folder.resolve()))
    try:
        found = import_module(module)
    except (Exception, SystemExit) as error:
        reason = f"{type(error).__name__}: {error}"
        raise typer.BadParameter(f"{place} cannot be imported: {reason}") from error
    if name not in vars(found):
        near = did_you_mean(name, dir(found))
        raise typer.BadParameter(f"{place} has no {name!r:.80}{near}")
    return vars(found)[name]


def _model(given: Any, target: str) -> Any:
    """Model: `given`, or that class's example."""
    model = _example(given, target) if isinstance(given, type) else given
    if isinstance(model, tuple(LAWS)):
        return model
    if not attrs.has(type(model)):
        what = f"is a {type(model).__name__}, and there are laws for what plugins provide"
        raise typer.BadParameter(f"{target} {what}")
    wrong = faults(TRADED, type(model))
    if wrong:
        raise typer.BadParameter(
            f"{target} is of no base of ours, and no instrument: {'; '.join(wrong)}"
        )
    return model


def _example(cls: type, target: str) -> Any:
    fields: Mapping[str, Any] = getattr(cls, "example", {})
    if not fields:
        how = "give the class an `example`, the fields of one that builds, or check a BOOK"
        raise typer.BadParameter(f"{target} has no example to check: {how}")
    try:
        return cls(**fields)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise typer.BadParameter(f"the example of {target} does not build: {reason}") from error
