"""The README and the documentation: every block runs, every link resolves, every name is there."""

import importlib.util
import inspect
import os
import re
import sys
from pathlib import Path

import pytest

import hedgecore as hc
from hedgecore.books import book, positions
from hedgecore.cli.terminal.progress import ProgressLines
from hedgecore.registry import hookspecs, validation
from hedgecore.testing import (
    cost_checks,
    instrument_checks,
    policy_checks,
    pool_checks,
    reader_checks,
    solver_checks,
)

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
LONGEST = 150
LONG = {
    "docs/explanation/lvr.md",
    "docs/explanation/why-bands-beat-clocks.md",
    "docs/explanation/why-gamma-is-negative.md",
    "docs/how-to/add-a-reader.md",
    "docs/how-to/backtest-a-range.md",
    "docs/how-to/build-the-site.md",
    "docs/how-to/explain-a-hedge.md",
    "docs/how-to/find-a-broken-plugin.md",
    "docs/how-to/from-an-invariant.md",
    "docs/how-to/hedge-a-soft-liquidation.md",
    "docs/how-to/hedge-at-many-prices.md",
    "docs/how-to/hedge-on-a-chain.md",
    "docs/how-to/how-is-it-going.md",
    "docs/how-to/order-files.md",
    "docs/how-to/publish-a-plugin.md",
    "docs/how-to/read-a-chain.md",
    "docs/how-to/release.md",
    "docs/how-to/replicate-with-options.md",
    "docs/how-to/run-every-hour.md",
    "docs/how-to/run-on-a-server.md",
    "docs/how-to/simulate-on-many-machines.md",
    "docs/how-to/stress-a-book.md",
    "docs/how-to/test-a-plugin.md",
    "docs/how-to/time-dependent-parameters.md",
    "docs/how-to/trading-costs.md",
    "docs/how-to/troubleshooting.md",
    "docs/reference/cli-live.md",
    "docs/reference/cli.md",
    "docs/reference/gallery.md",
    "docs/tutorial/choose-a-policy.md",
    "docs/tutorial/first-pool-plugin.md",
    "docs/tutorial/hedge-a-portfolio.md",
    "docs/tutorial/hedge-my-position.md",
    "docs/tutorial/keep-a-position-hedged.md",
    "docs/tutorial/over-two-chains.md",
}


def module(name):
    """Import a script of the docs folder, which is no package."""
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    loaded = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


pages, forks = module("pages"), module("forks")
generate = module("generate")
WRITTEN = pages.pages()


def place(page):
    return str(page.relative_to(ROOT))


def once(page):
    """A page to run; one that takes seconds of processor time, in the campaign alone."""
    long = place(page) in LONG
    return pytest.param(page, id=place(page), marks=[pytest.mark.campaign] if long else [])


def test_pages_left_to_the_campaign_are_there():
    assert {place(page) for page in WRITTEN} >= LONG


@pytest.mark.parametrize("page", [once(page) for page in WRITTEN])
def test_a_page_does_what_it_says(page, tmp_path):
    try:
        wrong = [each for each in pages.run(page, tmp_path) if not each.right]
    except pages.NoChainError as reason:
        if "chain" in os.environ.get("HEDGECORE_REQUIRE", "").split(","):
            pytest.fail(f"HEDGECORE_REQUIRE names the chain, and there is none: {reason}")
        pytest.skip(f"no chain: {reason}")
    for each in wrong:
        where = f"{place(page)}:{each.line}"
        if each.failed:
            pytest.fail(f"{where}: {each.failed}", pytrace=False)
        said, is_so = each.expected, each.printed
        pytest.fail(f"{where}: the page says\n{said}\nbut it prints\n{is_so}", pytrace=False)


def test_links_of_pages_resolve():
    for page, (number, target) in ((each, link) for each in WRITTEN for link in links(each)):
        path, _, anchor = target.partition("#")
        aim = (page.parent / path).resolve() if path else page
        assert aim.exists(), f"{place(page)}:{number}: there is no {target}"
        if anchor:
            assert anchor in anchors(aim), f"{place(page)}:{number}: no heading for {target}"


def test_every_page_is_reached_from_the_index():
    reached, todo = set(), [DOCS / "index.md"]
    while todo:
        page = todo.pop()
        if page not in reached and page.suffix == ".md":
            reached.add(page)
            for _, target in links(page):
                aim = (page.parent / target.partition("#")[0]).resolve()
                todo += sorted(aim.glob("*.md")) if aim.is_dir() else [aim]
    joined = set((DOCS / "changelog").glob("[0-9]*.md"))  # in CHANGELOG.md
    lost = [place(page) for page in sorted(set(DOCS.rglob("*.md")) - reached - joined)]
    assert not lost, f"docs/index.md leads to none of {', '.join(lost)}"


def lines(page):
    return page.read_text(encoding="utf-8").splitlines()


def test_pages_are_short():
    lengths = {place(page): len(lines(page)) for page in WRITTEN}
    assert {page: length for page, length in lengths.items() if length > LONGEST} == {}


def test_fences_are_closed_and_at_the_margin():
    for page in WRITTEN:
        fences = [each for each in enumerate(lines(page), 1) if "```" in each[1]]
        for number, line in fences:
            assert pages.FENCE.match(line), f"{place(page)}:{number}: {line!r} is no fence"
        assert len(fences) % 2 == 0, f"{place(page)}: a fence is open"


def helps(name, it):
    """Whether something in `hedgecore.fields` is there for the authors of models."""
    return name in hc.fields.__all__ and (callable(it) or isinstance(it, hc.fields.Rule))


