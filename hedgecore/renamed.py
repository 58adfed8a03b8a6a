"""What was called otherwise before 0.2: one table, for errors that say the new name."""

NAMES = {
    "AbstractPath": "AbstractPriceModel",
    "AbstractVenue": "AbstractSource",
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
    "_breaks": "_breakpoints",
    "_held": "_current_holdings",
    "breaks": "breakpoints",
    "entered": "enter",
    "least_order": "min_order",
    "noting": "with_notes",
    "of": "cost",
    "opening": "initial_fraction",
    "part": "fraction",
    "rate": "proportional_rate",
    "scalars": "accepts_floats",
    "seen": "pricing_market",
    "walk": "sample",
}
"""What the classes of plugins defined."""
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
    return f": it is now {NAMES[name]!r}" if name in NAMES else ""


def renamed_kind(kind: str) -> str:
    """End of an error's sentence: the new name of an old kind, or nothing."""
    return f": it is now {KINDS[kind]!r}" if kind in KINDS else ""


def renamed_field(table: str, name: str) -> str:
    """End of an error's sentence: the new name of an old field of a table, or nothing."""
    new = FIELDS.get(table, {}).get(name)
    return f": it is now {new!r}" if new else ""
