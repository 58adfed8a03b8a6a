"""The architecture: floors, circles, names, sizes, and what importing does."""

import ast
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from statistics import median

import pytest

import hedgecore
from hedgecore import views

CORE = Path(hedgecore.__file__).parent
PLUGINS = CORE.parent / "plugins"
NOT_OURS = {"template", "tests"}


def modules(root, package):
    """Return dotted name → file of all modules of a package below `root`."""
    files = sorted((root / package).rglob("*.py"))
    named = {".".join(f.relative_to(root).with_suffix("").parts): f for f in files}
    return {
        name.removesuffix(".__init__"): file
        for name, file in named.items()
        if not NOT_OURS & {*file.relative_to(root).parts}
    }


PACKAGES = {"hedgecore": modules(CORE.parent, "hedgecore")}
PACKAGES |= {p.name: modules(p.parent, p.name) for p in sorted(PLUGINS.glob("*/hedgecore_*"))}
FILES = PACKAGES["hedgecore"]
INSIDE = [name for name in FILES if name != "hedgecore"]

FLOORS = (
    "errors extras units renamed numerics views",
    "tables fields parallel fast market",
    "pools interfaces",
    "hedging registry",
    "decisions books",
    "readers testing analysis",
    "simulation live",
    "report",
    "cli",
)
"""The folders and modules of the core, from the ground up: each imports from floors below its own,
and its neighbours on one floor only where `BESIDE` says so."""
BESIDE = {
    ("tables", "fields"),
    ("fields", "tables"),
    ("registry", "hedging"),
}
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms.split()}
DEPENDENCIES = {"attr", "attrs", "importlib_metadata", "numpy", "pluggy"}
LAZY = {
    "hedgecore.fast": {"numba"},
    "hedgecore.readers.editing": {"tomlkit"},
    "hedgecore.views": {"matplotlib", "pandas", "polars"},
}
"""Extras of a module: imported within a function, or for annotations alone."""
BY_NAME = {"hedgecore.live.records", "hedgecore.parallel", "hedgecore.views"}
BY_NAME |= {"hedgecore.registry.on_demand"}
"""What imports a module by its name, below the reports: records of a journal, an extra, a view."""
LIGHT = [n for n in INSIDE if n.split(".")[1] not in {"cli", "testing", "simulation", "report"}]
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


def ours(nodes, known, itself):
    """Return the modules among `known` that some nodes import; a package only by its own name."""
    wanted = {name for name in imported(nodes) if name in known and name != itself}
    return {name for name in wanted if not any(each.startswith(f"{name}.") for each in wanted)}


def always(tree):
    """Yield the nodes outside functions: what runs at import."""
    todo = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            todo += ast.iter_child_nodes(node)


@cache
def trees(package="hedgecore"):
    """Return module → its syntax tree, of a package."""
    return {name: ast.parse(file.read_text("utf-8")) for name, file in PACKAGES[package].items()}


@cache
def graph(package):
    """Return module → the modules of its package that it imports, annotations included."""
    known, parsed = PACKAGES[package], trees(package)
    return {name: ours(ast.walk(tree), known, name) - {package} for name, tree in parsed.items()}


def circles(imports):
    """Return what is left once every module that imports only what has gone has gone too."""
    left = {name: set(below) for name, below in imports.items()}
    while free := {name for name, below in left.items() if not below & {*left}}:
        left = {name: below for name, below in left.items() if name not in free}
    return sorted(left)


@pytest.mark.parametrize("package", PACKAGES)
def test_there_are_no_circles(package):
    imports = graph(package)
    imports[package] = set()  # the facade is lazy
    assert circles(imports) == []


def test_a_circle_would_be_found():
    assert circles({"a": {"b"}, "b": {"a"}, "c": {"a"}, "d": set()}) == ["a", "b", "c"]


def room(name):
    return name.split(".")[1]


def allowed(mine, other):
    return FLOOR[other] < FLOOR[mine] or mine == other or (mine, other) in BESIDE


def test_a_module_imports_only_from_the_floors_below():
    imports = graph("hedgecore")
    wrong = [(n, o) for n in INSIDE for o in imports[n] if not allowed(room(n), room(o))]
    assert wrong == []


def test_nothing_inside_imports_the_facade():
    nodes = [(name, node) for name in INSIDE for node in ast.walk(trees()[name])]
    froms = [(name, node) for name, node in nodes if isinstance(node, ast.ImportFrom)]
    assert [(name, node.lineno) for name, node in froms if node.module == "hedgecore"] == []


