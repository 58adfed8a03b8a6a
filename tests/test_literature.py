"""The literature: each published number derived without the product, and held by a test with it."""

import ast
import importlib.util
import re
from pathlib import Path

import pytest

pytest.importorskip("QuantLib")
pytest.importorskip("mpmath")
pytest.importorskip("scipy")

import derivations

ROOT = Path(__file__).resolve().parent.parent
SPEC = importlib.util.spec_from_file_location("literature", ROOT / "docs" / "literature.py")
LITERATURE = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(LITERATURE)
ROWS = LITERATURE.rows()


def half_a_unit(printed):
    """Half of one in the last digit of a number as it is printed."""
    _, _, decimals = printed.partition(".")
    return 0.5 * 10.0 ** -len(decimals)


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.sample(6)
def test_a_published_number_is_derived_without_the_product(name):
    row = ROWS[name]
    found = getattr(derivations, name.replace("-", "_"))()
    assert found.keys() == row["published"].keys()
    for label, printed in row["published"].items():
        due, slack = float(printed), row.get("slack", 0.0)
        allowed = half_a_unit(printed) + slack * abs(due) + 1e-15
        assert abs(float(found[label]) - due) <= allowed, (label, float(found[label]), printed)


@pytest.mark.parametrize("name", ROWS)
def test_the_test_that_holds_the_product_to_it_is_there(name):
    path, _, test = ROWS[name]["test"].partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    there = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert test in there


def test_no_derivation_asks_the_product():
    for name in ("derivations", "hedged_options"):
        source = (ROOT / "tests" / f"{name}.py").read_text(encoding="utf-8")
        tree = ast.parse(source)
        imports = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
        assert not [n for n in imports if re.search(r"\bhedgecore", ast.unparse(n))]


def test_the_page_is_what_the_rows_say():
    said = LITERATURE.PAGE.read_text(encoding="utf-8")
    assert said == LITERATURE.page(), "run `python docs/literature.py`"
    for name, words in LITERATURE.DRAWN.items():
        assert (LITERATURE.PICTURES / f"{name}.svg").exists()
        assert words in said
