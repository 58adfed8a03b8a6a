"""A hedge in sentences: why these amounts, what binds, what it costs, and what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from hedgecore.analysis.hedge_report import HedgeReport
from hedgecore.books.book import Book
from hedgecore.hedging.result import NEGLIGIBLE, Hedge
from hedgecore.hedging.solvers import AbstractHedgeSolver, LeastSquares
from hedgecore.market.effective_gamma import is_density
from hedgecore.market.exposure import Exposure
from hedgecore.registry.specs import schema, spec_of
from hedgecore.report import frozen, loss_rates
from hedgecore.report.costs import costs, margin
from hedgecore.tables.render import amount, cash
from hedgecore.tables.toml import toml

Lines = Iterator[str]
Section = Callable[[HedgeReport], Lines]
ROUNDING = 1e-9
FEW = 3
"""Positions that are named; the rest is counted."""


def sections(report: HedgeReport) -> dict[str, list[str]]:
    """Heading → sentences; the losses, which have tables, stand apart."""
    return {head: list(section(report)) for head, section in SECTIONS.items()}


def _why(report: HedgeReport) -> Lines:
    book, hedge = report.book, report.hedge
    for greek in hedge.problem.request.neutral:
        for asset in hedge.problem.hedged_assets:
            yield GREEKS[greek](book, hedge, asset)
    idle = [name for name, number in hedge.quantities.items() if not np.any(number)]
    if idle:
        yield f"Not traded: {', '.join(idle)}."
    yield _choice(book, hedge)


def _choice(book: Book, hedge: Hedge) -> str:
    """Sentence on how the amounts were chosen among those that would do."""
    if isinstance(book.solver, LeastSquares):
        return (
            "Each Greek is met exactly where the instruments allow it, else as nearly as they do; "
            "of all such orders these are the smallest in cash (least squares)."
        )
    its, unit = hedge.certificate, hedge.before.numeraire
    options = _options(book.solver)
    if its is None or its.objective is None:
        return f"The solver {book.solver.kind} chose them.{options}"
    gap = "" if its.gap is None else f": none is better by more than {cash(its.gap)} {unit}"
    return (
        f"Of all hedges within the limits, the solver {book.solver.kind} took one with the least "
        f"objective, {cash(its.objective)} {unit}. Certified {its.status}{gap}.{options}"
    )


def _options(solver: AbstractHedgeSolver) -> str:
    """Solver's own fields, where they are not what they are by default."""
    if not attrs.has(type(solver)):
        return ""
    given, fields = spec_of(solver), schema(type(solver))
    own = {name: each for name, each in given.items() if name in fields}
    own = {name: each for name, each in own.items() if each != _plain(fields[name].default)}
    return f" Asked of it: {'; '.join(toml('', own).strip().splitlines())}." if own else ""


def _plain(default: Any) -> Any:
    """Field's default as a table has it."""
    made = default.factory() if isinstance(default, attrs.Factory) else default  # type: ignore[arg-type]
    return list(made) if isinstance(made, tuple) else made


def _delta(book: Book, hedge: Hedge, asset: str) -> str:
    unit = hedge.before.numeraire
    units, money = _delta_of(hedge.before, asset)
    if not units:
        held = f"Your positions have no net {asset}"
    else:
        side = "long" if units > 0 else "short"
        held = f"Your positions are {side} {amount(abs(units))} {asset} ({cash(abs(money))} {unit}"
        held = f"{held}: {_position_list(book, asset)})"
    return f"{held}; {_offset(hedge, asset, 'delta', asset)}."


def _gamma(book: Book, hedge: Hedge, asset: str) -> str:  # noqa: ARG001 - as the others
    unit = hedge.before.numeraire
    bend = _greek(hedge.effective.before, asset, "gamma")
    word = _gamma_word(hedge, bend, _greek(hedge.before, asset, "gamma"))
    its = f"The cash delta of {asset} changes by {cash(bend)} {unit} per 1 % move ({word})"
    return f"{its}; {_offset(hedge, asset, 'gamma', f'{unit} of it')}."


