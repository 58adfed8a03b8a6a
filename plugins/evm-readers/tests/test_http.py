"""HTTP beneath JSON-RPC: its proxies, its limits, and nothing of its address in any log."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

import pytest
import urllib3
from chain.fake import FakeNode
from chain.proxy import KEY, SECRETS, Proxy, Server
from hedgecore_evm_readers.http import HttpClient
from hedgecore_evm_readers.rpc_url import proxy_of

from hedgecore import ReaderError, Secret

BODY = b'{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}'
ELSEWHERE = "http://alice-7f3a:pa55w0rd-9c1e@node.example:8545/v2/k3y-2b8d4f6a?token=t0k3n-5e7c"
PATIENCE = 300.0
"""Seconds for an answer that comes."""
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    """An environment that names no proxies but those of the test."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@contextmanager
def serving(handle):
    """Serve POST and CONNECT on a free port, by a function of the handler."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            handle(self)

        def do_CONNECT(self):
            handle(self)

        def log_message(self, *words):
            """Say nothing."""

    with Server(("127.0.0.1", 0), Handler) as server, server.serving():
        yield server.server_port


def failing(url, seconds=PATIENCE, most=2**20):
    """Return the words in which an exchange fails."""
    with pytest.raises(ReaderError) as raised:
        HttpClient(Secret(url), most).post(BODY, seconds)
    assert not any(secret in repr(raised.value) for secret in SECRETS)
    return str(raised.value)


def posted(url):
    client = HttpClient(Secret(url), 2**20)
    try:
        return client.post(BODY, PATIENCE)
    finally:
        client.close()


def test_http_goes_through_the_proxy_that_is_named(monkeypatch, caplog):
    """As whole URLs, without the login, which has a header of its own."""
    with FakeNode({}).running() as node, Proxy(node.url).running() as between:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{between.port}")
        with caplog.at_level(logging.DEBUG):
            assert posted(ELSEWHERE).status == 200
    assert between.paths == [f"http://node.example:8545/v2/{KEY}?token=t0k3n-5e7c"]
    assert between.logins[0].startswith("Basic ")
    assert not any(secret in caplog.text for secret in SECRETS)


def test_https_is_tunnelled_so_that_the_proxy_sees_no_key(monkeypatch):
    seen = []

    def refuse(its):
        seen.append((its.requestline, its.headers["Proxy-Authorization"], str(its.headers)))
        its.send_error(407)

    with serving(refuse) as port:
        monkeypatch.setenv("https_proxy", f"http://me:pass@127.0.0.1:{port}")
        said = failing(ELSEWHERE.replace("http", "https"))
    ((line, login, headers),) = seen
    assert line.startswith("CONNECT node.example:8545 ")
    assert login == "Basic bWU6cGFzcw=="
    assert not any(secret in headers for secret in SECRETS)
    assert "the proxy" in said
    assert "NO_PROXY" in said


@pytest.mark.parametrize(
    ("url", "environment", "proxy"),
    [
        ("http://node.example", {"http_proxy": "http://p:1"}, "http://p:1"),
        ("http://node.example", {"https_proxy": "http://p:1"}, None),
        ("https://node.example", {"https_proxy": "http://p:1"}, "http://p:1"),
        ("https://node.example", {"all_proxy": "http://p:1"}, "http://p:1"),
        ("https://node.example", {"https_proxy": "http://p:1", "no_proxy": "example"}, None),
        ("https://node.example", {"https_proxy": "http://p:1", "no_proxy": "*"}, None),
        ("https://me@node.example:9", {"all_proxy": "p", "no_proxy": "node.example:9"}, None),
        ("http://localhost:8545", {"http_proxy": "http://p:1"}, None),
        ("http://[::1]:8545", {"http_proxy": "http://p:1"}, None),
        ("http://127.0.0.1:8545", {"all_proxy": "http://p:1"}, None),
    ],
)
def test_the_environment_names_the_proxies(monkeypatch, url, environment, proxy):
    for name, each in environment.items():
        monkeypatch.setenv(name, each)
    assert proxy_of(urlsplit(url)) == proxy


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "http://", "http://127.0.0.1:9"])
def test_a_proxy_that_is_none_is_an_error_that_names_no_address(monkeypatch, proxy):
    monkeypatch.setenv("all_proxy", proxy)
    said = failing(ELSEWHERE)
    assert "proxy" in said
    assert "node.example" not in said


def test_a_line_without_an_end_is_no_answer():
    """A server may send a chunk's length for ever: it is read to a limit, and not to the time's."""

    def endless(its):
        its.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            its.wfile.write(b"1" * 2**16)

    with serving(endless) as port:
        assert "no HTTP" in failing(f"http://127.0.0.1:{port}/{KEY}")


def test_chunks_without_an_end_are_too_long():
    def endless(its):
        its.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            its.wfile.write(b"10000\r\n" + b"1" * 2**16 + b"\r\n")

    with serving(endless) as port:
        assert "longer than 1048576 bytes" in failing(f"http://127.0.0.1:{port}/{KEY}")


def test_headers_that_cannot_be_parsed_put_no_address_into_a_log(caplog):
    def odd(its):
        its.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nno colon\r\nA: b\r\n\r\n{}")
        its.close_connection = True

    with caplog.at_level(logging.DEBUG), serving(odd) as port:
        HttpClient(Secret(f"http://127.0.0.1:{port}/{KEY}"), 2**20).post(BODY, PATIENCE)
    assert not caplog.records


def test_what_others_do_with_urllib3_is_logged_as_ever(caplog):
    """Only what is done for an RPC, whose URL is a secret, is not."""
    with FakeNode({}).running() as node, caplog.at_level(logging.DEBUG):
        posted(f"{node.url}/{KEY}")
        assert not caplog.records
        with urllib3.PoolManager() as pools:
            pools.request("POST", f"{node.url}/others", body=BODY)
    assert "/others" in caplog.text


def test_a_connection_that_was_closed_while_idle_is_opened_again():
    """Without a word: nodes close what is idle."""

    def once(its):
        its.send_response(200)
        its.send_header("Content-Length", "2")
        its.end_headers()
        its.wfile.write(b"{}")
        its.close_connection = True

    with serving(once) as port:
        client = HttpClient(Secret(f"http://127.0.0.1:{port}/{KEY}"), 2**20)
        assert [client.post(BODY, PATIENCE).body for _ in range(3)] == [b"{}"] * 3
        client.close()
