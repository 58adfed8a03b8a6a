"""Reading: hostile files and tables give a SpecError that names the place, never anything else."""

import json

import pytest

import hedgecore as hc
from hedgecore.tables.files import MAX_BYTES, MAX_DEPTH, check_bounds, read_tables


@pytest.fixture
def read(tmp_path):
    """Write text or bytes to a file, and read its tables."""

    def write_and_read(content, name="book.json"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_tables(path)

    return write_and_read


def test_toml_and_json_give_the_same_tables(read):
    tables = {"a": 1, "b": {"c": [1.5, "x"]}}
    assert read(json.dumps(tables)) == tables
    assert read('a = 1\n[b]\nc = [1.5, "x"]\n', "book.toml") == tables
    assert read(json.dumps(tables), "BOOK.JSON") == tables


def test_a_byte_order_mark_is_no_error(read):
    assert read(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}
    assert read(b"\xef\xbb\xbfa = 1", "book.toml") == {"a": 1}


def test_an_integer_of_the_chain_stays_exact(read):
    assert read(f'{{"liquidity": {2**256 - 1}}}')["liquidity"] == 2**256 - 1
    assert read(f"liquidity = {2**256 - 1}", "book.toml")["liquidity"] == 2**256 - 1


HOSTILE = {
    "NaN": '{"prices": {"WETH": NaN}}',
    "Infinity": '{"prices": {"WETH": Infinity}}',
    "-Infinity": '{"prices": {"WETH": -Infinity}}',
    "1e999": '{"prices": {"WETH": 1e999}}',
    "huge integer": '{"prices": {"WETH": %s}}' % ("9" * 200),
    "very huge integer": '{"prices": {"WETH": %s}}' % ("9" * 100_000),
    "in a list": '{"prices": {"WETH": [1, {"x": NaN}]}}',
}
HOSTILE_TOML = {
    "nan": "[prices]\nWETH = nan",
    "inf": "[prices]\nWETH = inf",
    "-inf": "[prices]\nWETH = -inf",
    "1e999": "[prices]\nWETH = 1e999",
    "huge integer": "[prices]\nWETH = " + "9" * 200,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_number_out_of_bounds_in_json_is_named_by_its_place(read, content):
    with pytest.raises(hc.SpecError, match=r"prices\.WETH") as caught:
        read(content)
    assert "book.json" in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("content", HOSTILE_TOML.values(), ids=HOSTILE_TOML)
def test_a_number_out_of_bounds_in_toml_is_named_by_its_place(read, content):
    with pytest.raises(hc.SpecError, match=r"prices\.WETH") as caught:
        read(content, "book.toml")
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("[" * 100_000, "book.json"),
        ('{"a":' * 100_000, "book.json"),
        ('{"a":' * 100 + "1" + "}" * 100, "book.json"),
        ('{"a":' + "[" * 900 + "]" * 900 + "}", "book.json"),
        ("a = " + "[" * 100_000, "book.toml"),
        ("a = " + "{a = " * 100_000, "book.toml"),
        ("a = " + "[" * 100 + "]" * 100, "book.toml"),
        ("[" + ".".join("a" * 100) + "]", "book.toml"),
        (".".join("a" * 5000) + " = 1", "book.toml"),
        ("x = " + "9" * 100_000, "book.toml"),
    ],
)
def test_deep_nesting_and_endless_digits_are_refused(read, content, name):
    with pytest.raises(hc.SpecError, match=name) as caught:
        read(content, name)
    assert len(str(caught.value)) < 500


def test_nesting_within_bounds_is_read(read):
    levels = MAX_DEPTH - 1
    assert "a" in read('{"a":' + "[" * levels + "]" * levels + "}")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ('{"prices": {"WETH": 1, "WETH": 2}}', "book.json"),
        ('{"a": [{"WETH": 1, "x": 2, "WETH": 1}]}', "book.json"),
        ("[prices]\nWETH = 1\nWETH = 2", "book.toml"),
        ("[[position]]\n[position]\nWETH = 1", "book.toml"),
    ],
)
def test_a_key_that_stands_twice_is_refused(read, content, name):
    with pytest.raises(hc.SpecError, match=name):
        read(content, name)


def test_the_twice_given_key_is_named(read):
    with pytest.raises(hc.SpecError, match="'WETH' stands twice"):
        read('{"prices": {"WETH": 1, "WETH": 2}}')


@pytest.mark.parametrize("content", ["", "{", "[1, 2", '{"a": }', "nul", '{"a": 01}', "{'a': 1}"])
def test_broken_json_is_refused_with_the_line(read, content):
    with pytest.raises(hc.SpecError, match=r"book\.json: .*line 1"):
        read(content)


@pytest.mark.parametrize("content", ["a", "a = ", "= 1", "[a", "a = 1 b = 2", 'a = "\\q"'])
def test_broken_toml_is_refused_with_the_line(read, content):
    with pytest.raises(hc.SpecError, match=r"book\.toml: "):
        read(content, "book.toml")


@pytest.mark.parametrize("content", ["[]", "3", '"x"', "null", "true"])
def test_a_file_holds_tables_at_its_top(read, content):
    with pytest.raises(hc.SpecError, match="must hold tables"):
        read(content)


def test_a_file_that_is_no_utf8_is_refused_with_the_byte(read):
    with pytest.raises(hc.SpecError, match=r"book\.json: byte 6 is not UTF-8"):
        read(b'{"a": \xff}')


def test_a_file_over_16_mib_is_refused_unread(tmp_path):
    path = tmp_path / "book.json"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(hc.SpecError, match=f"has {MAX_BYTES + 1} bytes"):
        read_tables(path)


@pytest.mark.parametrize("name", ["book.yaml", "book", ".toml", ""])
def test_a_file_of_another_suffix_is_refused(tmp_path, name):
    with pytest.raises(hc.SpecError, match=r"ends in \.toml or \.json"):
        read_tables(tmp_path / name)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(hc.SpecError, match=r"book\.toml cannot be read: No such file"):
        read_tables(tmp_path / "book.toml")


def test_what_is_no_plain_file_is_refused_and_not_waited_for(tmp_path):
    import os  # noqa: PLC0415

    (tmp_path / "folder.toml").mkdir()
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "endless.json").symlink_to("/dev/zero")
    for name in ("folder.toml", "pipe.toml", "endless.json"):
        with pytest.raises(hc.SpecError, match=name):
            read_tables(tmp_path / name)


def test_a_path_that_cannot_be_is_refused():
    with pytest.raises(hc.SpecError):
        read_tables("a\0.toml")


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 2**256 + 1, -(2**256) - 1])
def test_tables_made_in_python_are_bounded_alike(bad):
    with pytest.raises(hc.SpecError, match=r"a\.b\[1\]") as caught:
        check_bounds({"a": {"b": [0, bad]}})
    assert caught.value.field == "a.b[1]"
    check_bounds({"a": {"b": [0, 2**256, True, None, "x", (1.0,)]}})


def test_a_table_that_holds_itself_is_refused():
    table = {}
    table["again"] = [table]
    with pytest.raises(hc.SpecError, match="nested deeper"):
        check_bounds(table)


def test_a_key_that_stands_twice_at_the_very_end_is_named_by_its_line(tmp_path):
    file = tmp_path / "book.toml"
    file.write_text("[prices]\nWETH = 1.0\nWETH = 2.0", encoding="utf-8")
    with pytest.raises(hc.SpecError, match=r"book\.toml: .*line 3"):
        read_tables(file)
