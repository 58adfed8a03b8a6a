"""What the tables take and refuse, and what contracts are: frozen, hashable, themselves again."""

from pathlib import Path

import pytest
from hedgecore_derivatives import (
    InverseFuture,
    InversePerp,
    Perp,
    Spot,
    hedgecore_instruments,
)

from hedgecore.testing import table_checks

NAN, INF = float("nan"), float("inf")
SHARED = [
    ("name", ""),
    ("name", 7),
    ("name", None),
    ("lot", -0.1),
    ("lot", NAN),
    ("lot", "0.1"),
    ("min_size", -1),
    ("min_size", INF),
    ("min_size", None),
    ("fee", 1.0),
    ("fee", -0.0005),
    ("fee", True),
]
WRONG_SPOT = [*SHARED, ("asset", ""), ("asset", ["WETH"])]
WRONG_PERP = [
    *SHARED,
    ("underlying", ""),
    ("underlying", None),
    ("settlement", ""),
    ("settlement", "WETH"),
    ("contract_size", 0),
    ("contract_size", -1.0),
    ("contract_size", INF),
    ("entry_price", 0.0),
    ("entry_price", -3000.0),
    ("entry_price", NAN),
    ("funding_rate", NAN),
    ("funding_rate", "0.01%"),
    ("funding_hours", 0),
]
MODELS = [
    Spot(**Spot.example),
    Spot(name="S", asset="WETH", fee=None),
    Perp(**Perp.example),
    Perp(name="P", underlying="WETH", settlement="USDT", entry_price=2500, funding_rate=-1e-4),
    InversePerp(name="P", underlying="WETH", quote="USDT", contract_size=10, funding_rate=-1e-4),
    InverseFuture(name="F", underlying="WETH", quote="USDT", expiry_years=1),
]
README = Path(__file__).parents[1] / "README.md"
WRONG = {Spot: WRONG_SPOT, Perp: WRONG_PERP}
CHECKS = [
    check
    for cls in hedgecore_instruments()
    for check in table_checks(
        cls,
        wrong=WRONG.get(cls, ()),
        models=[model for model in MODELS if type(model) is cls],
        readme=README,
    )
]


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_table(check):
    check()


def test_defaults_are_those_of_a_plain_new_contract():
    perp = Perp(name="P", underlying="WETH")
    assert (perp.contract_size, perp.lot, perp.min_size, perp.fee) == (1.0, 0.0, 0.0, None)
    assert (perp.settlement, perp.entry_price) == (None, None)
    assert (perp.funding_rate, perp.funding_hours) == (None, 8.0)
