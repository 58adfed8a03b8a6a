"""Worth of a position of each family at exact prices, in 60 digits, by what its contract keeps.

Each function takes the table of a position and the prices of its assets in one unit, and shares no
code and no algebra with the plugins: textbook formulas that cancel, or roots of the invariant.
"""

from mpmath import MPContext

MP = MPContext()
MP.dps = 60
HALF = MP.mpf(1) / 2
STEPS = 16
"""From the pool's own price to the market's, each step solved from the last."""


def exact(numbers):
    return [MP.mpf(each) for each in numbers]


def root_between(function, low, high):
    """Root between low and high, halved to 60 digits; the sign changes once."""
    rising = function(high) > 0
    for _ in range(210):
        middle = (low + high) / 2
        low, high = (low, middle) if (function(middle) > 0) == rising else (middle, high)
    return low


# ---- Pools of many coins ------------------------------------------------------------------------


def cryptoswap(table, prices):
    """Least p·x on K (Σx − 1) + Πx = n⁻ⁿ, in parts of D: where its normal is along them."""
    n = len(prices)
    first, *others = exact(table["balances"])
    scales = [*exact(table["price_scale"]), MP.mpf(1)]
    xp = [s * b for s, b in zip(scales, [*others, first], strict=True)]
    p = [price / scale for price, scale in zip(prices, scales, strict=True)]
    ann, g = MP.mpf(table["amplification"]) / 10_000, MP.mpf(table["gamma"])

    def kept(x):
        k0 = MP.mpf(n) ** n * MP.fprod(x)
        away, over = g + 1 - k0, sum(x) - 1
        k = ann / MP.mpf(n) ** n * k0 * g**2 / away**2
        slopes = [k * (g + 1 + k0) / away / each * over + k + MP.fprod(x) / each for each in x]
        return k * over + MP.fprod(x) - MP.mpf(n) ** -n, slopes

    geometric = n * MP.fprod(xp) ** (MP.mpf(1) / n)
    d = root_between(lambda d: kept([x / d for x in xp])[0], geometric, sum(xp))
    x = [each / d for each in xp]
    spot = [each / kept(x)[1][-1] for each in kept(x)[1]]
    for step in range(1, STEPS + 1):
        part = MP.mpf(step) / STEPS
        ratios = [a ** (1 - part) * (b / p[-1]) ** part for a, b in zip(spot, p, strict=True)]

        def conditions(*x, ratios=ratios):
            off, slopes = kept(x)
            return [off, *(ratios[i] - slopes[i] / slopes[-1] for i in range(n - 1))]

        x = list(MP.findroot(conditions, x, tol=MP.mpf(10) ** -60))
    return d * sum(price * share for price, share in zip(p, x, strict=True))


def outcomes(table, prices):
    """b Σ p ln(T/p)."""
    return MP.mpf(table["b"]) * sum(p * MP.log(sum(prices) / p) for p in prices)


def binary(table, prices):
    """b times the entropy of the price."""
    p = prices[0] / prices[1]
    return -MP.mpf(table["b"]) * prices[1] * (p * MP.log(p) + (1 - p) * MP.log(1 - p))


# ---- Pairs --------------------------------------------------------------------------------------


def solidly(table, prices):
    """x³y + y³x = k, where y(y² + 3x²)/(x(x² + 3y²)) is the price."""
    x, y = exact(table["reserves"])
    price = prices[0] / prices[1]
    q = root_between(lambda q: q * (q**2 + 3) - price * (1 + 3 * q**2), MP.mpf(0), 10 + 9 * price)
    base = ((x**3 * y + y**3 * x) / (q + q**3)) ** (HALF / 2)
    return base * (prices[0] + q * prices[1])


def one_range(liquidity, lower, upper, prices):
    """L (1/√s − 1/√b) and L (√s − √a), s the price clipped to the range."""
    low, high = MP.sqrt(lower), MP.sqrt(upper)
    root = min(max(MP.sqrt(prices[0] / prices[1]), low), high)
    return liquidity * (prices[0] * (1 / root - 1 / high) + prices[1] * (root - low))


def ranges(table, prices):
    return sum(one_range(*exact(row), prices) for row in table["ranges"])


def two_clp(table, prices):
    """A range of the L that solves (x + L/√β)(y + L√α) = L² at the balances."""
    low, high = MP.mpf(table["sqrt_alpha"]), MP.mpf(table["sqrt_beta"])
    x, y = exact(table["balances"])
    a, b = 1 - low / high, y / high + x * low
    size = (b + MP.sqrt(b**2 + 4 * a * x * y)) / (2 * a)
    return one_range(size, low**2, high**2, prices)


