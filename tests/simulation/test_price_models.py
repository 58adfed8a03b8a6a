"""Path models: their laws, in closed form; and that chance depends on seed and block alone."""

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.simulation.blocks import Block, blocks
from hedgecore.simulation.price_models.bootstrap import Bootstrap
from hedgecore.simulation.price_models.correlated import Correlated
from hedgecore.simulation.price_models.gbm import GBM
from hedgecore.simulation.price_models.heston import Heston
from hedgecore.simulation.price_models.log_ou import LogOU
from hedgecore.simulation.price_models.merton import Merton

MARKET = hc.Market(
    prices={"WETH": 3000.0, "WBTC": 60_000.0, "WSTETH": 3600.0, "USDC": 1.01},
    vols={"WETH": 0.8, "WBTC": 0.6},
)
MANY = 40_000
JUMPS = {"jumps_per_year": 12.0, "jump_mean": -0.05, "jump_std": 0.08}
ROUGH = {"vol": 0.8, "long_vol": 0.7, "reversion": 3.0, "vol_of_vol": 1.2, "correlation": -0.3}


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """An hourly file of 400 rows with volume and funding."""
    rng = np.random.default_rng(5)
    logs, noise = np.zeros(400), rng.normal(0, 0.01, 400)
    for i in range(1, 400):
        logs[i] = 0.6 * logs[i - 1] + noise[i]
    file = tmp_path_factory.mktemp("history") / "hours.csv"
    lines = ["time,price,volume,funding"]
    prices = 3000 * np.exp(np.cumsum(logs))
    lines += [f"{1_700_000_000 + 3600 * i},{p},{i},{i * 1e-6}" for i, p in enumerate(prices)]
    file.write_text("\n".join(lines))
    return file


def models(history):
    parts = [GBM(asset="WETH"), Merton(asset="WBTC", **JUMPS)]
    stakes = LogOU(asset="WSTETH", against="WETH", reversion=20.0, vol=0.02)
    zero = {"WETH:WSTETH": 0.0, "WBTC:WSTETH": 0.0}
    return {
        "gbm": GBM(asset="WETH", drift=0.1, pegs={"WSTETH": "WETH"}),
        "merton": Merton(asset="WETH", **JUMPS),
        "heston": Heston(asset="WETH", **ROUGH),
        "log-ou": LogOU(asset="USDC", reversion=50.0, vol=0.02, level=1.0),
        "correlated": Correlated(
            parts=[*parts, stakes], correlations={"WETH:WBTC": 0.8, **zero}, pegs={}
        ),
        "bootstrap": Bootstrap(files=history, asset="WETH", mean_block=20.0),
    }


def random_walks(path, paths, rows, steps=24, seed=7):
    """Return all prices and rows, (steps, paths), by name, block by block."""
    times, found = np.linspace(0, steps / 8760, steps + 1), []
    for block in blocks(paths):
        frames = list(path.sample(MARKET, times, block.count, block.generator(seed), rows))
        shape = (steps, block.count)
        assert np.array_equal(np.concatenate([f.times for f in frames]), times[1:])
        columns = [{**f.market.prices, **f.rows} for f in frames]
        found.append({
            name: np.concatenate([
                np.broadcast_to(c[name], (len(f.times), block.count))
                for c, f in zip(columns, frames, strict=True)
            ]).reshape(shape)
            for name in columns[0]
        })  # fmt: skip
    return {name: np.concatenate([each[name] for each in found], axis=1) for name in found[0]}


def end(path, times, asset="WETH", paths=MANY, seed=3):
    """Return the last price of each path."""
    last = []
    for block in blocks(paths):
        for frame in path.sample(MARKET, times, block.count, block.generator(seed), 8):
            price = frame.market.price(asset)
        last.append(price[-1])
    return np.concatenate(last)


def within(sample, mean, errors=4.0):
    """Whether the mean of a sample is within some standard errors of what it must be."""
    return abs(sample.mean() - mean) <= errors * sample.std() / np.sqrt(len(sample))


KINDS = ["gbm", "merton", "heston", "log-ou", "correlated", "bootstrap"]


@pytest.mark.parametrize("kind", KINDS)
def test_results_are_the_same_to_the_last_bit_whatever_a_frame_holds(kind, history):
    path = models(history)[kind]
    for paths in (5, 4100):
        whole = random_walks(path, paths, 1000)
        for rows in (1, 7):
            again = random_walks(path, paths, rows)
            assert all(np.array_equal(whole[name], again[name]) for name in whole)


@pytest.mark.parametrize("kind", KINDS)
def test_blocks_and_seeds_have_chance_of_their_own(kind, history):
    path = models(history)[kind]
    asset = "USDC" if kind == "log-ou" else "WETH"
    first, other = random_walks(path, 4100, 8)[asset], random_walks(path, 4100, 8, seed=8)[asset]
    assert not np.array_equal(first[:, :4], first[:, 4096:])
    assert not np.array_equal(first, other)
    assert np.unique(first[-1]).size > 3000  # a bootstrap may draw one block twice


