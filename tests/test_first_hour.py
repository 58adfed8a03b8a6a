"""The first hour of a newcomer and of an author, by a machine that has Python, pip, and the pages.

What is installed comes from wheels built of this tree, as an index would have them, and from the
index; nothing else of the tree is there. Each command is a page's, and its output is compared.
"""

import json
import re
import shlex
import shutil
import sys

import pytest
from attrs import frozen

from distributions import ROOT, build, good, pins

pytestmark = pytest.mark.campaign
DOCS = ROOT / "docs"
PAGES = ("README.md", "docs/tutorial/hedge-a-portfolio.md", "docs/tutorial/hedge-in-python.md")
POLICY = "docs/tutorial/choose-a-policy.md"
AUTHOR = "docs/tutorial/first-pool-plugin.md"
NOTEBOOK = "docs/how-to/in-a-notebook.md"
INSTALL = re.compile(r"pip install (?:\"[^\"]+\"|'[^']+'|\S+)(?: [a-z]+(?=`))?")
BUILT = "hedgecore_example_curve-0.1.0-py3-none-any.whl"
BOOK = """
numeraire = "USD"
prices = { WETH = 3000.0, USDC = 1.0 }

[[position]]
name = "my curve"
kind = "example-curve"
assets = ["WETH", "USDC"]
reserves = [10.0, 73000.0]
flatness = 0.1

[[instrument]]
name = "ETH-PERP"
kind = "perp"
underlying = "WETH"
"""


@frozen
class Machine:
    """A folder with an environment of nothing but Python and pip, and a shelf of wheels."""

    folder: object
    variables: dict

    @property
    def python(self):
        return self.folder / "venv" / "bin" / "python"

    def run(self, command):
        """Output of one line as somebody types it: `pip …`, `python …` or `hedgecore …`."""
        program, *words = shlex.split(command)
        path = f"{self.python.parent}:/usr/bin:/bin"
        return good(
            self.python.with_name(program), *words, cwd=self.folder, PATH=path, **self.variables
        )

    def reads(self, page):
        """Run a page here: it, its runner and the examples are copied, the tree is not."""
        desk = self.folder / "desk" / "docs"
        desk.mkdir(parents=True, exist_ok=True)
        for file in (DOCS / "pages.py", ROOT / page):
            shutil.copy(file, desk)
        if not (examples := desk.parent / "examples").exists():
            shutil.copytree(ROOT / "examples", examples)
        return good(self.python, desk / "pages.py", desk / (ROOT / page).name, cwd=desk)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """Wheels of this tree, but not of the plugin that the author is going to write."""
    folder = build(tmp_path_factory.mktemp("shelf"))
    for file in folder.glob("hedgecore_example_curve-*"):
        file.unlink()
    return folder


@pytest.fixture
def machine(shelf, tmp_path):
    """Makes machines of their own, by a name."""

    def make(name):
        folder = tmp_path / name
        folder.mkdir()
        good(sys.executable, "-m", "venv", folder / "venv")
        told = {"PIP_FIND_LINKS": str(shelf), "PIP_CONSTRAINT": str(pins(folder))}
        quiet = {"PIP_QUIET": "1", "PIP_NO_COMPILE": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        return Machine(folder, {**told, **quiet, "COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"})

    return make


def install(page):
    """The line by which a page has hedgecore installed."""
    lines = INSTALL.findall((ROOT / page).read_text(encoding="utf-8"))
    return next(line for line in lines if "hedgecore" in line)


def test_a_newcomer_gets_what_the_readme_and_the_tutorials_say(machine):
    newcomer = machine("newcomer")
    newcomer.run(install(PAGES[0]))
    assert str(newcomer.folder) in newcomer.run(
        "python -c 'import hedgecore; print(hedgecore.__file__)'"
    )
    assert {install(page) for page in PAGES[:2]} == {install(PAGES[0])}
    for page in PAGES:
        assert newcomer.reads(page) == ""
    newcomer.run(install(POLICY))
    assert newcomer.reads(POLICY) == ""


def test_an_author_writes_checks_ships_and_somebody_else_hedges(machine):
    author, other = machine("author"), machine("other")
    author.run(install(AUTHOR))
    author.run("hedgecore new example-curve")
    author.run("pip install -e ./hedgecore-example-curve")
    assert "27 of 27 laws hold" in author.run("hedgecore check example-curve")
    assert " passed" in author.run("python -m pytest ./hedgecore-example-curve")
    author.run("pip wheel --no-deps --wheel-dir dist ./hedgecore-example-curve")
    assert [file.name for file in (author.folder / "dist").iterdir()] == [BUILT]
    other.run('pip install "hedgecore[cli]" hedgecore-derivatives')
    other.run(f"pip install {author.folder / 'dist' / BUILT}")
    (other.folder / "book.toml").write_text(BOOK, encoding="utf-8")
    hedge = json.loads(other.run("hedgecore hedge book.toml --json"))
    assert hedge["quantities"]["ETH-PERP"] == pytest.approx(-hedge["before"]["WETH"]["delta"])
    assert hedge["before"]["WETH"]["delta"] > 0
    assert json.loads(other.run("hedgecore plugins doctor --json"))["findings"] == []


def test_an_analyst_gets_what_the_notebooks_show(machine):
    analyst = machine("analyst")
    analyst.run(install(NOTEBOOK))
    assert analyst.reads(NOTEBOOK) == ""
    for path in sorted((analyst.folder / "desk" / "examples").glob("*.ipynb")):
        analyst.run(f"jupyter nbconvert --to notebook --execute --inplace {path}")
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        shown = [out for cell in cells for out in cell.get("outputs", ())]
        assert any("text/html" in out.get("data", ()) for out in shown), path.name
        assert any("image/png" in out.get("data", ()) for out in shown), path.name
