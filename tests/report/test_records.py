"""Records in files: what was saved is read to the bit, and a file can make nothing else."""

import json

import numpy as np
import pytest
from attrs import frozen

import hedgecore as hc
from hedgecore.books.book import Book
from hedgecore.report.records import _pack, _unpack


def test_a_record_that_was_saved_is_read_to_the_bit(record, tmp_path):
    base = hc.PoolModel if isinstance(record, hc.PoolModel) else type(record)
    record.save(tmp_path / "record.json")
    found = base.load(tmp_path / "record.json")
    assert type(found) is type(record)
    assert found.to_dict() == record.to_dict()
    found.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_text() == (tmp_path / "record.json").read_text()


@pytest.mark.parametrize(
    "value",
    [0.1 + 0.2, -0.0, float("-inf"), 5e-324, 2**70, True, None, "", "é\n", (1, (2.5,)), [1, []]],
    ids=repr,
)
def test_plain_values_survive(value):
    found = _unpack(json.loads(json.dumps(_pack(value), allow_nan=False)))
    assert (found, type(found), repr(found)) == (value, type(value), repr(value))


@pytest.mark.parametrize(
    "array",
    [np.array([np.nan, np.inf, -np.inf, 0.1]), np.zeros((2, 0)), np.array([[1, 2]]), np.float64(2)],
    ids=str,
)
def test_arrays_survive_with_their_shape_and_sort(array):
    found = _unpack(json.loads(json.dumps(_pack(array), allow_nan=False)))
    np.testing.assert_array_equal(found, array)
    assert (found.dtype, found.shape) == (array.dtype, array.shape)


def test_what_was_saved_hedges_as_it_did(records, tmp_path):
    hedge = records["hedge"]
    hedge.save(tmp_path / "hedge.json")
    found = hc.Hedge.load(tmp_path / "hedge.json")
    again = hc.hedge(
        found.problem.target, with_=found.problem.instruments, market=found.problem.market
    )
    assert again.trade == hedge.trade


def test_a_file_of_another_record_says_what_it_is(records, tmp_path):
    records["market"].save(tmp_path / "it.json")
    with pytest.raises(hc.SpecError, match=r"it\.json holds a Market, and no Hedge"):
        hc.Hedge.load(tmp_path / "it.json")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[" * 1000,
        '{"record": {"fields": {}, "record": "Path"}}',
        '{"record": {"fields": {"a": 1}, "record": "Market"}}',
        '{"record": {"fields": {}, "record": "subprocess.Popen"}}',
        '{"record": {"array": [1], "dtype": "what"}}',
        '{"record": {"table": {"kind": "nothing-of-that-kind"}}}',
        '{"record": {"eval": "1"}}',
    ],
    ids=lambda text: text[:60],
)
def test_a_broken_file_is_refused_with_its_name(text, tmp_path):
    (tmp_path / "it.json").write_text(text)
    with pytest.raises(hc.HedgecoreError, match=r"it\.json"):
        hc.Market.load(tmp_path / "it.json")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(hc.SpecError, match=r"none\.json cannot be read: No such file"):
        hc.Market.load(tmp_path / "none.json")


def test_another_suffix_is_refused_and_nothing_written(records, tmp_path):
    with pytest.raises(hc.SpecError, match=r"'it\.pickle': the file of a record ends in \.json"):
        records["market"].save(tmp_path / "it.pickle")
    assert not list(tmp_path.iterdir())


def test_what_no_plugin_provides_cannot_be_saved(tmp_path):
    @frozen
    class Mine:
        asset: str

        def worth(self, market):
            return market.price(self.asset)

    mine = hc.Portfolio([("mine", Mine("A"), 1.0)])
    with pytest.raises(hc.SpecError, match="a Mine is no record of hedgecore and no kind"):
        mine.save(tmp_path / "it.json")
    assert not list(tmp_path.iterdir())


BOOKS = ("examples/book.toml", "examples/protocols.toml")


@pytest.mark.parametrize("path", BOOKS)
@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_a_book_is_a_file_again(path, suffix, tmp_path, pytestconfig):
    pytest.importorskip("hedgecore_pendle")
    book = hc.Book.load(pytestconfig.rootpath / path)
    book.save(tmp_path / f"book{suffix}")
    found = hc.Book.load(tmp_path / f"book{suffix}")
    assert found.to_dict() == book.to_dict()
    assert found.hedge().to_dict() == book.hedge().to_dict()
    assert found.warnings == book.warnings


def test_a_book_keeps_what_is_held_and_what_is_worth_what():
    pytest.importorskip("hedgecore_derivatives")
    pytest.importorskip("hedgecore_uniswap_v2")
    tables = {
        "as_of": "2026-01-01T00:00:00+00:00",
        "numeraire": "USD",
        "prices": {"WETH": 2000.0, "USDC": 1.0, "stETH": 1999.0},
        "assets": {
            "stETH": {"of": "WETH", "rate": 1.0},
            "LP": {"of_position": "pool", "supply": 100.0},
        },
        "vols": {"WETH": 0.7},
        "position": [{
            "name": "pool", "kind": "uniswap-v2", "assets": ["WETH", "USDC"],
            "reserves": [10.0, 2e4], "share": 0.1, "at": "state",
        }],
        "holding": [{"name": "tokens", "asset": "LP", "amount": 3.0}],
        "instrument": [{
            "name": "PERP", "kind": "inverse-perp", "underlying": "WETH", "quote": "USD",
            "contract_size": 1.0, "held": -20.0, "entry_price": 1500.0,
            "venue": "desk", "symbol": "ETH-1",
        }],
        "hedge": {"move": 0.05},
        "venues": {"desk": {"kind": "paper"}},
    }  # fmt: skip
    book = hc.Book.from_tables(tables)
    found = book.to_dict()
    assert {key: found[key] for key in ("as_of", "prices", "assets", "venues")} == {
        key: tables[key] for key in ("as_of", "prices", "assets", "venues")
    }
    row = found["instrument"][0]
    assert (row["held"], row["entry_price"], row["venue"], row["symbol"]) == (
        *(-20.0, 1500.0, "desk", "ETH-1"),
    )
    again = Book.from_tables(found)
    assert again.to_dict() == found
    assert again.hedge().to_dict() == book.hedge().to_dict()


def test_a_book_that_no_file_can_say_names_what_is_in_the_way():
    line = hc.Position(name="lp", model=hc.Portfolio([("a", hc.Balance("A"), 1.0)]))
    plain = {"instruments": (), "request": hc.HedgeRequest()}
    market = hc.Market(prices={"A": 1.0})
    with pytest.raises(hc.SpecError, match="'lp' is a Portfolio, which is no kind of a plugin"):
        Book(market=market, positions=(line,), **plain).to_dict()
    many = hc.Market(prices={"A": [1.0, 2.0]})
    with pytest.raises(hc.SpecError, match="one price of each asset, not arrays of shape"):
        Book(market=many, positions=(), **plain).to_dict()
