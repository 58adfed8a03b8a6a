"""The judge of the simulation: one path, one step after another, in plain Python.

Every trade is a lot of its own, entered at its own price and revalued in full at each step. Nothing
here is shared with the engine but the instruments' and pools' public methods. What a policy decides
is written again, from its definition.
"""

from collections import defaultdict

import numpy as np
from attrs import evolve

import hedgecore as hc

YEAR_HOURS, DAYS = 8760.0, 365.0


class Given(hc.AbstractPriceModel):
    """A path of given prices, (T + 1,) each, the start's first; one path, or the same for all."""

    kind = "given"

    def __init__(self, prices, rows=None, times=None, vols=None):
        self.prices, self.rows = prices, rows or {}
        self.moments, self.vols = times, vols or {}

    def start(self, market):
        there = {asset: price[0] for asset, price in self.prices.items()}
        vols = {asset: vol[0] for asset, vol in self.vols.items()}
        return evolve(market, prices={**market.prices, **there}, vols={**market.vols, **vols})

    def times(self):
        return self.moments

    def sample(self, start, times, paths, rng, rows):  # noqa: ARG002
        for first in range(1, len(times), rows):
            here = slice(first, min(first + rows, len(times)))

            def wide(each, here=here):
                return np.repeat(np.asarray(each, float)[here, None], paths, axis=1)

            prices = {**start.prices, **{a: wide(p) for a, p in self.prices.items()}}
            vols = {**start.vols, **{a: wide(v) for a, v in self.vols.items()}}
            market = evolve(start, prices=prices, vols=vols)
            moved = {name: wide(row) for name, row in self.rows.items()}
            yield hc.PathChunk(first=first, times=times[here], market=market, rows=moved)


def markets(start, path, times):
    """Return the market at each moment, with its time."""
    origin = start.time or 0.0
    return [
        evolve(
            start,
            prices={**start.prices, **{a: p[t] for a, p in path.prices.items()}},
            vols={**start.vols, **{a: v[t] for a, v in path.vols.items()}},
            time=origin + times[t],
        )
        for t in range(len(times))
    ]


