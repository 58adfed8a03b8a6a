"""A book that is edited keeps all that was not meant: comments, blank lines, formats."""

import sys
import tomllib
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hedgecore as hc
from hedgecore.readers import editing, save
from hedgecore.readers.editing import edit_file, edit_toml, plain
from hedgecore.tables.toml import document

BOOK = """\
# my book

numeraire = 'USD'   # counted in dollars
prices.WETH = 1_000.0 # dotted
"prices"."US D" = 1e6

# the pair
[[position]] # mine
name = "one"
kind = "x"
reserves = [
    1_000.0, # base

    2e3,  # quote
]
inside = { a = 0x10, "b c" = [1, +2] } # a table in a line
deep.er = 1

# the other
  [[position]]
  name = "two"   # indented
  amount = -0.5e-3
  when = 2026-01-02T03:04:05Z

# about holdings
[[holding]]
asset = "A"
amount = 0b11
source = "r"


# about the source
[source]
block = 7
[source.read.r] # how
kind = "k"
tokens = [ ]
# the end
"""


def tables():
    return tomllib.loads(BOOK)


def made(after, text=BOOK):
    found, _ = edit_toml(text, after)
    assert plain(tomllib.loads(found)) == plain(after)
    return found


def test_what_did_not_change_is_the_same_to_the_byte():
    assert made(tables()) == BOOK
    assert made(tables(), BOOK.replace("\n", "\r\n")) == BOOK.replace("\n", "\r\n")
    assert made(tables(), BOOK.rstrip()) == BOOK.rstrip()


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (lambda t: t["prices"].update(WETH=2.5), "= 1_000.0 # d", "= 2.5 # d"),
        (lambda t: t.update(numeraire="EUR"), "'USD'   #", '"EUR"   #'),
        (lambda t: t["position"][0]["reserves"].__setitem__(1, 3.5), "2e3,  # q", "3.5,  # q"),
        (lambda t: t["position"][0]["inside"].update(a=17), "a = 0x10", "a = 17"),
        (lambda t: t["position"][0]["deep"].update(er=2), "deep.er = 1", "deep.er = 2"),
        (lambda t: t["position"][1].update(amount=1.0), "amount = -0.5e-3", "amount = 1.0"),
        (lambda t: t["holding"][0].update(amount=4), "amount = 0b11", "amount = 4"),
        (lambda t: t["source"].update(block=9), "block = 7", "block = 9"),
        (
            lambda t: t["source"]["read"]["r"].update(kind="q"),
            'kind = "k"\ntokens',
            'kind = "q"\ntokens',
        ),
        (lambda t: t.pop("prices"), 'prices.WETH = 1_000.0 # dotted\n"prices"."US D" = 1e6\n', ""),
        (
            lambda t: t["position"].pop(1),
            (
                '  [[position]]\n  name = "two"   # indented\n  amount = -0.5e-3\n'
                "  when = 2026-01-02T03:04:05Z\n"
            ),
            "",
        ),
        (
            lambda t: t.update(holding=[]),
            '[[holding]]\nasset = "A"\namount = 0b11\nsource = "r"\n',
            "",
        ),
        (
            lambda t: t["holding"].append({"asset": "B", "amount": 1.5}),
            'source = "r"\n',
            'source = "r"\n\n[[holding]]\nasset = "B"\namount = 1.5\n',
        ),
        (
            lambda t: t["position"][1].update(more=[1.0]),
            "05Z\n",
            "05Z\n  more = [1.0]\n",
        ),
        (
            lambda t: t["source"]["read"].update(s={"kind": "z"}),
            "tokens = [ ]\n",
            'tokens = [ ]\n\n[source.read.s]\nkind = "z"\n',
        ),
    ],
)
def test_a_change_is_all_that_changes(change, old, new):
    after = deepcopy(tables())
    change(after)
    assert BOOK.count(old) == 1
    assert made(after) == BOOK.replace(old, new)
    ended = [part.replace("\n", "\r\n") for part in (BOOK, old, new)]
    assert made(after, ended[0]) == ended[0].replace(*ended[1:])


def test_rows_in_a_line_are_edited_by_who_they_are():
    text = 'position = [{ name = "a", x = 0x1 }, { name = "b", x = 1e0 }] # rows\n'
    assert made({"position": [{"name": "b", "x": 1.0}]}, text).endswith(
        '{ name = "b", x = 1e0 }] # rows\n'
    )


APART = """\
[[holding]]
asset = "A"
# b
[b]
x = 1
# about B
[[holding]]
asset = "B" # its

# y
[b.y]
z = 2
"""


def test_rows_that_stand_apart_stay_where_they_are():
    after = tomllib.loads(APART)
    after["b"]["y"]["z"] = 3
    assert made(after, APART) == APART.replace("z = 2", "z = 3")
    after["holding"].append({"asset": "C"})
    assert made(after, APART) == APART.replace("z = 2", "z = 3").replace(
        "# its\n", '# its\n\n[[holding]]\nasset = "C"\n'
    )
    del after["holding"][:2]
    assert made(after, APART).endswith(
        '# about B\n\n[[holding]]\nasset = "C"\n\n# y\n[b.y]\nz = 3\n'
    )


