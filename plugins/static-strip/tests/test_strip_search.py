"""A search over whole lots: of counted work, exact where it ends, honest where it is cut short."""

import pytest
from attrs import evolve

import hedgecore as hc


def listed(**hedge):
    """Puts and calls of thirteen strikes around a range, in lots of 0.1."""
    each = {"kind": "option", "underlying": "WETH", "expiry_years": 30 / 365, "lot": 0.1}
    options = [
        {**each, "name": f"{k}-{right}", "option_type": right, "strike": float(k), "fee": 0.0003}
        for k in range(1500, 2701, 100)
        for right in ("put", "call")
    ]
    perp = {"name": "PERP", "kind": "perp", "underlying": "WETH", "lot": 0.001, "fee": 0.0005}
    pool = {
        "name": "lp", "kind": "uniswap-v3", "assets": ["WETH", "USDC"], "liquidity": 5000.0,
        "lower": 1800.0, "upper": 2400.0,
    }  # fmt: skip
    return hc.Book.from_tables(
        {
            "prices": {"WETH": 2086.0, "USDC": 1.0},
            "vols": {"WETH": 0.6},
            "position": [pool],
            "instrument": [*options, perp],
            "hedge": {"solver": "strip", "low": 1600.0, "high": 2600.0, **hedge},
        }
    )


@pytest.mark.campaign
def test_a_call_that_a_put_replaces_lot_by_lot_makes_the_error_no_less():
    """26 options in lots: proven the least, as with the one of each strike that is out of it."""
    book = listed(max_nodes=20_000)
    out = [
        each
        for each in book.instruments
        if each.name == "PERP" or (each.option_type == "put") == (each.strike < 2086)
    ]
    both, one = book.hedge().certificate, evolve(book, instruments=tuple(out)).hedge().certificate
    assert both.status == one.status == "exact"
    one_error = one.breakdown["guaranteed error"]
    assert both.breakdown["guaranteed error"] == pytest.approx(one_error, rel=1e-5)


@pytest.mark.campaign
def test_a_search_that_is_cut_short_says_how_good_it_is():
    few = listed(max_nodes=20).hedge()
    assert few.certificate.status in {"optimal within the gap", "best effort"}
    assert few.certificate.gap > 0


@pytest.mark.campaign
def test_counted_work_is_the_same_answer_and_a_search_that_ends_is_exact_and_no_worse():
    few, again, all_ = (listed(max_nodes=nodes).hedge() for nodes in (20, 20, 20_000))
    assert few.quantities == again.quantities
    assert all_.certificate.status == "exact"
    assert few.certificate.objective >= all_.certificate.objective * (1 - 1e-6)


@pytest.mark.campaign
def test_more_error_allowed_is_never_dearer_in_lots():
    answers = [listed(error=error).hedge() for error in (50.0, 200.0, 400.0)]
    for answer, error in zip(answers, (50.0, 200.0, 400.0), strict=True):
        its = answer.certificate
        assert its.status in {"exact", "optimal within the gap"}
        assert its.breakdown["guaranteed error"] <= error
        assert its.objective == pytest.approx(answer.cost, rel=1e-9)
    dear, mid, cheap = (answer.cost for answer in answers)
    assert cheap <= mid * 1.01
    assert mid <= dear * 1.01
    assert [n for n in answers[0].quantities.values() if n != round(n, 3)] == []


def test_what_delta_a_strip_leaves_is_left_on_purpose():
    answer = listed(lots=False).hedge()
    assert answer.unhedged["WETH"] == "a strip is for the worth at expiry, not for today's delta"
    assert "lots" not in answer.unhedged["WETH"]
