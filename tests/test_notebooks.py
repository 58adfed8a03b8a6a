"""The notebooks of examples/: stored without outputs, and run from first cell to last."""

from pathlib import Path

import pytest

nbclient = pytest.importorskip("nbclient")
nbformat = pytest.importorskip("nbformat")
pytest.importorskip("ipykernel")
pytest.importorskip("matplotlib")
pytest.importorskip("pandas")

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SHOWN = {
    "choose-a-policy": {"Book": 1, "SimulationResult": 1, "Comparison": 1},
    "hedge-a-portfolio": {"Book": 1, "Hedge": 1, "Scenario": 1},
    "write-a-curve": {"Hedge": 1},
}
CAPTIONS = {
    "Book": ">Positions<",
    "Comparison": ">Risk and cost over 30 days",
    "Hedge": ">Orders<",
    "Scenario": ">Profit after the hedge",
    "SimulationResult": ">Where it comes from: the ledger",
}
PICTURES = {"choose-a-policy": 2, "hedge-a-portfolio": 3, "write-a-curve": 1}


def read(name):
    return nbformat.read(EXAMPLES / f"{name}.ipynb", as_version=4)


LONG = {"choose-a-policy", "hedge-a-portfolio"}
"""Run in the campaign alone: each takes seconds of a processor, most of them to start a kernel."""
EACH = [
    pytest.param(name, marks=[pytest.mark.campaign] if name in LONG else [])
    for name in sorted(SHOWN)
]


@pytest.fixture(scope="module", params=EACH)
def executed(request):
    """Name of a notebook, and the notebook once it has run beside the examples."""
    notebook = read(request.param)
    place = {"metadata": {"path": str(EXAMPLES)}}
    nbclient.NotebookClient(notebook, timeout=300, resources=place).execute()
    return request.param, notebook


def outputs(notebook):
    return [out for cell in notebook.cells for out in cell.get("outputs", ())]


def test_each_notebook_is_here():
    assert sorted(path.stem for path in EXAMPLES.glob("*.ipynb")) == sorted(SHOWN)


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_a_notebook_is_stored_without_outputs(name):
    notebook = read(name)
    nbformat.validate(notebook)
    assert outputs(notebook) == []
    assert {cell.execution_count for cell in notebook.cells if cell.cell_type == "code"} == {None}


@pytest.mark.campaign
def test_a_notebook_runs_and_shows_its_records_and_pictures(executed):
    name, notebook = executed
    found = outputs(notebook)
    assert {out.output_type for out in found} <= {"execute_result", "display_data"}
    pages = [out.data["text/html"] for out in found if "text/html" in out.data]
    for record, count in SHOWN[name].items():
        assert sum(CAPTIONS[record] in page for page in pages) == count, record
    assert sum("image/png" in out.data for out in found) == PICTURES[name]
