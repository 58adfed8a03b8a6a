"""Tables for people: the same rows as plain text and as HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.hedging.result import Hedge
from hedgecore.numerics.arrays import Array

DIGITS = 7
SMALL, LARGE = 1e-6, 1e15


class Table(NamedTuple):
    """A title, column heads, and rows of ready text; the first column is aligned left."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def amount(number: ArrayLike | None) -> str:
    """Return a quantity with seven significant digits; arrays as their range, None as unknown."""
    return "unknown" if number is None else _ranged(np.asarray(number), _significant)


def cash(number: ArrayLike | None) -> str:
    """Return money with two decimals, or more digits where it is less than a cent."""
    return "unknown" if number is None else _ranged(np.asarray(number), _money)


def percent(number: ArrayLike | None) -> str:
    """Return a fraction as a percentage; a dash for None."""
    return "–" if number is None else _ranged(np.asarray(number), lambda x: f"{100 * x:,.2f} %")


def text(table: Table) -> str:
    """Return the table in plain characters."""
    lines = [table.heads, *table.rows]
    wide = [max(len(line[i]) for line in lines) for i in range(len(table.heads))]
    body = ["  ".join(_cells(line, wide)).rstrip() for line in lines]
    rule = "-" * max(map(len, body))
    return "\n".join([table.title, rule, body[0], rule, *body[1:]])


def html(table: Table) -> str:
    """Return the table as an HTML element, everything escaped."""
    heads = "".join(f"<th>{escape(head)}</th>" for head in table.heads)
    rows = (("".join(f"<td>{escape(cell)}</td>" for cell in row)) for row in table.rows)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    caption = f"<caption>{escape(table.title)}</caption>"
    return f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def hedge_text(hedge: Hedge) -> str:
    """Return a hedge as a trader reads it: orders, exposure before and after, what is left."""
    return "\n\n".join([*map(text, hedge_tables(hedge)), "\n".join(remarks(hedge))])


