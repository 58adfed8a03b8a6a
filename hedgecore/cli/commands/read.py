"""`hedgecore read`: from an address to a book."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from hedgecore.books.book import Book
from hedgecore.books.sources import chain_source, moments, parts_of, unread_of
from hedgecore.cli.options.account import account_draft
from hedgecore.cli.options.common import AsJson, kinds_of, words
from hedgecore.cli.options.source import (
    Block,
    Contract,
    MaxAge,
    Rpcs,
    Timeout,
    block_of,
    pairs,
    secrets,
)
from hedgecore.cli.terminal.clock import warn_of_age
from hedgecore.cli.terminal.output import print_json
from hedgecore.cli.terminal.progress import bar
from hedgecore.cli.terminal.screen import notes, say, show, verbatim
from hedgecore.errors import SpecError
from hedgecore.readers import BookDraft, BookOptions, ReadRequest, read_book, save
from hedgecore.tables.atomic_write import render_tables
from hedgecore.tables.files import read_tables
from hedgecore.tables.render import Table, amount, cash

COMMENT = "Read by `hedgecore read`; `hedgecore refresh` reads it again, from where [source] says."
MARKET = ("numeraire", "prices")
BOOK = (*MARKET, "position", "holding", "assets", "source", "venues", "live", "simulation", "as_of")
"""Tables that a book has which an account is read into."""

Owner = Annotated[
    list[str] | None,
    typer.Option(metavar="0x…", help="Whose positions and balances to read; again for more."),
]
Pool = Annotated[
    list[str] | None,
    typer.Option(metavar="[READER:]0x…", help="A pool: the owner's share, and its price."),
]
PositionIds = Annotated[
    list[str] | None,
    typer.Option("--position", metavar="READER:ID", help="A position, by its number."),
]
Token = Annotated[
    list[str] | None,
    typer.Option(metavar="0x…[=NAME]", help="A token of the wallet, or a token's name."),
]
Feed = Annotated[
    list[str] | None, typer.Option(metavar="ASSET=0x…", help="A price feed of Chainlink.")
]
Price = Annotated[
    list[str] | None, typer.Option(metavar="ASSET=NUMBER", help="A price, in the numeraire.")
]
PricesFrom = Annotated[
    Path | None, typer.Option(metavar="FILE", help="A file of tables, whose prices to take.")
]
Numeraire = Annotated[
    str | None, typer.Option(metavar="NAME", help="What prices are in; an asset, or USD.")
]
Perp = Annotated[
    list[str] | None,
    typer.Option(metavar="ASSET", help="May be hedged by a perp; all that need it."),
]
Merge = Annotated[
    Path | None, typer.Option(metavar="FILE", help="More tables: instruments, hedge.")
]
Skip = Annotated[
    list[str] | None,
    typer.Option(
        metavar="READER[:ID]",
        help="A reader to leave out, or one it finds.",
        autocompletion=kinds_of("hedgecore_readers"),
    ),
]
Chain = Annotated[int | None, typer.Option(metavar="ID", help="The chain id that it must have.")]
PoolState = Annotated[
    str | None,
    typer.Option(
        metavar="state|market",
        help="How pools are taken.",
        autocompletion=words(("state", "market")),
    ),
]
BookOut = Annotated[
    Path | None,
    typer.Option("--book", metavar="BOOK", help="Where to write: .toml or .json; else shown."),
]
AccountAt = Annotated[
    str | None,
    typer.Option(metavar="VENUE:0x…", help="An account: a [venues] name of --merge, or a kind."),
]
Symbol = Annotated[
    list[str] | None,
    typer.Option(metavar="SYMBOL[=ASSET]", help="A contract there that may be traded."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]


def read(
    *,
    rpc: Rpcs = None,
    owner: Owner = None,
    pool: Pool = None,
    position: PositionIds = None,
    token: Token = None,
    feed: Feed = None,
    price: Price = None,
    prices_from: PricesFrom = None,
    numeraire: Numeraire = None,
    perp: Perp = None,
    merge: Merge = None,
    skip: Skip = None,
    account: AccountAt = None,
    symbol: Symbol = None,
    contract: Contract = None,
    chain: Chain = None,
    block: Block = None,
    pool_state: PoolState = None,
    max_age: MaxAge = None,
    timeout: Timeout = 60.0,
    book: BookOut = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Read positions, fees and balances of a chain, or of an account; write a book of them."""
    _writable(book, force)
    if account is not None:
        chained = [owner, pool, position, token, feed]
        _write(_account(account, symbol, merge, chained, timeout), book, as_json=as_json)
        return
    tokens = [each.partition("=")[::2] for each in token or ()]
    unit, known = _prices(prices_from, pairs(price, "--price"))
    request = ReadRequest(
        owner=owner,
        pools=pool or (),
        positions=position or (),
        feeds=pairs(feed, "--feed"),
        tokens=[its for its, _ in tokens],
        without=skip or (),
    )
    options = BookOptions(
        numeraire=numeraire or unit,
        prices=known,
        names={its: name for its, name in tokens if name},
        perps=perp,
        tables={} if merge is None else _tables(merge),
        at=_pool_state(pool_state),
    )
    reach: dict[str, Any] = {
        "contracts": pairs(contract, "--contract"),
        "chain": chain,
        "block": block_of(block),
        "max_age": max_age,
    }
    with bar("Reading") as progress:
        draft = read_book(
            secrets(rpc),
            request,
            options,
            progress=progress,
            seconds=timeout,
            **reach,
        )
    _write(draft, book, as_json=as_json)


