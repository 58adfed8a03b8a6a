"""What moves by itself is said to stand still, and its worth; nothing outlives an expiry."""

import json

import numpy as np
import pytest
from attrs import frozen

import hedgecore as hc
from hedgecore.analysis.frozen import frozen_inputs
from hedgecore.analysis.hedge_report import hedge_report
from hedgecore.report import explain
from hedgecore.report import frozen as report
from hedgecore.report import hedge as hedge_document
from hedgecore.simulation import simulate

pytest.importorskip("hedgecore_pendle")

TABLES = {
    "numeraire": "USD",
    "prices": {"PT": 2380.0, "stETH": 2500.0, "WETH": 2490.0, "USDC": 1.0},
    "vols": {"PT": 0.1, "stETH": 0.1},
    "position": [
        {
            "name": "pendle",
            "kind": "pendle-v2",
            "assets": ["PT", "stETH"],
            "total_pt": 4_000.0,
            "total_asset": 6_000.0,
            "scalar_root": 80.0,
            "years_to_expiry": 0.5,
            "last_ln_implied_rate": 0.035,
            "amount": 0.25,
        },
        {
            "name": "peg",
            "kind": "curve-stableswap",
            "assets": ["stETH", "WETH"],
            "amplification": 50.0,
            "balances": [900.0, 1_000.0],
            "rates": [1.01, 1.0],
        },
        {"name": "v2", "kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [1.0, 2490.0]},
    ],
    "instrument": [{"name": "PT", "kind": "spot", "asset": "PT", "fee": 0}],
}
WITHIN = {"days": 182.0}
BEYOND = {"days": 183.0}


@pytest.fixture
def book():
    return hc.Book.from_tables(TABLES)


def revalued(name, field, factor, of=None):
    """Worth of a position on its curve at the market's prices, with one number of it another."""
    own = {**next(each for each in TABLES["position"] if each["name"] == name)}
    amount = own.pop("amount", 1.0)
    given = own[field]
    if of is None:
        own[field] = given * factor
    else:
        own[field] = [
            x * factor if a == of else x for a, x in zip(own["assets"], given, strict=True)
        ]
    del own["name"]
    return amount * float(hc.build(own).worth(hc.Book.from_tables(TABLES).market))


def test_each_number_that_stands_still_is_there_with_what_a_rise_of_it_is_worth(book):
    found = frozen_inputs(book)
    assert [(each.position, each.field, each.of) for each in found] == [
        ("pendle", "years_to_expiry", None),
        ("pendle", "last_ln_implied_rate", None),
        ("peg", "amplification", None),
        ("peg", "rates", "stETH"),
        ("peg", "rates", "WETH"),
    ]
    for each in found:
        up, down = (revalued(each.position, each.field, f, each.of) for f in (1.00001, 0.99999))
        assert each.slope == pytest.approx(0.01 * (up - down) / 2e-5, rel=1e-5)


def test_answers_say_so(book):
    answer = hedge_report(book)
    [line] = report.remarks(answer.frozen)
    assert "years_to_expiry, last_ln_implied_rate of pendle" in line
    assert "amplification, rates of peg" in line
    assert "v2" not in line
    still = explain.sections(answer)["What stands still"]
    assert still[0] == line
    assert len(still) == 1 + len(answer.frozen)
    assert json.loads(json.dumps(hedge_document.document(answer)["frozen"]))[0]["field"] == (
        "years_to_expiry"
    )


def test_a_slope_without_a_closed_form_is_none_and_never_zero(book):
    @frozen(kw_only=True)
    class Aging:
        """A thing that ages, nobody knows how."""

        kind = "aging"
        days: float = hc.fields.number("old", "days")

        @classmethod
        def frozen_fields(cls):
            return {"days": "time"}

        def frozen_slopes(self, market):  # noqa: ARG002 - as the protocol asks
            return {"days": None}

        def worth(self, market):
            return market.price("WETH")

        def exposure(self, market):
            return hc.Exposure.of(market, self.worth(market), {"WETH": 1.0})

    line = hc.Position(name="old", model=Aging(days=3.0))
    (only,) = frozen_inputs(hc.Book(**fields_of(book, positions=(line,))))
    assert (only.value, only.slope) == (3.0, None)
    assert "has no closed form" in next(iter(report.sentences([only], "USD")))
    assert report.table([only], "USD").rows[0][-1] == "–"


def fields_of(book, **other):
    names = ("market", "positions", "instruments", "request")
    return {**{name: getattr(book, name) for name in names}, **other}


def test_a_scenario_beyond_an_expiry_is_refused_with_what_to_do(book):
    there = book.market.shifted(prices={"PT": [2300.0, 2400.0]}, **WITHIN)
    assert np.isfinite(hc.scenario(book, there).before.full).all()
    with pytest.raises(hc.SpecError, match=r"'pendle' expires in 182\.5 days.*hold 4000\.0 PT"):
        hc.scenario(book, book.market.shifted(**BEYOND))


@pytest.mark.parametrize("at", ["state", "market"])
def test_a_run_beyond_an_expiry_is_refused_with_what_to_do(at):
    rows = [{**TABLES["position"][0], "at": at}]
    book = hc.Book.from_tables({**TABLES, "position": rows})
    model = hc.build({"kind": "gbm", "asset": "PT"})
    run = {"policy": hc.build({"kind": "never"}), "steps": 2, "paths": 2, "seed": 1}
    assert len(simulate(book, model, **run, **WITHIN).pnl) == 2
    with pytest.raises(hc.SpecError, match=r"days: 183 are too many.*as balances") as caught:
        simulate(book, model, **run, **BEYOND)
    assert caught.value.field == "days"
