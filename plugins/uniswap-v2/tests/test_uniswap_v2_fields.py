"""What the table takes and refuses, and what the model is: frozen, hashable, itself again."""

from pathlib import Path

import pytest
from hedgecore_uniswap_v2 import UniswapV2

from hedgecore.testing import table_checks

NAN, INF = float("nan"), float("inf")
WRONG = [
    ("assets", ["A"]),
    ("assets", ["A", "B", "C"]),
    ("assets", ["A", "A"]),
    ("assets", ["A", None]),
    ("assets", "AB"),
    ("reserves", [1.0]),
    ("reserves", [1.0, 2.0, 3.0]),
    ("reserves", [1.0, 0.0]),
    ("reserves", [-1.0, 1.0]),
    ("reserves", [1.0, NAN]),
    ("reserves", [INF, 1.0]),
    ("reserves", ["1", 1.0]),
    ("reserves", 1.0),
    ("share", 0.0),
    ("share", 5),
    ("share", -0.5),
    ("share", NAN),
    ("share", None),
    ("fee", 1.0),
    ("fee", -0.003),
    ("fee", "0.3%"),
]
MODELS = [
    UniswapV2(**UniswapV2.example),
    UniswapV2(assets=("A", "B"), reserves=(1e-18, 1e30), fee=0.003),
    UniswapV2(assets=("A", "B"), reserves=(10**20, 1), share=1e-9, fee=0),
]
README = Path(__file__).parents[1] / "README.md"


@pytest.mark.parametrize(
    "check", table_checks(UniswapV2, wrong=WRONG, models=MODELS, readme=README), ids=str
)
def test_table(check):
    check()
