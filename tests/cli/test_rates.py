"""`--fee` and `--funding`: what is unknown is not zero, and what is needed is asked for by name."""

import pytest

import runs
from books import written

BOOK = runs.BOOK.replace("fee = 0.0005\nfunding_rate", "funding_rate").replace(
    "funding_rate = 0.0001\n", ""
)
RUN = ("--paths", "4", "--days", "1", "--steps", "3")
BOTH = ("--fee", "0.0005", "--funding", "ETH-PERP=0.0001")


@pytest.fixture
def book(tmp_path):
    return written(tmp_path, BOOK)


def test_what_nobody_gave_is_null_in_json_and_unknown_in_words(document, output, book):
    given = document("hedge", book)
    assert (given["cost"], given["carry"]["orders"]) == (None, {"ETH-PERP": None})
    text = " ".join(output("hedge", book).split())
    assert "fees unknown" in text
    assert "The fee of ETH-PERP is unknown: give fee in the book, or --fee." in text
    assert "The funding of ETH-PERP is unknown: give funding_rate in the book" in text
    why = " ".join(output("hedge", book, "--explain").split())
    assert "The fee of ETH-PERP is unknown, and so is what this costs now" in why
    assert "The funding of ETH-PERP is unknown: give funding_rate in the book" in why
    assert "costs and earns nothing" not in why


def test_options_stand_for_what_the_book_says(document, book, tmp_path):
    told = written(
        tmp_path,
        BOOK.replace(
            'underlying = "WETH"\n', 'underlying = "WETH"\nfee = 0.0005\nfunding_rate = 0.0001\n'
        ),
        "told.toml",
    )
    due = document("hedge", told)
    assert due["cost"] > 0 < due["carry"]["orders"]["ETH-PERP"]
    assert document("hedge", book, *BOTH) == due
    twice = document("hedge", told, "--fee", "0.002", "--fee", "ETH-PERP=0.001")
    assert twice["cost"] == pytest.approx(2 * due["cost"])
    assert document("hedge", told, "--funding", "0")["carry"]["orders"] == {"ETH-PERP": 0.0}


@pytest.mark.parametrize("command", ["simulate", "compare"])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--funding", "0"), "the fee of 'ETH-PERP' is unknown: give `fee` in the book, or --fee"),
        (("--fee", "0"), "the funding of 'ETH-PERP' is unknown: give it in the book"),
    ],
    ids=["fee", "funding"],
)
def test_a_run_that_needs_what_is_unknown_is_refused(call, book, command, words, said):
    done = call(command, book, *RUN, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_saved_run_has_the_rates_that_were_given(document, book, tmp_path):
    saved = tmp_path / "run.toml"
    run = document("simulate", book, *RUN, *BOTH, "--save", saved)
    assert run["ledger"]["costs"]["value"] < 0 < run["ledger"]["funding"]["value"]
    assert document("simulate", saved)["ledger"] == run["ledger"]


def test_a_history_of_payments_is_known_and_a_rate_stands_for_one(call, document, book, tmp_path):
    prices, fee = runs.history(tmp_path), ("--fee", "0.0005")
    assert call("backtest", book, "--prices", prices, *fee).exit_code == 2
    rate = document("backtest", book, "--prices", prices, *fee, "--funding", "0.0001")
    paid = document("backtest", book, "--prices", prices, *fee, "--funding", runs.rates(tmp_path))
    assert rate["ledger"]["costs"] == paid["ledger"]["costs"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--fee", "x"), "--fee is RATE or NAME=RATE"),
        (("--fee", "=1"), "--fee is RATE or NAME=RATE"),
        (("--fee", "ETH-PREP=0.1"), "did you mean 'ETH-PERP'"),
        (("--fee", "1.5"), "fee"),
        (("--funding", "range=0.1"), "no 'range' with a `funding_rate`"),
        (("--funding", "nan"), "funding_rate"),
    ],
)
def test_a_rate_that_cannot_be_is_refused_in_a_sentence(call, book, words, said):
    done = call("hedge", book, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
