"""Records in a notebook: what they show is escaped and fits, and is found by name."""

from html.parser import HTMLParser

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.analysis.axes import axes_between

TAGS = {"caption", "div", "p", "strong", "table", "tbody", "td", "th", "thead", "tr"}
HOSTILE = "<img src=x onerror=alert(1)>&\x1b[31m"


class Page(HTMLParser):
    """Tags of a page, its words, and whether each tag is closed in its turn."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.open = [], [], []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        assert {name for name, _ in attrs} <= {"style"}
        self.tags.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def pretty(record):
    """What IPython prints in a terminal."""

    class Printer:
        def text(self, said):
            self.said = said

    printer = Printer()
    record._repr_pretty_(printer, cycle=False)
    return printer.said


def test_a_cell_is_well_formed_and_has_the_numbers_of_the_plain_page(record):
    page, plain = Page(record._repr_html_()), pretty(record)
    assert set(page.tags) <= TAGS
    assert "table" in page.tags
    assert all(" ".join(word.split()) in " ".join(plain.split()) for word in page.words)


@pytest.mark.parametrize("name", ["position", "instrument"])
def test_a_name_is_words_and_never_a_tag(name):
    pytest.importorskip("hedgecore_derivatives")
    names = {"position": "coins", "instrument": "PERP"} | {name: HOSTILE}
    book = hc.Book.from_tables(
        {
            "numeraire": "USD",
            "prices": {"WETH": 2000.0},
            "position": [
                {"name": names["position"], "kind": "spot", "asset": "WETH", "amount": 2.0}
            ],
            "instrument": [{"name": names["instrument"], "kind": "perp", "underlying": "WETH"}],
        }
    )
    for shown in (book, book.portfolio, book.hedge()):
        page = shown._repr_html_()
        assert "<img" not in page
        assert set(Page(page).tags) <= TAGS
        assert "\x1b" not in pretty(shown)


def test_an_asset_is_words_and_never_a_tag():
    market = hc.Market(prices={HOSTILE: 2.0})
    for shown in (market, hc.Balance(HOSTILE).exposure(market)):
        page = Page(shown._repr_html_())
        assert HOSTILE in page.words
        assert set(page.tags) <= TAGS


def test_a_thousand_rows_fit_a_cell_and_the_title_counts_them():
    many = hc.Portfolio([(f"coin {k}", hc.Balance("WETH"), float(k)) for k in range(1000)])
    page = Page(many._repr_html_())
    assert page.tags.count("tr") == 22
    assert "Portfolio (20 of 1,000 rows)" in page.words
    assert {"coin 0", "…", "coin 999"} <= {*page.words}
    assert len(many.to_pandas()) == 1000


def test_a_part_is_found_by_its_name(records):
    assert records["hedge"]["ETH-PERP"].trade == records["hedge"].trade["ETH-PERP"]
    assert records["book"]["lp"].amount == 1.0
    assert records["book"]["ETH-PERP"].hedges == ("WETH",)
    assert records["exposure"]["WETH"].delta == records["exposure"].delta[0]
    assert records["exposures"]["WETH"].gamma_cash.shape == (3,)
    assert records["market"]["WETH"] == 2000.0
    assert records["scenario"]["after"] is records["scenario"].after
    assert records["greeks"]["coins"].value == 5000.0
    assert records["paths"]["mean"].value == np.mean(records["paths"].pnl)
    assert records["comparison"]["daily"].run.settings.policy.hours == 24


def test_a_name_that_is_not_there_meets_the_nearest(records):
    for name, near in (("hedge", "ETH-PRP"), ("book", "coin"), ("exposure", "WETHH")):
        with pytest.raises(hc.SpecError, match=f"the {name} has no part '{near}'; did you mean"):
            records[name][near]


def test_names_complete_and_iterate_and_end(records):
    for name, record in records.items():
        if name != "pool":
            assert list(record) == record._ipython_key_completions_() == list(dict(record))
            assert [record[key] is not None for key in record] == [True] * len(list(record))
            assert all(key in record for key in record)
            assert "nothing of that name" not in record


def test_a_completer_meets_public_names_only():
    assert {*hc.__all__} == {name for name in dir(hc) if not name.startswith("__")}
    held = {name for name in dir(hc.Hedge) if not name.startswith("_")}
    assert held >= {"trade", "to_pandas", "to_polars", "to_dict", "plot", "save", "load", "keys"}


def test_markets_along_one_direction_are_one_axis_of_what_moves_together():
    here = hc.Market(prices={"A": 10.0, "B": 20.0, "C": 1.0}, vols={"A": 0.5})
    (both,) = axes_between(here, here.shifted(prices={"A": [5.0, 15.0], "B": [10.0, 30.0]}))
    assert (both.names, both.moves.tolist()) == (("A", "B"), [-0.5, 0.5])
    grid = here.shifted(prices={"A": [[5.0], [15.0]]}, vols={"A": [0.4, 0.6, 0.8]})
    assert [(each.what, len(each)) for each in axes_between(here, grid)] == [
        ("price", 2),
        ("volatility", 3),
    ]


@pytest.mark.parametrize(
    "prices",
    [
        {"A": [5.0, 15.0], "B": [10.0, 31.0]},
        {"A": [[5.0, 6.0], [7.0, 8.0]]},
        {"A": [[5.0, 6.0]], "B": [[10.0], [31.0]], "C": [[1.0, 2.0], [2.0, 3.0]]},
    ],
)
def test_scattered_markets_are_no_grid_and_have_a_row_each(prices):
    here = hc.Market(prices={"A": 10.0, "B": 20.0, "C": 1.0})
    there = here.shifted(prices=prices)
    assert axes_between(here, there) is None
    request = hc.HedgeRequest()
    line = hc.Position(name="coins", model=hc.Balance("A"))
    book = hc.Book(market=here, positions=(line,), instruments=(), request=request)
    found = hc.scenario(book, there)
    assert found.to_pandas()["profit_before"].tolist() == np.ravel(found.before.full).tolist()
    assert Page(found._repr_html_()).tags.count("tr") == 1 + found.before.full.size
    with pytest.raises(hc.SpecError, match="these markets are no such grid"):
        found.plot()