class Slow:
    """A run: positions [(name, priced, amount)], instruments, and what policies and costs do."""

    def __init__(
        self, positions, instruments, path, times, market, *, when, fraction=0.0, gas=0.0,
        edge=None, roll=None, income=None, funding_row=None, opening=True, assets=None,
        in_cash=True, held=(),
    ):  # fmt: skip
        self.markets = markets(market, path, times)
        self.times, self.path = times, path
        start = self.markets[0]
        self.positions = [(n, hc.enter(p, start), a) for n, p, a in positions]
        self.kinds = list(instruments)
        self.lots = [[] for _ in instruments]  # [contract as entered, contracts]
        for k, lot in enumerate(held):
            self.lots[k] += [lot]
        self.when, self.edge = when, edge
        self.fraction, self.gas, self.roll = fraction, gas, roll
        self.income, self.funding_row, self.opening = income or {}, funding_row, opening
        self.cash, self.columns = 0.0, defaultdict(lambda: np.zeros(len(times)))
        self.units = {n: a for n, _, a in self.positions}
        self.assets = assets or [i.hedges[0] for i in instruments]
        self.in_cash = in_cash  # whether profits are in the numeraire, and bear its interest

    def run(self):
        """Go through all steps; return equity at each, and contracts held after each."""
        equity, held = [], []
        for t in range(len(self.times)):
            if t:
                self._earn(t)
            if (t == 0 and self.opening) or (t and self.when(self, t)):
                self._trade(t)
            equity.append(self._worth(t) + self.cash)
            held.append([sum(c for _, c in lots) for lots in self.lots])
        self.columns["residual"][1:] = np.diff(equity) - sum(
            self.columns[name][1:] for name in list(self.columns) if name != "residual"
        )
        return np.array(equity), np.array(held)

    def _worth(self, t):
        market = self.markets[t]
        own = sum(self.units[n] * float(p.worth(market)) for n, p, _ in self.positions)
        return own + sum(c * float(e.worth(market)) for lots in self.lots for e, c in lots)

    def _each(self):
        """Yield (priced, units) of all that is held."""
        for name, priced, _ in self.positions:
            yield priced, self.units[name]
        for lots in self.lots:
            yield from lots

    def delta(self, t, asset):
        """Return the delta of the whole book."""
        return sum(u * _entry(p.exposure(self.markets[t]), asset) for p, u in self._each())

    def _earn(self, t):
        before, now = self.markets[t - 1], self.markets[t]
        dt = self.times[t] - self.times[t - 1]
        rate = float(before.rates.get(before.numeraire, 0.0))
        profit = sum(
            c * float(e.worth(before))
            for lots in self.lots
            for e, c in lots
            if self.in_cash and isinstance(e, hc.SupportsEntry)
        )
        interest = (self.cash + profit) * np.expm1(rate * dt)
        self._taylor(t, before, now, dt)
        for priced, units in self._each():
            for column, cash in self._carried(priced, before, now, t, dt):
                self.columns[column][t] += units * cash
                self.cash += units * cash
        self._fees(t, before, now, dt)
        self._expire(t)
        self.columns["carry"][t] += interest
        self.cash += interest

    def _taylor(self, t, before, now, dt):
        for priced, units in self._each():
            seen = priced.exposure(before)
            for i, a in enumerate(seen.assets):
                step = float(now.price(a) - before.price(a))
                self.columns["delta"][t] += units * seen.delta[i] * step
                for j, b in enumerate(seen.assets):
                    other = float(now.price(b) - before.price(b))
                    self.columns["gamma"][t] += 0.5 * units * seen.gamma[i, j] * step * other
                vega = seen.other.get(f"vega:{a}", 0.0)
                shift = float(now.vols.get(a, 0.0)) - float(before.vols.get(a, 0.0))
                self.columns["vega"][t] += units * vega * shift
            self.columns["theta"][t] += units * float(seen.other.get("theta", 0.0)) * dt

    def _carried(self, priced, before, now, t, dt):
        if not isinstance(priced, hc.SupportsCarry):
            return
        hours = getattr(priced, "funding_hours", None)
        rate = getattr(priced, "funding_rate", None)
        if hours is not None and rate is not None:
            for number in range(self._intervals(t - 1, hours) + 1, self._intervals(t, hours) + 1):
                there = abs(number * hours / YEAR_HOURS - self.times[t]) < 1e-9
                if self.funding_row is not None:
                    rate = self.funding_row[t if there else t - 1]
                one = evolve(priced, funding_rate=1.0).carry(now if there else before)
                yield "funding", rate * float(one) * hours / 24
            return
        theta = float(priced.exposure(before).other.get("theta", 0.0))
        yield "carry", (float(priced.carry(before)) - theta / DAYS) * dt * DAYS

    def _intervals(self, t, hours):
        return int(np.floor(self.times[t] * YEAR_HOURS / hours + 1e-6))

    def _fees(self, t, before, now, dt):
        for name, priced, _ in self.positions:
            if name in self.income:
                per_year, compounding = self.income[name]
                inside = [priced.exposure(m).gamma.any() for m in (before, now)]
                part = 0.5 * (float(inside[0]) + float(inside[1]))
                paid = self.units[name] * per_year * float(priced.worth(before)) * dt * part
                self.columns["fees"][t] += paid
                if compounding:
                    self.units[name] += paid / float(priced.worth(now))
                else:
                    self.cash += paid

    def _expire(self, t):
        now = self.markets[t]
        for k, lots in enumerate(self.lots):
            over = [lot for lot in lots if _expired(lot[0], now)]
            for lot in over:
                self.cash += lot[1] * float(lot[0].worth(now))
                lots.remove(lot)
            if over and self.roll in ("strike", "moneyness"):
                self._roll(k, now, sum(c for _, c in over))
        for name, priced, _ in self.positions:
            if _expired(priced, now) and self.units[name]:
                self.cash += self.units[name] * float(priced.worth(now))
                self.units[name] = 0.0

    def _roll(self, k, now, contracts):
        start, kind = self.markets[0], self.kinds[k]
        tenor = kind.expiry_years
        strike = kind.strike
        if self.roll == "moneyness":
            first = getattr(self, "first_strike", strike)
            self.first_strike = first
            asset = kind.underlying
            strike = first * float(now.price(asset) / start.price(asset))
        self.kinds[k] = evolve(kind, strike=strike, expiry_years=tenor)
        self.lots[k].append((self.kinds[k].enter(now), contracts))
        self.opened = float(now.time)

    def _trade(self, t):
        """Trade each instrument until its asset's delta is at the edge, or gone."""
        now = self.markets[t]
        deltas = [self.delta(t, asset) for asset in self.assets]
        for k, asset in enumerate(self.assets):
            part = 1.0 if self.edge is None or t == 0 else self.edge(self, t, deltas[k])
            contract = self._now(k)
            if not part or _expired(contract, now):
                continue
            order = -part * deltas[k] / _entry(contract.exposure(now), asset)
            if not order:
                continue
            notional = abs(_entry(contract.exposure(now), asset)) * float(now.price(asset))
            if isinstance(contract, hc.SupportsNotional):
                notional = float(contract.notional(now))
            fee, gas = self.fraction * abs(order) * notional, self.gas
            self.columns["costs"][t] -= fee
            self.columns["gas"][t] -= gas
            self.cash -= fee + gas
            if isinstance(contract, hc.SupportsEntry):
                self.lots[k].append((contract.enter(now), order))
            else:
                self.lots[k].append((contract, order))
                self.cash -= order * float(contract.worth(now))

    def _now(self, k):
        """Return the contract that is traded now: of the listed expiry, if it has one."""
        kind, opened = self.kinds[k], getattr(self, "opened", float(self.markets[0].time))
        if getattr(kind, "expiry_years", None) is None:
            return kind
        return evolve(kind, expiry=opened + kind.expiry_years, expiry_years=None)


def _entry(exposure, asset):
    where = exposure.assets.index(asset) if asset in exposure.assets else None
    return 0.0 if where is None else float(exposure.delta[where])


def _expired(priced, market):
    expiry = getattr(priced, "expiry", None)
    return expiry is not None and float(market.time) >= expiry - 1e-12
