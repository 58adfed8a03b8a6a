"""Pictures of records: the figure of the command line, or its main panel in axes that are given."""

import io

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from matplotlib.figure import Figure

DRAWN = ("book", "hedge", "sweep", "scenario", "scenario-grid", "stress", "paths", "path")
DRAWN += ("comparison", "pool", "performance")


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.sample(3)
def test_a_cell_shows_the_figure_of_the_command(records, name):
    figure = records[name].plot()
    assert isinstance(figure, Figure)
    assert figure.axes[0].get_title(loc="left") or figure.axes[0].texts
    assert figure._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.sample(3)
def test_axes_that_are_given_get_the_main_panel_and_nothing_else(records, name):
    figure = Figure()
    left, right = figure.subplots(1, 2)
    assert records[name].plot(ax=right) is right
    assert right.has_data()
    assert not left.has_data()
    figure.savefig(io.BytesIO())


def lines(axes):
    return {line.get_label(): line.get_xydata().T for line in axes.lines}


def test_the_lines_of_a_hedge_are_its_profit_before_and_after(records):
    drawn = lines(records["hedge"].plot(ax=Figure().subplots()))
    prices, after = drawn["after the hedge"]
    lp = 2 * np.sqrt(20_000.0 * 10.0 * prices)
    np.testing.assert_allclose(after, lp - 40_000.0 + (2.5 - 12.5) * (prices - 2000.0), atol=1e-6)


def test_the_hedge_alone_is_drawn_as_its_book_is(records):
    ours, theirs = (lines(records[n].plot(ax=Figure().subplots())) for n in ("hedge", "book"))
    assert ours.keys() == theirs.keys()
    for name, line in ours.items():
        np.testing.assert_array_equal(line, theirs[name])


def test_the_line_of_a_pool_is_its_change_of_value(records):
    prices, change = lines(records["pool"].plot(ax=Figure().subplots()))["unhedged"]
    np.testing.assert_allclose(change, 2 * np.sqrt(200_000.0 * prices) - 40_000.0, atol=1e-6)


def test_the_lines_of_a_scenario_are_its_profits(records):
    found = records["scenario"]
    drawn = lines(found.plot(ax=Figure().subplots()))
    np.testing.assert_array_equal(drawn["after the hedge"][1], found.after.full)
    np.testing.assert_array_equal(drawn["Taylor, before the hedge"][1], found.before.taylor)
