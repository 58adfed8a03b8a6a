"""Numbers that nobody can mean end with exit code 2 and the place, in whichever command."""

import pytest

pytest.importorskip("typer")
pytest.importorskip("hedgecore_uniswap_v2", reason="the book is of its pool")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")

from books import written

TEXT = """
numeraire = "USD"
[prices]
WETH = 2000.0
USDC = 1.0
[vols]
WETH = 0.8
[[position]]
name = "pool"
kind = "uniswap-v2"
assets = ["WETH", "USDC"]
reserves = [100.0, 200000.0]
[[instrument]]
name = "ETH-PERP"
kind = "perp"
underlying = "WETH"
fee = 0.0005
"""
LP = """
[[instrument]]
name = "LP"
kind = "uniswap-v2"
assets = ["WETH", "USDC"]
reserves = [1.0, 2000.0]
hedges = []
"""
RUN = ("--paths", "4", "--steps", "2")


def refused(call, words, place):
    done = call(*words)
    assert done.exit_code == 2, done.output
    assert place in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("WETH = 0.8", "WETH = 1e300", "vols.WETH: must be 0 or more, and at most 1000"),
        ("", LP, "instrument 'LP': hedges: names no asset"),
        ("", "[simulation]\ndays = 1e308\n", "simulation: days: must be positive and finite"),
        ("", "[simulation]\nprice_model = { kind = 'gbm', vol = 1e300 }\n", "gbm.vol: must be 0"),
    ],
)
def test_what_a_simulation_cannot_count_with_is_named(call, tmp_path, old, new, place):
    text = TEXT.replace(old, new, 1) if old else TEXT + new
    refused(call, ("simulate", written(tmp_path, text), *RUN), place)


@pytest.mark.parametrize(
    "option", ['targets = { "delta:WETH" = 1e300 }', 'bands = { "delta:WETH" = [-1e300, 1e300] }']
)
def test_cash_that_the_convex_solver_cannot_count_with_is_named(call, tmp_path, option):
    pytest.importorskip("hedgecore_convex_solver")
    book = written(tmp_path, f'{TEXT}\n[hedge]\nsolver = "convex"\n{option}\n')
    refused(call, ("hedge", book), "delta:WETH: must be from 1e-100 to 1e+100 in size")


def test_days_of_the_command_line_too(call, tmp_path):
    refused(
        call, ("simulate", written(tmp_path, TEXT), "--days", "1e308"), "days: must be positive"
    )