@pytest.mark.parametrize("kind", ["gbm", "merton", "heston"])
@pytest.mark.parametrize("drift", [0.0, 0.5])
def test_the_price_grows_by_its_drift_and_nothing_else(kind, drift):
    given = {"gbm": {}, "merton": JUMPS, "heston": ROUGH}[kind]
    path = {"gbm": GBM, "merton": Merton, "heston": Heston}[kind](
        asset="WETH", drift=drift, **given
    )
    last = end(path, np.linspace(0, 0.5, 13)) / 3000
    assert within(last, np.exp(0.5 * drift))


@pytest.mark.parametrize("times", [[0, 0.25], np.linspace(0, 0.25, 8), [0, 0.01, 0.2, 0.25]])
def test_exact_transitions_do_not_depend_on_the_steps(times):
    times = np.asarray(times, dtype=float)
    variance = {
        "gbm": 0.64 * 0.25,
        "merton": (0.64 + 12 * (0.05**2 + 0.08**2)) * 0.25,
        "log-ou": 0.02**2 * -np.expm1(-2 * 5 * 0.25) / 10,
    }
    logs = {
        "gbm": np.log(end(GBM(asset="WETH"), times) / 3000),
        "merton": np.log(end(Merton(asset="WETH", **JUMPS), times) / 3000),
        "log-ou": np.log(
            end(LogOU(asset="USDC", reversion=5.0, vol=0.02, level=1.0), times, "USDC")
        ),
    }
    for kind, sample in logs.items():
        assert within((sample - sample.mean()) ** 2, variance[kind]), kind
    assert within(logs["log-ou"], np.log(1.01) * np.exp(-5 * 0.25))
    assert within(logs["gbm"], -0.32 * 0.25)


def test_jumps_are_skewed_as_they_must_be():
    sample = np.log(end(Merton(asset="WETH", **JUMPS), np.array([0, 0.25])) / 3000)
    third = 3.0 * (-(0.05**3) - 3 * 0.05 * 0.08**2)
    assert within((sample - sample.mean()) ** 3, third)


def heston_log_moments(years, model):
    """Return mean and variance of the log price, by derivatives of its characteristic function."""
    kappa, theta, eps, rho = (
        model.reversion, model.long_vol**2, model.vol_of_vol, model.correlation,
    )  # fmt: skip

    def cumulant(u):
        b, a = kappa - rho * eps * 1j * u, -(1j * u + u**2)
        d = np.sqrt(b**2 - eps**2 * a)
        g = (b - d) / (b + d)
        e = np.exp(-d * years)
        c = kappa * theta / eps**2 * ((b - d) * years - 2 * np.log((1 - g * e) / (1 - g)))
        return c + model.vol**2 * (b - d) / eps**2 * (1 - e) / (1 - g * e)

    h = 1e-3
    up, down, mid = cumulant(h), cumulant(-h), cumulant(1e-9)
    return float(((up - down) / (2 * h)).imag), float(-((up - 2 * mid + down) / h**2).real)


def test_heston_has_the_moments_of_its_closed_form():
    path, years = Heston(asset="WETH", **ROUGH), 0.5
    sample = np.log(end(path, np.linspace(0, years, 127)) / 3000)
    mean, variance = heston_log_moments(years, path)
    assert within(sample, mean)
    assert within((sample - sample.mean()) ** 2, variance)


def test_the_variance_of_heston_is_right_after_a_step_of_any_length():
    path, years = Heston(asset="WETH", **ROUGH), 0.5
    for steps in (1, 40):
        times = np.linspace(0, years, steps + 1)
        found = []
        for block in blocks(MANY):
            for frame in path.sample(MARKET, times, block.count, block.generator(1), 8):
                vols = frame.market.vols["WETH"][-1]
            found.append(vols**2)
        v, keep = np.concatenate(found), np.exp(-3.0 * years)
        mean = 0.49 + (0.64 - 0.49) * keep
        spread = 1.44 / 3 * (1 - keep) * (0.64 * keep + 0.49 * (1 - keep) / 2)
        assert within(v, mean)
        assert within((v - mean) ** 2, spread)


def test_a_step_too_long_for_heston_is_refused():
    wild = Heston(
        asset="WETH", vol=1.0, long_vol=1.0, reversion=2.0, vol_of_vol=5.0, correlation=1.0
    )
    with pytest.raises(hc.SpecError, match=r"heston\.vol_of_vol: a step of 0.5 years is too long"):
        end(wild, np.array([0.0, 0.1, 0.6]), paths=10)


def test_correlated_shocks_correlate_and_a_part_alone_is_itself():
    pair = Correlated(
        parts=[GBM(asset="WETH"), GBM(asset="WBTC")], correlations={"WBTC:WETH": -0.7}
    )
    times = np.linspace(0, 0.1, 5)
    logs = [np.log(end(pair, times, asset)) for asset in ("WETH", "WBTC")]
    assert abs(np.corrcoef(*logs)[0, 1] + 0.7) <= 4 * (1 - 0.49) / np.sqrt(MANY)
    alone, whole = GBM(asset="WETH"), Correlated(parts=[GBM(asset="WETH")])
    assert np.array_equal(end(alone, times, paths=50), end(whole, times, paths=50))


