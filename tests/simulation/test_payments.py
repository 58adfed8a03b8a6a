"""Each payment of funding once, at its own time and rate, beside a ledger that lists them all.

The ledger knows rows (second, price) and payments (second, rate). A payment between two rows is on
the price last known, and goes to who holds the contract then: what was traded at a row, later.
"""

import math

import numpy as np
import pytest
from attrs import evolve

import hedgecore as hc
from hedgecore.market.claims import Multiple
from hedgecore.report.payments import payment_counts
from hedgecore.simulation import simulate
from hedgecore.simulation.engine.view import MarketGrid
from hedgecore.simulation.price_models.replay import Replay
from payments import CHANGING, DAY, HOUR, LAYOUTS, START, every, file, owed, paid, walk

TURN = (0.0001, 0.0003, -0.0002)


def market(prices, coin=1.0):
    return hc.Market(prices={"BTC": prices[0], "USDC": coin}, numeraire="USD")


def contract(kind="perp", **table):
    return hc.build({"kind": kind, "name": "P", "underlying": "BTC", "fee": 0.0, **table})


def replayed(folder, seconds, prices, payments, **more):
    """Return a replay of rows and of payments from files of their own."""
    rows = file(folder, "prices.csv", "time,price", zip(seconds, prices, strict=True))
    rates = file(folder, "rates.csv", "fundingTime,fundingRate", payments)
    return Replay(files=rows, asset="BTC", funding=rates, **more)


def short(path, prices, perp=None, **settings):
    """Return a run of one contract that is held short all the time, as a position."""
    held = hc.Portfolio([("short", perp or contract(), -1.0)])
    never = hc.build({"kind": "never"})
    return simulate(held, path, market=market(prices), policy=never, **settings)


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("hours", [8, 1])
def test_each_payment_is_booked_once_at_its_rate_on_the_price_last_known(tmp_path, name, hours):
    """Whatever the perpetual says of its interval: payments have times of their own."""
    seconds, payments = LAYOUTS[name]
    prices = walk(len(seconds))
    run = short(
        replayed(tmp_path, seconds, prices, payments), prices, contract(funding_hours=hours)
    )
    due = owed(seconds, prices, payments)
    assert run.ledger["funding"].value == pytest.approx(due, rel=1e-11)
    assert abs(due) > 1.0
    assert run.closure < 1e-12


@pytest.mark.parametrize("step", [DAY, 8 * HOUR, HOUR, 5 * HOUR])
def test_rates_in_turn_at_a_flat_price_make_84_and_not_minus_252(tmp_path, step):
    seconds = every(step, 7)
    seconds = seconds if seconds[-1] == START + 7 * DAY else [*seconds, START + 7 * DAY]
    payments = [(START + 8 * HOUR * (i + 1), TURN[i % 3]) for i in range(21)]
    flat = [60_000] * len(seconds)
    run = short(replayed(tmp_path, seconds, flat, payments), flat)
    assert run.ledger["funding"].value == pytest.approx(84.0, rel=1e-12)


@pytest.mark.parametrize("step", [DAY, 8 * HOUR, HOUR])
def test_the_perpetuals_own_rate_is_paid_21_times_a_week_however_long_rows_are(tmp_path, step):
    seconds = every(step, 7)
    prices = file(tmp_path, "prices.csv", "time,price", [(s, 60_000) for s in seconds])
    path, own = Replay(files=prices, asset="BTC"), contract(funding_rate=1e-4)
    assert short(path, [60_000], own).ledger["funding"].value == pytest.approx(126.0, rel=1e-12)


@pytest.mark.parametrize("name", ["daily rows, each 8 h", "from each 8 h to 4 h to 1 h"])
def test_the_perpetuals_own_rate_is_on_the_price_last_known_at_each_interval(tmp_path, name):
    seconds, _ = LAYOUTS[name]
    prices = walk(len(seconds))
    rows = file(tmp_path, "prices.csv", "time,price", zip(seconds, prices, strict=True))
    run = short(Replay(files=rows, asset="BTC"), prices, contract(funding_rate=2e-4))
    due = owed(seconds, prices, [(START + 8 * HOUR * i, 2e-4) for i in range(1, 22)])
    assert run.ledger["funding"].value == pytest.approx(due, rel=1e-12)


def test_a_payment_goes_to_what_is_held_at_its_time_and_not_after(tmp_path):
    """Each row trades the delta of a range away; a payment at a row is of the hedge before it."""
    seconds, payments = every(6 * HOUR, 7), paid(3, 168, 3)
    prices = walk(len(seconds), vol=0.03)
    pool = hc.build(
        {"kind": "uniswap-v3", "assets": ["BTC", "USDC"], "liquidity": 1e4, "lower": 50_000.0,
         "upper": 70_000.0}
    )  # fmt: skip
    run = simulate(
        pool, replayed(tmp_path, seconds, prices, payments), market=market(prices),
        with_=[contract()], policy=hc.build({"kind": "every", "steps": 1}), costs=[],
    )  # fmt: skip
    kept = [-float(pool.exposure(market([price])).delta[0]) for price in prices]

    def held(at):
        return next(c for s, c in zip(seconds[::-1], kept[::-1], strict=True) if s < at)

    due = owed(seconds, prices, payments, held)
    assert run.ledger["funding"].value == pytest.approx(due, rel=1e-11)
    assert run.closure < 1e-12


