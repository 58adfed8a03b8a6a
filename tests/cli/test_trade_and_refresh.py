"""A day of a hedge: read, hedge, trade, refresh, hedge; what was traded is not ordered again."""

import json

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

import hedgecore as hc
from books import written
from hedgecore.readers import request
from venues import OWNER, PAIR, STATE, WETH, registry, secret

NOW = "ledger:day-1"
LATER = {**STATE, "block": 9, ("pair", PAIR): (WETH, "0xusdc", 1100.0, 1_900_000.0)}
ASK = ("--owner", OWNER, "--pool", PAIR)
PERP = 'kind = "perp"\nunderlying = "WETH"\n'
FILLED = "held = -252.50  # filled at the open\nentry_price = 2_000.0  # of block 7\n"
INVERSE = """\
[[instrument]]
name = "P"
kind = "inverse-perp"
underlying = "WETH"
contract_size = 100.0  # dollars
"""


@pytest.fixture(autouse=True)
def ledger(monkeypatch):
    """Readers of a table."""
    monkeypatch.setattr(request, "default_registry", registry)
    secret(name=NOW)


def trade_into(path, fill):
    """Write a fill beside the perp of a book, as a person does."""
    text = path.read_text()
    assert text.count(PERP) == 1
    path.write_text(text.replace(PERP, PERP + fill))


def later(output, path):
    return output("refresh", path, "--rpc", secret(LATER, "ledger:day-2").reveal())


def test_a_hedge_that_was_traded_is_not_ordered_again(output, document, tmp_path):
    path = tmp_path / "book.toml"
    output("read", *ASK, "--book", path, "--rpc", NOW)
    first = document("hedge", path)
    assert first["trade"] == first["target"] == {"WETH-PERP": -252.5}
    trade_into(path, FILLED)
    assert document("hedge", path)["trade"] == {"WETH-PERP": 0.0}
    later(output, path)
    assert PERP + FILLED in path.read_text()
    second = document("hedge", path)
    alone = tmp_path / "alone.toml"
    alone.write_text(path.read_text().replace(FILLED, ""))
    target = document("hedge", alone)["trade"]["WETH-PERP"]
    assert target == pytest.approx(-(0.25 * 1100.0 + 2.5), rel=1e-15)
    assert second["held"] == {"WETH-PERP": -252.5}
    assert second["target"]["WETH-PERP"] == pytest.approx(target, rel=1e-15)
    assert second["trade"]["WETH-PERP"] == pytest.approx(target + 252.5, rel=1e-13)


@pytest.mark.skipif("inverse-perp" not in hc.default_registry(), reason="no derivatives")
def test_an_inverse_hedge_is_offset_at_its_entry_after_a_refresh(output, document, tmp_path):
    """Short n contracts of c entered at 2000: n · c / 2000 coins, wherever the price goes."""
    path, more = tmp_path / "book.toml", written(tmp_path, INVERSE, "more.toml")
    output("read", *ASK, "--book", path, "--merge", more, "--rpc", NOW)
    contracts = document("hedge", path)["trade"]["P"]
    assert contracts == pytest.approx(-252.5 * 2000.0 / 100.0, rel=1e-15)
    size = "contract_size = 100.0"
    fill = f"held = {contracts!r}  # all at once\nentry_price = 2000.0\n"
    path.write_text(path.read_text().replace(size, fill + size))
    assert document("hedge", path)["trade"] == {"P": 0.0}
    later(output, path)
    assert fill in path.read_text()
    found, price = document("hedge", path), 1_900_000.0 / 1100.0
    missing = (0.25 * 1100.0 + 2.5) - 252.5  # coins: what the pool took in since
    assert found["trade"]["P"] == pytest.approx(-missing * price / 100.0, rel=1e-12)
    assert found["held"] == {"P": contracts}


def test_a_json_book_keeps_what_is_held_too(output, document, tmp_path):
    path = tmp_path / "book.json"
    output("read", *ASK, "--book", path, "--rpc", NOW)
    tables = json.loads(path.read_text())
    tables["instrument"][0] |= {"held": -252.5, "entry_price": 2000.0}
    path.write_text(json.dumps(tables))
    later(output, path)
    after = json.loads(path.read_text())
    assert after["instrument"] == tables["instrument"]
    assert document("hedge", path)["held"] == {"WETH-PERP": -252.5}
