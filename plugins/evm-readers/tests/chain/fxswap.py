"""FXSwap: a CryptoSwap pool's answers, with the invariant of StableSwap on its price scale."""

from __future__ import annotations

from decimal import Decimal, localcontext

from chain import recorded
from chain.recorded import POOL, Recorded, said
from chain.stubs import call_data

MATH = "0x" + "4d" * 20
FAR = (3 * 10**24, 10**24)


def stableswap_d(scaled, amp):
    """D of A n Σx + D = A n D + Dⁿ⁺¹/(nⁿ Πx), to 50 digits, by halving; Curve's A is amp/10000."""
    with localcontext(prec=50):
        x, y = map(Decimal, scaled)
        ann = 2 * Decimal(amp) / 10_000

        def over(d):
            return ann * (x + y) + d < ann * d + d**3 / (4 * x * y)

        low, high = 2 * (x * y).sqrt(), x + y
        for _ in range(160):
            middle = (low + high) / 2
            low, high = (low, middle) if over(middle) else (middle, high)
        return int(low)


def fx_swap(case: dict, amp: int = 1_500_000) -> Recorded:
    """A case whose pool has StableSwap's invariant, as its contract of mathematics tells."""
    state = case["state"]
    scale, precisions = (10**18, int(state["price_scale"][0])), recorded.ints(state["precisions"])
    rows = zip(recorded.ints(state["balances"]), precisions, scale, strict=True)
    d = stableswap_d([raw * unit * s // 10**18 for raw, unit, s in rows], amp)
    return answering(case, amp, d, stableswap_d(FAR, amp))


def answering(case: dict, amp: int, d: int, far: int) -> Recorded:
    """A case whose pool has this A and D, and its mathematics that D of what is far apart."""
    its, gamma = recorded.curve_crypto(case), int(case["state"]["gamma"])
    newton = call_data("newton_D(uint256,uint256,uint256[2],uint256)", amp, gamma, FAR, 0)
    its.contracts[MATH] = {newton: said("uint256", far)}
    its.contracts[POOL] |= {
        call_data("A()"): said("uint256", amp),
        call_data("D()"): said("uint256", d),
        call_data("MATH()"): said("address", MATH),
    }
    return its