def hedge_html(hedge: Hedge) -> str:
    """Return the same for a notebook."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in remarks(hedge))
    return "".join(map(html, hedge_tables(hedge))) + lines


def hedge_tables(hedge: Hedge) -> list[Table]:
    """Return the tables of a hedge: orders, delta, and gamma where there is any."""
    unit = hedge.before.numeraire
    orders = Table(
        "Orders",
        ("instrument", "side", "contracts", f"notional {unit}", "hedge ratio"),
        list(_orders(hedge)),
    )
    delta = Table(
        "Delta",
        ("asset", "before", "after", f"before {unit}", f"after {unit}"),
        list(_greek(hedge, "delta", "delta_cash")),
    )
    gamma = Table(
        f"Gamma: change of cash delta, {unit}, per 1 % move",
        ("asset", "before", "after"),
        [row for row in _gammas(hedge) if set(row[1:]) != {"0.00"}],
    )
    return [orders, delta, *([gamma] if gamma.rows else [])]


def remarks(hedge: Hedge) -> list[str]:
    """Return what else there is to say: worth, cost, what stays unhedged and why, notes."""
    unit = hedge.before.numeraire
    fees = "unknown" if hedge.cost is None else f"{cash(hedge.cost)} {unit}"
    lines = [f"Worth {cash(hedge.before.value)} {unit}; fees {fees}.", *_carried(hedge)]
    left = dict(zip(hedge.after.assets, np.moveaxis(hedge.after.delta_cash, -1, 0), strict=True))
    reasons: dict[str, list[str]] = {}
    for asset, why in hedge.unhedged.items():
        reasons.setdefault(why, []).append(f"{cash(left[asset])} {unit} of {asset}")
    stays = [f"Unhedged, {why}: {', '.join(amounts)}." for why, amounts in reasons.items()]
    return [*lines, *stays, *_certified(hedge), *hedge.notes]


def _carried(hedge: Hedge) -> Iterator[str]:
    """Yield what the orders earn or cost while they are held, where a certificate does not."""
    if hedge.certificate is None and np.any(hedge.carry):
        yield f"Carry of these orders: {cash(hedge.carry)} {hedge.before.numeraire} per day."


def _certified(hedge: Hedge) -> Iterator[str]:
    """Yield what the certificate says: how good, what it needs, and which limits bind."""
    its, unit = hedge.certificate, hedge.before.numeraire
    if its is None:
        return
    if its.objective is not None:
        gap = "unknown" if its.gap is None else f"at most {cash(its.gap)} {unit}"
        found = f"objective {cash(its.objective)} {unit}, gap {gap} ({its.solver})"
        yield f"Certified {its.status}: {found}."
    parts = [f"{name} {cash(of)} {unit}" for name, of in its.breakdown.items() if of]
    if parts:
        yield f"With these orders: {', '.join(parts)}."
    if its.effectiveness is not None:
        yield f"They remove {percent(its.effectiveness)} of the variance."
    for limit, (value, worth) in its.shadow_prices.items():
        yield f"Binds: {limit}, at {amount(value)}; one more is worth {amount(worth)} {unit}."


def _orders(hedge: Hedge) -> Iterator[tuple[str, ...]]:
    for instrument, notional in zip(
        hedge.problem.instruments, hedge.problem.notionals, strict=True
    ):
        traded = hedge.quantities[instrument.name]
        worth = np.abs(traded) * notional
        ratio = percent(hedge.hedge_ratios[instrument.name])
        yield instrument.name, _side(traded), amount(np.abs(traded)), cash(worth), ratio


def _side(traded: Array | float) -> str:
    if not np.any(traded):
        return "–"
    return "buy" if np.all(traded >= 0) else "sell" if np.all(traded <= 0) else "mixed"


def _greek(hedge: Hedge, units: str, money: str) -> Iterator[tuple[str, ...]]:
    for i, asset in enumerate(hedge.after.assets):
        sides = (hedge.before, hedge.after)
        numbers = (amount(_tidy(hedge, getattr(side, units)[..., i], i)) for side in sides)
        worths = (cash(getattr(side, money)[..., i]) for side in sides)
        yield asset, *numbers, *worths


def _gammas(hedge: Hedge) -> Iterator[tuple[str, ...]]:
    for i, asset in enumerate(hedge.after.assets):
        yield (
            asset,
            cash(hedge.before.gamma_cash[..., i, i]),
            cash(hedge.after.gamma_cash[..., i, i]),
        )


def _tidy(hedge: Hedge, number: Array, index: int) -> Array:
    """Return `number`, or 0 where it is but the rounding of what it was before."""
    scale = np.abs(hedge.before.delta[..., index]) + np.abs(hedge.hedge.delta[..., index])
    return np.where(np.abs(number) <= 1e-12 * scale, 0.0, number)


def _cells(line: Sequence[str], wide: Iterable[int]) -> Iterator[str]:
    for index, (cell, width) in enumerate(zip(line, wide, strict=True)):
        yield cell.rjust(width) if index else cell.ljust(width)


def _ranged(numbers: Array, write: Callable[[float], str]) -> str:
    if not numbers.size:
        return "–"
    if not numbers.ndim:
        return write(float(numbers))
    return f"{write(float(numbers.min()))} … {write(float(numbers.max()))}"


def _significant(x: float) -> str:
    if x == 0 or not SMALL <= abs(x) < LARGE:
        return "0" if x == 0 else f"{x:.5g}"
    decimals = max(0, DIGITS - 1 - int(np.floor(np.log10(abs(x)))))
    shown = f"{x:,.{decimals}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _money(x: float) -> str:
    return f"{x:,.2f}".replace("-0.00", "0.00") if abs(x) >= 0.01 or abs(x) < 1e-9 else f"{x:,.2g}"  # noqa: PLR2004
