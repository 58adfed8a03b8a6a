"""The recorded 60-digit cases, the contract's own states, and how both oracles hang together."""

import os
from fractions import Fraction

import numpy as np
import pytest
from attrs import evolve
from hedgecore_llamma import Llamma

from hedgecore import AssetError, Market, Portfolio
from hedgecore.testing import check_instrument

GOAL = 1e-13
CONTRACT = 1e-12
WAD = 10**18
DAYS = 365
DRAWS = int(os.environ.get("HEDGECORE_DRAWS", "40"))
EXAMPLE = Llamma(**Llamma.example)


def position(bands, **params):
    return Llamma(collateral="C", borrowed="B", bands=bands, **params)


def market(price, **more):
    return Market(prices={"C": price, "B": 1.0}, numeraire="B", **more)


def recorded_position(params, **more):
    numbers = {name: float(params[name]) for name in ("base_price", "oracle_price")}
    bands = [[n, float(x), float(y)] for n, x, y in params["bands"]]
    words = {name: params[name] for name in ("oracle", "amplification")}
    return position(bands, **numbers, **words, **more)


def test_recorded_curve(curve_case, oracle):
    want, price = curve_case["expected"], float(curve_case["price"])
    model = recorded_position(curve_case["params"], vol=1.0)
    exposure = model.exposure(market(price))
    got = {"value": exposure.value, "delta": exposure.delta[0], "quote_amount": exposure.delta[1]}
    got["gamma"] = exposure.gamma[0, 0]
    errors = {name: oracle.error(number, want[name]) for name, number in got.items()}
    assert max(errors.values()) <= GOAL, errors
    assert oracle.error(model.worth(market(price)), want["value"]) <= GOAL
    if "gamma_left" in want:  # at an edge: a double below it is the other limit
        left = model.exposure(market(np.nextafter(price, 0))).gamma[0, 0]
        assert oracle.error(left, want["gamma_left"]) <= 1e-10


def test_recorded_losses(curve_case, oracle):
    """Per unit of σ² dt: what the oracle's steps take, and what is lost net of convexity."""
    want, there = curve_case["expected"], market(float(curve_case["price"]))
    model = recorded_position(curve_case["params"], vol=1.0)
    loss = want.get("loss_coefficient_limit", want["loss_coefficient"])
    net = want.get("net_coefficient_limit", want["net_coefficient"])
    assert oracle.error(-DAYS * model.carry(there), loss) <= GOAL
    assert oracle.error(DAYS * model.net_loss(there), net) <= GOAL


def drawn(rng):
    """Draw a position of any A, settled or not, and prices in and round its bands."""
    a, first = int(rng.choice([2, 3, 10, 100, 1000, 100_000])), int(rng.integers(-50, 50))
    bands = [
        [n, rng.choice([0.0, rng.uniform(1, 9)]), rng.uniform(0, 9)]
        for n in range(first, first + 4)
        if n == first or rng.random() < 0.8  # some with gaps
    ]
    base = float(10 ** rng.uniform(-6, 6))
    at = base * (1 - 1 / a) ** (first + rng.uniform(-2, 6, 5))
    at[1:3] = base * ((a - 1) / a) ** (first + rng.integers(0, 5, 2))  # a double or two from edges
    kind = str(rng.choice(["frozen", "tracking"]))
    model = position(
        bands, amplification=a, base_price=base, oracle_price=float(at[0]), oracle=kind
    )
    return model, at[1:] if kind == "tracking" else at[0] ** 3 / at[1:] ** 2


def test_random_positions_agree_with_the_judge(oracle):
    rng = np.random.default_rng(4)
    for _ in range(DRAWS):
        model, prices = drawn(rng)
        exposure = model.exposure(market(prices))
        for at, price in enumerate(prices):
            due = oracle.at(model, float(price))
            got = *exposure.delta[at], exposure.gamma[at, 0, 0]
            assert max(map(oracle.error, got, due)) <= GOAL / 50


def whole(raw):
    return float(Fraction(int(raw), WAD))


def contract_position(case, oracle="frozen"):
    state = case["state"]
    return position(
        [[n, whole(x), whole(y)] for n, x, y in state["bands"]],
        amplification=case["A"],
        base_price=whole(state["base_price"]),
        oracle_price=whole(state["p_oracle"]),
        oracle=oracle,
    )


