"""Published numbers derived without the product: by mpmath, QuantLib, fractions and integrals.

Each function is named after its row of docs/literature.toml, and answers with the numbers that the
row prints, by the same labels. Nothing here imports hedgecore.
"""

from fractions import Fraction
from math import sqrt

import numpy as np
import QuantLib as Ql
from mpmath import MPContext

from hedged_options import std_of_cost

MP = MPContext()
MP.dps = 24
mpf = MP.mpf
FULL, INNER = 7, 4
"""Degrees of a rule, and of one within another over a short range, where 1/r² is smooth."""


def lognormal(of, price, vol, years, *edges):
    """E[of(S)], S a martingale from `price`, by an integral over the normal density."""
    deviation = vol * MP.sqrt(mpf(years))
    inside = [(MP.log(mpf(edge) / price) + deviation**2 / 2) / deviation for edge in edges]
    places = [mpf(-12), *inside, mpf(12)]

    def weighed(z):
        return of(price * MP.exp(deviation * z - deviation**2 / 2)) * MP.npdf(z)

    return MP.quad(weighed, places)


def held(liquidity, lower, upper, price, degree=FULL):
    """Base and quote of a range, by integrals of its liquidity over the square root of price."""
    root = min(max(MP.sqrt(mpf(price)), MP.sqrt(mpf(lower))), MP.sqrt(mpf(upper)))
    base = MP.quad(lambda r: liquidity / r**2, [root, MP.sqrt(mpf(upper))], maxdegree=degree)
    quote = liquidity * (root - MP.sqrt(mpf(lower)))
    return base, quote


def worth(liquidity, lower, upper, price, degree=FULL):
    base, quote = held(liquidity, lower, upper, price, degree)
    return base * price + quote


def least_worth(depth, price):
    """Base that makes price·x + depth²/x least, and that worth."""
    base = MP.findroot(lambda x: price - mpf(depth) ** 2 / x**2, depth / MP.sqrt(mpf(price)))
    return base, price * base + mpf(depth) ** 2 / base


def hull_greek_system():
    gamma, vega = Fraction(5000), Fraction(8000)
    one, two, three, four = (Fraction(x) for x in ("0.5", "0.8", "2.0", "1.2"))
    det = one * four - two * three
    first, second = (gamma * four - two * vega) / det, (one * vega - gamma * three) / det
    stock = -(Fraction("0.6") * first + Fraction("0.5") * second)
    return {"option 1": first, "option 2": second, "underlying": stock}


def hull_19_2():
    def black(price, years):
        growth, deviation = np.exp(0.05 * years), 0.2 * sqrt(years)
        payoff = Ql.PlainVanillaPayoff(Ql.Option.Call, 50.0)
        return Ql.BlackCalculator(payoff, price * growth, deviation, 1 / growth)

    first, later = black(49.0, 0.3846), black(52.13, 0.3846 * 6 / 20)
    return {
        "price": 1e5 * first.value(), "first delta": first.delta(49.0),
        "delta at 52.13": later.delta(52.13),
    }  # fmt: skip


def hull_19_4():
    counts = {"5": 4, "4": 5, "2": 10, "1": 20, "½": 40, "¼": 80}
    price = 2.40046
    return {
        weeks: std_of_cost(49.0, 50.0, 0.3846, 0.2, n, rate=0.05, drift=0.13) / price
        for weeks, n in counts.items()
    }


def derman_kamal():
    return {f"n = {n}": std_of_cost(100.0, 100.0, 1 / 12, 0.2, n) for n in (21, 84)}


def milionis_lvr():
    return {"loss, bp": 1e4 * (lognormal(MP.sqrt, mpf(1), mpf("0.05"), 1) - 1)}


def nezlobin_tassy():
    constant = MP.sqrt(2 * MP.pi) / abs(MP.zeta(mpf(1) / 2))
    return {str(fee): 1 / (2 + constant * 2 * fee) for fee in (1, 2, 5, 10)}


def whalley_wilmott():
    """Rates per σ²S²: a/2 · E[y²], y even over ±h, and λ S Γ² / (2h), what a reflection trades."""
    cost, price, gamma, aversion = mpf("0.001"), mpf(100), mpf("0.05"), mpf(1)

    def rate(h):
        spread = MP.quad(lambda y: y**2 / (2 * h), [-h, h])
        return aversion / 2 * spread + cost * price * gamma**2 / (2 * h)

    return {"half-width": MP.findroot(lambda h: MP.diff(rate, h), mpf("0.07"))}


