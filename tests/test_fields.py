"""Fields: bounded, typed, and their own documentation; what is wrong is said by kind and field."""

import math
from decimal import Decimal
from fractions import Fraction

import attrs
import numpy as np
import pytest

import hedgecore as hc
from hedgecore import fields


def only_field(made, given, **more):
    """Return the value of a class's one field, `made`, built with `given`."""
    thing = attrs.make_class(
        "Thing", {"assets": attrs.field(default=("A", "B")), "x": made}, frozen=True, kw_only=True
    )
    thing.kind = "thing"
    return thing(x=given, **more).x


@pytest.mark.parametrize("given", [3, 3.0, np.float64(3), np.int64(3), np.float32(3), Fraction(3)])
def test_a_number_is_a_float(given):
    value = only_field(fields.number("about", "unit"), given)
    assert type(value) is float
    assert value == 3.0


@pytest.mark.parametrize(
    "bad",
    ["3", "x", None, True, [3.0], 1j, Decimal(3), object(), b"3", {}],
    ids=lambda bad: f"{bad!r:.9}",
)
def test_what_is_no_number_is_refused_with_its_place(bad):
    with pytest.raises(hc.SpecError, match=r"^thing\.x: must be a number, not") as caught:
        only_field(fields.number("about", "unit"), bad)
    assert (caught.value.kind, caught.value.field) == ("thing", "x")


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        (fields.POSITIVE, [1e-300, 1, 1e300], [0, -1, math.inf, math.nan, 10**400]),
        (fields.NONNEGATIVE, [0, 1], [-1e-300, math.inf, math.nan]),
        (fields.FINITE, [-1, 0, 1], [math.inf, -math.inf, math.nan, 10**400]),
        (fields.FRACTION, [0, 0.003, 0.999], [1, 1.5, -0.1, math.nan]),
    ],
    ids=["positive", "nonnegative", "finite", "fraction"],
)
def test_a_rule_bounds_a_number_and_says_so(rule, good, bad):
    for given in good:
        assert only_field(fields.number("about", "unit", rule), given) == given
    for given in bad:
        with pytest.raises(hc.SpecError, match=f"must be {rule.says}"):
            only_field(fields.number("about", "unit", rule), given)


def test_none_is_legal_where_optional_only():
    assert only_field(fields.number("about", "unit", optional=True), None) is None
    assert only_field(fields.name("about", optional=True), None) is None
    assert only_field(fields.integer("about", "unit", 0, 9, optional=True), None) is None
    for made in (fields.name("about"), fields.integer("about", "unit", 0, 9)):
        with pytest.raises(hc.SpecError):
            only_field(made, None)


def test_exact_numbers_stay_integers_of_any_length():
    big = 2**200 + 1
    exact = fields.number("about", "unit", exact=True)
    assert only_field(exact, big) == big
    assert only_field(fields.number("about", "unit", exact=True), str(big)) == big
    assert only_field(fields.number("about", "unit", exact=True), 1.5) == 1.5
    with pytest.raises(hc.SpecError, match="whole number"):
        only_field(fields.number("about", "unit", exact=True), 2**256)


def test_numbers_are_one_for_each_asset():
    assert only_field(fields.numbers("about", "unit"), [1, 2.5]) == (1.0, 2.5)
    for bad in ([1.0], [1.0, 2.0, 3.0], []):
        with pytest.raises(hc.SpecError, match=r"thing\.x: has \d entries for the 2 assets"):
            only_field(fields.numbers("about", "unit"), bad)
    for bad in ("12", 1.0, None, [1.0, "2"], [1.0, -2.0], [1.0, [2.0]]):
        with pytest.raises(hc.SpecError, match=r"^thing\.x: "):
            only_field(fields.numbers("about", "unit"), bad)


@pytest.mark.parametrize("given", [5, "5", np.int32(5)])
def test_an_integer_is_an_int_or_its_digits(given):
    value = only_field(fields.integer("about", "unit", -9, 9), given)
    assert type(value) is int
    assert value == 5


@pytest.mark.parametrize(
    "bad",
    [5.0, "5.0", "five", True, 10, -10, "10", "9" * 79, "", "٥", None, [5], 10**400],
    ids=lambda bad: f"{bad!r:.9}",
)
def test_an_integer_out_of_bounds_or_no_integer_is_refused(bad):
    with pytest.raises(hc.SpecError, match=r"thing\.x: must be a whole number from -9 to 9"):
        only_field(fields.integer("about", "unit", -9, 9), bad)


