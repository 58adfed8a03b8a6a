"""Alerts: they reach people, never stop a loop, never flood, and quote no URL."""

import io
import json
import threading
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from hedgecore import Secret, SpecError
from hedgecore.live import outbox, web
from hedgecore.live.alerts import Alerts

HOOK, BEAT = Secret("https://hook.example/canary-1"), Secret("https://beat.example/canary-2")
FAULTS = [
    OSError("https://hook.example/canary-1 refused"),
    ValueError("URL can't contain control characters. '/canary-1'"),
    TimeoutError(),
    KeyError("canary-1"),
]


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class Service:
    """Where messages go: keeps them, or fails so many times with a fault."""

    def __init__(self, fault=None, times=99):
        self.got, self.fault, self.left = [], fault, times if fault else 0

    def __call__(self, url, body):
        if self.left:
            self.left -= 1
            raise self.fault
        self.got.append((url, body))


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(outbox, "PAUSES", (0.0, 0.0, 0.0))


def made(service, clock=None, **urls):
    stream = io.StringIO()
    options = {"stream": stream, "mono": clock or Clock(), "post": service}
    return Alerts("r1", **urls, **options), stream


def test_an_alert_is_a_line_and_a_message_that_chats_understand():
    service = Service()
    alerts, stream = made(service, webhook=HOOK)
    alerts.alert("critical", "halted: 3 contracts\nare \x1b[31munexplained")
    alerts.close()
    line = "critical: halted: 3 contracts are \\x1b[31munexplained"
    assert stream.getvalue() == f"{line}\n"
    ((url, body),) = service.got
    said = json.loads(body)
    assert url == HOOK
    assert said["text"] == said["content"] == f"hedgecore r1 {line}"
    assert (said["level"], said["run"]) == ("critical", "r1")


def test_alerts_that_differ_in_numbers_alone_are_one_in_five_minutes_and_counted():
    service, clock = Service(), Clock()
    alerts, stream = made(service, clock, webhook=HOOK)
    for age in range(40, 52):
        alerts.alert("warning", f"the chain is {age} s old")
    alerts.alert("warning", "a position has gone")
    clock.now += 300.0
    alerts.alert("warning", "the chain is 99 s old")
    alerts.close()
    assert stream.getvalue().splitlines() == [
        "warning: the chain is 40 s old",
        "warning: a position has gone",
        "warning: the chain is 99 s old (11 more since)",
    ]
    assert len(service.got) == 3


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_invariant_24_an_alert_that_fails_is_a_line_without_a_word_of_its_url(fault):
    alerts, stream = made(Service(fault), webhook=HOOK, heartbeat=BEAT)
    alerts.alert("warning", "waiting")
    alerts.beat()
    alerts.close()
    lines = stream.getvalue().splitlines()
    assert lines[0] == "warning: waiting"
    assert set(lines[1:]) == {
        f"warning: the {what} was not reached: {type(fault).__name__}"
        for what in ("webhook", "heartbeat")
    }
    assert "canary" not in stream.getvalue() + repr(alerts)


def test_invariant_24_an_alert_that_quotes_a_secret_does_not_send_it():
    service = Service()
    options = {"post": service, "stream": io.StringIO(), "mono": Clock()}
    alerts = Alerts("r", webhook=HOOK, secrets=[BEAT], **options)
    alerts.alert("warning", f"GET {BEAT.reveal()} failed")
    alerts.close()
    assert b"canary" not in service.got[0][1]
    assert "canary" not in options["stream"].getvalue()


def test_a_message_is_tried_three_times():
    service = Service(OSError(), times=2)
    alerts, stream = made(service, webhook=HOOK)
    alerts.alert("warning", "waiting")
    alerts.close()
    assert len(service.got) == 1
    assert stream.getvalue() == "warning: waiting\n"


def test_a_service_that_hangs_stops_no_loop_and_too_many_messages_are_dropped(monkeypatch):
    monkeypatch.setattr(outbox, "SECONDS", 0.01)
    hangs = threading.Event()
    alerts, stream = made(lambda *_: hangs.wait(), webhook=HOOK, heartbeat=BEAT)
    for name in ["".join(pair) for pair in zip("abcdefghij" * 10, "qwertyuiop" * 10, strict=True)]:
        alerts._sent.clear()
        alerts.alert("warning", name)
        alerts.beat()
    assert "was not reached: too many messages wait" in stream.getvalue()
    alerts.close()
    hangs.set()


def test_heartbeats_that_still_wait_are_one():
    free, service = threading.Event(), Service()

    def slow(url, body):
        free.wait()
        service(url, body)

    alerts, _ = made(slow, heartbeat=BEAT)
    for _ in range(50):
        alerts.beat()
    free.set()
    alerts.close()
    assert 1 <= len(service.got) <= 2
    assert service.got[0] == (BEAT, None)


def test_without_urls_there_is_stderr_alone_and_a_stderr_that_is_gone_is_no_error():
    alerts, stream = made(Service())
    alerts.beat()
    stream.close()
    alerts.alert("warning", "waiting")
    alerts.close()
    alerts.close()


def test_the_table_names_environment_variables(monkeypatch):
    monkeypatch.setenv("MY_HOOK", HOOK.reveal())
    alerts = Alerts.from_table({"webhook": "MY_HOOK"}, run="r")
    assert (alerts.webhook, alerts.heartbeat) == (HOOK, None)
    assert "canary" not in repr(alerts)


@pytest.mark.parametrize(
    ("table", "value", "says"),
    [
        ({"webhok": "X"}, "https://a.example", r"webhok: there is no such entry; did you mean"),
        ({"webhook": "X"}, "", "live.alerts.webhook: X is not set in the environment"),
        ({"webhook": "X"}, "file:///etc/canary", "X holds no http or https URL"),
        ({"webhook": "X"}, "https://a.example/a b canary", "X holds no http"),
        ({"webhook": "X"}, "https://[canary", "X holds no http"),
        ({"heartbeat": "https://a.example/canary"}, "", "names an environment variable, and is no"),
        ({"heartbeat": 3}, "", "names an environment variable"),
    ],
)
def test_what_names_no_url_is_refused_and_not_shown(monkeypatch, table, value, says):
    monkeypatch.setenv("X", value)
    with pytest.raises(SpecError, match=says) as caught:
        Alerts.from_table(table, run="r")
    assert "canary" not in str(caught.value)


class Handler(BaseHTTPRequestHandler):
    """A service on loopback that answers with the status that its path names."""

    def do_GET(self):
        length = int(self.headers.get("Content-Length", 0))
        self.server.got.append((self.command, self.path, self.rfile.read(length)))
        self.send_response(int(self.path.strip("/")))
        self.send_header("Location", "/200")
        self.end_headers()

    do_POST = do_GET  # noqa: N815 - as the library names it

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with HTTPServer(("127.0.0.1", 0), Handler) as made:
        made.got = []
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def test_a_message_goes_over_http_as_json_and_redirects_are_not_followed(server):
    here = f"http://127.0.0.1:{server.server_port}"
    web.post(Secret(f"{here}/200"), b"{}")
    web.post(Secret(f"{here}/204"), None)
    assert server.got == [("POST", "/200", b"{}"), ("GET", "/204", b"")]
    for status in (302, 404, 500):
        with pytest.raises(HTTPException, match=f"status {status}"):
            web.post(Secret(f"{here}/{status}"), b"{}")
    assert [path for _, path, _ in server.got[2:]] == ["/302", "/404", "/500"]