def leland():
    vol, step, cost = mpf("0.2"), mpf(1) / 52, mpf("0.01")
    moved = MP.quad(lambda z: abs(z) * MP.npdf(z), [-12, 0, 12])
    number = cost * moved / (vol * MP.sqrt(step))
    return {"number": number, "σ̂": vol * MP.sqrt(1 + number)}


def fukasawa_maire_wunsch():
    expected = lognormal(lambda s: 200 - least_worth(100, s)[1], mpf(1), MP.log(mpf("1.25")), 1)
    up, down = (least_worth(100, mpf(s))[1] for s in ("1.25", "0.8"))
    return {"V up": up, "V down": down, "expected loss": expected}


def deng_zong_wang():
    def loss(lower, upper):
        def of(price):
            return worth(1, lower, upper, price, INNER)

        expected = lognormal(of, mpf(10), mpf("0.7"), mpf(30) / 365, lower, upper)
        return expected - of(mpf(10))

    return {"[11, 12]": loss(11, 12), "[8, 9]": loss(8, 9)}


def lipton_lucic_sepp():
    def part(vol):
        def of(price):
            return worth(1, 2000, 2400, price, INNER)

        expected = lognormal(of, mpf(2200), mpf(vol), mpf(10) / 365, 2000, 2400)
        return 1e6 * (expected / of(mpf(2200)) - 1)

    return {vol: part(f"0{vol}") for vol in (".4", ".6", ".8")}


def khakhar_chen_v2():
    depth, price = MP.sqrt(mpf("143.78") * mpf("232015.77")), mpf("1613.68")
    base, total = least_worth(depth, price)
    gamma = MP.diff(lambda p: least_worth(depth, p)[0], price)
    return {"L": depth, "Δ": base, "Γ": gamma, "V": total}


def khakhar_chen_v3():
    lower, upper = (mpf(1.0001) ** tick * 100 for tick in (51960, 59940))  # of the double
    depth = mpf("19.94") / held(1, lower, upper, 23776)[0]
    price = mpf(20000)
    base = held(depth, lower, upper, price)[0]
    gamma = MP.diff(lambda p: held(depth, lower, upper, p)[0], price)
    return {"L": depth, "V": worth(depth, lower, upper, price), "Δ": base, "Γ": gamma}


def stableswap(prices, amplification, invariant):
    """Balances at which the invariant's gradient is along `prices`, by Newton in many digits."""
    n = len(prices)
    ann, total = mpf(amplification) * n, mpf(invariant)

    def term(balances):
        return total ** (n + 1) / (mpf(n) ** n * MP.fprod(balances))

    def faults(*unknown):
        balances, scale = unknown[:-1], unknown[-1]
        pairs = zip(balances, prices, strict=True)
        slopes = [ann + term(balances) / x - scale * p for x, p in pairs]
        return [*slopes, ann * sum(balances) + total - ann * total - term(balances)]

    return list(MP.findroot(faults, [total / n] * n + [ann + 1]))[:-1]


def curve_two():
    def base(amplification, price):
        return stableswap([price, mpf(1)], amplification, 2)

    found = {}
    for amplification in (100, 2000):
        price = mpf("0.99")
        x, y = base(amplification, price)
        gamma = MP.diff(lambda p, a=amplification: base(a, p)[0], price)
        numbers = {"V": price * x + y, "x": x, "Γ": gamma}
        found |= {f"{name}, A {amplification}": each for name, each in numbers.items()}
    return found


def curve_three():
    prices = [mpf(1), mpf("0.99"), mpf("1.01")]
    balances = stableswap(prices, 100, 3)
    total = MP.fsum(p * x for p, x in zip(prices, balances, strict=True))
    return {"V": total, **dict(zip(("x₁", "x₂", "x₃"), balances, strict=True))}


def balancer_three():
    """ln V grows by Σ w d ln p: each asset held is its weight's part of the worth."""
    weights, moves = [mpf("0.5"), mpf("0.3"), mpf("0.2")], [mpf("1.5"), mpf(1), mpf("0.8")]

    def rate(t):
        return MP.fsum(w * (m - 1) / (1 + t * (m - 1)) for w, m in zip(weights, moves, strict=True))

    total = 40000 * MP.exp(MP.quad(rate, [0, 1]))
    hold = 40000 * MP.fsum(w * m for w, m in zip(weights, moves, strict=True))
    return {"V": total, "loss, %": 100 * (total / hold - 1)}


