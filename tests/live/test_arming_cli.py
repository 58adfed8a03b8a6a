"""`hedgecore arm` shows, refuses and asks; and unarmed, a loop sends nothing (invariant 25)."""

import json
from decimal import Decimal

import pytest
from attrs import evolve

from hedgecore.live.arming import current_arming, why_unarmed
from hedgecore.live.cycle import Status, status
from hedgecore.live.journal import JournalReader, journal_folder
from hedgecore.live.loop import after_one, keep
from hedgecore.live.rehearsal import rehearse
from hedgecore.live.run import open_run
from hedgecore.tables.atomic_write import save
from live_desk import used, withdrawing
from live_world import tables

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")


def looked(book, **options):
    """One look of a loop, and what it knows then."""
    with open_run(book, **options) as run:
        return keep(run.plan, run.state, run.world, run.clock, is_over=after_one)


def test_arm_shows_whose_account_what_its_key_may_do_the_caps_and_the_first_decision(
    output, book, desk
):
    shown = output("arm", book, "--yes")
    for words in ("0xAb", "simnet", "trade", "1,000,000", "max order notional", "ETH-PERP"):
        assert words in shown
    assert "never kept on paper" in shown
    assert "Armed." in shown
    assert current_arming(journal_folder(book)) is not None
    assert desk.placed == []


def test_arm_asks_and_a_no_arms_nothing(call, book):
    done = call("arm", book)  # nobody answers
    assert done.exit_code == 1
    assert "Arm it?" in done.output
    assert current_arming(journal_folder(book)) is None


def test_json_shows_all_and_arms_with_yes_alone(document, call, book):
    said = document("arm", book)
    assert current_arming(journal_folder(book)) is None
    assert said["accounts"]["sim"]["account"] == "0xAb"
    assert said["caps"]["max_order_notional"] == 1e6
    assert said["decision"]["trade"]["ETH-PERP"] < 0
    assert said["reasons"] == said["refusals"] == []
    assert set(said["parts"]) == {
        "settings", "instruments", "owner", "caps", "versions", "identities", "terms",
    }  # fmt: skip
    assert json.loads(call("arm", book, "--json", "--yes").stdout) == said
    assert current_arming(journal_folder(book)).fingerprint.digest == said["fingerprint"]


def test_a_key_that_may_withdraw_is_refused(call, book, desk, monkeypatch):
    used(monkeypatch, withdrawing(desk))
    done = call("arm", book, "--yes")
    assert done.exit_code == 2
    assert "the key of sim may withdraw: use one that may trade" in done.output
    assert current_arming(journal_folder(book)) is None


def test_a_book_on_paper_alone_is_not_armed(call, tmp_path):
    own = tables()
    own["instrument"][0] = {k: v for k, v in own["instrument"][0].items() if k != "venue"}
    save(own, tmp_path / "book.toml")
    done = call("arm", tmp_path / "book.toml", "--yes")
    assert done.exit_code == 2
    assert "all of the book is traded on paper" in done.output


def test_a_rehearsal_writes_nothing_down_and_tells_why_it_would_wait(book, desk):
    desk.failing.add("book")
    shown = rehearse(book)
    assert shown.decision is None
    assert shown.reasons[0].startswith("sim: ")
    assert not journal_folder(book).exists()


def test_invariant_25_unarmed_it_is_kept_on_paper_and_nothing_is_sent(book, desk):
    state = looked(book)
    assert desk.placed == []
    assert state.accounts["sim"].positions["ETH"].contracts < 0, "on paper"
    run = JournalReader(journal_folder(book)).last("run")
    assert run.body["mode"] == "paper"


def test_invariant_25_armed_it_sends_and_disarmed_no_more(output, book, desk):
    output("arm", book, "--yes")
    state = looked(book)
    assert [each.symbol for each in desk.placed] == ["ETH"]
    assert state.accounts["sim"].positions["ETH"].contracts == desk.venue.held
    output("arm", book, "--disarm")
    desk.venue.price = 2500.0
    looked(book)
    assert len(desk.placed) == 1


@pytest.mark.parametrize("change", ["caps", "account", "terms"])
def test_invariant_25_armed_for_something_else_it_sends_nothing(
    output, book, desk, monkeypatch, change
):
    output("arm", book, "--yes")
    other = desk
    if change == "caps":
        save(tables(caps={"max_order_notional": 2e6}), book)
    elif change == "account":
        other = evolve(desk, owner=evolve(desk.owner, account="0xCd"))
    else:
        longer = {"ETH": evolve(desk.venue.terms()["ETH"], contract_size=Decimal(10))}
        monkeypatch.setattr(type(desk.venue), "terms", lambda _: longer)
    used(monkeypatch, other)
    state = looked(book)
    assert other.placed == []
    assert status(state) is Status.WAITING
    assert "changed since it was armed: arm it again" in "; ".join(state.reasons)
    assert JournalReader(journal_folder(book)).last("intent") is None
    parts = {"account": "identities"}
    why = why_unarmed(journal_folder(book), rehearse(book).fingerprint)
    assert f"{parts.get(change, change)} changed since it was armed" in why


def test_invariant_25_a_loop_that_runs_waits_once_it_is_disarmed_and_says_so(
    call, output, book, desk
):
    output("arm", book, "--yes")
    with open_run(book) as run:
        state = keep(run.plan, run.state, run.world, run.clock, is_over=after_one)
        assert len(desk.placed) == 1
        output("arm", book, "--disarm")
        desk.venue.price = 2900.0
        state = keep(run.plan, state, run.world, run.clock, is_over=after_one)
        assert status(state) is Status.WAITING
        said = call("status", book)
        assert said.exit_code == 1
        assert "it is not armed" in said.output
        output("arm", book, "--yes")
        for _ in range(2):
            state = keep(run.plan, state, run.world, run.clock, is_over=after_one)
    assert status(state) is Status.WATCHING
    reader = JournalReader(journal_folder(book))
    assert len(list(reader.events(kinds=["intent"]))) == len(desk.placed) == 2
    assert "it is not armed" in reader.last("alert").body["text"]