def test_pegs_keep_their_ratio_and_what_is_against_follows():
    found = random_walks(GBM(asset="WETH", pegs={"WSTETH": "WETH"}), 20, 8)
    assert np.allclose(found["WSTETH"] / found["WETH"], 1.2, rtol=1e-15)
    parts = [LogOU(asset="WSTETH", against="WETH", reversion=20.0, vol=0.0), GBM(asset="WETH")]
    both = random_walks(Correlated(parts=parts, correlations={"WETH:WSTETH": 0}), 20, 8)
    assert np.allclose(both["WSTETH"] / both["WETH"], 1.2, rtol=1e-15)
    assert both["WETH"].std() > 0


def test_perfectly_correlated_assets_are_possible():
    names = ["WETH", "WBTC", "USDC"]
    ones = {"WETH:WBTC": 1.0, "WETH:USDC": -1.0, "WBTC:USDC": -1.0}
    path = Correlated(parts=[GBM(asset=n, vol=0.5) for n in names], correlations=ones)
    found = {n: np.log(p / p[0]) for n, p in random_walks(path, 5, 8).items() if n in names}
    assert np.allclose(found["WETH"], found["WBTC"], atol=1e-12)


def test_what_a_model_needs_and_has_not_is_named():
    times = np.linspace(0, 1, 3)
    with pytest.raises(hc.SpecError, match=r"gbm\.vol: give vol, or put USDC among the vols"):
        end(GBM(asset="USDC"), times, "USDC", 5)
    with pytest.raises(hc.AssetError, match="STETH"):
        end(GBM(asset="WETH", pegs={"STETH": "WETH"}), times, paths=5)
    with pytest.raises(hc.SpecError, match="WETH cannot follow WBTC"):
        end(GBM(asset="WETH", pegs={"WETH": "WBTC"}), times, paths=5)
    ring = [
        LogOU(asset="WETH", against="WBTC", reversion=1.0, vol=0.1),
        LogOU(asset="WBTC", against="WETH", reversion=1.0, vol=0.1),
    ]
    with pytest.raises(hc.SpecError, match="in a circle"):
        end(Correlated(parts=ring, correlations={"WETH:WBTC": 0.0}), times, paths=5)
    with pytest.raises(hc.SpecError, match="whole number"):
        blocks(0)
    with pytest.raises(hc.SpecError, match="seed"):
        Block(0, 0, 1).generator(-1)


def test_the_bootstrap_keeps_rows_together_and_the_autocorrelation_of_history(history):
    path = Bootstrap(files=history, asset="WETH", mean_block=10.0)
    found = random_walks(path, 4000, 8, steps=60)
    prices = np.concatenate([np.full((1, 4000), 3000.0), found["WETH"]])
    drawn = np.diff(np.log(prices), axis=0)
    known, rows = path.returns["WETH"], found["volume:WETH"].astype(int)
    assert np.allclose(drawn, known[rows - 1], rtol=0, atol=1e-12)
    assert np.allclose(found["funding:WETH"], rows * 1e-6, rtol=1e-12)
    assert abs(np.mean(rows[1:] == rows[:-1] % 399 + 1) - 0.9) <= 0.005
    sums = np.bincount(rows.ravel() - 1, minlength=399)
    assert np.all(np.abs(sums / rows.size - 1 / 399) <= 6 * np.sqrt(10 / rows.size / 399))
    centred = known - known.mean()
    for lag in (1, 3):
        history_has = np.mean(centred * np.roll(centred, -lag)) / centred.var()
        here = np.mean((drawn[lag:] - known.mean()) * (drawn[:-lag] - known.mean()), axis=0)
        assert within(here / centred.var(), 0.9**lag * history_has)


def test_a_step_of_several_rows_adds_returns_and_volumes_and_averages_rates(history):
    path = Bootstrap(files=history, asset="WETH", mean_block=1e9, drift=0.0)
    times = np.arange(4) * 6 / 8760
    [frame] = path.sample(MARKET, times, 3, np.random.default_rng(0), 8)
    volume, funding = frame.rows["volume:WETH"], frame.rows["funding:WETH"]
    assert np.allclose(funding, volume / 6 * 1e-6, rtol=1e-12)
    assert np.isclose(np.exp(path.returns["WETH"]).mean(), 1.0, rtol=1e-14)
    with pytest.raises(hc.SpecError, match="no whole number of rows"):
        next(path.sample(MARKET, times * 1.3, 3, np.random.default_rng(0), 8))


def test_tables_and_paths_are_each_others_inverse():
    for cls in (Bootstrap, Correlated, GBM, Heston, LogOU, Merton):
        if cls.kind not in hc.default_registry():
            pytest.skip("the core's own kinds are not registered here")
        path = cls(**cls.example)
        assert hc.build(hc.spec_of(path)) == path