def _vega(book: Book, hedge: Hedge, asset: str) -> str:  # noqa: ARG001
    unit = hedge.before.numeraire
    slope = _greek(hedge.before, asset, "vega")
    its = f"A point of volatility of {asset} gains {cash(slope)} {unit} (vega)"
    return f"{its}; {_offset(hedge, asset, 'vega', f'{unit} of it')}."


GREEKS: Mapping[str, Callable[[Book, Hedge, str], str]] = {
    "delta": _delta, "gamma": _gamma, "vega": _vega,
}  # fmt: skip


def _offset(hedge: Hedge, asset: str, greek: str, of: str) -> str:
    """Sentence on the instruments that offset a Greek of an asset, and what that leaves."""
    sides = hedge.effective if greek == "gamma" else hedge
    before, traded, after = (
        _greek(each, asset, greek) for each in (sides.before, sides.hedge, sides.after)
    )
    parts = list(_parts(hedge, asset, greek, of))
    if not parts:
        return "nothing is traded against it" if before else "there is nothing to offset"
    *most, last = parts
    said, s = (f"{', '.join(most)} and {last} together", "") if most else (last, "s")
    if abs(after) <= NEGLIGIBLE * (abs(before) + abs(traded)):
        return f"{said} make{s} that zero"
    unit, money = hedge.before.numeraire, cash(_delta_of(hedge.after, asset)[1])
    left = f"{amount(after)} {asset} ({money} {unit})" if of == asset else f"{cash(after)} {unit}"
    return f"{said} leave{s} {left}"


def _parts(hedge: Hedge, asset: str, greek: str, of: str) -> Lines:
    """Orders that bear on a Greek of an asset, and by how much where that is not plain."""
    units = hedge.problem.exposures_for(greek).units
    for instrument, contract in zip(hedge.problem.instruments, units, strict=True):
        number = float(hedge.quantities[instrument.name])
        adds = number * _greek(contract, asset, greek) if number else 0.0
        if adds:
            verb = "buying" if number > 0 else "selling"
            plain = of == asset and np.isclose(abs(adds), abs(number), rtol=1e-9)
            effect = "" if plain else f" ({'+' if adds > 0 else ''}{amount(adds)} {of})"
            yield f"{verb} {amount(abs(number))} {instrument.name}{effect}"


def _position_list(book: Book, asset: str) -> str:
    """List of the positions that an asset is in, the largest first."""
    found = []
    for each in book.lines:
        units = each.amount * _delta_of(each.priced.exposure(book.market), asset)[0]
        if units:
            found.append((units, each.name))
    found.sort(key=lambda pair: -abs(pair[0]))
    return _few([f"{amount(units)} in {name}" for units, name in found])


def _limits(report: HedgeReport) -> Lines:
    hedge = report.hedge
    unit, its = hedge.before.numeraire, hedge.certificate
    for limit, (value, worth) in ({} if its is None else its.shadow_prices).items():
        yield (
            f"The limit on the {limit} binds, at {amount(value)}: one more of it would save "
            f"{amount(worth)} {unit}."
        )
    steps: dict[float, list[str]] = {}
    for each in hedge.problem.instruments:
        steps.setdefault(each.lot, []).append(each.name)
    steps.pop(0.0, None)
    if steps:
        lots = (f"{_few(names)} in steps of {amount(lot)}" for lot, names in steps.items())
        kept = "Amounts are whole lots" if _whole(hedge) else "These amounts do not keep to them"
        yield f"Orders come in lots: {'; '.join(lots)}. {kept}."
    yield from _least(hedge)
    if not steps and not (its and its.shadow_prices):
        limits = "" if its else " Least squares knows no others than lots and least orders."
        yield f"No limit binds.{limits}"


def _whole(hedge: Hedge) -> bool:
    """True if all amounts are whole lots; a solver may be told to ignore them."""
    pairs = ((float(hedge.quantities[i.name]), i.lot) for i in hedge.problem.instruments)
    counts = (amount / lot for amount, lot in pairs if lot)
    return all(abs(each - round(each)) <= ROUNDING * max(1.0, abs(each)) for each in counts)


