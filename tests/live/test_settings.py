"""What a book says of a live hedge: its venues, its settings, and what is wrong with them."""

import pytest

import hedgecore as hc
from hedgecore.books.routes import Route
from hedgecore.errors import SpecError
from hedgecore.live.opening import plan_of
from hedgecore.live.plan import Mode
from hedgecore.live.settings import LiveSettings
from live_world import tables

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")


def changed(**live):
    found = tables()
    found["live"] |= live
    return hc.Book.from_tables(found)


def test_an_instrument_is_traded_where_it_says_and_else_on_paper():
    found = tables()
    found["instrument"].append({"name": "B", "kind": "perp", "underlying": "WETH", "fee": 0.0})
    book = hc.Book.from_tables(found)
    assert book.routes == {
        "ETH-PERP": Route(venue="sim", symbol="ETH"), "B": Route(venue="paper", symbol="B")
    }  # fmt: skip
    assert book.venues == {"paper": {"kind": "paper"}, "sim": {"kind": "paper"}}
    assert book.instruments[0].name == "ETH-PERP"
    plan = plan_of(book, LiveSettings.from_book(book), mode=Mode.WATCH)
    assert plan.symbols == {"sim": ("ETH",), "paper": ("B",)}
    assert plan.lives == {"sim": 5.0, "paper": 5.0}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"venue": "simm"}, r"no \[venues.simm\]; did you mean 'sim'"),
        ({"venue": 7}, "venue: must be a name"),
        ({"symbol": ""}, "symbol: must be a name"),
        ({"name": "B"}, "'ETH' at sim is 'ETH-PERP' already"),
    ],
)
def test_a_place_that_is_none_or_taken_is_refused(row, words):
    found = tables()
    given = found["instrument"][0]
    found["instrument"] = [given, {**given, **row}] if "name" in row else [{**given, **row}]
    with pytest.raises(SpecError, match=words):
        hc.Book.from_tables(found)


@pytest.mark.parametrize("venues", [7, {"sim": 7}, {"sim": {}}])
def test_venues_that_are_no_tables_are_refused(venues):
    with pytest.raises(SpecError, match="venues"):
        hc.Book.from_tables({**tables(), "venues": venues})


def test_policy_and_costs_are_those_of_the_simulation_where_the_table_says_nothing():
    found = tables()
    del found["live"]["policy"]
    found["simulation"] = {
        "policy": "never",
        "costs": [{"kind": "gas", "amount": 3.0}],
        "days": 3.0,
    }
    settings = LiveSettings.from_book(hc.Book.from_tables(found))
    assert settings.policy.kind == "never"
    assert [each.kind for each in settings.costs] == ["gas"]
    assert settings.caps.excess == settings.caps.max_order_notional


@pytest.mark.parametrize(
    ("live", "words"),
    [
        ({"every_second": 3.0}, "did you mean 'every_seconds'"),
        ({"max_age": -1.0}, "max_age: must be positive"),
        ({"policy": "bend"}, "no policy; did you mean 'band'"),
        ({"policy": "band,half_width=2"}, r"write a table: \{ kind = .band., half_width = … \}"),
        ({"caps": {"max_order_notional": 1.0}}, "needs max_hourly_turnover, max_daily_turnover"),
        ({"caps": None}, "caps"),
        ({"pegs": [1]}, "pegs: must be a table"),
        ({"clean_snapshots": 0}, "clean_snapshots"),
        ({"ignored_assets": "ETH"}, "ignored_assets: must be a list"),
    ],
)
def test_a_setting_that_is_wrong_is_named(live, words):
    with pytest.raises(SpecError, match=words):
        LiveSettings.from_book(changed(**live))


@pytest.mark.parametrize(
    ("cap", "words"),
    [
        ({"max_position": {"P": 3.0}}, "max_position"),
        ({"max_slippage": 1.5}, "max_slippage"),
        ({"reduce_below": 3.0}, "reduce_below: must be at most min_margin_ratio, 2, not 3"),
    ],
)
def test_a_cap_that_is_wrong_is_named(cap, words):
    with pytest.raises(SpecError, match=words):
        LiveSettings.from_book(hc.Book.from_tables(tables(caps=cap)))


def test_without_caps_nothing_is_kept():
    found = tables()
    del found["live"]["caps"]
    with pytest.raises(SpecError, match=r"caps: is needed"):
        LiveSettings.from_book(hc.Book.from_tables(found))
