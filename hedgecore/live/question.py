"""The question of one cycle: what is to be offset, with what, and what is held of it already.

Pure: the same readings give the same question, in the loop and in a replay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hedgecore.books.as_of import moment
from hedgecore.books.book import Book
from hedgecore.books.held import ENTRY, held_contracts
from hedgecore.books.sources import account_holdings
from hedgecore.decisions.fixed_exposure import FixedContract, FixedExposure
from hedgecore.errors import SpecError
from hedgecore.hedging.held import HeldContracts
from hedgecore.hedging.problem import HedgeProblem
from hedgecore.interfaces.account import Account, ContractTerms
from hedgecore.live.book_terms import stated_fields
from hedgecore.live.settings import LiveSettings
from hedgecore.live.snapshot import Snapshot
from hedgecore.market.instrument import Instrument
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Balance, Part, Portfolio
from hedgecore.units import SECONDS_PER_YEAR


def book_of(snapshot: Snapshot, *, accept: bool = False) -> Book:
    """Book of a snapshot: as its source has it, or as its file states it at the venues' prices.

    Raises:
        SpecError: it is no book any more; or it has a `time`, and no `as_of` to count from.

    """
    tables = _at_time(snapshot.book.tables, snapshot.time)
    book = Book.from_tables(tables, accept=accept)
    if snapshot.book.stamp:
        return book
    return Book.from_tables({**tables, "prices": _index_prices(book, snapshot)}, accept=accept)


def problem_of(book: Book, snapshot: Snapshot, settings: LiveSettings) -> HedgeProblem:
    """Hedge problem of a snapshot, in the market that the policy prices in.

    What is to be offset are the positions and what the accounts hold and owe: collateral in coins
    is exposure, as the venues say it now, not as the book was read. What is held are the contracts
    that the venues say are held now.

    Raises:
        HedgecoreError: an exposure cannot be computed: an asset without a price, say.

    """
    priced = settings.policy.pricing_market(book.market)
    read = account_holdings(book.source)
    own = [each for each in book.positions if each.name not in read]
    lines = [(each.name, each.priced, each.amount) for each in own]
    target = Portfolio([*lines, *_collateral(snapshot, settings.ignored_assets)])
    contracts = [FixedContract(each, each.exposure(priced)) for each in book.instruments]
    return HedgeProblem(
        FixedExposure(target.exposure(priced)), tuple(contracts), book.market, book.request,
        {each.name: _held_contracts(each, book, snapshot, priced) for each in book.instruments},
    )  # fmt: skip


def unit_price(terms: ContractTerms, market: Market) -> float:
    """Price of the quote of a contract, in the numeraire: that it settles in, unless it says so.

    An inverse contract is on the numeraire, and so is one whose coin the market does not price.
    """
    coin = terms.quote or terms.settlement
    known = not terms.inverse and coin in market.prices
    return float(market.price(coin)) if known else 1.0


def balances(account: Account, ignored: tuple[str, ...] = ()) -> dict[str, float]:
    """Asset → what an account holds of it less what it owes, where that is not 0."""
    net = dict(account.balances)
    for asset, debt in account.debts.items():
        net[asset] = net.get(asset, 0) - debt.amount
    return {asset: float(n) for asset, n in net.items() if n and asset not in ignored}


def _collateral(snapshot: Snapshot, ignored: tuple[str, ...]) -> Iterator[Part]:
    for name, venue in snapshot.venues.items():
        for asset, amount in balances(venue.account, ignored).items():
            yield Part(f"{asset} at {name}", Balance(asset), amount)


def _held_contracts(
    instrument: Instrument, book: Book, snapshot: Snapshot, market: Market
) -> HeldContracts:
    route = book.routes[instrument.name]
    position = snapshot.venues[route.venue].account.positions.get(route.symbol)
    contracts = 0.0 if position is None else float(position.contracts)
    entry = None if position is None else position.entry_price
    known = entry is not None and ENTRY in stated_fields(instrument)
    own = held_contracts(instrument, contracts, market, float(entry or 0) if known else None)
    return HeldContracts(own.contracts, FixedExposure(own.contract.exposure(market)))


def _index_prices(book: Book, snapshot: Snapshot) -> Mapping[str, Any]:
    """Prices of a stated book, what its instruments hedge at the index of their venue."""
    prices: dict[str, Any] = dict(snapshot.book.tables["prices"])
    for each in book.instruments:
        route = book.routes[each.name]
        venue = snapshot.venues[route.venue]
        asset = each.hedges[0]
        if asset in prices and asset in book.market.prices:
            unit = unit_price(venue.terms[route.symbol], book.market)
            prices[asset] = float(venue.tops[route.symbol].index) * unit
    return prices


def _at_time(tables: Mapping[str, Any], now: float) -> Mapping[str, Any]:
    """Tables whose clock, where they have one, shows the moment of the snapshot."""
    if "time" not in tables:
        return tables
    if "as_of" not in tables:
        reason = "is needed beside time: a live hedge counts on from there"
        raise SpecError(reason, field="as_of")
    passed = now - moment(tables["as_of"]).timestamp()
    return {**tables, "time": tables["time"] + passed / SECONDS_PER_YEAR}