def test_one_seam_leads_up_from_records_to_reports():
    """An import by name is none that the floors see, so those that do it are named here."""
    below = [name for name in INSIDE if FLOOR[room(name)] < FLOOR["report"]]
    assert {name for name in below if "importlib" in imported(ast.walk(trees()[name]))} == BY_NAME
    called = [name for name in below if views.REPORT in FILES[name].read_text("utf-8")]
    assert called == ["hedgecore.views"]


def test_the_root_has_at_most_twelve_modules():
    assert len([name for name in INSIDE if FILES[name].parent == CORE]) <= 12


def test_no_two_classes_of_the_core_have_one_name():
    where = {}
    for name, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                where.setdefault(node.name, []).append(name)
    assert {name: there for name, there in where.items() if len(there) > 1} == {}


def test_what_hedges_knows_nothing_of_pools_and_kinds():
    todo = {name for name in INSIDE if room(name) in {"hedging", "market"}}
    seen, imports = set(), graph("hedgecore")
    while todo:
        module = todo.pop()
        seen.add(module)
        todo |= imports[module] - seen
    assert not {room(each) for each in seen} & {"pools", "registry", "books"}


def test_the_core_imports_no_plugin_and_its_four_dependencies_alone():
    for name in INSIDE:
        tops = {other.split(".")[0] for other in imported(ast.walk(trees()[name]))}
        assert not [top for top in tops if top.startswith("hedgecore_")], name
        if name in LIGHT:
            foreign = tops - set(sys.stdlib_module_names) - {"hedgecore"}
            assert foreign <= DEPENDENCIES | LAZY.get(name, set()), name
            assert not {*imported(always(trees()[name]))} & LAZY.get(name, set()), name


def test_importlib_metadata_is_imported_where_no_earlier_start_says_what_is_installed():
    at_import = {name for name in LIGHT if "importlib_metadata" in imported(always(trees()[name]))}
    anywhere = {name for name in LIGHT if "importlib_metadata" in imported(ast.walk(trees()[name]))}
    assert (at_import, anywhere) == (
        set(),
        {f"hedgecore.registry.{each}" for each in ("entry_points", "installed")},
    )


def test_importing_hedgecore_brings_no_plugin_and_nothing_slow():
    code = "import sys, json; import hedgecore; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    there = set(json.loads(done.stdout))
    slow = {"importlib_metadata", "typer", "click", "rich", "scipy"}
    slow |= {"matplotlib", "pandas", "polars", "pyarrow", "numba", "llvmlite"}
    assert not there & slow
    assert not [name for name in there if name.startswith("hedgecore_")]
    above = ("cli", "testing", "simulation", "readers", "live", "report")
    assert not [name for name in there if name.startswith(tuple(f"hedgecore.{a}" for a in above))]


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
    sizes = {f"{n}.{f.name}": size(f) for n, tree in trees().items() for f in functions(tree)}
    assert {name: count for name, count in sizes.items() if count > BODY} == {}
    assert median(sizes.values()) <= MEDIAN_BODY


def test_nothing_is_sniffed_and_nothing_left_undone():
    nodes = [(name, node) for name, tree in trees().items() for node in ast.walk(tree)]
    used = [(name, node.id) for name, node in nodes if isinstance(node, ast.Name)]
    assert [each for each in used if each[1] in {"hasattr", "NotImplementedError"}] == []


def test_no_file_of_the_tree_is_long():
    """Neither plugins nor tests, docs, examples or benchmarks: all that is Python."""
    parts = ("hedgecore", "plugins", "tests", "docs", "examples", "benchmarks")
    files = [file for part in parts for file in (CORE.parent / part).rglob("*.py")]
    own = {file: file.relative_to(CORE.parent) for file in files}
    lines = {
        place.as_posix(): len(file.read_text("utf-8").splitlines())
        for file, place in own.items()
        if not any(part.startswith(".") or part == "build" for part in place.parts)
    }
    assert {"tests/test_architecture.py", "hedgecore/__init__.py"} <= lines.keys()
    assert {place: count for place, count in lines.items() if count > LINES} == {}


PURE = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
    ast.Expr,
    ast.If,
)


def test_nothing_works_at_import():
    for name, node in ((name, node) for name, tree in trees().items() for node in tree.body):
        where = f"{name}:{node.lineno}"
        assert isinstance(node, PURE), where
        if isinstance(node, ast.Expr) and not name.endswith("__main__"):
            assert isinstance(node.value, ast.Constant), where
        if isinstance(node, ast.If):
            test = ast.unparse(node.test)
            assert "TYPE_CHECKING" in test or "__main__" in test, where
