"""Records in .json files: written whole, read again to the last bit, and nothing but records.

What a plugin provides stands as its table, every other record by its name with its fields, and
arrays as lists. Reading makes these classes alone, through their own checks.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import attrs
import numpy as np

from hedgecore.analysis.axes import Axis
from hedgecore.analysis.book_performance import BookPerformance
from hedgecore.analysis.frozen import FrozenInput
from hedgecore.analysis.greeks import BookGreeks, LineGreeks
from hedgecore.analysis.performance import Performance, TradeProfit
from hedgecore.analysis.profit import Profit, Scenario
from hedgecore.analysis.stress import Stress
from hedgecore.analysis.sweep import Sweep, SweepCurve
from hedgecore.books.book import Book
from hedgecore.books.positions import Position
from hedgecore.books.routes import Route
from hedgecore.books.track_record import Flow, PastTrade, TrackRecord
from hedgecore.errors import HedgecoreError, SpecError, at_place
from hedgecore.hedging.certificate import Certificate
from hedgecore.hedging.held import HeldContracts
from hedgecore.hedging.problem import HedgeProblem, HedgeRequest
from hedgecore.hedging.result import Hedge
from hedgecore.hedging.solvers import LeastSquares
from hedgecore.market.assets import AssetMap
from hedgecore.market.claims import Multiple, PoolShare
from hedgecore.market.exposure import Exposure
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Balance, Part, Portfolio, Tradable
from hedgecore.pools.mispricing import Mispricing
from hedgecore.pools.state import AtState
from hedgecore.registry.registry import default_registry
from hedgecore.registry.specs import build, kind_of, spec_of
from hedgecore.simulation import FundingRule, Margin, Outcome, Series, Simulation, SimulationResult
from hedgecore.simulation.comparison import Comparison, PolicyResult
from hedgecore.simulation.results.outcome import AttributionLine, Moment
from hedgecore.tables.atomic_write import write
from hedgecore.tables.json_text import parse_json

T = TypeVar("T")
SUFFIX = ".json"
CLASSES = (
    *(AssetMap, AtState, AttributionLine, Axis, Balance, Book, BookGreeks, BookPerformance),
    *(Certificate, Comparison, Flow, PastTrade, Performance, TrackRecord, TradeProfit),
    *(Exposure, FrozenInput, FundingRule, Hedge, HedgeProblem, HedgeRequest, HeldContracts),
    *(LeastSquares, LineGreeks, Margin, Market, Mispricing, Moment, Multiple, Outcome, Part),
    *(PolicyResult, PoolShare, Portfolio, Position, Profit, Route, Scenario, Series, Simulation),
    *(SimulationResult, Stress, Sweep, SweepCurve, Tradable),
)
"""All that a file may hold by its name."""
RECORDS: Mapping[str, type] = {cls.__name__: cls for cls in CLASSES}


def save(record: Any, path: str | Path) -> None:
    """Write a record; SpecError where it holds what no file can."""
    if Path(path).suffix.lower() != SUFFIX:
        raise SpecError(f"{Path(path).name!r}: the file of a record ends in {SUFFIX}")
    whole = {"hedgecore": version("hedgecore"), "record": _pack(record)}
    write(json.dumps(whole, allow_nan=False, ensure_ascii=False) + "\n", path)


def load(cls: type[T], path: str | Path) -> T:
    """Record of a class from a file; SpecError where that holds none."""
    name = Path(path).name
    try:
        with at_place(name):
            whole = parse_json(Path(path).read_bytes())
            found = _unpack(whole["record"])
    except HedgecoreError:
        raise
    except OSError as error:
        raise SpecError(f"{name} cannot be read: {error.strerror}") from error
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise SpecError(f"{name} is no file of a record: {str(error)[:200]}") from error
    if not isinstance(found, cls):
        raise SpecError(f"{name} holds a {type(found).__name__}, and no {cls.__name__}")
    return found


def _pack(value: Any) -> Any:
    """Value in what JSON has; of whatever JSON lacks, a table with one of the keys of `READERS`."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float) and not isinstance(value, np.floating):
        return value if math.isfinite(value) else {"float": str(value)}
    if isinstance(value, np.ndarray | np.generic):
        return {"array": _finite_words(value.tolist()), "dtype": value.dtype.str}
    if isinstance(value, list):
        return [_pack(each) for each in value]
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return _pack_record(value)


def _pack_record(value: Any) -> dict[str, Any]:
    name, kind = type(value).__name__, kind_of(value)
    if kind is not None and kind in default_registry() and default_registry()[kind] is type(value):
        return {"table": spec_of(value)}
    if RECORDS.get(name) is type(value):
        fields = {key: _pack(getattr(value, its)) for key, its in _fields(type(value)).items()}
        return {"fields": fields, "record": name}
    if isinstance(value, tuple):
        return {"tuple": [_pack(each) for each in value]}
    if isinstance(value, Mapping):
        return {"pairs": [[_pack(key), _pack(each)] for key, each in value.items()]}
    raise SpecError(f"a {name} is no record of hedgecore and no kind of a plugin: no file holds it")


def _fields(cls: Any) -> dict[str, str]:
    """Argument of a class → the attribute that has it."""
    if issubclass(cls, tuple):
        return {name: name for name in cls._fields}
    return {each.alias or each.name: each.name for each in attrs.fields(cls) if each.init}


def _finite_words(value: Any) -> Any:
    """Numbers of an array, nested; those that are not finite as words."""
    if isinstance(value, list):
        return [_finite_words(each) for each in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _unpack(value: Any) -> Any:
    if isinstance(value, list):
        return [_unpack(each) for each in value]
    if not isinstance(value, dict):
        return value
    return READERS[next(iter(value))](value)


def _array(table: Mapping[str, Any]) -> Any:
    return np.array(table["array"], dtype=table["dtype"])[()]


def _record(table: Mapping[str, Any]) -> Any:
    cls: Any = RECORDS[table["record"]]
    return cls(**{str(key): _unpack(each) for key, each in table["fields"].items()})


READERS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "array": _array,
    "fields": _record,
    "float": lambda table: float(table["float"]),
    "moment": lambda table: datetime.fromisoformat(table["moment"]),
    "pairs": lambda table: {_unpack(key): _unpack(each) for key, each in table["pairs"]},
    "table": lambda table: build(table["table"]),
    "tuple": lambda table: tuple(_unpack(each) for each in table["tuple"]),
}
"""First key of a table in a file → how it is read."""