def deri_power_perp():
    mean, price = mpf(7) / 365, mpf(4000)
    mark = MP.quad(lambda t: MP.exp(t - t / mean) / mean, [0, 60 * mean])
    delta, gamma = (MP.diff(lambda p: 2 * MP.sqrt(4000 * p), price, n) for n in (1, 2))
    squares = -gamma / (2 * mark)
    return {"ETH": -delta - squares * 2 * price * mark, "ETH²": squares}


def aigner_dhaliwal():
    ranges = {
        "full": ("1e-40", "1e40"), "[0, 2]": ("1e-40", "2"), "[.25, 1.75]": (".25", "1.75"),
        "[.5, 1.5]": (".5", "1.5"), "[.75, 1.25]": (".75", "1.25"),
    }  # fmt: skip
    found = {}
    for name, (lower, upper) in ranges.items():
        base, quote = held(1, lower, upper, 1)
        for sign, price in (("−", mpf("0.8")), ("+", mpf("1.2"))):
            loss = worth(1, lower, upper, price) - base * price - quote
            found[f"{name} {sign}"] = 100 * loss / (base + quote)
    return found


def clark():
    zeroth, first, second = MP.taylor(MP.sqrt, 1, 2)
    return {
        "constant": zeroth - first + second, "1-perp": first - 2 * second, "2-perp": second,
    }  # fmt: skip


def deri_everlasting():
    mean, strike = mpf(7) / 365, mpf(50000)

    def call(price, years):
        deviation = MP.sqrt(years)
        up = MP.log(price / strike) / deviation + deviation / 2
        return price * MP.ncdf(up) - strike * MP.ncdf(up - deviation)

    def mark(price):
        places = [mean * mpf(k) for k in ("1e-9", "1e-4", "0.01", "0.1", "0.5", "2", "8", "70")]
        return MP.quad(lambda t: call(price, t) * MP.exp(-t / mean) / mean, places)

    marks = {"at 40 000": mark(mpf(40000)), "at 50 000": mark(strike)}
    return {"v": strike / marks["at 50 000"], **marks}


def funding():
    return {"cash": sum(Fraction(60000) * Fraction(1, 10000) for _ in range(3 * 7))}


def inverse_account():
    coins, entry, size = Fraction(5, 2), Fraction(60000), Fraction(10)
    contracts = -coins * entry / size
    spots = {"60": Fraction(60), "60 000": Fraction(60000), "6e7": Fraction(60_000_000)}
    return {
        name: spot * (coins + contracts * size * (1 / entry - 1 / spot)) / (coins * entry)
        for name, spot in spots.items()
    }


def bands_and_clocks():
    """2000 paths; V = √S holds 1/(2√S), and a band's half-width is (1.5 λ S Γ²/a)^⅓."""
    paths, steps, years, fee = 2000, 30 * 96, 30 / 365, 5e-4
    random, dt = np.random.default_rng(17), years / steps
    logs, price = np.zeros(paths), np.ones(paths)
    contracts = {name: np.full(paths, -0.5) for name in ("band", "clock")}
    cost, profit = ({name: np.zeros(paths) for name in contracts} for _ in range(2))
    for step in range(1, steps + 1):
        last = price
        logs = logs + 0.8 * sqrt(dt) * random.standard_normal(paths) - 0.32 * dt
        price = np.exp(logs)
        for name, own in contracts.items():
            profit[name] += own * (price - last)
        wanted, gamma = -0.5 / np.sqrt(price), 0.25 * price**-1.5
        width = np.cbrt(1.5 * fee * price * gamma**2 / 300)
        aims = {"band": np.clip(contracts["band"], wanted - width, wanted + width)}
        aims["clock"] = wanted if step % 32 == 0 else contracts["clock"]
        for name, aim in aims.items():
            cost[name] += fee * price * np.abs(aim - contracts[name])
            contracts[name] = aim
    return {
        f"{name} {word}": 1e4 * number
        for name in contracts
        for word, number in (
            ("cost", cost[name].mean()),
            ("std", (np.sqrt(price) - 1 + profit[name] - cost[name]).std(ddof=1)),
        )
    }