def _least(hedge: Hedge) -> Lines:
    """Sentences on orders that are as small as the venue takes, or would be smaller."""
    rows = zip(hedge.problem.instruments, hedge.problem.min_orders, strict=True)
    for instrument, floor in rows:
        traded, least = abs(float(hedge.quantities[instrument.name])), float(floor)
        if least and np.isclose(traded, least, rtol=1e-9):
            yield f"{instrument.name} takes no smaller order than this one of {amount(least)}."
        elif least and not traded:
            yield f"{instrument.name} takes no order under {amount(least)} contracts."


def _stands_still(report: HedgeReport) -> Lines:
    yield from frozen.remarks(report.frozen)
    yield from frozen.sentences(report.frozen, report.hedge.before.numeraire)


def _few(names: Sequence[str]) -> str:
    """Few names, and how many more there are."""
    more = [f"{len(names) - FEW} more"] if len(names) > FEW else []
    return ", ".join([*names[:FEW], *more])


def _residuals(report: HedgeReport) -> Lines:
    hedge = report.hedge
    unit = hedge.before.numeraire
    reasons: dict[str, list[str]] = {}
    for asset, why in hedge.unhedged.items():
        units, money = _delta_of(hedge.after, asset)
        reasons.setdefault(why, []).append(f"{amount(units)} {asset} ({cash(money)} {unit})")
    for why, what in reasons.items():
        yield f"{', '.join(what)}: {why}."
    if not reasons:
        yield "No delta is left."
    for asset in hedge.problem.hedged_assets:
        yield from _bend(hedge, asset)
    yield from loss_rates.net_remarks(report.net_losses, unit)


def _bend(hedge: Hedge, asset: str) -> Lines:
    """Sentence on the gamma of an asset that is left, unless that is negligible."""
    unit = hedge.before.numeraire
    its = hedge.effective
    sides = (its.before, its.hedge, its.after)
    before, traded, bend = (_greek(each, asset, "gamma") for each in sides)
    gross = abs(before) + abs(traded)
    if not abs(bend) > NEGLIGIBLE * gross:
        return
    if not np.isfinite(bend):
        yield f"The gamma of {asset} is infinite at this price: the hedge holds for no move at all."
        return
    have = any(_greek(each, asset, "gamma") for each in hedge.problem.effective.units)
    why = "" if have else ", which no instrument here has"
    word = _gamma_word(hedge, bend, _greek(hedge.after, asset, "gamma"))
    yield (
        f"A {word} of {cash(bend)} {unit} per 1 % of {asset}{why}: a move either way "
        f"{'loses' if bend < 0 else 'gains'} about {cash(SMALL * abs(bend))} {unit} at 1 % and "
        f"{cash(LARGE * abs(bend))} {unit} at 5 %, by gamma alone, until you hedge again."
    )


SMALL, LARGE = 0.5 * 0.01, 0.5 * 5 * 0.05
"""Profit of a move of 1 % and of 5 %, per unit of gamma: half of the move times its change."""
SECTIONS: Mapping[str, Section] = {
    "Why these amounts": _why,
    "What binds": _limits,
    "What it costs": costs,
    "Margin": margin,
    "What is left": _residuals,
    "What stands still": _stands_still,
}


def _gamma_word(hedge: Hedge, gamma: float, density: float) -> str:
    """Name of a gamma, with the move that it is over where the density is another."""
    over = f"{100 * hedge.problem.request.move:g} % either way"
    same = is_density(np.array([gamma]), np.array([density]))
    return "gamma" if same else f"gamma over {over}"


def _delta_of(exposure: Exposure, asset: str) -> tuple[float, float]:
    """Delta in units and in cash; 0 where the asset is not in it."""
    if asset not in exposure.assets:
        return 0.0, 0.0
    i = exposure.assets.index(asset)
    return float(exposure.delta[i]), float(exposure.delta_cash[i])


def _greek(exposure: Exposure, asset: str, greek: str) -> float:
    """Delta in units, gamma in cash per 1 % move, or vega in cash per point."""
    if greek == "vega":
        return float(exposure.other.get(f"vega:{asset}", 0.0)) / 100.0
    if asset not in exposure.assets:
        return 0.0
    i = exposure.assets.index(asset)
    return float(exposure.delta[i] if greek == "delta" else exposure.gamma_cash[i, i])
