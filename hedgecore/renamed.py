"""Names that were others before 0.2: one table, for errors that say the new name."""

from __future__ import annotations

from collections.abc import Mapping

NAMES = {
    "AbstractPath": "AbstractPriceModel",
    "Aggregable": "SupportsAggregation",
    "Carried": "SupportsCarry",
    "Charged": "SupportsFee",
    "Enterable": "SupportsEntry",
    "Floored": "SupportsMinOrder",
    "Frame": "PathChunk",
    "Margined": "SupportsMargin",
    "Moments": "Observation",
    "Notional": "SupportsNotional",
    "Order": "Trades",
    "Quotation": "PriceQuote",
    "Standing": "Mispricing",
    "Wanted": "SearchRequest",
    "combine": "Exposure.sum",
    "entered": "enter",
    "lift": "in_numeraire",
    "load": "load_plugins",
    "moved": "Market.shifted",
    "quotient": "divide_exact",
    "standing": "mispricing",
}
"""Names of the facade."""
KINDS = {"optimal": "interval"}
"""Kinds that tables name."""
HOOKS = {"hedgecore_paths": "hedgecore_price_models"}
"""Hooks of plugins."""
METHODS = {
    "hedgecore_pools": {
        "_breaks": "_breakpoints",
        "_held": "_current_holdings",
        "held_after_expiry": "expiry_advice",
        "scalars": "accepts_floats",
    },
    "hedgecore_instruments": {"entered": "enter", "least_order": "min_order"},
    "hedgecore_policies": {
        "opening": "initial_fraction",
        "part": "fraction",
        "seen": "pricing_market",
    },
    "hedgecore_costs": {"of": "cost", "rate": "proportional_rate"},
    "hedgecore_incomes": {"earned": "fees"},
    "hedgecore_price_models": {"walk": "sample"},
    "hedgecore_readers": {"venue": "source"},
}
"""Hook → what the classes of its plugins defined."""
FIELDS = {"hedge": {"cross": "cross_gamma"}, "simulation": {"path": "price_model"}}
"""Table → old key → new key, of a book."""
OPTIONS = {
    "backtest": {"--out": "--results"},
    "compare": {"--out": "--results", "--path": "--model", "--policies": "--policy"},
    "doctor": {"--seconds": "--timeout"},
    "read": {
        "--at": "--pool-state",
        "--out": "--book",
        "--prices": "--prices-from",
        "--with": "--merge",
        "--without": "--skip",
    },
    "simulate": {"--out": "--results", "--path": "--model", "--quick": "--no-ledger"},
}
"""Command → old option → new option, of the command line."""


def renamed_name(name: str) -> str:
    """End of an error's sentence: the new name of an old one of the facade, or nothing."""
    return now_called(name, NAMES)


def renamed_field(table: str, key: str) -> str:
    """End of an error's sentence: the new name of an old key of a book's table, or nothing."""
    return now_called(key, FIELDS.get(table, {}))


def now_called(name: str, names: Mapping[str, str]) -> str:
    """End of an error's sentence: what a name is called now by a table old → new, or nothing."""
    return f": it is now {names[name]!r}" if name in names else ""
