"""Correlations that cannot be are refused, naming the pair."""

import pytest

import hedgecore as hc
from hedgecore.simulation.price_models.correlated import Correlated
from hedgecore.simulation.price_models.gbm import GBM

WRONG = {
    "needs WETH:WBTC": {},
    "WETH:WBTC must be a number from −1 to 1": {"WETH:WBTC": 1.5},
    "is there twice": {"WETH:WBTC": 0.1, "WBTC:WETH": 0.1},
    "did you mean 'WETH'": {"WET:WBTC": 0.1},
}


@pytest.mark.parametrize("said", WRONG)
def test_wrong_correlations_are_named(said):
    parts = [GBM(asset="WETH"), GBM(asset="WBTC")]
    with pytest.raises(hc.SpecError, match=said) as error:
        Correlated(parts=parts, correlations=WRONG[said])
    assert error.value.field == "correlations"


def test_the_pair_that_makes_a_matrix_impossible_is_named():
    parts = [GBM(asset=n, vol=0.5) for n in ("WETH", "WBTC", "USDC")]
    given = {"WETH:WBTC": 0.9, "WETH:USDC": 0.9, "WBTC:USDC": -0.9}
    with pytest.raises(hc.SpecError, match=r"eigenvalue −?-0\.8.*WBTC:USDC = -0\.9 does not fit"):
        Correlated(parts=parts, correlations=given)
