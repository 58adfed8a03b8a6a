"""Lines of a table: none is too wide, no word is lost, a number stays whole and stands right."""

from collections import Counter

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

from hypothesis import assume, given
from hypothesis import strategies as st
from rich.cells import cell_len

from hedgecore.cli.terminal.layout import GAP, RULE, fold, grid, side_by_side
from hedgecore.cli.terminal.screen import prose, show
from hedgecore.tables.render import Table

WORD = st.text(st.sampled_from("abcXYZ-_名前é"), min_size=1, max_size=30)
SENTENCE = st.lists(WORD, min_size=1, max_size=12).map(" ".join)
NUMBER = st.floats(-1e9, 1e9).map("{:,.2f}".format)
WIDTH = st.integers(20, 120)


@given(SENTENCE, WIDTH)
def test_a_fold_keeps_each_word_and_no_line_is_wider(sentence, width):
    lines = fold(sentence, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == sentence.replace(" ", "")
    short = [word for word in sentence.split() if cell_len(word) <= width]
    assert all(any(word in line for line in lines) for word in short)


@given(SENTENCE, WIDTH)
def test_what_stands_beside_a_bullet_is_indented_below_it(sentence, width):
    lines = side_by_side("•", sentence, width)
    assert all(cell_len(line) <= width for line in lines)
    assert [line[:2] for line in lines] == ["• ", *["  "] * (len(lines) - 1)]


@given(st.lists(st.tuples(SENTENCE, NUMBER, NUMBER), min_size=1, max_size=5), WIDTH)
def test_a_grid_folds_names_and_never_a_number(rows, width):
    heads = ("position", "delta of it", "cash delta")
    lines = grid(Table("", heads, rows), 1, width)
    assume(lines is not None)
    assert max(map(cell_len, lines)) <= width
    rule = next(i for i, line in enumerate(lines) if set(line) == {RULE})
    body = "\n".join(lines[rule + 1 :])
    assert all(number in body for _, *numbers in rows for number in numbers)
    assert "".join(body.split()).count("名") == sum(name.count("名") for name, *_ in rows)


def test_numbers_stand_right_and_heads_on_the_rule():
    table = Table(
        "", ("asset", "before the hedge", "after"), [("WETH", "1,234.5", "0"), ("B", "2", "-17")]
    )
    assert grid(table, 1, 80) == [
        " asset" + GAP + "before the hedge" + GAP + "after",
        RULE * 34,
        " WETH " + GAP + "         1,234.5" + GAP + "    0",
        " B    " + GAP + "               2" + GAP + "  -17",
    ]  # fmt: skip
    narrow = grid(table, 1, 26)
    assert [line.rstrip() for line in narrow[:3]] == [
        "          before", "             the", " asset     hedge   after",
    ]  # fmt: skip


def test_what_would_command_a_terminal_is_spelt_out_and_counted():
    red = "\x1b[31mred"
    lines = grid(Table("", (red, f"delta of {red}"), [(red, "1")]), 1, 80)
    assert not any("\x1b" in line for line in lines)
    assert lines[2].startswith(r" \x1b[31mred" + GAP)
    narrow = grid(Table("", (red, f"delta of {red}"), [(red, "1")]), 1, 28)
    assert not any("\x1b" in line for line in narrow)
    assert max(map(cell_len, narrow)) <= 28


@pytest.mark.parametrize("width", [1, 2, 4, 7, 12])
@pytest.mark.parametrize("print_table", [show, prose])
def test_a_terminal_of_a_few_columns_gets_every_letter(monkeypatch, capsys, print_table, width):
    monkeypatch.setenv("COLUMNS", str(width))
    table = Table("laws", ("law", "what", "why"), [("finite", "holds", "each"), ("one", "", "")])
    print_table(table)
    letters = Counter("".join([table.title, *table.heads[1:], *map("".join, table.rows)]))
    assert letters <= Counter(capsys.readouterr().out)


def test_a_name_that_a_group_shares_is_written_once():
    table = Table(
        "", ("position", "asset", "delta"), [("p", "A", "1"), ("p", "B", "2"), ("q", "A", "3")]
    )
    lines = grid(table, 2, 80)
    assert [line.split() for line in lines[2:]] == [["p", "A", "1"], ["B", "2"], ["q", "A", "3"]]
