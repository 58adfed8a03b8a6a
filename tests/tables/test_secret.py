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