def test_an_inverse_perpetual_pays_on_its_notional_at_the_payments_own_time(tmp_path):
    """In coins c u/P, worth c u S/P: with u the price of USDC, which moves as well."""
    seconds, payments = every(DAY, 7), paid(8, 168, 8)
    prices, coin = walk(len(seconds)), [1.0, 0.99, 1.01, 0.97, 1.02, 1.0, 0.98, 1.03]
    rows = zip(seconds, prices, coin, strict=True)
    path = Replay(
        files=file(tmp_path, "prices.csv", "time,price,usdc", rows),
        asset="BTC", columns={"price": "price", "price:USDC": "usdc"},
        funding=file(tmp_path, "rates.csv", "time,rate", payments),
    )  # fmt: skip
    inverse = contract("inverse-perp", contract_size=100.0, quote="USDC")
    due = owed(seconds, [100.0 * u for u in coin], payments)
    run = short(path, prices, inverse)
    assert run.ledger["funding"].value == pytest.approx(due, rel=1e-12)


def test_a_column_with_blank_cells_holds_payments_each_at_its_row(tmp_path):
    seconds, payments = every(HOUR, 4), dict([*paid(5, 40, 5), *paid(48, 96, 8)])
    prices = walk(len(seconds))
    rows = [(s, p, payments.get(s, "")) for s, p in zip(seconds, prices, strict=True)]
    path = Replay(files=file(tmp_path, "h.csv", "time,price,funding", rows), asset="BTC")
    due = owed(seconds, prices, list(payments.items()))
    assert short(path, prices).ledger["funding"].value == pytest.approx(due, rel=1e-12)
    assert hc.build(hc.spec_of(path)).payments.seconds.tolist() == list(payments)
    rows[5] = (*rows[5][:2], "x")
    bad = Replay(files=file(tmp_path, "h.csv", "time,price,funding", rows), asset="BTC")
    with pytest.raises(hc.SpecError, match=r"line 7: payment of BTC is no finite number"):
        bad.times()


def test_a_column_without_blanks_is_the_rate_last_known_at_each_interval(tmp_path):
    seconds, own = every(6 * HOUR, 7, but=[(3, 4)]), contract(funding_hours=4)
    prices, rates = walk(len(seconds)), walk(len(seconds), seed=2)
    rates = [round(r / 6e8, 9) for r in rates]
    rows = file(tmp_path, "h.csv", "time,price,funding", zip(seconds, prices, rates, strict=True))
    each = list(zip(prices, rates, strict=True))
    due = owed(seconds, [p * r for p, r in each], [(START + 4 * HOUR * i, 1) for i in range(1, 43)])
    run = short(Replay(files=rows, asset="BTC"), prices, own)
    assert run.ledger["funding"].value == pytest.approx(due, rel=1e-11)


def test_a_premium_is_marked_from_the_first_row_on_and_paid_as_last_known(tmp_path):
    seconds, premiums = [START, START + 12 * HOUR, START + 24 * HOUR], [0.004, 0.002, 0.001]
    rows = [(s, 60_000, p) for s, p in zip(seconds, premiums, strict=True)]
    path = Replay(files=file(tmp_path, "h.csv", "time,price,premium", rows), asset="BTC")
    run = short(path, [60_000])
    rule = run.settings.funding
    due = [float(rule.rate(np.array(premium))) for premium in (0.004, 0.002, 0.001)]
    assert run.ledger["basis"].value == pytest.approx(60_000 * 0.003, rel=1e-12)
    assert run.ledger["funding"].value == pytest.approx(60_000 * sum(due), rel=1e-12)


@pytest.mark.parametrize(
    ("hours", "said"),
    [((8, 152, 8), "2023-07-28 20:26:40"), ((24, 168, 8), "2023-07-22 20:26:40")],
    ids=["at the end", "at the start"],
)
def test_payments_that_do_not_cover_the_rows_are_refused(tmp_path, hours, said):
    seconds = every(HOUR, 7)
    path = replayed(tmp_path, seconds, walk(len(seconds)), paid(*hours))
    with pytest.raises(hc.SpecError, match=f"there is no funding rate for {said} UTC"):
        short(path, walk(2))


def test_a_payment_twice_is_refused_and_one_left_out_is_a_gap(tmp_path):
    seconds, payments = every(DAY, 7), paid(8, 168, 8)
    twice = replayed(tmp_path, seconds, walk(8), [*payments, payments[3]])
    with pytest.raises(hc.SpecError, match=r"rates\.csv, line 23: the same time again"):
        short(twice, walk(8))
    less = replayed(tmp_path, seconds, walk(8), payments[:5] + payments[6:])
    [gap] = less.payments.gaps
    assert str(gap) == "rates.csv, line 7: 16 h without a payment, beside 8 h"
    assert replayed(tmp_path, seconds, walk(8), CHANGING).payments.gaps == ()