def test_a_byte_order_mark_stays(tmp_path):
    path = tmp_path / "book.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1 # one\r\n")
    assert edit_file(path, {"a": 2}) == ("\ufeffa = 2 # one\r\n", ())


def test_a_file_that_is_too_long_to_edit_is_written_anew_and_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(editing, "EDITABLE", 10)
    path = tmp_path / "book.toml"
    path.write_text("a = 1 # and more\n")
    assert edit_file(path, {"a": 2}) == ("a = 2\n", (editing.LARGE,))


def test_what_the_editor_cannot_do_is_written_anew_and_that_is_said(tmp_path, monkeypatch):
    path = tmp_path / "book.toml"
    path.write_text("a = 1 # mine\n")
    monkeypatch.setattr(editing, "_holds", lambda *_: False)
    text, [note] = edit_file(path, {"a": 2})
    assert text == "a = 2\n"
    assert "without its comments" in note


def test_without_the_editor_it_is_said_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tomlkit", None)
    save({"a": 1}, tmp_path / "book.toml")
    with pytest.raises(hc.SpecError, match=r"tomlkit: pip install 'hedgecore\[cli\]'"):
        edit_file(tmp_path / "book.toml", {"a": 2})
    save({"a": 1}, tmp_path / "book.json")
    assert edit_file(tmp_path / "book.json", {"a": 2}) == ('{\n  "a": 2\n}\n', ())


NAMES = st.text(st.sampled_from("ab[]#\"'= .é"), min_size=1, max_size=6)
VALUES = st.recursive(
    st.one_of(
        st.floats(allow_nan=False, allow_infinity=False),
        st.integers(-(2**63), 2**63),
        NAMES,
        st.booleans(),
    ),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(NAMES, inner, min_size=1, max_size=3)
    ),
    max_leaves=4,
)
ROWS = st.dictionaries(NAMES.filter(lambda n: n != "name"), VALUES, max_size=4)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    before=st.lists(ROWS, min_size=1, max_size=3),
    after=st.lists(ROWS, min_size=3, max_size=3),
    kept=st.lists(st.booleans(), min_size=3, max_size=3),
    more=st.lists(ROWS, max_size=2),
)
def test_an_edited_file_holds_what_was_meant(before, after, kept, more):
    """Rows of any keys and values, by any other: each comes out as it should."""
    old = [{"name": f"p{i}", **row} for i, row in enumerate(before)]
    new = [{**row, **after[i]} for i, row in enumerate(old) if kept[i]]
    new += [{"name": f"q{i}", **row} for i, row in enumerate(more)]
    text = document({"position": old, "source": {"block": 1}}, "mine")
    due = {"position": new, "source": {"block": 2}}
    found, _ = edit_toml(text, due)
    assert found is None or found.startswith("# mine\n")  # none: it is written anew
    assert plain(tomllib.loads(document(due) if found is None else found)) == plain(due)


NUMBERS = st.sampled_from(["1_000.0", "1e6", "0x10", "0b11", "+7", "-0.5e-3", "1_0", "3.0"])
COMMENTS = st.sampled_from(["", " # c{}", "   # [not] = 'a' \"head\" {}"])
LINES = st.sampled_from(["", "# line {}\n", "\n", "\n# above {}\n\n"])


@st.composite
def books(draw):
    """Return a book as people write them, and the places of its numbers."""
    parts, places, count = [], [], 0

    def number(place):
        nonlocal count
        count += 1
        places.append(place)
        return draw(NUMBERS), draw(COMMENTS).format(count), draw(LINES).format(count)

    for key in ("a", '"b c"', "d.e"):
        value, comment, line = number(("prices", *key.strip('"').split(".")))
        parts.append(f"{line}prices.{key} = {value}{comment}\n")
    for row in range(draw(st.integers(1, 3))):
        head = f'{draw(LINES)}[[position]]{draw(COMMENTS)}\nname = "p{row}"\n'
        values = [number(("position", row, "r", i)) for i in range(2)]
        split = "".join(f"\n  {value},{comment}" for value, comment, _ in values)
        inner, comment, line = number(("position", row, "t", "x"))
        parts.append(
            f"{head}r = [{split}\n]\n{line}t = {{ x = {inner}, y = [1, 2] }}{comment}\n"
            f"{draw(LINES)}"
        )
    return "".join(parts), places


def at(tables, place):
    for step in place:
        tables = tables[step]
    return tables


@settings(max_examples=60, deadline=None, derandomize=True)
@given(book=books(), data=st.data(), ends=st.sampled_from(["\n", "\r\n"]))
def test_one_number_changes_and_not_a_byte_else(book, data, ends):
    text, places = book
    text = text.replace("\n", ends)
    place = data.draw(st.sampled_from(places))
    after = tomllib.loads(text)
    at(after, place[:-1])[place[-1]] = 123.25
    found = made(after, text)
    [(here, there)] = different(text, found)
    assert there == "123.25"
    assert tomllib.loads(f"x = {here}")["x"] == at(tomllib.loads(text), place)


def different(one, two):
    """Return the words in which two texts differ, which may only be one for one."""
    words = [text.replace(",", " , ").split(" ") for text in (one, two)]
    words = [[w for each in group for w in each.split("\n")] for group in words]
    assert len(words[0]) == len(words[1])
    return [(a.strip(), b.strip()) for a, b in zip(*words, strict=True) if a != b]
