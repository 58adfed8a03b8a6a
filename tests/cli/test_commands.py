"""The command line: what it says of a book, and of itself."""

import json
import subprocess
import sys
from importlib.metadata import version

import numpy as np
import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

import hedgecore as hc
from books import BOOK, written
from hedgecore.report import documents


def test_hedge_gives_the_orders_that_the_library_gives(document):
    answer, given = hc.Book.load(BOOK).hedge(), document("hedge", BOOK)
    assert given["quantities"] == answer.quantities
    assert given["hedge_ratios"] == answer.hedge_ratios
    assert given["worth"] == answer.before.value
    assert given["cost"] == answer.cost
    assert given["unhedged"] == answer.unhedged
    assert given["notes"] == list(answer.notes)
    assert given["numeraire"] == "USD"
    for side in ("before", "after"):
        exposure = getattr(answer.effective, side)
        assert list(given[side]) == list(exposure.assets)
        for i, asset in enumerate(exposure.assets):
            assert given[side][asset] == {
                "delta": exposure.delta[i],
                "delta_cash": exposure.delta_cash[i],
                "gamma_cash": exposure.gamma_cash[i, i],
            }


def test_greeks_of_the_positions_add_up_to_the_total(document):
    given = document("greeks", BOOK)
    positions = given["positions"]
    assert sum(each["worth"] for each in positions) == pytest.approx(given["worth"], rel=1e-14)
    for asset, total in given["total"].items():
        for greek, number in total.items():
            parts = [e["exposure"][asset][greek] for e in positions if asset in e["exposure"]]
            assert sum(parts) == pytest.approx(number, rel=1e-12, abs=1e-9)


def test_greeks_say_which_state_was_used_and_where_the_pool_stands(document):
    given = {each["name"]: each for each in document("greeks", BOOK)["positions"]}
    pool, balance = given["v4 ETH/USDC"], given["USDC balance"]
    assert (pool["at"], pool["kind"]) == ("state", "uniswap-v3-position")
    assert pool["standing"]["inside"] is True
    assert pool["standing"]["spot"]["WETH"] == pytest.approx(2086.0395356295203, rel=1e-15)
    assert pool["standing"]["market"] == {"WETH": 2086.04, "USDC": 1.0}
    assert (balance["kind"], balance["at"], balance["standing"]) == ("balance", "market", None)


def test_the_pools_of_the_example_stand_at_its_prices(document):
    stands = [each["standing"] for each in document("greeks", BOOK)["positions"]]
    own = [each for each in stands if each and {"WETH", "WBTC"} & each["spot"].keys()]
    assert len(own) >= 3
    assert all(each["inside"] and each["distance"] < 1e-5 for each in own[:3])


def test_the_market_outside_a_fee_band_is_told_by_every_report(output, document, tmp_path):
    book = written(tmp_path, BOOK.read_text(encoding="utf-8").replace("2086.04\n", "2200.0\n", 1))
    warnings = document("greeks", book)["warnings"]
    assert any("v4 ETH/USDC" in each and "outside" in each for each in warnings)
    curve = document("curve", book, "--asset", "WETH")
    assert document("hedge", book)["warnings"] == curve["warnings"] == warnings
    drawn = curve["notes"][1:]
    assert [each.split(":")[0] for each in drawn] == [each.split(":")[0] for each in warnings]
    assert drawn[0].startswith(
        "v4 ETH/USDC: the market is outside the pool's fee band: WETH in USDC"
    )
    assert drawn[0].endswith("Drawn as the market would have moved it.")
    for command in (("hedge",), ("greeks",), ("curve", "--asset", "WETH")):
        assert "outside the pool's fee band" in " ".join(output(*command, book).split())


def test_the_version_is_the_distributions(output):
    assert output("--version") == f"hedgecore {version('hedgecore')}\n"


def test_no_command_shows_the_help(output):
    assert "describe" in output()


def test_the_script_runs_and_importing_it_imports_no_extra():
    asked = (
        "import sys, hedgecore.cli as c; assert not {'typer', 'rich'} & set(sys.modules); c.main()"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", asked, "hedge", str(BOOK), "--json"],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["quantities"].keys() == {"ETH-PERP", "BTC-PERP"}


PRINTS = """
import os, sys
import hedgecore as hc
from hedgecore.cli import main

solve = hc.LeastSquares.solve

def loud(self, problem):
    os.write(1, b"HighsMipSolverData::transformNewIntegerFeasibleSolution tmpSolver.run();\\n")
    return solve(self, problem)

hc.LeastSquares.solve = loud
main()
"""


def test_what_a_c_library_prints_is_no_part_of_the_json():
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PRINTS, "hedge", str(BOOK), "--json"],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["quantities"].keys() == {"ETH-PERP", "BTC-PERP"}
    assert "transformNewIntegerFeasibleSolution" in done.stderr


def test_json_holds_null_where_a_number_is_not_finite():
    given = {"a": np.array([1.0, -np.inf]), "b": (np.float64("nan"), 2), "c": {"d": None}}
    assert documents.jsonable(given) == {"a": [1.0, None], "b": [None, 2], "c": {"d": None}}
