"""Records go into plain JSON and come back equal to the bit, and nothing else does."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import hedgecore as hc
from hedgecore.decisions.fixed_exposure import FixedContract, FixedExposure
from hedgecore.decisions.memory import Memory
from hedgecore.decisions.rules import Rules
from hedgecore.errors import JournalError
from hedgecore.hedging.held import HeldContracts
from hedgecore.interfaces.account import (
    Account,
    AccountEvent,
    AccountMargin,
    ContractPosition,
    ContractTerms,
    Debt,
    EventKind,
    Identity,
    TopOfBook,
)
from hedgecore.interfaces.orders import Absent, Filled, Intent, Outcome, Receipt, Unknown
from hedgecore.live.records import from_plain, to_plain
from hedgecore.numerics.arrays import Array

ACCOUNT = Account(
    time=1.7e9,
    balances={"USDC": Decimal("1000.10"), "ETH": Decimal("1E-18")},
    positions={"ETH-PERP": ContractPosition(contracts=Decimal(-3), entry_price=Decimal("0.1"))},
    debts={"USDT": Debt(scaled=Decimal(5), index=Decimal("1.000000000000000001"))},
    margin=AccountMargin(asset="USDC", equity=Decimal(9), maintenance=Decimal(1)),
    open_orders=("a-1",),
    events=(AccountEvent(id="7", kind=EventKind.FUNDING, time=0.1),),
    cursor="7",
)
INTENT = Intent(
    client_id="run-1", symbol="ETH-PERP", contracts=Decimal("-0.30"),
    limit_price=Decimal(2990), reduce_only=True, expires=1.7e9 + 1 / 3,
)  # fmt: skip
RECORDS = [
    ACCOUNT,
    INTENT,
    Receipt(intent=INTENT, proof={"nonce": "12"}),
    Identity(account="0xab", network="mainnet", permissions=("trade",)),
    ContractTerms(
        symbol="P", lot=Decimal("0.001"), tick=Decimal(0), min_order=Decimal(1), fee=None,
        settlement="USDC",
    ),
    TopOfBook(bid=Decimal(1), ask=Decimal(2), mark=Decimal(1), index=Decimal(1), time=3.0),
    Rules(cooldown=1 / 3),
]  # fmt: skip


def there_and_back(value, cls=None):
    """What comes back from a file, of the class of the value unless another is named."""
    text = json.dumps(to_plain(value), allow_nan=False)
    return from_plain(json.loads(text), type(value) if cls is None else cls)


def same(one, other):
    """Whether two records have equal fields, arrays to the bit."""
    assert type(one) is type(other)
    for each in attrs.fields(type(one)):
        mine, its = getattr(one, each.name), getattr(other, each.name)
        if isinstance(mine, np.ndarray):
            assert (mine.dtype, mine.shape, mine.tobytes()) == (its.dtype, its.shape, its.tobytes())
        else:
            assert mine == its, each.name


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_equal(record):
    assert there_and_back(record) == record


@given(arrays(np.float64, array_shapes(min_dims=0, min_side=0), elements=st.floats(width=64)))
def test_an_array_comes_back_to_the_bit_with_its_shape(array):
    back = there_and_back(array, Array)
    assert back.shape == array.shape
    np.testing.assert_array_equal(back, array)
    known = ~np.isnan(array)
    assert (np.signbit(back) == np.signbit(array))[known].all()


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.bool_, np.float32])
def test_an_array_comes_back_in_the_type_that_the_record_names(dtype):
    back = there_and_back(np.array([0, 1], dtype=dtype), np.typing.NDArray[dtype])
    assert (back.dtype, back.tolist()) == (dtype, [0, 1])


@given(st.decimals(), st.floats(), st.datetimes(timezones=st.just(UTC)), st.text(), st.integers())
def test_numbers_moments_and_texts_come_back(decimal, number, moment, text, whole):
    for value in (moment, text, whole):
        assert there_and_back(value) == value
    assert str(there_and_back(decimal)) == str(decimal)
    assert repr(there_and_back(number)) == repr(number)


@pytest.mark.parametrize(
    "outcome", [Filled(contracts=Decimal("0.10")), Absent("expired"), Unknown("no answer")]
)
def test_one_of_several_records_is_told_by_its_type(outcome):
    assert there_and_back(outcome, Outcome) == outcome


def test_an_enum_and_a_set_come_back():
    assert there_and_back(EventKind.FILL) is EventKind.FILL
    assert there_and_back(frozenset({"b", "a"}), frozenset[str]) == {"a", "b"}
    assert there_and_back(datetime(2026, 1, 2, tzinfo=UTC)) == datetime(2026, 1, 2, tzinfo=UTC)


def test_a_memory_before_and_after_a_trade_comes_back_to_the_bit():
    empty = Memory(origin=2026.1, worth=np.array(1 / 3))
    same(there_and_back(empty), empty)
    after = empty.after(np.array(0.1), np.array([np.pi, 3e3]), np.array([True]))
    same(there_and_back(after), after)


def test_what_may_be_anything_priced_is_told_by_its_type_or_kind(market):
    pytest.importorskip("hedgecore_uniswap_v2", reason="a pool by its kind")
    pool = {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 3e4]}
    book = hc.Portfolio([("pool", hc.build(pool), 0.1), ("cash", hc.Balance("USDC"), 2.0)])
    assert list(there_and_back(book).parts) == list(book.parts)
    tradable = hc.Tradable("ETH-SPOT", hc.Balance("WETH"), hedges="WETH", fee=0.001)
    contract = FixedContract(tradable, hc.Exposure.of(market, 1.0, {"WETH": 1.0}))
    back = there_and_back(HeldContracts(2.0, contract))
    assert to_plain(back.contract.instrument) == to_plain(tradable)
    same(back.contract.here, contract.here)
    again = there_and_back(market)
    assert again == market
    same(there_and_back(FixedExposure(contract.here)).here, contract.here)


@pytest.mark.parametrize(
    "value", [hc.Secret("key"), print, {1: "a"}, b"bytes", np.array([1j]), object()]
)
def test_what_has_no_plain_form_is_refused(value):
    with pytest.raises(JournalError) as caught:
        to_plain({"field": value})
    assert "key" not in str(caught.value).replace("keys of a table", "")


@pytest.mark.parametrize(
    ("plain", "cls", "says"),
    [
        ({"type": "Intent"}, Absent, "is a 'Intent', not a Absent"),
        ({"type": "Absent", "proof": 1}, Absent, "Absent.proof: must be of str, not 1"),
        ({"type": "Absent", "prof": "x"}, Absent, "a Absent has no prof"),
        ({"type": "Absent"}, Absent, "missing 1 required"),
        ({"type": "Popen"}, hc.Priced, "is a 'Popen'"),
        ("Absent", Absent, "must be a table"),
        (True, float, "must be of float, not True"),
        (0.1, Decimal, "must be of str, not 0.1"),
        ("cash", Decimal, "no decimal"),
        ("gift", EventKind, "gift"),
        ([1, 2], tuple[int], "2"),
        (None, Array, "must be numbers, not None"),
        ([0.1, None], Array, "must be numbers"),
        ([[1.0], [1.0, 2.0]], Array, "is no array"),
        ({"proof": "x"}, Absent, "neither a type nor a kind"),
    ],
)
def test_text_of_another_form_is_refused_by_its_place(plain, cls, says):
    with pytest.raises(JournalError, match=says):
        from_plain(plain, cls)