def holdings(bands):
    """Return x and y over all bands, in whole units."""
    return [sum(int(row[at]) for row in bands) / WAD for at in (1, 2)]


def assert_holds(model, price, bands, goal):
    """What is held at a price is what the contract's bands hold, as parts of their worth."""
    y, x = model.exposure(market(price)).delta
    borrowed, collateral = holdings(bands)
    worth = borrowed + price * collateral
    assert abs(x - borrowed) <= goal * worth
    assert price * abs(y - collateral) <= goal * worth


def test_the_contracts_own_band_follows_the_frozen_curve(contract_cases):
    """Exchanges without a fee, in the band that the oracle is in: the contract's are ours."""
    free = [case for case in contract_cases if int(case["fee_e18"]) <= WAD // 10**12]
    pairs = [(case, bump) for case in free for bump in case["bumps"]]
    own = [(case, bump) for case, bump in pairs if bump["only_the_band_the_oracle_is_in"]]
    assert len(own) >= 10
    for case, bump in own:
        assert_holds(contract_position(case), whole(bump["get_p"]), bump["bands"], CONTRACT)


@pytest.mark.parametrize("kind", ["frozen", "tracking"])
def test_a_settled_contract_holds_what_either_oracle_says(contract_cases, kind):
    """Where its own price is the oracle's, nothing is traded, and both are at their own state."""
    states = [(case, case["state"]) for case in contract_cases]
    settled = [
        (case, state)
        for case, state in states
        if abs(int(state["get_p"]) - int(state["p_oracle"])) <= int(state["p_oracle"]) // 10**14
    ]
    assert settled
    for case, state in settled:
        price = whole(state["p_oracle"])
        assert_holds(contract_position(case, kind), price, state["bands"], 1e-11)


def test_the_edges_of_the_grid_are_the_contracts(grid_case):
    ladder = contract_position(grid_case, "tracking").ladder
    state = grid_case["state"]
    user = state["users"][0]
    first = [row[0] for row in state["bands"]].index(user["n1"])
    count = len(state["p_oracle_up"]) - 1
    tops = ladder.top.high[::-1][first : first + count]
    lows = ladder.low.high[::-1][first : first + count]
    wanted = np.array([whole(raw) for raw in state["p_oracle_up"]])
    assert tops == pytest.approx(wanted[:-1], rel=1e-15)
    assert lows == pytest.approx(wanted[1:], rel=1e-15)


def test_gamma_has_the_sign_of_the_oracle():
    """Tracking is convex in a band, frozen concave; outside of all bands both are straight."""
    frozen = evolve(EXAMPLE, oracle="frozen")
    base, a = EXAMPLE.base_price, EXAMPLE.amplification
    prices = base * (1 - 1 / a) ** np.array([9.5, 10.5, 12.5, 14.5])
    there = Market(prices={"wstETH": prices, "crvUSD": 1.0}, numeraire="crvUSD")
    signs = np.sign(EXAMPLE.exposure(there).gamma[:, 0, 0])
    assert signs.tolist() == [0, 1, 1, 0]
    own = frozen.oracle_price**3 / prices**2  # where a frozen oracle has the same bands
    near = Market(prices={"wstETH": own, "crvUSD": 1.0}, numeraire="crvUSD")
    assert np.sign(frozen.exposure(near).gamma[:, 0, 0]).tolist() == [0, -1, -1, 0]


def test_a_frozen_oracle_costs_nothing_to_carry_and_loses_what_a_range_does():
    frozen = evolve(EXAMPLE, oracle="frozen")
    there = Market(prices={"wstETH": 3_560.0, "crvUSD": 1.0})
    exposure = frozen.exposure(there)
    assert frozen.carry(there) == 0.0
    variance = {("wstETH", "wstETH"): 0.36 / 365, ("wstETH", "crvUSD"): 0, ("crvUSD", "crvUSD"): 0}
    assert frozen.net_loss(there) == pytest.approx(exposure.lvr_rate(variance), rel=1e-14)


def test_its_carry_is_more_than_its_convexity_gains():
    """Γ dP²/2 of gain, (3/2 − m) Γ dP² of cost: (1 − m) Γ dP² of loss."""
    there = Market(prices={"wstETH": 3_560.0, "crvUSD": 1.0})
    gamma = EXAMPLE.exposure(there).gamma[0, 0]
    gained = 0.5 * gamma * (0.6 * 3_560.0) ** 2 / DAYS
    assert -EXAMPLE.carry(there) - gained == pytest.approx(EXAMPLE.net_loss(there), rel=1e-14)
    assert 1.9 * gained < EXAMPLE.net_loss(there) < 2 * gained


def test_debt_is_short_of_the_borrowed_asset():
    there = market(2.0)
    bands = {"amplification": 10, "base_price": 2.0, "oracle_price": 2.0}
    free, owing = position([[0, 1.0, 3.0]], **bands), position([[0, 1.0, 3.0]], debt=5.0, **bands)
    assert (free.exposure(there).delta - owing.exposure(there).delta).tolist() == [0.0, 5.0]
    assert free.worth(there) - owing.worth(there) == pytest.approx(5.0, rel=1e-15)
    assert evolve(owing, share=0.5).worth(there) == pytest.approx(0.5 * owing.worth(there))


def test_bands_with_gaps_and_in_any_order_are_the_sum_of_each():
    params = {"amplification": 30, "base_price": 10.0, "oracle_price": 9.1}
    bands = [[9, 0.0, 2.0], [0, 4.0, 0.0], [3, 1.0, 0.5], [-2, 3.0, 0.0]]
    prices = np.geomspace(5, 15, 400)
    for kind in ("frozen", "tracking"):
        together = position(bands, oracle=kind, **params).exposure(market(prices))
        each = [(str(row), position([row], oracle=kind, **params), 1.0) for row in bands]
        apart = Portfolio(each).exposure(market(prices)).over(("C", "B"))
        for name in ("value", "delta", "gamma"):
            mine, theirs = getattr(together, name), getattr(apart, name)
            assert mine == pytest.approx(theirs, rel=1e-13, abs=1e-13 * np.abs(theirs).max())


def test_the_markets_own_quotient_counts_beside_an_edge(oracle):
    """A hundred ulps from the lower edge, the collateral left is that many ulps of the price."""
    model = position([[0, 0.0, 1.0]], amplification=100, base_price=1.0, oracle_price=0.99)
    edge = oracle.exact(99) / 100
    for quote in (3.0, 7.0, 0.3):
        price = float(edge * quote * (1 + oracle.exact(2) ** -45))
        delta = model.exposure(Market(prices={"C": price, "B": quote})).delta[0]
        p, a = oracle.exact(price) / oracle.exact(quote), 100
        whole = 1 - a * (1 - p) ** 2
        above = oracle.exact(settled_above(oracle, a))
        due = above * a * (p - edge) / whole ** oracle.exact(1.5)
        assert oracle.error(delta, due) <= 1e-14


def settled_above(oracle, a):
    """Return y↑ of one unit in band 0 at the double nearest to its lower edge, base price 1."""
    p = oracle.exact(0.99)
    y0 = p  # b/(p A) with b = p² A y
    fall = 1 - p
    low = oracle.exact(a - 1) / a
    if p <= low:
        return y0 * p**2 / low / oracle.mp.sqrt(low)
    return y0 * (1 - a * fall**2) ** oracle.exact(1.5) / p


def test_a_volatility_is_the_markets_or_its_own_or_refused():
    there = Market(prices={"wstETH": 3_560.0, "crvUSD": 1.0}, vols={"wstETH": 0.3})
    silent = evolve(EXAMPLE, vol=None)
    assert silent.carry(there) == pytest.approx(EXAMPLE.carry(there) / 4, rel=1e-15)
    with pytest.raises(AssetError, match="no volatility of 'wstETH' for 'wstETH loan'"):
        silent.carry(Market(prices={"wstETH": 3_560.0, "crvUSD": 1.0}))


@pytest.mark.parametrize("kind", ["frozen", "tracking"])
def test_all_laws(kind):
    check_instrument(evolve(EXAMPLE, oracle=kind))
    check_instrument(evolve(EXAMPLE, oracle=kind, debt=0.0, share=0.1, amplification=4))
