"""What the solver `strip` cannot be asked, and what it does not know, is said in a sentence."""

import pytest

import hedgecore as hc


def other_expiry(book):
    book["instrument"][1]["expiry_years"] = 0.2


def other_asset(book):
    book["prices"]["WBTC"] = 60_000.0
    book["instrument"][1]["underlying"] = "WBTC"


def only_other_asset(book):
    other_asset(book)
    book["hedge"]["assets"] = ["WBTC", "WETH"]


def power(book):
    book["position"].append({"name": "squeeth", "kind": "power-perp", "underlying": "WETH",
                             "power": 2, "vol": 0.6})  # fmt: skip


def later_option(book):
    book["position"].append({**book["instrument"][1], "expiry_years": 0.3, "name": "later"})


REFUSED = {
    "several expiries": (other_expiry, "expire in 0.1, 0.2 years: choose one with `expiry_years`"),
    "options of two assets": (other_asset, "there are options of WBTC, WETH: name one"),
    "two assets asked": (only_other_asset, "`assets` asks for WBTC, WETH"),
    "no underlying": (lambda b: b["instrument"].pop(0), "no underlying of the strip.*add a perp"),
    "no options": (lambda b: b.update(instrument=b["instrument"][:1]), "there are no options"),
    "price below": (lambda b: b["hedge"].update(low=2100.0), "2086, is outside the range"),
    "price above": (lambda b: b["hedge"].update(high=2000.0), "2086, is outside the range"),
    "no strikes": (lambda b: b["hedge"].update(low=2080.0, high=2090.0), "widen the range"),
    "no such expiry": (lambda b: b["hedge"].update(expiry_years=0.5), "expires in 0.5 years, but"),
    "greeks": (lambda b: b["hedge"].update(neutral=["gamma"]), "leave `neutral` and `cross` out"),
    "a payoff not known": (power, "'squeeth' is neither a pool, nor linear"),
    "an option of another date": (later_option, "'later' does not expire with the strip"),
    "nothing of the asset": (
        lambda b: b.update(position=[], holding=[{"asset": "USDC", "amount": 1.0}]),
        "nothing in the book depends on the price of WETH",
    ),
}


@pytest.mark.parametrize(("change", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_asked_is_said(tables, change, said):
    book = tables()
    change(book)
    with pytest.raises(hc.HedgeError, match=said):
        hc.Book.from_tables(book).hedge()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"high": 1600.0}, "high.*must be above low"),
        ({"method": "minmax"}, "did you mean 'minimax'"),
        ({"method": "interpolate", "options": 3}, 'is for method = "minimax"'),
        ({"method": "carr-madan", "budget": 3.0}, 'is for method = "minimax"'),
        ({"options": 0}, "a whole number from 1"),
        ({"error": -1.0}, "positive"),
        ({"lots": 1}, "true or false"),
        ({"max_nodes": 0}, "max_nodes.*1"),
    ],
)
def test_fields_that_are_wrong(tables, fields, said):
    with pytest.raises(hc.SpecError, match=said):
        hc.Book.from_tables(tables(**fields))


def test_arrays_of_prices_are_for_other_solvers(tables):
    book = hc.Book.from_tables(tables())
    market = hc.Market(prices={"WETH": [2000.0, 2100.0], "USDC": 1.0})
    with pytest.raises(hc.HedgeError, match="one price of each asset"):
        hc.hedge(book.portfolio, with_=book.instruments, market=market, solver=book.solver)


class Barrier:
    """All that an option has, and a payoff that jumps."""

    def __init__(self, option):
        self.option = option
        self.name, self.hedges, self.underlying = option.name, option.hedges, option.underlying
        self.option_type, self.strike, self.quote = option.option_type, option.strike, option.quote
        self.contract_size, self.lot = option.contract_size, option.lot
        self.min_size, self.fee, self.expiry = option.min_size, option.fee, option.expiry

    def worth(self, market):
        return self.option.worth(market) + 50.0 * (market.price("WETH") > 2450)

    def exposure(self, market):
        return self.option.exposure(market)

    def enter(self, market):
        return Barrier(self.option.enter(market))


def test_an_option_that_pays_something_else_is_found_out(tables):
    """By its fields alone it is an option, and a wrong strip would follow."""
    book = hc.Book.from_tables(tables())
    with_ = [*book.instruments[:3], Barrier(book.instruments[3]), *book.instruments[4:]]
    with pytest.raises(hc.HedgeError, match="is not that of a European option"):
        hc.hedge(book.portfolio, with_=with_, market=book.market, solver=book.solver)
