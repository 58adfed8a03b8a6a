"""Curve's pools through deposits, swaps, re-pegs and exits, by `curvesim`'s pools.

They are ports of the contracts, integer by integer, by others than us; each state of theirs is
encoded as the contracts say it, and read. FXSwap's is of its StableSwap on the price scale.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from chain import recorded
from chain.contracts import OWNER
from chain.direct import opened
from chain.encoded import JUDGES
from chain.fake import FakeNode
from chain.fxswap import FAR, answering
from chain.judge import assert_paid, held_now
from chain.recorded import LP_TOKEN, POOL, said
from chain.stubs import call_data
from hedgecore_evm_readers import CurveCryptoswap, CurveStableswap

import hedgecore as hc

ONE, PART = 10**18, 7
"""A seventh of all shares is the owner's."""
MINE = CurveCryptoswap(pool=POOL, owner=OWNER)
TERMS = {
    "mid_fee": 26 * 10**6,
    "out_fee": 45 * 10**6,
    "allowed_extra_profit": 2 * 10**12,
    "fee_gamma": 23 * 10**13,
    "adjustment_step": 146 * 10**12,
    "ma_half_time": 600,
}
POOLS = {
    "two": {
        "A": 400_000,
        "gamma": 145 * 10**12,
        "n": 2,
        "precisions": [10**12, 1],
        "price_scale": [2000 * ONE],
        "balances": [4 * 10**12, 2000 * ONE],
        **TERMS,
    },
    "three": {
        "A": 1_707_629,
        "gamma": 11_809_167_828_997,
        "n": 3,
        "precisions": [10**12, 10**10, 1],
        "price_scale": [60_000 * ONE, 2000 * ONE],
        "balances": [6 * 10**12, 100 * 10**8, 3000 * ONE],
        **TERMS,
    },
}
LAYOUTS = [("two", "twocrypto-ng"), ("two", "CurveCryptoSwap2 (2021)"), ("three", "tricrypto-ng")]


