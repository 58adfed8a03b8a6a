"""What the table takes and refuses, and what the model is: frozen, hashable, itself again."""

from pathlib import Path

import pytest
from hedgecore_balancer_weighted import BalancerWeighted

from hedgecore import SpecError, build, spec_of
from hedgecore.testing import table_checks

NAN, INF = float("nan"), float("inf")
KIND = "balancer-weighted"
NINE = [f"T{i}" for i in range(9)]
WRONG = [
    *[("assets", ["BAL"]), ("assets", NINE), ("assets", ["BAL", "BAL"]), ("assets", "AB")],
    *[("weights", [1.0]), ("weights", [0.5, 0.3, 0.2]), ("weights", [0.8, 0.0])],
    *[("weights", [0.8, 0.1]), ("weights", [0.8, 0.202]), ("weights", [80, 10])],
    *[("weights", [8, 2]), ("weights", [800, 200]), ("weights", "80/20")],
    *[("weights", [1.2, -0.2]), ("weights", [NAN, 0.2]), ("weights", ["0.8", 0.2])],
    *[("balances", [1.0]), ("balances", [1.0, 0.0]), ("balances", [1.0, -2.0])],
    *[("balances", [INF, 1.0]), ("balances", 1.0), ("share", 0.0), ("share", 5)],
    *[("share", None)],
    *[("fee", 1.0), ("fee", -0.003), ("fee", "1%")],
]
EIGHT = [0.02, 0.03, 0.05, 0.1, 0.1, 0.2, 0.2, 0.3]
MODELS = [
    BalancerWeighted(**BalancerWeighted.example),
    BalancerWeighted(assets=NINE[:8], weights=EIGHT, balances=[10.0**i for i in range(8)]),
    BalancerWeighted(assets=["A", "B", "C"], weights=[1 / 3] * 3, balances=[1, 2, 3], fee=0),
]
README = Path(__file__).parents[1] / "README.md"


@pytest.mark.parametrize(
    "check", table_checks(BalancerWeighted, wrong=WRONG, models=MODELS, readme=README), ids=str
)
def test_table(check):
    check()


def pool(weights, *balances):
    assets = NINE[: len(balances)]
    return build({"kind": KIND, "assets": assets, "weights": weights, "balances": balances})


@pytest.mark.parametrize(("weights", "total"), [([0.7, 0.2], 0.9), ([72, 18], 90), ([8, 2], 10)])
def test_weights_that_sum_to_no_whole_say_the_rule_and_the_sum(weights, total):
    rule = r"must sum to 1, or as per cent to 100, within 0\.1 %"
    with pytest.raises(SpecError, match=rf"{rule}, not to {total}"):
        pool(weights, 1.0, 1.0)


@pytest.mark.parametrize(
    "weights", [[80, 20], "80/20", " 80 / 20.0", [0.8, 0.2], [0.80004, 0.20001]]
)
def test_only_ratios_of_weights_count(weights):
    same, price = pool([0.8, 0.2], 3.0, 5.0), 7.0
    one = pool(weights, 3.0, 5.0)
    assert sum(one.parts) == 1.0
    assert one.value(price) == pytest.approx(same.value(price), rel=1e-15)
    assert one.spot() == pytest.approx(same.spot(), rel=1e-15)


def test_weights_of_a_bootstrapping_pool_are_taken_as_they_stand_on_the_chain():
    onchain = [0.961265007246505, 0.038749992753495]
    assert sum(onchain) == pytest.approx(1.000015, abs=1e-9)
    assert spec_of(pool(onchain, 1.0, 1.0))["weights"] == onchain


@pytest.mark.parametrize(
    "weights", [[1 / 3] * 3, [33.3, 33.3, 33.3], [0.333, 0.333, 0.333], "33/33/34"]
)
def test_thirds_are_taken_rounded(weights):
    assert sum(pool(weights, 1.0, 1.0, 1.0).parts) == pytest.approx(1.0, abs=1e-15)


@pytest.mark.parametrize("text", ["", "80", "80/", "80-20", "80/-20", "eighty/20", "8e1/20"])
def test_a_text_that_is_no_weights_is_refused_with_the_form(text):
    with pytest.raises(SpecError, match=r"weights: .* text such as '80/20'"):
        pool(text, 1.0, 1.0)
