"""Layouts of a history's files: columns named one by one, or those of a known source."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np

from hedgecore.errors import SpecError, did_you_mean
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.data.cells import Cells, column, column_name, moments, numbers

TICK = 1.0001
TICKS = re.compile(r"(?!.*price).*tick(?!er).*", re.IGNORECASE)
"""Names of columns that hold ticks, where all of it is whole: no tickers, nor prices by ticks."""
KLINE = 8
"""Columns of Binance's candles that are read, or stand before one that is."""
PAYMENT = "payment"
"""Role of a column of funding some of whose cells are blank."""
USUAL = {
    "time": ("time", "timestamp", "datetime", "date", "open_time"),
    "price": ("price", "close"),
    "funding": ("funding", "funding_rate"),
    "volume": ("volume",),
    "liquidity": ("liquidity",),
    "premium": ("premium",),
}
"""Role → the names of a column that are taken for it where none is given, the first there is."""


class Recorded(Protocol):
    """Fields by which `replay` and `bootstrap` name a history."""

    @property
    def files(self) -> tuple[str, ...]: ...  # noqa: D102 - own_fields documents them
    @property
    def asset(self) -> str: ...  # noqa: D102
    @property
    def columns(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def layout(self) -> str: ...  # noqa: D102
    @property
    def decimals(self) -> tuple[int, int]: ...  # noqa: D102
    @property
    def token(self) -> int: ...  # noqa: D102
    @property
    def bad_rows(self) -> str: ...  # noqa: D102


def read_columns(cells: Cells, model: Recorded) -> tuple[Array, dict[str, Array]]:
    """Seconds (R,), and "price:X", "volume:X" and the like → (R,); nan where unread.

    Raises:
        SpecError: a column is not there.

    """
    return LAYOUTS[model.layout](cells, model)


def _by_role(cells: Cells, model: Recorded) -> tuple[Array, dict[str, Array]]:
    """Read columns by their role; ``columns`` is role → column, like "price:WBTC" = "btc"."""
    taken = {_full(role, model.asset): name for role, name in model.columns.items()}
    for role, usual in USUAL.items():
        there = [name for each in usual if (name := column_name(cells, each)) is not None]
        if there and not taken.keys() & {_full(role, model.asset)}:
            taken[_full(role, model.asset)] = there[0]
    if "time" not in model.columns:
        _refuse_candles(cells, taken.get("time"))
    for role in ("time", f"price:{model.asset}"):
        if role not in taken:
            known = ", ".join(cells.columns)
            reason = f"{cells.file} has no column for {role.partition(':')[0]}: name it in columns"
            raise SpecError(f"{reason} (it has {known:.300}){_hint(cells)}", field="columns")
    roles = [role for role in sorted(taken) if role != "time"]
    values = dict(_role(role, column(cells, taken[role])) for role in roles)
    for role, found in values.items():
        if role.startswith("price:"):
            _refuse_ticks(cells, taken[role], found)
    return moments(column(cells, taken["time"])), values


def _hint(cells: Cells) -> str:
    """Way out for a file of ticks, without a header, or with another separator; else empty."""
    if column_name(cells, "closeTick") is not None:
        return ". It has ticks: say layout = 'uniswap-minutes'"
    if all(name.isdecimal() for name in cells.columns):
        return (
            ". It has no header: name columns by their numbers, as time = '1'; or, if it is one of"
            " Binance's, say layout = 'binance-klines'"
        )
    first = next(iter(cells.columns), "")
    apart = next((f"{mark!r}" for mark in ";\t|" if mark in first), None)
    return "" if apart is None else f". Its columns are separated by {apart}, and not by commas"


def _refuse_candles(cells: Cells, time: str | None) -> None:
    """Refuse to take the close of a candle for the price at which it opens, as that looks ahead."""
    opens, closes = (column_name(cells, name) for name in ("open_time", "close_time"))
    if closes is not None and opens is not None and opens == time:
        reason = (
            f"{cells.file} has candles, and which of {opens} and {closes} the price is at is not "
            "said: name the column of time, or say layout = 'binance-klines'"
        )
        raise SpecError(reason, field="columns")


def _refuse_ticks(cells: Cells, name: str, values: Array) -> None:
    """Refuse a column of ticks, by its name and as all of it is whole, for one of prices."""
    known = values[np.isfinite(values)]
    if not TICKS.fullmatch(name) or not np.array_equal(known, np.round(known)):
        return
    reason = (
        f"{cells.file}: {name!r:.80} holds ticks, and a price is 1.0001^tick in raw units; say "
        "layout = 'uniswap-minutes', with decimals and token, or name a column of prices"
    )
    raise SpecError(reason, field="columns")


def _role(role: str, cells: list[Any]) -> tuple[str, Array]:
    """Role and its numbers; funding with blank cells is payments, nan where none is."""
    found = numbers(cells)
    blank = np.array([cell is None or not str(cell).strip() for cell in cells], dtype=np.bool_)
    if not role.startswith("funding:") or not blank.any():
        return role, found
    return role.replace("funding", PAYMENT), np.where(blank | np.isfinite(found), found, np.inf)


def _full(role: str, asset: str) -> str:
    """Role with its asset; SpecError where there is no such role."""
    what, _, whose = role.partition(":")
    if what not in USUAL or (what == "time" and whose):
        near = did_you_mean(what, USUAL)
        raise SpecError(f"{role!r:.80} is none of {', '.join(USUAL)}{near}", field="columns")
    return what if what == "time" else f"{what}:{whose or asset}"


def _uniswap_minutes(cells: Cells, model: Recorded) -> tuple[Array, dict[str, Array]]:
    """Read the minutes of a Uniswap v3 pool, as demeter writes them, in raw units.

    The price is that at the closing tick, ``1.0001^t`` token1 per token0 in raw units. What is
    swapped in, of either token, is the volume, in the other token of the asset; the liquidity is in
    whole units, √(base·quote).
    """
    raw = {n: numbers(column(cells, n)) for n in
           ("closeTick", "inAmount0", "inAmount1", "currentLiquidity")}  # fmt: skip
    d0, d1 = model.decimals
    price = TICK ** raw["closeTick"] * 10.0 ** (d0 - d1)
    whole = raw["inAmount0"] / 10.0**d0, raw["inAmount1"] / 10.0**d1
    if model.token == 1:
        price, whole = 1 / price, whole[::-1]
    return moments(column(cells, "timestamp")), {
        f"price:{model.asset}": price,
        f"volume:{model.asset}": whole[0] * price + whole[1],
        f"liquidity:{model.asset}": raw["currentLiquidity"] / 10.0 ** ((d0 + d1) / 2),
    }


def _binance_klines(cells: Cells, model: Recorded) -> tuple[Array, dict[str, Array]]:
    """Read the candles of Binance, by the places of their columns, with a head or without.

    The price is the close, at the moment at which the candle closes; the volume is in the quote.
    """
    columns = list(cells.columns.values())
    if len(columns) < KLINE:
        reason = f"{cells.file} has {len(columns)} columns, and Binance's candles have 11 or 12"
        raise SpecError(reason, field="layout")
    close, closes, volume = columns[4], columns[6], columns[7]
    return np.ceil(moments(closes)), {
        f"price:{model.asset}": numbers(close),
        f"volume:{model.asset}": numbers(volume),
    }


LAYOUTS: Mapping[str, Callable[[Cells, Recorded], tuple[Array, dict[str, Array]]]] = {
    "named": _by_role,
    "binance-klines": _binance_klines,
    "uniswap-minutes": _uniswap_minutes,
}
