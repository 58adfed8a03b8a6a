"""Names that ``[live]`` and ``[venues.NAME]`` take: every reader of a book meets a typo in them.

What stands under these names is read by the loop alone, and no other command imports that: so the
names are told here, and a test compares them with what the loop reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hedgecore.books.positions import only, table_rows
from hedgecore.books.routes import PAPER, venue_tables
from hedgecore.books.sections import plain_table
from hedgecore.errors import SpecError, at_place, did_you_mean
from hedgecore.registry.registry import Registry
from hedgecore.registry.specs import refuse_unknown

LIVE = (
    "policy", "costs", "caps", "pegs", "ignored_assets", "every_seconds", "every_block",
    "confirmations", "max_age", "max_deviation", "max_peg_deviation", "max_funding",
    "order_seconds", "cooldown", "min_notional", "clean_snapshots", "differences", "alerts",
)  # fmt: skip
CAPS = (
    "max_order_notional", "max_hourly_turnover", "max_daily_turnover", "max_slippage",
    "min_margin_ratio", "reduce_below", "max_excess", "max_position",
)  # fmt: skip
ALERTS = ("webhook", "heartbeat")
ON_PAPER = ("balances", "maintenance")
"""Names of the fields of the kind `paper`, which is the loop's."""
HOOK = "hedgecore_venues"


def check_live_sections(tables: Mapping[str, Any], registry: Registry) -> None:
    """Raise a SpecError on a name in ``[live]`` or ``[venues.NAME]`` that means nothing there."""
    live = plain_table(tables, "live")
    with at_place("live"):
        only(live, LIVE)
        if "caps" in live:
            names = [str(row.get("name")) for row in table_rows(tables, "instrument")]
            with at_place("caps"):
                check_caps(live["caps"], names)
    if isinstance(live.get("alerts"), Mapping):
        check_alerts(live["alerts"])
    for name, table in venue_tables(tables).items():
        with at_place(f"venues.{name}"):
            _check_venue(table, registry)


def check_caps(table: Any, instruments: Iterable[str]) -> None:
    """Raise a SpecError on a name in ``[live.caps]``, or among its positions, that is none."""
    only(table, CAPS)
    most = table.get("max_position", {})
    if isinstance(most, Mapping):
        with at_place("max_position"):
            only(most, tuple(instruments))


def check_alerts(table: Mapping[str, Any]) -> None:
    """Raise a SpecError on an entry in ``[live.alerts]`` that is none."""
    for key in table:
        if key not in ALERTS:
            reason = f"there is no such entry{did_you_mean(key, ALERTS)} ({', '.join(ALERTS)})"
            raise SpecError(reason, kind="live.alerts", field=str(key)[:80])


def _check_venue(table: Mapping[str, Any], registry: Registry) -> None:
    """Raise a SpecError on a field that a venue's kind has not, where that kind is installed."""
    kind, given = table["kind"], {key: each for key, each in table.items() if key != "kind"}
    if kind == PAPER and given.keys() <= {*ON_PAPER}:
        return
    if kind in registry and HOOK in registry.hooks(kind):
        refuse_unknown(registry[kind], kind, given)
