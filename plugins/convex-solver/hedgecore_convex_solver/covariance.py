"""The covariance of the assets: as a matrix, by pairs, or from volatilities and correlations.

However it is given it is kept as "A:B" = number, each pair once; and where it is no covariance it
is refused, naming the pair that is to blame.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, combinations_with_replacement
from typing import Any

import numpy as np
from attrs import Attribute

from hedgecore import HedgeError, Market, SpecError, fields
from hedgecore.market.labels import is_frame, square
from hedgecore.numerics.indefinite import blamed_pair
from hedgecore.numerics.ties import round_for_ties
from hedgecore_convex_solver import table_fields
from hedgecore_convex_solver.problem_data import Array

NEGATIVE = 1e-12
"""The part of the trace up to which a negative eigenvalue is rounding."""
SYMMETRIC = 1e-12
MATRIX = ("assets", "matrix")


def pairs(about: str, unit: str, validator: Any, *, most: float = np.inf) -> Any:
    """Field that holds a symmetric number for each pair of assets, by "A:B".

    It takes the pairs by such names or by tuples, a table of `assets` and their `matrix`, or a
    frame of pandas or polars, by its labels.
    """

    def convert(given: Any, model: Any, its: Attribute[Any]) -> dict[str, float]:
        if is_frame(given):
            names = list(given.columns)
            given = {"assets": names, "matrix": square(given, names)}
        if not isinstance(given, Mapping):
            raise fields.wrong(model, its.name, f"must be a table, not {given!r:.80}")
        found: dict[str, float] = {}
        for (one, two), number in _entries(given, model, its.name):
            name, same = f"{one}:{two}", f"{two}:{one}"
            value = table_fields.finite_number(number, model, f"{its.name}.{name}")
            if abs(value) > most and one != two:
                raise fields.wrong(model, f"{its.name}.{name}", f"is from -1 to 1, not {value!r}")
            known = found.get(same, found.get(name, value))
            if abs(known - value) > SYMMETRIC * max(abs(known), abs(value)):
                reason = f"is {value!r} and, the other way round, {known!r}: they are one number"
                raise fields.wrong(model, f"{its.name}.{name}", reason)
            if same not in found:
                found[name] = value
        return found

    says = '"A:B" = a number for each pair once; or { assets = [...], matrix = [[...], ...] }'
    return table_fields.table(about, unit, says, convert, validator=validator)


def _entries(given: Mapping[Any, Any], model: Any, its: str) -> Iterator[tuple[Any, Any]]:
    """Entries ((one, two), number) of all that is given, by pairs or as a matrix."""
    if set(given) == set(MATRIX):
        yield from _square(list(given["assets"]), given["matrix"], model, its)
        return
    for name, number in given.items():
        pair = tuple(name.split(":")) if isinstance(name, str) else name
        if not isinstance(pair, tuple) or len(pair) != 2 or not all(_is_name(p) for p in pair):  # noqa: PLR2004
            raise fields.wrong(model, its, f'is by pairs, "A:B", not by {name!r:.80}')
        yield pair, number


def _square(assets: list[Any], matrix: Any, model: Any, its: str) -> Iterator[tuple[Any, Any]]:
    n = len(assets)
    if not all(_is_name(each) for each in assets) or len(set(assets)) < n:
        raise fields.wrong(model, f"{its}.assets", f"must be different names, not {assets!r:.80}")
    matrix = square(matrix, assets) if is_frame(matrix) else matrix
    rows = [list(row) for row in matrix] if np.ndim(matrix) == 2 else []  # noqa: PLR2004
    if len(rows) != n or any(len(row) != n for row in rows):
        reason = f"must be {n} rows of {n} numbers, one for each of the assets"
        raise fields.wrong(model, f"{its}.matrix", reason)
    for i, row in enumerate(rows):
        for j, number in enumerate(row):
            yield (assets[i], assets[j]), _plain(number)


def _plain(number: Any) -> Any:
    return float(number) if isinstance(number, np.floating | np.integer) else number


def _is_name(given: Any) -> bool:
    return isinstance(given, str) and bool(given) and ":" not in given


def check_covariance(model: Any, its: Attribute[Any], given: Mapping[str, float]) -> None:
    """Refuse, as a validator, what is no covariance; as far as it is complete."""
    names = list(dict.fromkeys(name for pair in given for name in pair.split(":")))
    try:
        matrix = _matrix(given, names)
    except HedgeError:
        return  # what is missing may never be asked for
    fault = indefinite(matrix, names)
    if fault:
        raise fields.wrong(model, its.name, fault)


def check_alone(model: Any, its: Attribute[Any], given: Mapping[str, float]) -> None:
    """Refuse, as a validator, what stands beside a covariance and says it once more."""
    if given and model.covariance:
        raise fields.wrong(model, its.name, "stands beside `covariance`: give one of the two")


def check_correlations(model: Any, its: Attribute[Any], given: Mapping[str, float]) -> None:
    """Refuse, as a validator, correlations that are none, or beside a covariance."""
    check_alone(model, its, given)
    names = dict.fromkeys(name for pair in given for name in pair.split(":"))
    for name in names:
        if given.get(f"{name}:{name}", 1.0) != 1.0:
            raise fields.wrong(model, f"{its.name}.{name}:{name}", "is 1: of an asset with itself")
    check_covariance(model, its, {**{f"{name}:{name}": 1.0 for name in names}, **given})


def covariance(
    market: Market,
    assets: Sequence[str],
    given: Mapping[str, float],
    vols: Mapping[str, float],
    correlations: Mapping[str, float],
) -> Array:
    """Covariance of the log returns of `assets`, (n, n), per horizon.

    Args:
        market: whose volatilities stand in for those that are not given.
        assets: of which assets.
        given: the covariance by pairs; or else
        vols: volatilities by asset, and
        correlations: correlations by pairs.

    Raises:
        HedgeError: a pair or a volatility is missing (unknown is not zero), or it is none.

    """
    if correlations or vols:
        matrix = _from_correlations(market, assets, vols, correlations)
    else:
        matrix = _matrix(given, assets)
    fault = indefinite(matrix, assets)
    if fault:
        raise HedgeError(f"`covariance` {fault}")
    return matrix


def _matrix(given: Mapping[str, float], assets: Sequence[str]) -> Array:
    matrix = np.zeros((len(assets), len(assets)))
    for (i, one), (j, two) in combinations_with_replacement(enumerate(assets), 2):
        number = _entry(given, one, two)
        if number is None:
            still = 0.0 in (_entry(given, one, one), _entry(given, two, two))
            if not still:
                raise HedgeError(f"`covariance` has no entry for {one}:{two}: give 0 if it is zero")
            number = 0.0
        matrix[i, j] = matrix[j, i] = number
    return matrix


def _entry(given: Mapping[str, float], one: str, two: str) -> float | None:
    return given.get(f"{one}:{two}", given.get(f"{two}:{one}"))


def _from_correlations(
    market: Market,
    assets: Sequence[str],
    given: Mapping[str, float],
    correlations: Mapping[str, float],
) -> Array:
    """Ρ σ σ, with volatilities of the options, or else of the market."""
    vols = np.array([_vol(given, market, each) for each in assets])
    matrix = np.diag(vols**2)
    for (i, one), (j, two) in combinations(enumerate(assets), 2):
        number = _entry(correlations, one, two)
        if number is None and vols[i] * vols[j]:
            raise HedgeError(f"`correlations` has no entry for {one}:{two}: give 0 if it is zero")
        matrix[i, j] = matrix[j, i] = (number or 0.0) * vols[i] * vols[j]
    return matrix


def _vol(given: Mapping[str, float], market: Market, asset: str) -> float:
    found = given.get(asset, market.vols.get(asset))
    if found is None:
        raise HedgeError(f"`vols` has no entry for {asset}, and neither has the market")
    if np.ndim(found) or not 0 <= found < np.inf:
        raise SpecError(f"must be one number, 0 or more, not {found!r:.80}", field=f"vols.{asset}")
    return float(found)


def indefinite(matrix: Array, names: Sequence[str]) -> str:
    """Say why a symmetric matrix is no covariance, naming the worst pair; nothing where it is."""
    diagonal = np.diagonal(matrix)
    if np.any(diagonal < 0):
        worst = int(np.argmin(diagonal))
        return f"has a negative variance of {names[worst]}: {diagonal[worst]:g}"
    deviation = np.sqrt(np.outer(diagonal, diagonal))
    with np.errstate(divide="ignore", invalid="ignore"):
        correlated = np.where(deviation > 0, matrix / deviation, np.where(matrix == 0, 0.0, np.inf))
    np.fill_diagonal(correlated, 1.0)
    if not np.isfinite(correlated).all():
        i, j = (int(k[0]) for k in np.nonzero(~np.isfinite(correlated)))
        return f"has an entry for {names[i]}:{names[j]}, but one of the two has no variance"
    values = np.linalg.eigvalsh(correlated)
    if not values.size or values[0] >= -NEGATIVE * len(names):
        return ""
    i, j = _worst(correlated, names)
    pair = f"{names[i]}:{names[j]}"
    if abs(correlated[i, j]) > 1:
        return f"makes the correlation of {pair} {correlated[i, j]:.6g}: it is from -1 to 1"
    return (
        f"is none: the correlation of {pair}, {correlated[i, j]:.6g}, cannot stand with the others"
        f" (the least eigenvalue of the correlations is {values[0]:.3g})"
    )


def _worst(correlated: Array, names: Sequence[str]) -> tuple[int, int]:
    """Pair that is most at fault: beyond ±1, or else most of the negative part."""
    pairs = list(combinations(range(len(names)), 2))
    size = round_for_ties(np.abs(correlated))
    beyond = [pair for pair in pairs if abs(correlated[pair]) > 1]
    if not beyond:
        return blamed_pair(correlated, names)
    return min(beyond, key=lambda pair: (-size[pair], sorted(names[k] for k in pair)))


def root(matrix: Array) -> Array:
    """R with R Rᵀ the matrix, also where it is singular."""
    values, vectors = np.linalg.eigh(matrix)
    kept = values > NEGATIVE * max(values.max(initial=0.0), 0.0)
    return np.asarray(vectors[:, kept] * np.sqrt(values[kept]))
