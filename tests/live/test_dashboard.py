"""The dashboard: what it says is what the journal says, and it can change nothing."""

import json
import time
import urllib.error
import urllib.request

import pytest

from hedgecore.live.journal import JournalReader, journal_folder
from hedgecore.report.dashboard.follower import JournalFollower
from hedgecore.report.dashboard.metrics import metrics
from hedgecore.report.dashboard.view import view
from live_desk import paper_book as book

pytest.importorskip("starlette", reason="the dashboard is an extra")
pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")


@pytest.fixture
def shown(traded):
    follower = JournalFollower(journal_folder(traded))
    assert follower.follow()
    assert not follower.follow()
    return view(follower, time.time())


def events(book, kind):
    return [each.body for each in JournalReader(journal_folder(book)).events(0, (kind,))]


def test_the_delta_is_that_of_what_is_held_now_against_the_band(shown, traded):
    (row,) = shown["delta"]
    last = events(traded, "decision")[-1]
    (open_then,) = last["input"]["observation"]["delta"]
    (bought,) = last["made"]["trade"]
    assert row["net"] == pytest.approx(open_then + bought, rel=1e-12)
    assert row["net"] == pytest.approx(row["positions"] + row["hedge"], rel=1e-12)
    assert row["width"] == 0.2
    assert abs(row["net"]) <= 0.2


def test_what_is_held_is_what_the_account_said_last(shown, traded):
    (row,) = shown["instruments"]
    account = events(traded, "account")[-1]["account"]
    assert row["held"] == float(account["positions"]["ETH"]["contracts"])
    assert row["left"] == 0.0


def test_each_order_stands_with_what_became_of_it(shown, traded):
    told = [each["outcome"] for each in events(traded, "outcome")]
    assert [each["filled"] for each in reversed(shown["orders"])] == [
        float(each["contracts"]) for each in told
    ]
    assert {each["state"] for each in shown["orders"]} == {"filled"}


def test_the_profit_is_the_change_of_worth_and_of_the_account(shown, traded):
    """Equity of the account and worth of the positions, at the end less at the start."""
    first, last = events(traded, "snapshot")[0], events(traded, "account")[-1]["account"]
    before = float(first["venues"]["desk"]["account"]["balances"]["USDC"])
    profit = shown["profit"]
    worth = sum(each["worth"] for each in shown["positions"])
    start = profit["hold"] - profit["parts"]["price change"]
    gained = float(last["margin"]["equity"]) - before
    assert profit["net"] == pytest.approx(worth - start + gained, rel=1e-9)
    assert profit["parts"]["impermanent loss"] < 0


def test_positions_that_changed_have_no_profit_that_is_told(call, tmp_path):
    path = book(tmp_path)
    assert call("live", path, "--once").exit_code == 0
    path.write_text(path.read_text().replace("liquidity = 5000.0", "liquidity = 9000.0"))
    assert call("live", path, "--once").exit_code == 0
    follower = JournalFollower(journal_folder(path))
    follower.follow()
    assert view(follower, time.time())["profit"] == {
        "unknown": "lp is of another size than when the journal began"
    }


def test_a_journal_that_has_only_begun_says_so(tmp_path):
    found = view(JournalFollower(tmp_path), time.time())
    assert (found["state"], found["problem"]) == ("dead", "nothing has been read yet")


def test_the_metrics_are_the_numbers_of_the_view(shown):
    lines = dict(
        line.rsplit(" ", 1) for line in metrics(shown).splitlines() if not line.startswith("#")
    )
    assert float(lines['hedgecore_net_delta{asset="WETH"}']) == shown["delta"][0]["net"]
    assert float(lines['hedgecore_margin_equity{venue="desk"}']) > 0
    assert lines['hedgecore_state{state="ended"}'] == "1"
    assert lines['hedgecore_state{state="dead"}'] == "0"
    assert 'hedgecore_margin_down{venue="desk"}' not in lines


def test_a_name_with_quotes_does_not_break_the_metrics():
    odd = {"state": "well", "instruments": [{"name": 'a"b\\c\nd', "held": 1.0}]}
    assert 'hedgecore_held_contracts{name="a\\"b\\\\c\\nd"} 1\n' in metrics(odd)


def ask(url, method="GET", **headers):
    request = urllib.request.Request(url, method=method, headers=headers)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read().decode()


def test_the_server_says_what_the_view_says(server, shown):
    status, _, body = ask(f"{server}/state")
    found = json.loads(body)
    assert status == 200
    same = ("delta", "orders", "instruments", "margins", "profit", "events")
    assert {name: found[name] for name in same} == {name: shown[name] for name in same}


def test_a_loop_that_has_ended_is_not_healthy(server):
    status, _, body = ask(f"{server}/health")
    assert (status, json.loads(body)["state"]) == (503, "ended")
    assert json.loads(body)["reasons"][0].startswith("it ended at ")


def test_only_questions_are_answered_and_only_by_this_machines_name(server):
    assert [ask(f"{server}/state", method)[0] for method in ("POST", "PUT", "DELETE")] == [405] * 3
    assert ask(f"{server}/state", Host="example.org")[0] == 400


def test_a_browser_runs_nothing_but_the_page_itself(server):
    _, headers, page = ask(server)
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")


def test_the_events_begin_with_the_whole_view(server, shown):
    with urllib.request.urlopen(f"{server}/events", timeout=30) as stream:  # noqa: S310
        first = json.loads(stream.readline().decode().removeprefix("data: "))
    assert first["delta"] == shown["delta"]


@pytest.mark.campaign
def test_a_book_without_a_journal_and_a_host_that_is_none_are_refused(call, tmp_path):
    refused = call("dashboard", book(tmp_path))
    assert (refused.exit_code, "there is no journal" in refused.stderr) == (2, True)
    named = call("dashboard", book(tmp_path), "--host", "home")
    assert (named.exit_code, "--host is an address" in named.stderr) == (2, True)