def test_an_integer_may_have_a_default():
    made = fields.integer("about", "unit", 0, 9, default=7)
    thing = attrs.make_class("Thing", {"x": made}, frozen=True, kw_only=True)
    assert thing().x == 7


def test_integers_are_one_for_each_asset():
    assert only_field(fields.integers("about", "unit", 0, 36), ["6", 18]) == (6, 18)
    with pytest.raises(hc.SpecError, match="has 1 entries"):
        only_field(fields.integers("about", "unit", 0, 36), [6])
    with pytest.raises(hc.SpecError, match="from 0 to 36"):
        only_field(fields.integers("about", "unit", 0, 36), [6, 37])


@pytest.mark.parametrize(
    "bad", [["A"], list("ABC"), "AB", None, ["A", 1], ["A", ""], ["A", None], 5, {}], ids=str
)
def test_names_are_as_many_as_wanted(bad):
    with pytest.raises(hc.SpecError, match=r"thing\.x: "):
        only_field(fields.names("about", most=2), bad)
    assert only_field(fields.names("about", most=2), ["A", "B"]) == ("A", "B")


def test_there_are_two_to_eight_assets_unless_said():
    assert len(only_field(fields.names("about"), list("ABCDEFGH"))) == 8
    with pytest.raises(hc.SpecError, match="needs 2 to 8 names"):
        only_field(fields.names("about"), list("ABCDEFGHI"))


@pytest.mark.parametrize("bad", ["", 3, None, ["A"], True], ids=repr)
def test_a_name_is_text(bad):
    assert only_field(fields.name("about"), "A") == "A"
    with pytest.raises(hc.SpecError, match=r"thing\.x: must be a name"):
        only_field(fields.name("about"), bad)


@pytest.mark.parametrize(
    "bad",
    [
        "http://example.com", "https://user:key@example.com", "https://example.com/path",
        "https://example.com?key=1", "https://example.com#a", "http://127.0.0.1", "example.com", "",
        3,
    ],
    ids=repr,
)  # fmt: skip
def test_an_address_is_https_without_a_path_or_a_port_of_this_machine(bad):
    for good in ("https://example.com", "https://example.com:8443", "http://127.0.0.1:80", None):
        assert only_field(fields.url("about"), good) == good
    with pytest.raises(hc.SpecError, match=r"thing\.x: must be https://host with no path"):
        only_field(fields.url("about"), bad)


def test_the_fee_is_a_fraction_or_unknown():
    assert only_field(fields.fee(), 0.003) == 0.003
    assert only_field(fields.fee(), None) is None
    assert only_field(fields.fee(), 0.3) == 0.3, "pools on the chain can have it"
    with pytest.raises(
        hc.SpecError, match=r"less than 1, not 30\.0 \(a fraction: 0\.003 is 0\.3 %\)"
    ):
        only_field(fields.fee(), 30)


def test_the_share_is_all_of_the_pool_unless_given():
    @attrs.frozen(kw_only=True)
    class Pool:
        kind = "pool"
        share: float = fields.share()

    assert Pool().share == 1.0
    assert Pool(share=0.25).share == 0.25
    with pytest.raises(hc.SpecError, match=r"pool\.share"):
        Pool(share=0.0)
    with pytest.raises(hc.SpecError, match=r"at most 1 \(5 % is 0\.05\), not 5\.0"):
        Pool(share=5)


def ladder(**more):
    columns = (
        fields.whole_column("id", "steps", -9, 9),
        fields.column("depth", "raw", fields.NONNEGATIVE, exact=True),
        fields.column("price", "quote per base"),
    )
    return fields.rows("the ladder", *columns, **more)


