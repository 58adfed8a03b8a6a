"""Curve's CryptoSwap pools by their recorded answers, and FXSwap's branch by its own equation."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import recorded
from chain.contracts import OWNER
from chain.fake import FakeNode
from chain.fxswap import MATH, fx_swap
from chain.judge import assert_paid, held_now
from chain.recorded import POOL, said
from chain.stubs import call_data
from hedgecore_evm_readers import CurveCryptoswap, CurveStableswap, read

import hedgecore as hc
from hedgecore import ReaderError, Secret, readers
from hedgecore.testing.recorded import ABSENT

pytestmark = pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)
CASES = recorded.cases("curve_cryptoswap")
MINE = CurveCryptoswap(pool=POOL, owner=OWNER)


def reading_of(its, reader=MINE, **options):
    with FakeNode(its.contracts, **options).running() as node:
        (found,) = read(node.url, reader)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_what_is_read_of_a_cryptoswap_pool_is_what_it_paid(case):
    """The contracts pay for one unit of the LP token less."""
    its = recorded.curve_crypto(case)
    reading = reading_of(its)
    model, state = hc.build(reading.position), case["state"]
    assert_paid(
        held_now(model, reading.position["coins"]), its.paid, its.decimals, [1] * len(its.paid)
    )
    assert reading.position["share"] == float(Fraction(its.shares, its.supply))
    assert reading.position["amplification"] == int(state["A"])
    assert reading.position["gamma"] == int(state["gamma"]) / 1e18
    assert model.fee == float(Fraction(int(state["fee_e10"]), 10**10))
    assert model.invariant == pytest.approx(int(state["D"]) / 1e18, rel=1e-12)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_cryptoswap_pool_is_told_from_a_stableswap_pool_by_its_contract(case):
    with FakeNode(recorded.curve_crypto(case).contracts).running() as node:
        ask = readers.ReadRequest(owner=OWNER, pools=[POOL], without=["evm-wallet"])
        draft = readers.read_book(Secret(node.url), ask)
    (source,) = draft.tables["source"]["read"].values()
    assert source["kind"] == "evm-curve-cryptoswap"


@pytest.mark.parametrize("case", [CASES[0], CASES[3]], ids=lambda case: case["id"])
def test_an_fxswap_pool_is_read_by_stableswaps_invariant_on_the_price_scale(case):
    its = fx_swap(case)
    reading = reading_of(its)
    scale = float(Fraction(int(case["state"]["price_scale"][0]), 10**18))
    assert reading.position["kind"] == "curve-stableswap"
    assert reading.position["rates"] == [1.0, scale]
    assert reading.position["amplification"] == 150.0
    model = hc.build(reading.position)
    assert_paid(held_now(model, reading.position["assets"]), its.paid, its.decimals, [1, 1])


def spoil(name, answer):
    return lambda its: its.contracts[POOL].update({call_data(name): said("uint256", answer)})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (spoil("D()", 4 * 10**24 + 10**16), "its D is"),
        (spoil("gamma()", 10**14), "its D is"),
        (spoil("A()", 500_000), "its D is"),
        (spoil("price_scale()", 2001 * 10**18), "its D is"),
        (spoil("gamma()", 0), "A or gamma is 0"),
        (spoil("D()", 0), "is empty"),
        (
            lambda its: its.contracts[POOL].pop(call_data("price_scale()")),
            "2 balances and 0 prices",
        ),
        (lambda its: its.contracts[POOL].pop(call_data("balances(uint256)", 1)), "1 balances"),
        (lambda its: its.contracts[POOL].pop(call_data("A()")), "A() of"),
    ],
    ids=["D", "gamma", "A", "scale", "no gamma", "empty", "no scale", "balance", "no A"],
)
def test_a_pool_that_does_not_prove_is_refused(change, why):
    its = recorded.curve_crypto(CASES[1])
    change(its)
    with pytest.raises(ReaderError) as raised:
        reading_of(its)
    assert why in str(raised.value)
    assert POOL in str(raised.value).lower()


def test_an_fxswap_pool_is_not_taken_for_cryptoswap_nor_the_other_way():
    """Near balance their D is the same: the mathematics of the pool is asked far from it."""
    fx = fx_swap(CASES[0])
    newton = next(iter(fx.contracts[MATH]))
    fx.contracts[MATH][newton] = said("uint256", 39 * 10**23)
    assert reading_of(fx).position["kind"] == "curve-cryptoswap"
    its = fx_swap(CASES[1])
    its.contracts[MATH].clear()
    with pytest.raises(ReaderError, match="its D is"):
        reading_of(its)


def test_in_a_ramp_d_is_of_other_parameters_and_that_is_said():
    its = recorded.curve_crypto(CASES[1])
    spoil("A()", 500_000)(its)
    spoil("future_A_gamma_time()", 2 * 10**9)(its)
    reading = reading_of(its)
    assert reading.position["amplification"] == 500_000
    assert "on the way to others" in reading.notes[0]


@pytest.mark.parametrize("case", [CASES[0], CASES[5]], ids=lambda case: case["id"])
def test_a_cryptoswap_pool_is_no_stableswap_pool_to_its_reader(case):
    its = recorded.curve_crypto(case)
    with pytest.raises(ReaderError, match="get_virtual_price"):
        reading_of(its, CurveStableswap(pool=POOL, owner=OWNER))


def test_without_multicall_it_reads_the_same():
    its = recorded.curve_crypto(CASES[5])
    assert reading_of(its, multicall=False) == reading_of(its)
