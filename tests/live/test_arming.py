"""Armed for what was shown, and for nothing else (invariant 25: unarmed never sends)."""

from decimal import Decimal

import pytest

from hedgecore.errors import JournalError
from hedgecore.interfaces.account import ContractTerms, Identity
from hedgecore.live import arming
from hedgecore.live.arming import (
    Arming,
    Fingerprint,
    arm,
    current_arming,
    disarm,
    refusals,
    versions,
    why_unarmed,
)

TERMS = ContractTerms(
    symbol="P", lot=Decimal("0.001"), tick=Decimal("0.1"), min_order=Decimal(0), fee=None,
    settlement="USDC",
)  # fmt: skip
SHOWN = {
    "settings": {"policy": {"kind": "band", "half_width": 0.1}, "every_seconds": 12.0},
    "instruments": [{"kind": "perp", "name": "E", "venue": "hyper"}],
    "owner": "0xab",
    "caps": {"max_order_notional": 5e4},
    "versions": {"hedgecore": "0.1.0"},
    "identities": {"hyper": Identity(account="0xab", network="mainnet")},
    "terms": {"hyper": {"P": TERMS}},
}
OTHERS = {
    "settings": {"policy": {"kind": "band", "half_width": 0.2}, "every_seconds": 12.0},
    "instruments": [],
    "owner": "0xac",
    "caps": {"max_order_notional": 5e5},
    "versions": {"hedgecore": "0.1.1"},
    "identities": {"hyper": Identity(account="0xab", network="testnet")},
    "terms": {"hyper": {}},
}


def test_invariant_25_nothing_is_armed_until_a_person_says_so(tmp_path):
    fingerprint = Fingerprint.of(**SHOWN)
    folder = tmp_path / "book.live"
    assert "not armed" in why_unarmed(folder, fingerprint)
    arm(folder, Arming(fingerprint=fingerprint, time=1.5, by="ann"))
    assert why_unarmed(folder, Fingerprint.of(**SHOWN)) is None
    assert current_arming(folder) == Arming(fingerprint=fingerprint, time=1.5, by="ann")
    disarm(folder)
    disarm(folder)
    assert "not armed" in why_unarmed(folder, fingerprint)


@pytest.mark.parametrize("part", SHOWN)
def test_invariant_25_what_was_not_shown_is_not_armed(tmp_path, part):
    arm(tmp_path, Arming(fingerprint=Fingerprint.of(**SHOWN), time=0.0))
    other = Fingerprint.of(**{**SHOWN, part: OTHERS[part]})
    assert why_unarmed(tmp_path, other) == f"{part} changed since it was armed: arm it again"
    assert other.digest != Fingerprint.of(**SHOWN).digest


def test_a_fingerprint_is_of_what_is_said_not_of_its_order():
    turned = {**SHOWN, "settings": dict(reversed(SHOWN["settings"].items()))}
    assert Fingerprint.of(**turned) == Fingerprint.of(**SHOWN)
    both = Fingerprint.of(**{**SHOWN, "owner": "x", "caps": {}})
    assert both.changes(Fingerprint.of(**SHOWN)) == ("owner", "caps")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"type": "Arming"}', '{"type": "Arming", "time": 1}', "\xff"]
)
def test_invariant_25_an_arming_that_cannot_be_read_is_none(tmp_path, text):
    (tmp_path / arming.NAME).write_text(text, encoding="latin-1")
    assert current_arming(tmp_path) is None
    assert "not armed" in why_unarmed(tmp_path, Fingerprint.of(**SHOWN))


def test_an_arming_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(JournalError):
        arm(tmp_path / "file", Arming(fingerprint=Fingerprint.of(**SHOWN), time=0.0))


def test_a_key_that_may_withdraw_is_refused_by_name():
    keys = {
        "good": Identity(account="a", network="n", permissions=("trade", "read")),
        "silent": Identity(account="b", network="n"),
        "bad": Identity(account="c", network="n", permissions=("trade", "Withdrawals")),
    }
    (said,) = refusals(keys)
    assert said == "the key of bad may Withdrawals: use one that may trade, and no more"


def test_whoever_has_no_name_on_the_machine_is_told_by_number(monkeypatch):
    def nobody():
        raise KeyError

    monkeypatch.setattr(arming, "getuser", nobody)
    assert Arming(fingerprint=Fingerprint(parts={}), time=0.0).by.startswith("uid ")


def test_versions_are_of_all_that_may_decide():
    pytest.importorskip("hedgecore_uniswap_v3")
    assert {"python", "hedgecore", "numpy", "hedgecore-uniswap-v3"} <= set(versions())
