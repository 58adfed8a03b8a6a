"""Loans of LLAMMA: markets that answer as a real contract did."""

from __future__ import annotations

import json
from fractions import Fraction

from eth_utils import to_checksum_address
from hedgecore_evm_readers import Llamma

from chain import recorded
from chain.contracts import OWNER
from chain.recorded import said, token
from chain.stubs import call_data

CONTROLLER, AMM, LENT, PLEDGED = (
    to_checksum_address(f"0x{n:040x}") for n in (0xCC01, 0xCC02, 0xCC03, 0xCC04)
)
MINE = Llamma(controller=CONTROLLER, owner=OWNER)
DEBT = 12_345
DEAD = 1000
"""Shares of each band that are nobody's."""


def cases():
    if recorded.CASES is None:
        return []
    found = json.loads((recorded.CASES / "curves/llamma_contract.json").read_text("utf-8"))
    return found["cases"]


def contracts(case):
    """The market of a case, whose first user is the owner."""
    state, digits = case["state"], case["decimals"]
    user = state["users"][0]
    held = [recorded.ints(each) for each in user["get_xy"]]
    debt = DEBT * 10 ** digits["borrowed"]
    return {
        CONTROLLER.lower(): {
            call_data("amm()"): said("address", AMM),
            call_data("debt(address)", OWNER): said("uint256", debt),
        },
        AMM.lower(): {
            call_data("admin()"): said("address", CONTROLLER),
            call_data("A()"): said("uint256", case["A"]),
            call_data("get_base_price()"): said("uint256", int(state["base_price"])),
            call_data("price_oracle()"): said("uint256", int(state["p_oracle"])),
            call_data("read_user_tick_numbers(address)", OWNER): said(
                "int256[2]", [user["n1"], user["n2"]]
            ),
            call_data("get_xy(address)", OWNER): said("uint256[][2]", held),
            call_data("get_sum_xy(address)", OWNER): said(
                "uint256[2]", recorded.ints(user["get_sum_xy"])
            ),
            **recorded.listed("coins", "address", [LENT, PLEDGED]),
        },
        LENT.lower(): token("crvUSD", digits["borrowed"], **{OWNER: 0}),
        PLEDGED.lower(): token("WETH", digits["collateral"], **{OWNER: 0}),
    }


def after(case: dict, bump: dict, part: Fraction = Fraction(1)) -> dict:
    """A case after an exchange that its contract carried out, and an exit to a part of the shares.

    The contract said then what all bands hold; of each the user has the shares that were recorded,
    of all and the thousand that nobody has.
    """
    state, digits = case["state"], case["decimals"]
    bands = {n: (int(x), int(y)) for n, x, y in bump["bands"]}
    user, *others = state["users"]
    kept = [int(int(each) * part) for each in user["shares"]]
    left = [int(each) - its for each, its in zip(user["shares"], kept, strict=True)]
    held = [[], []]
    for n, mine, gone in zip(range(user["n1"], user["n2"] + 1), kept, left, strict=True):
        whole = sum(
            int(each["shares"][n - each["n1"]]) for each in (user, *others) if _has(each, n)
        )
        for side, name, raw in zip(
            held, ("borrowed", "collateral"), bands.get(n, (0, 0)), strict=True
        ):
            lost = raw * gone // (whole + DEAD)
            share = (raw - lost) * mine // (whole - gone + DEAD)
            side.append(share // 10 ** (18 - digits[name]))
    sums = [sum(each) for each in held]
    users = [{**user, "get_xy": held, "get_sum_xy": sums}, *others]
    return {**case, "state": {**state, "users": users}}


def _has(user: dict, n: int) -> bool:
    return user["n1"] <= n <= user["n2"]