def steps(balances):
    """Deposits of both kinds, swaps to and fro, one far, and an exit in part."""
    last = len(balances) - 1
    return [
        ["add_liquidity", [each // 10 for each in balances]],
        ["exchange", 0, last, balances[0] // 12],
        ["exchange", last, 0, balances[last] // 9],
        ["add_liquidity", [balances[0] // 20, *(each // 90 for each in balances[1:])]],
        ["exchange", 0, 1, balances[0] // 3],
        *(["exchange", 0, 1, balances[0] // 50] for _ in range(6)),
        ["remove_liquidity", ONE * 100],
        ["exchange", 1, 0, balances[1] // 4],
    ]


def judge(script, **question):
    pypi = pytest.importorskip("pypi", reason="tests/pypi.py is in the repository")
    return pypi.ask(JUDGES / "curvesim", script, [question])[0]


@cache
def states(name):
    fields = POOLS[name]
    return judge("cryptoswap.py", fields=fields, steps=steps(fields["balances"]))


def encoded(its, name, version):
    """A case of such a state, whose owner has a part of all shares."""
    units = POOLS[name]["precisions"]
    return {
        "tokens": [
            {"symbol": f"T{i}", "decimals": 19 - len(str(unit))} for i, unit in enumerate(units)
        ],
        "pool": {"version": version},
        "position": {"lp_tokens": its["tokens"] // PART},
        "withdrawable": its["exit"]["paid"],
        "state": {**its, "fee_e10": its["fee"], "total_supply": its["tokens"]},
    }


def reading_of(case, reader=MINE):
    with opened(FakeNode(case.contracts)) as chain:
        (reading,) = chain.read([reader])
    return reading


def holdings_of(reading):
    """What is held of each coin, in the order of the contract."""
    names = reading.position.get("coins") or reading.position["assets"]
    return held_now(hc.build(reading.position), names)


def prices_of(reading):
    """Prices of all assets but the last in the last."""
    return np.atleast_1d(hc.build(reading.position).spot())


@pytest.mark.parametrize(("name", "version"), LAYOUTS)
def test_a_share_is_what_the_package_pays_in_each_state(name, version):
    """The contracts pay for one unit of the LP token less."""
    seen = set()
    for its in states(name):
        case = recorded.curve_crypto(encoded(its, name, version))
        reading = reading_of(case)
        lost = [Fraction(each, its["tokens"]) for each in its["balances"]]
        assert_paid(holdings_of(reading), case.paid, case.decimals, lost)
        assert prices_of(reading) == pytest.approx(its["prices"], rel=1e-10)
        seen.add((*its["gave"], tuple(its["price_scale"])))
    assert {action for action, *_ in seen} >= {"add_liquidity", "exchange", "remove_liquidity"}
    assert len({scale for *_, scale in seen}) > 3  # re-pegged in between


def test_an_exit_that_claims_for_the_protocol_first_pays_its_part_of_more_shares():
    """What tricrypto-ng's exit does unless it is told not to: under 0.02 % here."""
    least = 1.0
    for its in states("three"):
        case = recorded.curve_crypto(encoded(its, "three", "tricrypto-ng"))
        kept = Fraction(its["tokens"], its["exit_that_claims"]["supply"])
        reading = reading_of(case)
        assert "claim_admin_fees" in "".join(reading.notes)
        held = [Fraction(each) * kept for each in holdings_of(reading)]
        lost = [Fraction(each, its["tokens"]) for each in its["balances"]]
        assert_paid(held, its["exit_that_claims"]["paid"], case.decimals, lost)
        least = min(least, kept)
    assert 1 - Fraction(2, 10_000) < least < 1


def stable_steps(balances, *rates):
    """Deposits, swaps to and fro, exits, and new rates in between."""
    last = len(balances) - 1
    return [
        ["add_liquidity", [balances[0] // 10, *(each // 30 for each in balances[1:])]],
        ["exchange", 0, last, balances[0] // 3],
        *(["rates", each] for each in rates),
        ["exchange", last, 0, balances[last] // 2],
        ["remove_liquidity", 10**20],
        ["exchange", 0, 1, balances[0] // 50],
    ]


def test_a_share_of_an_fxswap_pool_is_what_the_package_pays_before_and_after_a_re_peg():
    fields = {"A": 150, "D": [10**13, 8 * 10**12 * 10**12], "n": 2, "fee": 10**6, "admin_fee": 0}
    fields["rates"] = [10**30, 12 * 10**17]
    more = {"steps": stable_steps(fields["D"], [10**30, 118 * 10**16 + 7]), "far": FAR}
    for its in judge("stableswap.py", fields=fields, **more):
        more = {"gamma": 10**14, "price_scale": its["rates"][1:], "exit": {"paid": its["paid"]}}
        case = encoded({**its, **more}, "two", "twocrypto-ng")
        case = answering(case, its["A"] * 10_000, its["D"], its["far"])
        reading = reading_of(case)
        assert reading.position["kind"] == "curve-stableswap"
        lost = [Fraction(each, its["tokens"]) for each in its["balances"]]
        assert_paid(holdings_of(reading), case.paid, case.decimals, lost)
        at_scale = [each / (its["rates"][1] / ONE) for each in its["prices"]]
        assert prices_of(reading) == pytest.approx(at_scale, rel=1e-10)


@pytest.mark.parametrize(
    ("version", "lp_token"), [("3pool", LP_TOKEN), ("base", None), ("StableSwap NG", None)]
)
def test_a_share_of_a_stableswap_pool_is_what_the_package_pays(version, lp_token):
    rates = [10**18, 10**30, 10**30]
    fields = {"A": 200, "D": [10**24, 10**12, 9 * 10**11], "n": 3, "fee": 4 * 10**6, "rates": rates}
    for its in judge(
        "stableswap.py", fields=fields, steps=stable_steps(fields["D"]), far=[1, 1, 1]
    ):
        state = {**its, "fee_e10": its["fee"], "total_supply": its["tokens"]}
        more = {"A_precise": 100 * its["A"]} if version != "3pool" else {}
        case = {
            "tokens": [{"symbol": f"T{i}", "decimals": d} for i, d in enumerate((18, 6, 6))],
            "pool": {"version": version},
            "position": {"lp_tokens": its["tokens"] // PART},
            "withdrawable": its["paid"],
            "state": {**state, **more},
        }
        case = recorded.curve(case)
        mine = CurveStableswap(pool=POOL, owner=OWNER, token=lp_token)
        reading = reading_of(case, mine)
        assert_paid(holdings_of(reading), case.paid, case.decimals, [0] * 3)
        assert prices_of(reading) == pytest.approx(its["prices"], rel=1e-10)


BASE, REGISTRY = (f"0x{n:040x}" for n in (0xBA5E, 0x4E61))
NOW = 1_770_000_000
THREE = {"A": 2000, "n": 3, "rates": [10**18, 10**30, 10**30]}


@cache
def metapool():
    """States of a metapool, whose base pool earns fees between them."""
    base = {**THREE, "D": [10**25, 10**13, 9 * 10**12], "tokens": 27 * 10**24, "fee": 4 * 10**6}
    meta = {"A": 250, "D": [9 * 10**11, 8 * 10**23], "n": 2, "rate_multiplier": 10**30}
    steps = [
        ["add_liquidity", [9 * 10**10, 10**22]],
        ["exchange", 0, 1, 3 * 10**11],
        ["exchange_underlying", 1, 2, 4 * 10**24],  # of the base pool alone
        ["exchange_underlying", 3, 0, 10**11],
        ["remove_liquidity_one_coin", 10**23, 0],
        ["exchange_underlying", 0, 1, 5 * 10**10],
    ]
    return judge("stableswap.py", fields=meta, base=base, steps=steps, far=[1, 1])


def kept(worth, *, ago):
    """What the first metapools keep of their base pool, and since when."""
    return {
        call_data("base_virtual_price()"): said("uint256", worth),
        call_data("base_cache_updated()"): said("uint256", NOW - ago),
    }


def naming(way, its, pool, coin):
    """Answers by which a pool's rate is found in some way, and what its LP token is then."""
    worth = its["rates"][1]
    base = {call_data("get_virtual_price()"): said("uint256", worth)}
    names = {call_data("base_pool()"): said("address", BASE)}
    minter = {call_data("minter()"): said("address", BASE)}
    asked = call_data("get_pool_from_lp_token(address)", coin)
    another = {call_data("get_virtual_price()"): said("uint256", worth + worth // 100)}
    return {
        "the pool says it": {pool: names, BASE: base},
        "its worth is kept": {pool: names | kept(worth, ago=600), BASE: another},
        "what was kept is old": {pool: names | kept(worth - worth // 50, ago=601), BASE: base},
        "the last coin says it": {coin: minter, BASE: base},
        "the last coin says it, its worth kept": {
            pool: kept(worth, ago=0), coin: minter, BASE: another
        },
        "the registry says it": {REGISTRY: {asked: said("address", BASE)}, BASE: base},
        "the last coin is the base pool": {coin: base},
    }[way]  # fmt: skip


@pytest.mark.parametrize(
    "way",
    [
        "the pool says it",
        "its worth is kept",
        "what was kept is old",
        "the last coin says it",
        "the last coin says it, its worth kept",
        "the registry says it",
        "the last coin is the base pool",
    ],
)
def test_a_share_of_a_metapool_is_what_the_package_pays(way):
    """Factory pools, which are most of them, do not name their base pool: their last coin does."""
    worths = set()
    for its in metapool():
        case = recorded.curve(meta_case(its))
        for address, answers in naming(way, its, POOL, case.tokens[1]).items():
            case.contracts[address] = case.contracts.get(address, {}) | answers
        node = FakeNode(case.contracts, timestamp=NOW)
        with opened(node, **{"curve-registry": REGISTRY}) as chain:
            (reading,) = chain.read([CurveStableswap(pool=POOL, owner=OWNER, token=LP_TOKEN)])
        assert_paid(holdings_of(reading), case.paid, case.decimals, [0] * 2)
        assert prices_of(reading) == pytest.approx(
            [each / (its["rates"][1] / ONE) for each in its["prices"]], rel=1e-10
        )
        worths.add(its["rates"][1])
    assert len(worths) > 3


def meta_case(its):
    return {
        "tokens": [{"symbol": "T0", "decimals": 6}, {"symbol": "3LP", "decimals": 18}],
        "pool": {"version": "factory"},
        "position": {"lp_tokens": its["tokens"] // PART},
        "withdrawable": its["paid"],
        "state": {
            **its,
            "fee_e10": its["fee"],
            "total_supply": its["tokens"],
            "A_precise": 100 * its["A"],
        },
    }


def test_a_metapool_whose_base_pool_nothing_names_is_refused():
    case = recorded.curve(meta_case(metapool()[-1]))
    with pytest.raises(hc.ReaderError, match="it is another kind of pool"):
        reading_of(case, CurveStableswap(pool=POOL, owner=OWNER, token=LP_TOKEN))
