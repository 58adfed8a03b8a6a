"""Errors: one tree, with the builtins that one would expect."""

import pickle

import pytest

import hedgecore as hc
from hedgecore.errors import did_you_mean

TREE = {
    hc.PluginError: hc.HedgecoreError,
    hc.UnknownKindError: LookupError,
    hc.SpecError: ValueError,
    hc.PriceError: ValueError,
    hc.AssetError: LookupError,
    hc.ConvergenceError: ArithmeticError,
    hc.HedgeError: ValueError,
    hc.JournalError: OSError,
    hc.LeaseError: OSError,
    hc.ReaderError: OSError,
    hc.VenueError: OSError,
    hc.RejectedError: hc.VenueError,
    hc.SearchError: hc.ReaderError,
}


@pytest.mark.parametrize(("error", "builtin"), TREE.items(), ids=lambda cls: cls.__name__)
def test_each_error_is_ours_and_the_builtin_that_one_expects(error, builtin):
    assert issubclass(error, hc.HedgecoreError)
    assert issubclass(error, builtin)


def test_lookups_that_fail_are_no_key_errors_whose_messages_would_be_quoted():
    assert not issubclass(hc.UnknownKindError, KeyError)
    assert not issubclass(hc.AssetError, KeyError)
    assert str(hc.AssetError("no price")) == "no price"


@pytest.mark.parametrize(
    ("kind", "field", "message"),
    [
        (None, None, "is wrong"),
        ("uniswap-v3", None, "uniswap-v3: is wrong"),
        (None, "lower", "lower: is wrong"),
        ("uniswap-v3", "lower", "uniswap-v3.lower: is wrong"),
    ],
)
def test_a_spec_error_says_its_place_first_and_has_it_as_attributes(kind, field, message):
    error = hc.SpecError("is wrong", kind=kind, field=field)
    assert str(error) == message
    assert (error.kind, error.field) == (kind, field)


def test_errors_survive_pickling_with_their_attributes():
    error = pickle.loads(pickle.dumps(hc.SpecError("bad", kind="k", field="f")))  # noqa: S301
    assert (str(error), error.kind, error.field) == ("k.f: bad", "k", "f")
    slow = hc.ConvergenceError("no root", iterations=7, residual=0.5)
    again = pickle.loads(pickle.dumps(slow))  # noqa: S301
    assert (str(again), again.iterations, again.residual) == ("no root", 7, 0.5)


def test_a_convergence_error_need_not_know_how_far_it_came():
    error = hc.ConvergenceError("no root")
    assert error.iterations is None
    assert error.residual is None


def test_did_you_mean_names_the_nearest_or_says_nothing():
    assert did_you_mean("uniswap-v5", ["uniswap-v3", "perp"]) == "; did you mean 'uniswap-v3'?"
    assert did_you_mean("zzzz", ["uniswap-v3", "perp"]) == ""
    assert did_you_mean("x", []) == ""


@pytest.mark.parametrize(
    ("given", "known", "near"),
    [
        ("weth", ["WBTC", "WETH"], "WETH"),
        ("WTEH", ["WBTC", "WETH"], "WETH"),
        ("WTH", ["USD", "WETH"], "WETH"),
        ("Amount", ["amounts", "amount"], "amount"),
        ("ETH-PEP", ["BTC-PERP", "ETH-PERP"], "ETH-PERP"),
        ("stableswap", ["perp", "curve-stableswap"], "curve-stableswap"),
        ("fe", ["fee", "lower"], "fee"),
        ("lowest", ["upper", "lower"], "lower"),
    ],
)
def test_did_you_mean_takes_case_then_order_then_likeness(given, known, near):
    assert did_you_mean(given, known) == f"; did you mean {near!r}?"


@pytest.mark.parametrize(
    ("given", "known"),
    [("USDC", ["USD", "EUR"]), ("USDT", ["USD", "USDC"]), ("SOL", ["SUSHI", "UNI"]), ("x", ["xy"])],
)
def test_did_you_mean_takes_no_other_coin_for_a_slip(given, known):
    assert not did_you_mean(given, known)


def test_did_you_mean_takes_anything_of_any_length():
    assert did_you_mean(["per"], ["perp"]) in {"", "; did you mean 'perp'?"}
    assert did_you_mean("a" * 10**6, ["perp"]) == ""
