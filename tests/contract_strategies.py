"""Tables of every kind of contract that is shipped, as strategies of hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from number_strategies import logs


def orders():
    return {
        "name": st.just("X"),
        "lot": st.just(0.0) | logs(-6, 2),
        "min_size": st.just(0.0) | logs(-6, 2),
        "fee": st.none() | st.sampled_from([0.0, 0.0005]),
    }


def spot():
    fixed = {"kind": st.just("spot"), "asset": st.just("WETH")}
    return st.fixed_dictionaries(fixed | orders())


def perp():
    fixed = {
        "kind": st.just("perp"),
        "underlying": st.just("WETH"),
        "settlement": st.none() | st.just("USDC"),
        "contract_size": logs(-6, 6),
        "entry_price": st.none() | logs(-12, 12),
        "funding_rate": st.floats(-0.01, 0.01),
    }
    return st.fixed_dictionaries(fixed | orders())


def contract(kind, **own):
    """Return a contract on WETH with its own fields, entered somewhere or anew."""
    fixed = {
        "kind": st.just(kind),
        "underlying": st.just("WETH"),
        "contract_size": logs(-6, 6),
        "entry_price": st.none() | logs(-3, 6),
    }
    return st.fixed_dictionaries(fixed | own | orders())


coins = st.none() | st.just("USDC")
dated = {"expiry_years": st.floats(0.0, 5.0), "basis": st.floats(-0.5, 0.5)}
vols = st.none() | logs(-2, 0.7)
minutes_to_years = logs(-5.7, 1)


@st.composite
def claim(draw, kind, **own):
    """Return a contract with a strike, owned outright, entered at some price, or anew."""
    table = draw(contract(kind, quote=coins, vol=vols, **own))
    strike = draw(logs(-12, 12))
    entry = draw(st.none() | st.just(0.0) | logs(-3, 1).map(lambda part: part * strike))
    word = draw(st.sampled_from(["call", "put"]))
    return table | {"strike": strike, "entry_price": entry, "option_type": word}


@st.composite
def european(draw, kind):
    """Return an option that expires in so many years, or at a moment on some clock."""
    years, origin = draw(minutes_to_years), draw(st.none() | st.sampled_from([0.0, 56.5, 2026.5]))
    when = {"expiry_years": years} if origin is None else {"expiry": origin + years}
    return draw(claim(kind)) | when


@st.composite
def power(draw):
    """Return a power perpetual whose funding period is one that its mark exists for."""
    own = {
        "power": st.floats(0.2, 4.0),
        "scale": logs(-4, 8),
        "norm": logs(-2, 2),
        "funding": st.sampled_from(["discrete", "continuous", "norm"]),
        "vol": vols,
    }
    table = draw(contract("power-perp", quote=coins, **own))
    p, vol = table["power"], 0.8 if table["vol"] is None else table["vol"]
    growth = abs(p - 1) * (0.04 + 0.5 * p * vol**2)
    longest = 0.6 * 24 * 365 / max(growth, 1e-6)
    hours = draw(st.sampled_from([1.0, 8.0, 168.0, 420.0]) | logs(-1, 4))
    return table | {"funding_hours": min(hours, longest)}


def loan():
    fixed = {
        "kind": st.just("loan"),
        "asset": st.just("WETH"),
        "index": logs(-1, 6),
        "borrow_rate": st.floats(-0.1, 3.0),
    }
    return st.fixed_dictionaries(fixed | orders())
