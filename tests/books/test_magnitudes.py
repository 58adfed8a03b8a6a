"""Whatever the size of its numbers, a book has finite answers, or is refused with the place.

Books of every kind that is shipped, with some or all numbers times 10^±k up to 10^±300. No warning
of NumPy's is let through, no infinity but a density's is an answer.
"""

import re
import warnings

import numpy as np
import pytest

pytest.importorskip("hedgecore_derivatives", reason="the instruments of the books")

import hedgecore as hc
from hedgecore.analysis.axes import axis
from hedgecore.analysis.greeks import book_greeks
from hedgecore.analysis.hedge_report import hedge_report
from hedgecore.analysis.stress import stress
from hedgecore.analysis.sweep import price_grid, sweep
from hedgecore.report import documents
from hedgecore.report import greeks as greeks_report
from hedgecore.report import hedge as hedge_report_of
from hedgecore.report import scenario as scenario_report
from hedgecore.report import sweep as sweep_report
from scaled import KINDS, scaled

FEW, MANY = range(6), range(6, 200)


def answers(tables, moved):
    """Yield what every command on books says, as the documents of its JSON."""
    book = hc.Book.from_tables(tables, accept=True)
    yield {"warnings": book.warnings}
    seen = book.portfolio.exposure(book.market)
    yield {"worth": book.portfolio.worth(book.market), "value": seen.value, "delta": seen.delta}
    yield greeks_report.document(book_greeks(book))
    found = hedge_report(book)
    yield hedge_report_of.document(found) | {"text": str(found.hedge)}
    price = float(book.market.price(moved))
    yield sweep_report.document(sweep(book, moved, price_grid(0.5 * price, 1.5 * price, 3)))
    moves = axis(book.market, [moved], [-0.3, 0.1])
    yield scenario_report.document(stress(book, [moves], days=1.0, hedge=found.hedge))


def refusal_of(kind, seed):
    """Return the refusal of a book, or None where all it says is finite."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            for document in answers(*scaled(kind, seed)):
                documents.refuse_endless(document)
                assert not {"nan", "inf", "-inf"} & {*document.get("text", "").split()}
        except hc.HedgecoreError as error:
            return str(error)
    return None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "seeds",
    [range(6), pytest.param(range(6, 200), marks=pytest.mark.campaign)],
    ids=["few", "many"],
)
def test_answers_are_finite_or_refused_with_the_place(kind, seeds):
    for seed in seeds:
        refusal = refusal_of(kind, seed)
        assert refusal is None or re.search(r"[\w'\]]: ", refusal), (seed, refusal)
        assert refusal is None or "no answer" not in refusal, (seed, refusal)


@pytest.mark.parametrize(
    ("field", "number", "place"),
    [
        ("reserves", [1e300, 1.0], r"position 'it'\.reserves\[0\]: must be from 1e-100 to 1e\+100"),
        ("reserves", [1e99, 1e99], r"position 'it': reserves\[0\] is 1e\+99: its worth would be"),
        ("amount", 1e99, r"position 'it': the amount is 1e\+99: its worth would be .* USD, and 1e"),
    ],
)
def test_the_number_that_is_too_large_is_named(field, number, place):
    tables, _ = scaled("uniswap-v2", 0)
    pool = {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [5000.0, 1.5e7]}
    prices = {"WETH": 3000.0, "USDC": 1.0}
    position = {"name": "it", **pool, field: number}
    tables = {"numeraire": "USD", "prices": prices, "position": [position]}
    with pytest.raises(hc.SpecError, match=place):
        hc.Book.from_tables(tables, accept=True)


def test_a_document_with_no_number_is_refused_but_for_densities():
    documents.refuse_endless({"a": [1.0, {"gamma_cash": -np.inf}], "b": np.ones(3), "c": None})
    with pytest.raises(hc.SpecError, match=r"a\.b: is inf, and no answer"):
        documents.refuse_endless({"a": [{"b": np.array([1.0, np.inf])}]})


STEEP = {"kind": "curve-stableswap", "assets": ["A", "B"], "amplification": 2000.0}
POSITIONS = [
    {"name": "fine", "kind": "spot", "asset": "A", "amount": 1.0},
    {"name": "steep", **STEEP, "balances": [1e6, 1e6], "at": "state"},
]


def test_an_error_far_from_the_state_names_the_position():
    """Solved are prices up to 1e30 apart; a scenario leads beyond."""
    pytest.importorskip("hedgecore_curve_stableswap")
    tables = {"numeraire": "B", "prices": {"A": 1.0}, "position": POSITIONS}
    book = hc.Book.from_tables(tables)
    with pytest.raises(hc.ConvergenceError, match=r"^steep: curve-stableswap: .*1e\+30 apart"):
        stress(book, [axis(book.market, ["A"], [1e40], by="")])


def test_a_holding_that_is_wrong_is_named_by_its_row():
    held = [{"asset": "A", "amount": 1.0}, {"asset": "B", "amount": "2"}]
    with pytest.raises(hc.SpecError, match=r"^holding: row 2: amount: must be a number, not '2'"):
        hc.Book.from_tables({"numeraire": "B", "prices": {"A": 1.0}, "holding": held})
