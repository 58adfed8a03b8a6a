"""The architecture: who imports whom, how large a file and a function may be, what import does."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

import hedgecore

CORE = Path(hedgecore.__file__).parent
FILES = {
    ".".join(path.relative_to(CORE).with_suffix("").parts): path
    for path in sorted(CORE.rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text()) for name, path in FILES.items()}
ABOVE = ("cli", "testing", "simulation", "readers", "live")
"""Subpackages: they may import the core, and nothing in the core imports them."""
FLAT = [name for name in FILES if name.split(".")[0] not in (*ABOVE, "__init__")]

# Each module, and all that it may import from the core; house.md's table for the modules there are.
MAY_IMPORT = {
    "errors": "",
    "jet": "",
    "market": "errors",
    "fields": "errors",
    "reading": "errors",
    "align": "errors market",
    "exposure": "errors market align",
    "flat": "errors market",
    "single": "",
    "state": "market exposure",
    "pool": "errors market exposure flat single state",
    "twofold": "market",
    "pair": "errors market exposure pool jet twofold",
    "basket": "errors market exposure flat pool jet",
    "newton": "errors market",
    "extended": "market twofold",
    "level": "errors market jet newton extended",
    "closer": "market newton level extended",
    "invariant": "errors market pair basket jet newton level closer",
    "standing": "errors market pool",
    "path": "market",
    "policy": "market",
    "cost": "exposure market",
    "income": "market",
    "toml": "",
    "secret": "errors",
    "reader": "errors secret",
    "hookspecs": "cost exposure income path policy pool reader",
    "contract": "cost exposure income path policy pool reader",
    "loading": "errors hookspecs contract",
    "registry": "errors hookspecs loading",
    "spec": "errors reading registry",
    "portfolio": "errors market exposure align terms",
    "rows": "market exposure",
    "terms": "market exposure",
    "problem": "errors market exposure rows terms",
    "answer": "market exposure problem",
    "lots": "market",
    "solvers": "market problem answer lots",
    "hedge": "errors market exposure problem answer solvers",
    "present": "market exposure answer",
    "positions": "errors market exposure pool portfolio present registry spec standing",
    "book": "errors market exposure portfolio positions problem answer hedge solvers reading "
    "registry spec",
    "moved": "errors market",
    "scenario": "errors market moved exposure pool portfolio positions answer terms book",
}
LAZY = {("answer", "present")}
"""Imports inside a function: tables are for those who print."""
DEPENDENCIES = {"attr", "attrs", "importlib_metadata", "numpy", "pluggy"}
LINES, MEDIAN_LINES = 300, 120
BODY, MEDIAN_BODY = 40, 8


def imported(nodes):
    """Yield the dotted names that some nodes import; of `from x import y`, both x and x.y."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports hide who imports whom"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(nodes):
    """Return the modules of the core that some nodes import."""
    names = {name.removeprefix("hedgecore.") for name in imported(nodes)}
    return {name for name in names if name in FILES}


def always(tree):
    """Yield the nodes outside functions: what runs at import."""
    todo = list(tree.body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            todo += ast.iter_child_nodes(node)


@pytest.mark.parametrize("name", FLAT)
def test_a_module_imports_only_what_stands_below_it(name):
    assert name in MAY_IMPORT, f"say in this file what {name} may import"
    allowed = set(MAY_IMPORT[name].split())
    assert ours(always(TREES[name])) <= allowed
    lazy = ours(ast.walk(TREES[name])) - ours(always(TREES[name]))
    assert {(name, other) for other in lazy} <= LAZY


def test_there_are_no_cycles():
    done = []
    left = {name: set(below.split()) for name, below in MAY_IMPORT.items()}
    while left:
        free = [name for name, below in left.items() if below <= set(done)]
        assert free, f"a cycle among {sorted(left)}"
        done += free
        left = {name: below for name, below in left.items() if name not in free}


@pytest.mark.parametrize("name", ["hedge", "solvers", "problem", "answer", "lots", "present"])
def test_what_hedges_knows_nothing_of_pools_and_kinds(name):
    seen, todo = set(), {name}
    while todo:
        module = todo.pop()
        seen.add(module)
        todo |= ours(ast.walk(TREES[module])) - seen
    kept_out = {"pool", "pair", "basket", "invariant", "registry", "spec", "hookspecs", "book"}
    assert not seen & kept_out


@pytest.mark.parametrize("name", FLAT)
def test_nothing_below_imports_what_stands_above(name):
    tops = {other.split(".")[1] for other in imported(ast.walk(TREES[name])) if "." in other}
    assert not tops & set(ABOVE)


@pytest.mark.parametrize("name", FILES)
def test_the_core_imports_no_plugin_and_its_four_dependencies_alone(name):
    tops = {other.split(".")[0] for other in imported(ast.walk(TREES[name]))}
    assert not [top for top in tops if top.startswith("hedgecore_")]
    if name in FLAT:
        foreign = tops - set(sys.stdlib_module_names) - {"hedgecore"}
        assert foreign <= DEPENDENCIES


def test_importlib_metadata_is_imported_by_the_default_registry_only():
    at_import = {name for name in FLAT if "importlib_metadata" in imported(always(TREES[name]))}
    anywhere = {name for name in FLAT if "importlib_metadata" in imported(ast.walk(TREES[name]))}
    assert (at_import, anywhere) == (set(), {"registry"})


def test_importing_hedgecore_brings_no_plugin_and_nothing_slow():
    code = "import sys, json; import hedgecore; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    there = set(json.loads(done.stdout))
    slow = {"importlib_metadata", "typer", "click", "rich", "scipy", "pandas", "matplotlib"}
    assert not there & slow
    assert not [name for name in there if name.startswith("hedgecore_")]
    assert not [name for name in there if name.startswith(tuple(f"hedgecore.{a}" for a in ABOVE))]


def test_files_are_short():
    lines = {name: len(path.read_text().splitlines()) for name, path in FILES.items()}
    assert {name: count for name, count in lines.items() if count > LINES} == {}
    assert median(lines.values()) <= MEDIAN_LINES


def functions(tree):
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def size(function):
    """Return how many lines of body a function has, its docstring apart."""
    body = function.body
    if ast.get_docstring(function, clean=False) is not None:
        body = body[1:]
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def test_functions_are_short():
    sizes = {f"{n}.{f.name}": size(f) for n, tree in TREES.items() for f in functions(tree)}
    assert {name: count for name, count in sizes.items() if count > BODY} == {}
    assert median(sizes.values()) <= MEDIAN_BODY


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_sniffed_and_nothing_left_undone(name):
    names = {node.id for node in ast.walk(TREES[name]) if isinstance(node, ast.Name)}
    assert "hasattr" not in names
    assert "NotImplementedError" not in names


PURE = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
    ast.Expr,
    ast.If,
)


@pytest.mark.parametrize("name", FILES)
def test_nothing_works_at_import(name):
    for node in TREES[name].body:
        if name.split(".")[0] in ABOVE and isinstance(node, ast.Try):
            continue
        assert isinstance(node, PURE), ast.unparse(node)
        if isinstance(node, ast.Expr) and not name.endswith("__main__"):
            assert isinstance(node.value, ast.Constant), ast.unparse(node)
        if isinstance(node, ast.If):
            assert "TYPE_CHECKING" in ast.unparse(node.test) or "__main__" in ast.unparse(node.test)