def _account(
    text: str, symbols: list[str] | None, merge: Path | None, chained: list[Any], seconds: float
) -> BookDraft:
    """Book of an account, merged into that of a file."""
    if any(chained):
        raise typer.BadParameter("an account is read by itself, not with --owner or a pool")
    tables = {} if merge is None else _tables(merge, *BOOK)
    return account_draft(text, symbols or (), tables, seconds)


def _write(draft: BookDraft, out: Path | None, *, as_json: bool) -> None:
    """Write the book, which must be one, and say what is in it."""
    book = Book.from_tables(draft.tables, accept=True)
    if out is not None:
        save(draft.tables, out, COMMENT)
    warn_of_age(book)
    if as_json:
        said = [*draft.notes, *book.warnings]
        print_json({"book": draft.tables, "unread": draft.unread, "notes": said})
        return
    if out is None:
        verbatim(render_tables(draft.tables, Path("book.toml"), COMMENT).rstrip())
        for line in [*draft.notes, *book.warnings]:
            typer.echo(line, err=True)
        return
    for table in _tables_of(book, draft.tables):
        show(table)
        say()
    notes([*draft.notes, *book.warnings])
    source = draft.tables.get("source", {})
    when = moments(source) if chain_source(source) else draft.tables.get("as_of")
    say(f"Wrote {out.name}, as of {when}.")


def _tables_of(book: Book, tables: Mapping[str, Any]) -> list[Table]:
    """Tables of what is held, known or not, and what each price is from."""
    unit = book.market.numeraire
    held = [
        (each.name, cash(each.amount * each.priced.worth(book.market))) for each in book.positions
    ]
    source = tables.get("source", {})
    held += [(name, "unknown") for name in unread_of(source)]
    parts = parts_of(source).values()
    sources = {asset: its for part in parts for asset, its in part.get("prices", {}).items()}
    rows = [
        (asset, amount(price), _from(sources.get(asset)))
        for asset, price in tables["prices"].items()
    ]
    found = [
        Table("Read", ("position", f"worth {unit}"), held),
        Table("Prices", ("asset", f"price {unit}", "from"), rows),
    ]
    return found if "" in parts_of(source) else [*found, _chains(source)]


def _chains(source: Mapping[str, Any]) -> Table:
    """Table of several chains, each with its own block and when that was."""
    rows = [
        (name, str(each.get("block")), str(each.get("as_of", "unknown")))
        for name, each in parts_of(source).items()
    ]
    return Table("Chains", ("chain", "block", "as of"), rows)


def _from(source: Mapping[str, str] | None) -> str:
    return "given" if source is None else f"{source['read']}, in {source['in']}"


def _writable(out: Path | None, force: bool) -> None:  # noqa: FBT001 - as it was given
    """Refuse before anything is read what could not be written after."""
    if out is None:
        return
    render_tables({}, out)
    if out.exists() and not force:
        raise typer.BadParameter(
            f"{out.name} is there: `hedgecore refresh {out.name}` reads it again, and --force"
            " replaces it"
        )


def _prices(path: Path | None, given: Mapping[str, str]) -> tuple[str | None, dict[str, float]]:
    """Numeraire of a file of prices, and the prices that are given, those alone last."""
    tables = {} if path is None else read_tables(path)
    if path is not None and not isinstance(tables.get("prices"), Mapping):
        raise SpecError(f"{path.name} has no table [prices]", field="prices")
    unit = tables.get("numeraire")
    found = {**tables.get("prices", {}), **{name: _number(name, t) for name, t in given.items()}}
    for name, price in found.items():
        if (
            isinstance(price, bool)
            or not isinstance(price, int | float)
            or not 0 < price < math.inf
        ):
            raise SpecError(
                f"must be positive and finite, not {price!r:.80}", field=f"prices.{name}"
            )
    return unit, {name: float(price) for name, price in found.items()}


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"--price {name} is {text!r:.80}, which is no number") from None


def _tables(path: Path, *more: str) -> dict[str, Any]:
    tables = read_tables(path)
    known = {"assets", "instrument", "hedge", "vols", "rates", "time", *more}
    wrong = sorted(set(tables) - known)
    if wrong:
        raise SpecError(
            f"{path.name}: assets, instruments and what to hedge go in, not {wrong[0]!r:.80}"
        )
    return tables


def _pool_state(at: str | None) -> str | None:
    if at not in (None, "state", "market"):
        raise typer.BadParameter(f"--pool-state is state or market, not {at!r:.80}")
    return at
