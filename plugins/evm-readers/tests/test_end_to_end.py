"""From an owner's address to the profit of the hedged positions, after a real swap."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import proxy
from chain.estate import CHARGED, DECIMALS, FREE, OWNED, SYMBOLS, Estate
from chain.proxy import SECRETS, Proxy

import hedgecore as hc
from hedgecore import readers
from hedgecore.market.portfolio import enter

PRECISION = 1e-9
"""Of what the owner has: how far a profit may be off."""
MOVES = [0.04, -0.05, 0.2]


def book_of(estate, url=None, at=None):
    ask = readers.ReadRequest(owner=OWNED, pools=estate.pools)
    writing = readers.BookOptions(numeraire="USDC", at=at)
    rpc = hc.Secret(url or estate.chain.node.url)
    draft = readers.read_book(rpc, ask, writing, contracts=estate.contracts)
    return hc.Book.from_tables(draft.tables)


def worth_of(amounts, prices):
    """Return what whole tokens are worth, exactly."""
    rows = zip(SYMBOLS, amounts, strict=True)
    return sum((amount * prices[name] for name, amount in rows), Fraction())


def prices_of(book):
    return {name: Fraction(float(price)) for name, price in book.market.prices.items()}


def assert_worth(book, paid):
    """To the raw units that each of the five payouts, at most, is rounded down by."""
    prices = prices_of(book)
    worth, due = float(book.portfolio.worth(book.market)), worth_of(paid.everything, prices)
    units = worth_of([Fraction(5, 10**digits) for digits in DECIMALS], prices)
    assert abs(Fraction(worth) - due) <= units + due * Fraction(1, 10**14)


@pytest.mark.parametrize("fees", [FREE, CHARGED], ids=["free", "charged"])
@pytest.mark.sample(1)
def test_a_book_that_is_read_is_worth_what_the_contracts_pay(chain, fees):
    """Positions, fees and wallet, at the start and after each swap."""
    estate = Estate.on(chain, fees)
    for move in [None, *MOVES]:
        if move is not None:
            estate.move(move)
        book, paid = book_of(estate), estate.paid()
        assert_worth(book, paid)


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("fees", [FREE, CHARGED], ids=["free", "charged"])
@pytest.mark.sample(2)
def test_the_profit_of_positions_and_perps_is_the_models_and_the_fees(chain, fees, move):
    """Fees off, Balancer still takes a millionth of a swap: that is its least."""
    estate = Estate.on(chain, fees)
    book, first, held = book_of(estate, at="market"), estate.paid(), estate.held
    hedge, prices = book.hedge(), prices_of(book)
    risks = zip(hedge.after.assets, hedge.after.delta_cash, hedge.before.delta_cash, strict=True)
    assert all(abs(now) <= PRECISION * was for name, now, was in risks if name != "USDC")
    perps = {each.name: (each, hedge.quantities[each.name]) for each in book.instruments}
    scale = float(worth_of(first.everything, prices))

    estate.move(move)
    now, last = estate.prices, estate.paid()
    earned = worth_of(last.everything, now) - worth_of(first.everything, prices)
    settled = [
        float(quantity) * float(now[perp.underlying] - prices[perp.underlying])
        for perp, quantity in perps.values()
    ]
    market = hc.Market(prices={n: float(p) for n, p in now.items()}, numeraire="USDC")
    model = float(book.portfolio.worth(market) - book.portfolio.worth(book.market))
    model += sum(
        quantity * float(enter(perp, book.market).worth(market))
        for perp, quantity in perps.values()
    )
    income = float(worth_of(last.fees, now) + worth_of(estate.reinvested(held), now))
    assert abs(float(earned) + sum(settled) - model - income) <= PRECISION * scale
    collected = worth_of(last.fees, now)
    assert collected == 0 if fees is FREE else collected > 1e-6 * scale


@pytest.fixture
def command():
    """Run a command line, with the RPC in the environment; return all that came of it."""
    runner = pytest.importorskip("typer.testing").CliRunner()
    program = pytest.importorskip("hedgecore.cli.app").program()
    return lambda url, *words: runner.invoke(program, words, env={"HEDGECORE_RPC": url})


def words_of(estate, *more):
    given = [("--pool", each) for each in estate.pools]
    given += [("--contract", f"{name}={each}") for name, each in estate.contracts.items()]
    return "read", "--owner", OWNED, *(word for pair in given for word in pair), *more


def test_the_command_line_reads_hedges_and_reads_again(chain, command, tmp_path):
    estate, file = Estate.on(chain, CHARGED), tmp_path / "book.toml"
    with Proxy(chain.node.url).running() as between:
        done = command(between.url, *words_of(estate, "--book", str(file)))
        assert done.exit_code == 0, done.output
        assert command(between.url, "hedge", str(file)).exit_code == 0
        estate.move(0.1)
        again = command(between.url, "refresh", str(file))
        assert again.exit_code == 0, again.output
    book = hc.Book.load(file)
    assert_worth(book, estate.paid())
    for text in (done.output, again.output, file.read_text("utf-8")):
        assert not any(secret in text for secret in SECRETS)


def requests_of(command, chain, words):
    """Return how many requests a command makes."""
    with Proxy(chain.node.url).running() as between:
        done = command(between.url, *words)
    assert done.exit_code == 0, done.output
    return between.seen


@pytest.mark.parametrize(
    ("spoil", "part"),
    [(proxy.half, 0.0), (proxy.hung_up, 0.5), (proxy.telling, 1.0)],
)
def test_no_book_is_half_read_or_half_written(chain, command, tmp_path, spoil, part):
    """Nothing is written where there was nothing, and a book that is there stays as it is.

    Whichever request fails: the first, one in the middle, or the last.
    """
    estate, old, new = Estate.on(chain, CHARGED), tmp_path / "old.toml", tmp_path / "new.toml"
    reading, again = words_of(estate, "--book", str(new)), ("refresh", str(old))
    asked = requests_of(command, chain, reading)
    new.rename(old)
    before = old.read_bytes()
    for words, count in ((reading, asked), (again, requests_of(command, chain, again))):
        after = round(part * (count - 1))
        with Proxy(chain.node.url, spoil, after).running() as between:
            failed = command(between.url, *words)
        assert failed.exit_code == 2, failed.output
        assert not any(secret in failed.output for secret in SECRETS)
    assert old.read_bytes() == before
    assert list(tmp_path.iterdir()) == [old]