def test_rows_are_tuples_of_what_their_columns_take():
    big = 2**100 + 1
    given = [[-3, big, 1], ("4", str(big), np.float64(2.5)), np.array([5, 0.5, 7], dtype=object)]
    rows = only_field(ladder(), given)
    assert rows == ((-3, big, 1.0), (4, big, 2.5), (5, 0.5, 7.0))
    assert [type(each) for each in rows[1]] == [int, int, float]
    assert only_field(ladder(), (tuple(row) for row in rows)) == rows


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([10, 1, 1.0], r"\.id: must be a whole number from -9 to 9, not 10"),
        ([1.0, 1, 1.0], r"\.id: must be a whole number from -9 to 9, not 1\.0"),
        ([1, -1, 1.0], r"\.depth: must be a whole number from 0 to \d+, not -1"),
        ([1, 2**256, 1.0], r"\.depth: must be a whole number from 0 to"),
        ([1, "1.5", 1.0], r"\.depth: must be a number, not '1\.5'"),
        ([1, 1, 0.0], r"\.price: must be positive and finite, not 0\.0"),
        ([1, 1, math.nan], r"\.price: must be positive and finite, not nan"),
        ([1, 1, None], r"\.price: must be a number, not None"),
        ([1, 1, True], r"\.price: must be a number, not True"),
        ([1, 1], r": must be a row \[id, depth, price\], not \(1, 1\)"),
        ([1, 1, 1.0, 1], r": must be a row \[id, depth, price\], not \(1, 1, 1\.0, 1\)"),
        ({"id": 1, "depth": 1, "price": 1.0}, r": must be a row .*, not \{'id': 1"),
        ("111", r": must be a row \[id, depth, price\], not '111'"),
        (7, r": must be a row \[id, depth, price\], not 7"),
    ],
    ids=repr,
)
def test_what_is_wrong_with_a_row_is_said_by_row_and_column(row, message):
    with pytest.raises(hc.SpecError, match=r"^thing\.x\[1\]" + message) as caught:
        only_field(ladder(), [[1, 1, 1.0], row])
    assert caught.value.kind == "thing"
    assert caught.value.field.startswith("x[1]")


@pytest.mark.parametrize("bad", ["111", 1.0, None, {}, []], ids=repr)
def test_a_table_is_a_list_of_one_row_or_more(bad):
    with pytest.raises(hc.SpecError, match=r"^thing\.x: (must be a list|needs 1 to 100000 rows)"):
        only_field(ladder(), bad)


def test_a_table_has_no_more_rows_than_said_however_many_are_offered():
    row = [1, 1, 1.0]
    assert len(only_field(ladder(most=3), [row] * 3)) == 3
    with pytest.raises(hc.SpecError, match=r"needs 1 to 3 rows \[id, depth, price\], not more"):
        only_field(ladder(most=3), (row for _ in iter(int, 1)))


def test_an_exact_number_obeys_its_rule_too():
    with pytest.raises(hc.SpecError, match="must be positive and finite, not 0"):
        only_field(fields.number("about", "unit", exact=True), 0)


def test_a_long_table_is_counted_where_it_would_be_shown():
    @attrs.frozen(kw_only=True)
    class Thing:
        kind = "thing"
        x: tuple = ladder()

    assert repr(Thing(x=[[1, 2, 3.0]])).endswith("Thing(x=((1, 2, 3.0),))")
    assert repr(Thing(x=[[1, 2, 3.0]] * 5000)).endswith("Thing(x=<5000 rows>)")


def test_a_table_says_its_columns_units_and_rules():
    (its,) = attrs.fields(attrs.make_class("Thing", {"x": ladder(most=7)}))
    assert its.metadata["unit"] == "id in steps, depth in raw, price in quote per base"
    assert its.metadata["rule"] == (
        "1 to 7 rows [id, depth, price]; id a whole number from -9 to 9; "
        "depth 0 or more, and finite; price positive and finite"
    )


MADE = {
    "rows": ladder(),
    "number": fields.number("about it", "units"),
    "numbers": fields.numbers("about it", "units"),
    "integer": fields.integer("about it", "units", 0, 9),
    "integers": fields.integers("about it", "units", 0, 9),
    "names": fields.names("about it"),
    "name": fields.name("about it"),
    "fee": fields.fee(),
    "share": fields.share(),
}


def test_each_field_carries_its_meaning_and_unit():
    thing = attrs.make_class("Thing", MADE, kw_only=True)
    for each in attrs.fields(thing):
        assert each.metadata["about"], each.name
        assert each.metadata["unit"], each.name


def test_long_nonsense_is_quoted_in_short():
    with pytest.raises(hc.SpecError) as caught:
        only_field(fields.number("about", "unit"), "9" * 10**6)
    assert len(str(caught.value)) < 300


def test_a_validator_of_ones_own_is_called_too():
    def even(_model, its, value):
        if value % 2:
            raise hc.SpecError("must be even", field=its.name)

    assert only_field(fields.number("about", "unit", validator=even), 2) == 2
    with pytest.raises(hc.SpecError, match="must be even"):
        only_field(fields.number("about", "unit", validator=even), 3)
