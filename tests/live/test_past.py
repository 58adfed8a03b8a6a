"""The past of a live hedge from its journal: each trade and each payment once, at its own price."""

import json
from decimal import Decimal

import pytest

import hedgecore as hc
from hedgecore.interfaces.account import Account, AccountEvent, ContractPosition, EventKind
from hedgecore.interfaces.orders import Filled
from hedgecore.live.events import KIND_OF, AccountRead, OrderResolved, body_of
from hedgecore.live.journal_reader import Event
from hedgecore.live.past import past
from hedgecore.live.plain import to_plain
from live_desk import paper_book as book

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")


class Told:
    """Events as a reader of a journal has them."""

    def __init__(self, *events):
        self.made = events

    def events(self, after, kinds):  # noqa: ARG002 - as a reader's
        for seq, each in enumerate(self.made, 1):
            body = json.loads(json.dumps(to_plain(body_of(each))))
            yield Event(
                seq=seq, run="r", cycle=seq, wall=0.0, mono=0.0, kind=KIND_OF[type(each)], body=body
            )


def account(time, contracts, *events, entry=None):
    held = {"ETH": ContractPosition(contracts=Decimal(contracts), entry_price=entry)}
    read = Account(
        time=time, balances={}, positions=held if contracts else {}, events=events, cursor="0"
    )
    return AccountRead(venue="desk", account=read)


def event(name, kind, **fields):
    return AccountEvent(id=name, kind=kind, time=1.79e9, **fields)


FILL = event(
    "1", EventKind.FILL, symbol="ETH", contracts=Decimal(-3), price=Decimal(2900), client_id="ours"
)
FOREIGN = event("2", EventKind.FILL, symbol="ETH", contracts=Decimal(1), price=Decimal(2950))
PAID = event("3", EventKind.FUNDING, changes={"USDC": Decimal("-1.25")})
DONE = OrderResolved(
    client_id="ours", outcome=Filled(contracts=Decimal(-3), fee=Decimal("4.35"), fee_asset="USDC")
)


def test_each_trade_and_payment_counts_once_at_its_own_price(tmp_path):
    found = past(
        Told(
            account(1.78e9, -2, entry=Decimal(2800)), DONE,
            account(1.79e9, -5, FILL, PAID), account(1.79e9, -4, FILL, FOREIGN, PAID),
        ),
        hc.Book.load(book(tmp_path)),
    )  # fmt: skip
    assert [(e.contracts, e.price, e.fee) for e in found.trades] == [
        (-2.0, 2800.0, 0.0), (-3.0, 2900.0, 4.35), (1.0, 2950.0, None),
    ]  # fmt: skip
    assert [(e.type, e.amount, e.price) for e in found.flows] == [("funding", -1.25, 1.0)]


def test_the_performance_of_a_loop_on_paper_is_what_its_account_says(call, tmp_path):
    """Two looks, the price between them risen by a tenth: a hedge, and some of it given up."""
    assert call("live", book(tmp_path), "--once").exit_code == 0
    path = book(tmp_path, 3300.0)
    seen = json.loads(call("live", path, "--once", "--json").stdout)["accounts"]["desk"]
    found = json.loads(call("performance", path, "--journal", "--json").stdout)["total"]
    bought = seen["positions"]["ETH"] + 6.77
    fees = 0.0005 * (6.77 * 3000 + bought * 3300)
    assert found["parts"]["hedge"] == pytest.approx(-6.77 * 300, rel=1e-12)
    assert found["parts"]["costs"] == pytest.approx(-fees, rel=1e-9)
    assert seen["balances"]["USDC"] == pytest.approx(50_000 - bought * 300 - fees, abs=1e-6)


def test_trades_that_the_book_states_too_are_refused(call, tmp_path):
    path = book(tmp_path)
    assert call("live", path, "--once").exit_code == 0
    row = "[[trade]]\ndate = 2026-01-01\ninstrument = 'ETH-PERP'\ncontracts = 1\nprice = 3000\n"
    path.write_text(path.read_text() + row)
    refused = call("performance", path, "--journal")
    assert refused.exit_code == 2
    assert "count twice" in " ".join(refused.stderr.split())
