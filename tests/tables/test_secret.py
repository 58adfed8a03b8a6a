import copy
import pickle
import traceback

import pytest

from hedgecore import ReaderError, Secret
from hedgecore.tables.secret import RPC

KEY = "https://node.example/v2/0123456789abcdef"


def test_a_secret_is_shown_by_nothing_but_reveal():
    secret = Secret(KEY)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r:>30}", repr([secret])]
    assert not [each for each in shown if "node" in each or "0123" in each]
    assert not [each for each in dir(secret) if KEY in repr(getattr(secret, each))]
    assert secret.reveal() == KEY


@pytest.mark.parametrize("taken", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_secret_is_neither_pickled_nor_copied(taken):
    with pytest.raises(TypeError) as caught:
        taken(Secret(KEY))
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_secrets_are_compared_by_what_they_hold():
    assert Secret(KEY) == Secret(KEY) != Secret("other")
    assert len({Secret(KEY), Secret(KEY)}) == 1
    assert Secret(KEY) != KEY


def test_the_environment_names_the_rpc(monkeypatch):
    monkeypatch.setenv(RPC, f" {KEY}\n")
    assert Secret.from_environment() == Secret(KEY)
    monkeypatch.delenv(RPC)
    with pytest.raises(ReaderError, match=f"set {RPC}"):
        Secret.from_environment()


def test_a_file_that_its_owner_alone_may_read_names_it_too(monkeypatch, tmp_path):
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n", encoding="utf-8")
    file.chmod(0o600)
    monkeypatch.delenv(RPC, raising=False)
    monkeypatch.setenv(f"{RPC}_FILE", str(file))
    assert Secret.from_environment() == Secret(KEY)
    monkeypatch.setenv(RPC, "http://other.example")
    assert Secret.from_environment() == Secret("http://other.example")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o666])
def test_a_file_that_others_may_read_is_refused_and_not_shown(monkeypatch, tmp_path, mode):
    file = tmp_path / "key"
    file.write_text(KEY, encoding="utf-8")
    file.chmod(mode)
    monkeypatch.delenv(RPC, raising=False)
    monkeypatch.setenv(f"{RPC}_FILE", str(file))
    with pytest.raises(ReaderError, match="chmod 600") as caught:
        Secret.from_environment()
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_a_file_that_is_not_there_or_is_empty_is_said(monkeypatch, tmp_path):
    monkeypatch.delenv(RPC, raising=False)
    monkeypatch.setenv(f"{RPC}_FILE", str(tmp_path / "none"))
    with pytest.raises(ReaderError, match="cannot be read"):
        Secret.from_environment()
    empty = tmp_path / "empty"
    empty.touch(mode=0o600)
    monkeypatch.setenv(f"{RPC}_FILE", str(empty))
    with pytest.raises(ReaderError, match=f"set {RPC}"):
        Secret.from_environment()
