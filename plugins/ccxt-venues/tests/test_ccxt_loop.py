"""From an account that is read to a loop that keeps its hedge, at each exchange."""

from __future__ import annotations

import json

import pytest
from attrs import frozen
from exchanges.places import ACCOUNTS

import hedgecore as hc

typer = pytest.importorskip("typer.testing")
pytest.importorskip("hedgecore_derivatives", reason="contracts are its instruments")
from hedgecore.cli.app import program  # noqa: E402 - only where there is a command line

SAMPLE = "deribit", "okx options"
pytestmark = pytest.mark.parametrize(
    "place",
    [
        pytest.param(each, id=each.name, marks=[] if each.name in SAMPLE else pytest.mark.campaign)
        for each in ACCOUNTS
    ],
    indirect=True,
)
COINS = {"binance": ("ETH", "USDT"), "okx": ("BTC", "USDT"), "deribit linear": ("BTC", "USDC")}
LIVE = """
[live]
policy = { kind = "band", half_width = 0.001 }
[live.caps]
max_order_notional = 2_000_000.0
max_hourly_turnover = 2_000_000.0
max_daily_turnover = 2_000_000.0
"""


@frozen(eq=False)
class LedgerClock:
    """The clock of the exchange, which passes where somebody sleeps."""

    ledger: object

    def now(self):
        return self.ledger.now / 1000

    monotonic = now

    def sleep(self, seconds):
        self.ledger.now += int(seconds * 1000) + 1


@pytest.fixture
def call(bench, monkeypatch, tmp_path):
    """Runs a command, by the clock of the exchange."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for module in ("opening", "run", "rehearsal"):
        name = f"hedgecore.live.{module}.LoopClock"
        monkeypatch.setattr(name, lambda: LedgerClock(bench.ledger), raising=False)

    def called(*words):
        done = typer.CliRunner().invoke(program(), [str(each) for each in words])
        return done.exit_code, " ".join(done.output.split())

    return called


@pytest.fixture
def book(place, bench, server, call, tmp_path):
    """A book of some coins beside an account of the exchange, that may be hedged there."""
    coin, quote = COINS.get(place.name, ("BTC", "USD"))
    venue = hc.spec_of(place.venue(url=server[1]))
    rows = "\n".join(f"{name} = {json.dumps(each)}" for name, each in venue.items())
    cold = f'[[holding]]\nname = "cold"\nasset = "{coin}"\namount = 0.02\n[venues.mine]\n{rows}\n'
    (tmp_path / "more.toml").write_text(f'numeraire = "{quote}"\n{cold}')
    made = tmp_path / "book.toml"
    words = ["--account", "mine", "--symbol", bench.symbol, "--merge", tmp_path / "more.toml"]
    code, said = call("read", *words, "--book", made)
    assert code == 0, said
    own = "leverage = 10.0\nfee = 0.0005\n" if place.name == "binance" else "leverage = 10.0\n"
    made.write_text(made.read_text().replace("symbol = ", f"{own}symbol = ", 1) + LIVE)
    return made


def test_a_loop_hedges_an_account_that_was_read_and_orders_no_more(place, bench, call, book):
    """One order, of what is missing: the second look finds it, and orders what was cancelled."""
    assert call("arm", book, "--yes")[0] == 0
    looks = [call("live", book, "--once") for _ in range(2)]
    if place.name == "okx options":
        assert "is an option, which no loop trades" in looks[0][1]
        assert bench.ledger.orders == []
        return
    assert [code for code, _ in looks] == [0, 0], looks
    [first, *more] = bench.ledger.orders
    left = abs(first.contracts) - first.filled
    assert first.contracts < 0
    assert len(more) == (left > 0)  # of Deribit's levels there are five, and no more
    assert sum(abs(each.contracts) for each in more) <= left
    filled = (each.filled.copy_sign(each.contracts) for each in bench.ledger.orders)
    assert bench.ledger.held == sum(filled)


def test_a_position_that_is_changed_by_hand_halts_the_loop(place, bench, call, book):
    """What nobody of it has traded: a person looks, and says so."""
    if place.name == "okx options":
        pytest.skip("no loop trades it")
    assert call("arm", book, "--yes")[0] == 0
    call("live", book, "--once")
    count = len(bench.ledger.orders)
    bench.trade(bench.size)
    code, said = call("live", book, "--once")
    assert (code, len(bench.ledger.orders)) == (2, count + 1), said
