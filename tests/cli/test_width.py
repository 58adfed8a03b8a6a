"""Every table fits 80 columns: names are folded, numbers never, and nothing is cut off."""

import json

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

from rich.cells import cell_len

import hedgecore as hc
from books import BOOK
from hedgecore.tables.render import amount, cash

WIDE = 80
EIGHT = [
    "WETH",
    "an-asset-whose-name-has-no-spaces-and-is-much-longer-than-any-column-can-be",
    "[bold]markup[/bold]",
    "a name of several words, which can be broken",
    "長い名前" * 8,
    "[/]",
    "esc\x1b[31m\n",
    "SHIB",
]


@pytest.fixture(autouse=True)
def _narrow(monkeypatch):
    monkeypatch.setenv("COLUMNS", str(WIDE))
    monkeypatch.setenv("TERM", "dumb")


def fits(text):
    assert "\x1b" not in text
    assert "…" not in text
    for line in text.splitlines():
        assert cell_len(line) <= WIDE, line


@pytest.fixture(scope="module", params=[1.0, 1e9, -1e15], ids=["plain", "large", "huge"])
def crowded(request, tmp_path_factory):
    """Eight assets at prices from 1e-9 to 1e12, with names that fit nowhere."""
    pairs = zip(EIGHT, EIGHT[1:] + EIGHT[:1], strict=True)
    tables = {
        "numeraire": "USD",
        "prices": {asset: 1.23456789 * 10.0 ** (3 * i - 9) for i, asset in enumerate(EIGHT)},
        "position": [
            {
                "name": f"[red]{base} against {quote}",
                "kind": "uniswap-v2",
                "assets": [base, quote],
                "reserves": [1e3, 7.654321e5],
                "amount": request.param,
                "fee": 0.003,
            }
            for base, quote in pairs
        ],
        "holding": [{"asset": asset, "amount": request.param / 7} for asset in EIGHT],
        "instrument": [
            {"name": f"{asset}-PERPETUAL-SWAP", "kind": "perp", "underlying": asset, "fee": 0.001}
            for asset in EIGHT[:6]
        ],
    }
    path = tmp_path_factory.mktemp("crowded") / "book.json"
    path.write_text(json.dumps(tables), encoding="utf-8")
    return path


@pytest.mark.parametrize("command", ["hedge", "hedge --explain", "greeks"])
@pytest.mark.sample(4)
def test_reports_on_a_crowded_book_fit_80_columns(output, crowded, command):
    fits(output(*command.split(), crowded, "--accept"))


@pytest.mark.parametrize("asset", EIGHT)
@pytest.mark.sample(5)
def test_scenarios_of_a_crowded_book_fit_80_columns(output, crowded, asset):
    fits(output("scenario", crowded, "--move", f"{asset}=-30%..30%", "--steps", 9, "--accept"))


@pytest.mark.parametrize("asset", EIGHT)
@pytest.mark.sample(5)
def test_curves_of_a_crowded_book_fit_80_columns(output, crowded, asset):
    fits(output("curve", crowded, "--asset", asset, "--steps", 3, "--accept"))


def test_no_number_is_folded_and_no_name_is_lost(output, crowded):
    book = hc.Book.load(crowded, accept=True)
    answer, text = book.hedge(), output("hedge", crowded, "--accept")
    for number in answer.before.delta:
        assert amount(number) in text
    for number in answer.before.delta_cash:
        assert cash(number) in text
    joined = "".join(text.split())
    assert "[bold]markup[/bold]" in joined
    assert "esc\\x1b[31m" in joined


@pytest.mark.parametrize(
    "words", [("hedge", BOOK), ("greeks", BOOK), ("curve", BOOK, "--asset", "WETH")], ids=str
)
def test_reports_on_the_example_fit_80_columns(output, words):
    fits(output(*words))


@pytest.mark.parametrize("words", [("kinds",), ("plugins",)], ids=str)
def test_lists_fit_80_columns(output, words):
    fits(output(*words))


@pytest.mark.parametrize("kind", list(hc.default_registry()))
@pytest.mark.sample(20)
def test_descriptions_fit_80_columns(output, kind):
    fits(output("describe", kind))


@pytest.mark.parametrize(
    "command", ["", "hedge", "greeks", "curve", "scenario", "kinds", "describe", "plugins"]
)
def test_help_fits_80_columns(output, command):
    fits(output(*command.split(), "--help"))


@pytest.mark.parametrize("columns", [40, 200])
def test_another_width_is_respected(output, monkeypatch, columns, crowded):
    monkeypatch.setenv("COLUMNS", str(columns))
    text = output("greeks", crowded, "--accept")
    assert max(map(cell_len, text.splitlines())) <= columns
