"""Loans of LLAMMA by the answers of a real contract, and what it said they were worth."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import recorded
from chain.contracts import OWNER
from chain.direct import opened
from chain.fake import FakeNode
from chain.loans import AMM, CONTROLLER, DEBT, MINE, after, cases, contracts
from chain.recorded import said
from chain.stubs import call_data
from hedgecore_evm_readers import CurveStableswap

import hedgecore as hc
from hedgecore import ReaderError, Secret, readers
from hedgecore.testing.recorded import ABSENT

pytestmark = pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)


def reading_of(there, reader=MINE):
    with opened(FakeNode(there)) as chain:
        (found,) = chain.read([reader])
    return found


def raw_of(case, reading):
    """What bands hold of the borrowed token, and of the pledged one, raw."""
    units = [10 ** case["decimals"][name] for name in ("borrowed", "collateral")]
    _, *sides = zip(*reading.position["bands"], strict=True)
    return [
        [round(Fraction(each) * unit) for each in side]
        for side, unit in zip(sides, units, strict=True)
    ]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_a_loan_holds_what_the_contract_says(case):
    """All of it to the raw unit, or to a double's last digit."""
    reading, state = reading_of(contracts(case)), case["state"]
    user, raw = state["users"][0], raw_of(case, reading_of(contracts(case)))
    expected = [recorded.ints(each) for each in user["get_xy"]]
    rows = zip(raw, expected, strict=True)
    assert all(
        abs(m - t) * 2**52 <= t for mine, theirs in rows for m, t in zip(mine, theirs, strict=True)
    )
    assert [n for n, *_ in reading.position["bands"]] == list(range(user["n1"], user["n2"] + 1))
    model = hc.build(reading.position)
    assert model.debt == DEBT
    assert model.oracle_price == float(Fraction(int(state["p_oracle"]), 10**18))
    assert model.base_price == float(Fraction(int(state["base_price"]), 10**18))


def identity(its):
    """A case by its name, an exchange by its number."""
    return its["id"] if isinstance(its, dict) else f"{its}"


BUMPED = [(case, i) for case in cases() for i in range(len(case["bumps"]))]


@pytest.mark.parametrize(("case", "i"), BUMPED, ids=identity)
def test_after_an_exchange_across_bands_it_holds_what_the_contract_says(case, i):
    """Each exchange was carried out by the contract, which then said what the loan holds in all."""
    bump = case["bumps"][i]
    raw = raw_of(case, reading_of(contracts(after(case, bump))))
    for mine, theirs in zip(raw, recorded.ints(bump["get_sum_xy"][0]), strict=True):
        assert abs(theirs - sum(mine)) <= len(mine) + (theirs >> 51)
    assert raw != raw_of(case, reading_of(contracts(case)))


@pytest.mark.parametrize(("case", "i"), BUMPED[::3], ids=identity)
def test_a_third_of_a_loan_is_a_third_of_each_band(case, i):
    """What is left when two thirds of the shares were taken out, as the contract takes them."""
    bump, third = case["bumps"][i], Fraction(1, 3)
    for before, left in zip(
        *(
            raw_of(case, reading_of(contracts(after(case, bump, part))))
            for part in (Fraction(1), third)
        ),
        strict=True,
    ):
        rows = zip(before, left, strict=True)
        assert all(abs(all_ * third - its) <= 2 + (all_ >> 51) for all_, its in rows)


def test_a_market_is_named_by_its_controller_or_its_amm_and_is_no_stableswap_pool():
    there = contracts(cases()[0])
    for named in (CONTROLLER, AMM):
        with FakeNode(there).running() as node:
            ask = readers.ReadRequest(owner=OWNER, pools=[named])
            draft = readers.read_book(
                Secret(node.url), ask, readers.BookOptions(numeraire="crvUSD")
            )
        (row,) = draft.tables["position"]
        assert (row["kind"], row["debt"]) == ("llamma", DEBT)
        assert draft.tables["prices"]["WETH"] == int(cases()[0]["state"]["p_oracle"]) / 1e18
        hc.Book.from_tables(draft.tables).hedge()
    with opened(FakeNode(there)) as chain:
        talk = CurveStableswap.recognise(chain, AMM)
        assert chain.converse([("asked", talk)]) == [False]


def test_without_a_loan_nothing_is_held():
    there = contracts(cases()[0])
    there[AMM.lower()] |= {
        call_data("get_sum_xy(address)", OWNER): said("uint256[2]", [0, 0]),
        call_data("get_xy(address)", OWNER): said("uint256[][2]", [[], []]),
    }
    assert not reading_of(there).held


@pytest.mark.parametrize("ticks", [[1, 3], [1, 5]])
def test_bands_that_do_not_add_up_are_refused(ticks):
    there = contracts(cases()[0])
    there[AMM.lower()][call_data("read_user_tick_numbers(address)", OWNER)] = said(
        "int256[2]", ticks
    )
    with pytest.raises(ReaderError, match="it is no LLAMMA") as raised:
        reading_of(there)
    assert CONTROLLER in str(raised.value)


@pytest.mark.parametrize("missing", ["A()", "get_base_price()", "price_oracle()"])
def test_an_answer_that_is_missing_is_an_error(missing):
    there = contracts(cases()[0])
    del there[AMM.lower()][call_data(missing)]
    with pytest.raises(ReaderError, match=AMM):
        reading_of(there)
