"""The covariance of the assets, however it is given; and the minimum-variance hedge under it."""

import numpy as np
import pytest
from hedgecore_convex_solver import Convex

import hedgecore as hc

VOLS = {"STETH": 0.62, "WETH": 0.6, "WBTC": 0.5}
RHO = {"STETH:WETH": 0.98, "STETH:WBTC": 0.78, "WETH:WBTC": 0.8}
NAMES = tuple(VOLS)
SIGMA = np.array(
    [
        [
            VOLS[a] * VOLS[b] * (1.0 if a == b else RHO.get(f"{a}:{b}", RHO.get(f"{b}:{a}")))
            for b in NAMES
        ]
        for a in NAMES
    ]
)
PAIRS = {(a, b): SIGMA[i, j] for i, a in enumerate(NAMES) for j, b in enumerate(NAMES) if i <= j}
MINIMUM = {"minimise": {"variance": 1.0}, "soft": {"delta": 0.0}}
GIVEN = {
    "matrix": {"covariance": {"assets": NAMES, "matrix": SIGMA}},
    "lists": {"covariance": {"assets": list(NAMES), "matrix": SIGMA.tolist()}},
    "tuples": {"covariance": PAIRS},
    "both halves": {"covariance": {**PAIRS, **{pair[::-1]: x for pair, x in PAIRS.items()}}},
    "names": {"covariance": {":".join(pair): x for pair, x in PAIRS.items()}},
    "correlations": {"correlations": RHO, "vols": VOLS},
}


@pytest.fixture
def tools(fake):
    return [fake(name="E", delta={"WETH": 1.0}), fake(name="B", delta={"WBTC": 0.01})]


@pytest.fixture
def held(fake):
    return fake(delta={"STETH": 500.0})


@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN)
def test_the_minimum_variance_hedge_is_the_regression(held, tools, market, given):
    """n* = −Σ_ff⁻¹ Σ_fp, effectiveness Σ_pf Σ_ff⁻¹ Σ_fp / Σ_pp: however the covariance is given."""
    answer = hc.hedge(held, with_=tools, market=market, solver=Convex(**MINIMUM, **given))
    beta = np.linalg.solve(SIGMA[1:, 1:], SIGMA[1:, 0])
    got = [answer.quantities["E"] * 3000, answer.quantities["B"] * 600]
    np.testing.assert_allclose(got, -beta * 500 * 2990, rtol=1e-6)
    its = answer.certificate
    assert its.effectiveness == pytest.approx(SIGMA[0, 1:] @ beta / SIGMA[0, 0], rel=1e-9)
    before = 500 * 2990 * 0.62
    assert its.breakdown["standard deviation before"] == pytest.approx(before, rel=1e-12)
    left = before * np.sqrt(1 - its.effectiveness)
    assert its.breakdown["standard deviation"] == pytest.approx(left, rel=1e-9)


def test_one_instrument_removes_the_squared_correlation(held, tools, market):
    solver = Convex(**MINIMUM, correlations=RHO, vols=VOLS)
    answer = hc.hedge(held, with_=tools[:1], market=market, solver=solver)
    assert answer.certificate.effectiveness == pytest.approx(0.98**2, rel=1e-9)
    assert "They remove 96.04 % of the variance." in str(answer)
    assert answer.unhedged["WETH"] == "left by what the solver weighs and limits"


def test_volatilities_may_be_the_markets(held, tools, market):
    there = hc.Market(prices=market.prices, vols=VOLS)
    solver = Convex(**MINIMUM, correlations=RHO)
    both = [
        hc.hedge(held, with_=tools, market=m, solver=s).quantities
        for m, s in ((there, solver), (market, Convex(**MINIMUM, correlations=RHO, vols=VOLS)))
    ]
    assert both[0] == pytest.approx(both[1], rel=1e-12)


def test_a_covariance_is_a_table_and_back():
    solver = Convex(covariance={"assets": NAMES, "matrix": SIGMA})
    assert hc.build(hc.spec_of(solver)) == solver
    assert solver.covariance["WETH:WBTC"] == SIGMA[1, 2]
    assert len(solver.covariance) == 6


BOOK = """
numeraire = "USD"
[prices]
WETH = 3000.0
STETH = 2990.0
[[holding]]
asset = "STETH"
amount = 100.0
[[instrument]]
kind = "perp"
name = "P"
underlying = "WETH"
fee = 0
funding_rate = 0
[hedge]
solver = "convex"
minimise = { variance = 1.0 }
soft = { delta = 0.0 }
"""


@pytest.mark.parametrize(
    "lines",
    [
        'covariance = { "STETH:STETH" = 0.3844, "WETH:WETH" = 0.36, "STETH:WETH" = 0.36456 }',
        (
            'covariance.assets = ["STETH", "WETH"]\n'
            "covariance.matrix = [[0.3844, 0.36456], [0.36456, 0.36]]"
        ),
        'vols = { STETH = 0.62, WETH = 0.6 }\ncorrelations = { "STETH:WETH" = 0.98 }',
    ],
    ids=["pairs", "matrix", "correlations"],
)
def test_a_book_hedges_a_steth_position_with_an_eth_perp(tmp_path, lines):
    path = tmp_path / "book.toml"
    path.write_text(BOOK + lines)
    answer = hc.Book.load(path).hedge()
    assert answer.quantities["P"] == pytest.approx(-0.98 * 0.62 / 0.6 * 299000 / 3000, rel=1e-7)
    assert answer.certificate.effectiveness == pytest.approx(0.9604, rel=1e-9)


@pytest.mark.parametrize(
    ("rho", "pair"),
    [
        ({"STETH:WETH": 0.9, "STETH:WBTC": 0.9, "WETH:WBTC": -0.9}, "WETH:WBTC"),
        ({"STETH:WETH": 0.1, "STETH:WBTC": 0.99, "WETH:WBTC": 0.99}, "STETH:WBTC"),
    ],
)
def test_what_is_no_covariance_names_the_pair_to_blame(rho, pair):
    with pytest.raises(hc.SpecError, match=rf"correlation of {pair}, .* cannot stand"):
        Convex(correlations=rho, vols=VOLS)


def test_what_is_missing_is_asked_for_when_it_is_needed(held, tools, market):
    some = {"STETH:STETH": 0.38, "WETH:WETH": 0.36, "STETH:WETH": 0.36}
    solver = Convex(**MINIMUM, covariance=some)
    with pytest.raises(hc.HedgeError, match="no entry for STETH:WBTC"):
        hc.hedge(held, with_=tools, market=market, solver=solver)
    answer = hc.hedge(held, with_=tools[:1], market=market, solver=solver)
    assert answer.certificate.status == "exact"
    solver = Convex(correlations={"STETH:WETH": 0.9}, vols=VOLS)
    with pytest.raises(hc.HedgeError, match="`correlations` has no entry for STETH:WBTC"):
        hc.hedge(held, with_=tools, market=market, solver=solver)


class Frame:
    """A covariance with labelled columns, as polars has it."""

    columns = ("BTC", "ETH")

    def to_numpy(self):
        """Return the numbers."""
        return np.array([[0.25, 0.2], [0.2, 0.36]])


def test_a_frame_is_read_by_its_labels():
    by_pairs = hc.build({"kind": "convex", "minimise": {"variance": 1.0}, "covariance": Frame()})
    assert by_pairs.covariance == {"BTC:BTC": 0.25, "BTC:ETH": 0.2, "ETH:ETH": 0.36}