def test_the_volume_of_a_row_over_a_gap_is_of_one_row(tmp_path):
    seconds = every(HOUR, 2, but=[(0.5, 1)])
    rows = file(tmp_path, "h.csv", "time,price,volume", [(s, 2000, 600) for s in seconds])
    path = Replay(files=rows, asset="BTC")
    [chunk] = path.sample(
        path.start(market([2000.0])), path.times(), 1, np.random.default_rng(0), 99
    )
    assert chunk.rows["volume:BTC"].sum() == 600 * (len(seconds) - 1)
    assert np.allclose(chunk.rows["bar:BTC"] * 8760, 1.0, rtol=1e-12)


class At(hc.AbstractPolicy):
    """All of the way at one step, and not before."""

    kind = "at"

    def __init__(self, step):
        self.step = step

    def fraction(self, now):
        return np.broadcast_to((now.step == self.step)[..., None], now.delta.shape).astype(float)

    def initial_fraction(self):
        return 0.0


def test_the_impact_of_a_trade_after_a_gap_is_of_the_volume_of_its_own_row(tmp_path):
    """Y σ Q √(Q/V), with V of a day from the row of one hour, however long the gap before it."""
    seconds = every(HOUR, 2, but=[(0.5, 1)])
    rows = [(s, 60_000, 6e6) for s in seconds]
    path = Replay(files=file(tmp_path, "h.csv", "time,price,volume", rows), asset="BTC")
    late = seconds.index(START + DAY)
    run = simulate(
        hc.Portfolio([("coin", hc.Balance("BTC"), 1.0)]), path, with_=[contract(funding_rate=0)],
        market=market([60_000]), policy=At(late), costs=[hc.build({"kind": "impact", "vol": 0.6})],
    )  # fmt: skip
    due = 0.6 / math.sqrt(365) * 60_000 * math.sqrt(60_000 / (24 * 6e6))
    assert run.series.columns["costs"][late] == pytest.approx(-due, rel=1e-9)


@pytest.mark.parametrize("name", ["daily rows, each 8 h", "irregular rows, each hour"])
def test_many_paths_in_short_frames_are_paid_the_same(tmp_path, name):
    """4096 paths are valued eight rows at a time: payments over the edges of frames count once."""
    seconds, payments = LAYOUTS[name]
    prices = walk(len(seconds))
    path = replayed(tmp_path, seconds, prices, payments)
    many = short(path, prices, paths=4096).outcome.tallies["funding"]
    assert np.ptp(many) == 0.0
    assert many[0] == pytest.approx(owed(seconds, prices, payments), rel=1e-11)


@pytest.mark.parametrize("way", ["file", "column"])
def test_a_history_of_an_asset_funds_perpetuals_on_a_number_of_it(tmp_path, way):
    """One stBTC is 1.25 BTC: a rate is a fraction of the notional, whichever of them is meant."""
    seconds, payments = LAYOUTS["hourly rows, each 8 h"]
    prices = walk(len(seconds))
    if way == "file":
        path = replayed(tmp_path, seconds, prices, payments)
    else:
        rates = dict(payments)
        cells = [(s, p, rates.get(s, "")) for s, p in zip(seconds, prices, strict=True)]
        rows = file(tmp_path, "prices.csv", "time,price,funding", cells)
        path = Replay(files=rows, asset="BTC")
    staked = evolve(market(prices), assets={"stBTC": Multiple("BTC", 1.25)})
    perp = hc.build({"kind": "perp", "name": "P", "underlying": "stBTC", "fee": 0.0})
    held = hc.Portfolio([("short", perp, -1.0)])
    run = simulate(held, path, market=staked, policy=hc.build({"kind": "never"}))
    due = 1.25 * owed(seconds, prices, payments)
    assert run.ledger["funding"].value == pytest.approx(due, rel=1e-11)
    assert payment_counts(run.settings)["short"].payments == len(payments)


def test_a_rate_that_a_perpetual_has_itself_is_not_that_of_a_number_of_it():
    """Rows of an asset's own win over those of what it is a number of."""
    rows = {"funding:BTC": np.array([[1e-4]]), "funding:stBTC": np.array([[3e-4]])}
    staked = evolve(market([60_000.0]), assets={"stBTC": Multiple("BTC", 1.25)})
    grid = MarketGrid.start(staked, ["BTC"], 1, {**rows, "volume:BTC": np.array([[5.0]])})
    assert {name: float(row[0, 0]) for name, row in grid.rows.items()} == {
        "funding:BTC": 1e-4, "funding:stBTC": 3e-4, "volume:BTC": 5.0,
    }  # fmt: skip
