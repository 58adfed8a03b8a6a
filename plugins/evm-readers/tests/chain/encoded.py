"""States that a protocol's package worked out, or that its contracts were in, to answer by."""

from __future__ import annotations

import json
from pathlib import Path

from chain.recorded import Answers, ints

FOLDER = Path(__file__).parents[1] / "encoded"
JUDGES = Path(__file__).parents[1] / "judges"


def cases(file: str) -> list[dict]:
    """Cases of a file; a test has the package that it names work them out again."""
    return json.loads((FOLDER / f"{file}.json").read_text("utf-8"))["cases"]


def runs(file: str) -> list[dict]:
    """Runs of a file, each of whose cases has the contracts with all that they answered then.

    A case says what has changed since the one before; an answer that is none was refused.
    """
    found = json.loads((FOLDER / f"{file}.json").read_text("utf-8"))["runs"]
    for run in found:
        there: dict[str, Answers] = {}
        for case in run["cases"]:
            there = {at: dict(answers) for at, answers in there.items()}
            for at, changes in case.pop("changes").items():
                answers = there.setdefault(at, {})
                for data, answer in changes.items():
                    answers.pop(bytes.fromhex(data[2:]), None)
                    if answer is not None:
                        answers[bytes.fromhex(data[2:])] = bytes.fromhex(answer[2:])
            case["contracts"] = there
    return found


def infinity_run() -> list[dict]:
    """States of Infinity's bins that the protocol's own libraries made, one after another."""
    return json.loads((FOLDER / "infinity_bins.json").read_text("utf-8"))["cases"]


def reclamm_question(case: dict) -> dict:
    """What the package is asked of a reCLAMM: its state, an exit, and some swaps."""
    scales = [10 ** (18 - token["decimals"]) for token in case["tokens"]]
    rates, state = ints(case["pool"]["rates_e18"]), case["state"]
    rows = zip(ints(state["balances"]), scales, rates, strict=True)
    question = {
        "scales": scales,
        "rates": rates,
        "balances": [raw * scale * rate // 10**18 for raw, scale, rate in rows],
        "fee": case["pool"]["swap_fee_e18"],
        "supply": state["total_supply"],
        "shares": case["position"]["lp_tokens"],
        "swaps": [each[:2] for each in case["swaps"]],
        "state": state["reclamm"],
    }
    return json.loads(json.dumps(question), parse_int=str)