def reference():
    texts = [page.read_text(encoding="utf-8") for page in (DOCS / "reference").glob("*.md")]
    return "\n".join(texts)


@pytest.mark.parametrize("name", hc.__all__)
def test_every_public_name_stands_in_the_reference(name):
    assert re.search(rf"\b{name}\b", reference()), f"docs/reference does not mention {name}"


@pytest.mark.parametrize("name", [name for name, it in vars(hc.fields).items() if helps(name, it)])
def test_every_helper_for_fields_stands_in_the_reference(name):
    assert re.search(rf"\b{name}\b", (DOCS / "reference" / "fields.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("hook", [n for n in vars(hookspecs) if n.startswith("hedgecore_")])
def test_every_hook_stands_in_the_reference_with_its_signature(hook):
    signature = hook + str(inspect.signature(getattr(hookspecs, hook))).replace("'", "")
    assert f"`{signature}`" in reference(), f"docs/reference does not show {signature}"


@pytest.mark.parametrize("name", sorted(validation.FINAL))
def test_every_public_method_of_a_pool_stands_in_its_reference(name):
    assert f"`{name}(" in (DOCS / "reference" / "pool-model.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", sorted({*book.KEYS, *positions.TRADED, "at", "amount"}))
def test_every_key_of_a_book_stands_in_its_reference(key):
    assert re.search(
        rf"`\[*{key}\]*`", (DOCS / "reference" / "book.md").read_text(encoding="utf-8")
    )


def test_kind_pages_are_what_the_classes_say():
    folder = DOCS / "reference" / "kinds"
    written = {page.name: page.read_text(encoding="utf-8") for page in folder.glob("*.md")}
    due = generate.kind_pages(hc.default_registry())
    stale = sorted(
        name for name in written.keys() | due.keys() if written.get(name) != due.get(name)
    )
    assert not stale, f"run `python docs/generate.py`: {', '.join(stale)}"


def test_the_page_of_old_names_is_what_the_table_says():
    page = generate.RENAMED.read_text(encoding="utf-8")
    assert page == generate.renamed_page(), "run `python docs/generate.py`"


def test_the_pages_of_forks_are_what_the_rows_say():
    pytest.importorskip("hedgecore_evm_readers", reason="the rows are its own")
    for page, text in forks.written().items():
        assert page.read_text(encoding="utf-8") == text, "run `python docs/generate.py`"


def test_the_table_of_providers_is_as_generated():
    pytest.importorskip("hedgecore_uniswap_v2", reason="the table is of the plugins")
    module = generate.PROVIDERS.read_text(encoding="utf-8")
    assert module == generate.providers_module(hc.default_registry()), "run docs/generate.py"


def test_what_the_readme_tells_to_run_is_what_ci_runs():
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    shown = [b for b in pages.blocks(ROOT / "README.md") if b.language == "console"]
    lines = [line[2:] for b in shown for line in b.code.splitlines() if line.startswith("$ uv run")]
    assert "uv run pytest" in lines
    for line in lines:
        assert re.search(rf"^{re.escape(line)}$", ci, re.MULTILINE), f".ci/run has no line {line!r}"


def test_elided_output_matches_any_lines_but_no_others():
    assert pages.alike("a\n…\nz\n", "a\nb\nc\nz\n")
    assert pages.alike("a\n…\nz\n", "a\nz\n")
    assert not pages.alike("a\n…\nz\n", "a\nb\n")
    assert not pages.alike("a…\n", "ab\n")


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        ("```python\n1 / 0\n```\n", 2, "ZeroDivisionError: division by zero"),
        ("\n```python\nx = 1\n\nassert x == 2\n```\n", 5, "AssertionError: "),
        ("```python\nprint(1\n```\n", 2, "SyntaxError"),
        ("```text\n1\n```\n", 2, "nobody's output"),
        ("```toml\na = \n```\n", 2, "Invalid value"),
        ("```bash\nls\n```\n", 2, "'bash' is not run"),
        ("```console\n$ ls\n```\n", 2, "`ls` is not run here"),
    ],
)
def test_a_failing_page_is_named_by_its_line(text, line, fault, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    (tmp_path / "run").mkdir()
    said = pages.run(page, tmp_path / "run")[-1]
    assert (said.line, said.right) == (line, False)
    assert fault in said.failed


def test_a_page_that_prints_something_else_is_wrong(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```python\nprint(2)\n```\n\n```text\n3\n```\n", encoding="utf-8")
    (tmp_path / "run").mkdir()
    said = pages.run(page, tmp_path / "run")
    assert [(each.line, each.right) for each in said] == [(6, False), (6, True)]


def links(page):
    """Yield (line, target) of each link of a page that leads into the tree."""
    code = False
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        code ^= line.startswith("```")
        if not code:
            for target in LINK.findall(line):
                if "://" not in target and not target.startswith("mailto:"):
                    yield number, target


def anchors(page):
    """Return what GitHub calls the headings of a page."""
    heads = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_a_page_that_takes_long_says_the_same(capsys):
    times = iter([0.0, 12.0])
    ProgressLines("Checking", lambda: next(times))(2, 10)
    said = capsys.readouterr().err
    assert said
    assert pages.TIME_LEFT.sub("", f"a\n{said}b\n") == "a\nb\n"


def test_each_law_is_explained_where_it_breaks():
    page = (ROOT / "docs" / "reference" / "laws.md").read_text(encoding="utf-8")
    kinds = (
        pool_checks,
        instrument_checks,
        solver_checks,
        policy_checks,
        cost_checks,
        reader_checks,
    )
    laws = [law for checks in kinds for law in checks(installed=True)]
    assert not [law.__name__ for law in laws if f"| `{law.__name__}` |" not in page]