def e_clp(table, prices):
    """r [P N'(β) + N(α) − αN'(α) − N(P)], r the larger root of |A(t − rχ)| = r at the balances."""
    c, s, stretch = exact([table["c"], table["s"], table["stretch"]])
    c, s = c / MP.sqrt(c**2 + s**2), s / MP.sqrt(c**2 + s**2)
    alpha, beta, first, second = exact([table["alpha"], table["beta"], *table["rates"]])
    scaled = prices[0] / first / (prices[1] / second)

    def length(p):
        across, along = stretch * (c * p - s), s * p + c
        n = MP.sqrt(across**2 + along**2)
        return n, (stretch * c * across + s * along) / n

    def turned(v):
        return (c * v[0] - s * v[1]) / stretch, s * v[0] + c * v[1]

    n, slope = length(alpha)
    centre = length(beta)[1], n - alpha * slope
    held = [b * r for b, r in zip(exact(table["balances"]), (first, second), strict=True)]
    one, other = turned(held), turned(centre)
    square, middle = other[0] ** 2 + other[1] ** 2 - 1, one[0] * other[0] + one[1] * other[1]
    root = MP.sqrt(middle**2 - square * (one[0] ** 2 + one[1] ** 2))
    n, slope = length(min(max(scaled, alpha), beta))
    base, quote = centre[0] - slope, centre[1] - (n - min(max(scaled, alpha), beta) * slope)
    return (middle + root) / square * (base * prices[0] / first + quote * prices[1] / second)


def pmm(table, prices):
    """The integral of i (1 − K + K (T/x)²) over what is sold of the base, or of the quote."""
    i, p = MP.mpf(table["oracle_price"]), prices[0] / prices[1]
    (below, above), (base, quote) = exact(table["k"]), exact(table["targets"])
    if p < i:
        i, p, base, quote, above = 1 / i, 1 / p, quote, base, below
        prices = prices[::-1]
    left = base / MP.sqrt((p / i - 1 + above) / above)
    paid = i * (base - left) * (1 - above + above * base / left)
    return left * prices[0] + (quote + paid) * prices[1]


def pendle(table, prices):
    """dA = −dPT/E along the curve, by adaptive quadrature over the part that is PT."""
    names = ("total_pt", "total_asset", "scalar_root", "years_to_expiry", "last_ln_implied_rate")
    pt, asset, root, years, rate = exact([table[name] for name in names])
    price, scalar, first = prices[0] / prices[1], root / years, MP.log(pt / asset)
    last = first + scalar * (1 / price - MP.exp(rate * years))

    def grown(u):
        part, exchange = 1 / (1 + MP.exp(-u)), (u - first) / scalar + MP.exp(rate * years)
        return (exchange - 1) * part * (1 - part) / (part + exchange * (1 - part))

    ends = MP.linspace(first, last, 2 + int(abs(last - first) / 2))
    total = (pt + asset) * MP.exp(MP.quad(grown, ends))
    part = 1 / (1 + MP.exp(-last))
    return total * (part * prices[0] + (1 - part) * prices[1])


def bins(table, prices):
    """Σ L min(1, P/p) of bins that trade at one price each."""
    step, price = 1 + MP.mpf(table["bin_step"]) / 10_000, prices[0] / prices[1]
    worth = MP.mpf(0)
    for number, x, y in table["bins"]:
        own = step ** (number - table["zero_id"])
        worth += (own * MP.mpf(x) + MP.mpf(y)) * min(MP.mpf(1), price / own)
    return worth * prices[1]


def llamma(table, prices):
    """y↑ P/√(1 − A (1 − P/pu)²) within a band of collateral alone, oracle tracking, less debt."""
    a, base, oracle = exact([table["amplification"], table["base_price"], table["oracle_price"]])
    price, worth = prices[0] / prices[1], -MP.mpf(table["debt"])
    for number, x, y in table["bands"]:
        up = base * ((a - 1) / a) ** number
        assert x == 0 < y
        assert oracle >= up  # so that y is what is held above the band
        down = up * (a - 1) / a
        inside = price / MP.sqrt(1 - a * (1 - price / up) ** 2) if down < price < up else price
        worth += MP.mpf(y) * (MP.sqrt(up * down) if price <= down else inside)
    return worth * prices[1]


WORTH = {
    "curve-cryptoswap": cryptoswap,
    "solidly-stable": solidly,
    "gyro-2clp": two_clp,
    "gyro-eclp": e_clp,
    "pmm": pmm,
    "pendle-v2": pendle,
    "lmsr": outcomes,
    "lmsr-binary": binary,
    "llamma": llamma,
    "concentrated-ranges": ranges,
    "liquidity-bins": bins,
}


def assets_of(table):
    """Assets of a position's table, the quote last."""
    if table["kind"] == "curve-cryptoswap":
        return [*table["coins"][1:], table["coins"][0]]
    if table["kind"] == "llamma":
        return [table["collateral"], table["borrowed"]]
    return table["assets"]


def worth(table, prices):
    """Worth of the share of a position, prices by asset as they are given, taken as exact."""
    own = exact([prices[asset] for asset in assets_of(table)])
    return MP.mpf(table.get("share", 1)) * WORTH[table["kind"]](table, own)
