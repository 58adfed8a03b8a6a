"""The dashboard in a browser: what is on the screen is what the journal says.

It needs Debian's Chromium; HEDGECORE_REQUIRE=browser fails where there is none.
"""

import os
import shutil
import signal
import subprocess
import sys
import urllib.request

import pytest

from live_desk import paper_book

pytestmark = pytest.mark.campaign
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
PATIENCE = 180_000
"""Milliseconds: a browser starts slowly on a machine that is busy."""
SIZES = {"phone": (390, 844), "desk": (1280, 900)}


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        if "browser" in os.environ.get("HEDGECORE_REQUIRE", "").split(","):
            pytest.fail("HEDGECORE_REQUIRE names the browser, and there is no Chromium")
        pytest.skip("there is no Chromium")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as play:
        started = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"], timeout=PATIENCE
        )
        yield started
        started.close()


@pytest.fixture(params=SIZES)
def page(browser, server, request):
    """The page at a size, once it shows something; what a browser complains of fails the test."""
    wide, high = SIZES[request.param]
    context = browser.new_context(viewport={"width": wide, "height": high}, color_scheme="dark")
    context.set_default_timeout(PATIENCE)
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(server)
    page.wait_for_selector("section")
    yield page
    assert said == []
    context.close()


def cells(page, title):
    return page.locator(f'section[data-card^="{title}"] td').all_inner_texts()


def test_the_screen_says_what_the_journal_says(page, server):
    shown = page.request.get(f"{server}/state").json()
    (row,) = shown["delta"]
    delta = cells(page, "Net delta")
    assert delta[0] == "WETH"
    assert float(delta[3]) == pytest.approx(row["net"], rel=1e-5)
    held = cells(page, "Instruments")[1]
    assert float(held) == pytest.approx(shown["instruments"][0]["held"], rel=1e-5)
    net = cells(page, "Profit")[-1].replace(",", "")
    assert float(net) == pytest.approx(shown["profit"]["net"], abs=0.005)
    assert len(cells(page, "Orders")) == 8 * len(shown["orders"])


def test_why_it_does_not_trade_is_on_top(page):
    assert page.locator("#state").inner_text() == "ended"
    (why,) = page.locator("#why li").all_inner_texts()
    assert why.startswith("it ended at ")


def test_nothing_on_it_can_be_clicked_and_nothing_is_cut_off(page):
    assert page.locator("button, input, form, a").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


LONG = {
    "alerts": [{"wall": 0, "level": "critical", "text": "margin " * 60}],
    "positions": [{"name": "a range of WBTC and USDC at 0.3 %, the second", "worth": 123456.7}],
}


def test_long_names_and_alerts_are_read_without_scrolling(page):
    page.evaluate("more => show({...shown, ...more})", LONG)
    hidden = "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth)"
    assert page.evaluate(f"{hidden}.map(e => e.innerText)") == []
    assert "123,456.70" in cells(page, "Positions")


def test_a_new_look_of_the_loop_arrives_by_itself(page, traded, call):
    before = len(cells(page, "Orders"))
    paper_book(traded.parent, 3150.0)
    call("live", traded, "--once")
    page.wait_for_function(
        "n => document.querySelectorAll('section[data-card=Orders] td').length > n", arg=before
    )
    paper_book(traded.parent, 3300.0)
    call("live", traded, "--once")


def test_a_loop_goes_on_when_its_dashboard_is_killed(traded, call):
    """A reader that dies in the middle holds nothing that the loop waits for."""
    command = [sys.executable, "-m", "hedgecore.cli", "dashboard", str(traded), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            where = process.stderr.readline().split()[0]
            with urllib.request.urlopen(f"{where}events", timeout=120) as stream:  # noqa: S310
                assert stream.readline().startswith(b"data: ")
        finally:
            process.send_signal(signal.SIGKILL)
    assert call("live", traded, "--once").exit_code == 0
    assert call("journal", traded, "--verify").exit_code == 0
