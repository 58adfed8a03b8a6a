"""What all adapters share: a workload in, seconds and numbers out; it needs no package at all."""

# ruff: noqa: ANN001, ANN201, ANN202 - a script of another environment

import json
import sys
import time

ROUNDS, LEAST = 5, 0.05


def answer(prepare):
    """Print what a peer takes and says, as JSON: `prepare(**workload)` gives the call to time."""
    call = prepare(**json.load(sys.stdin))
    numbers = call()  # warm
    seconds = min(_timed(call) for _ in range(ROUNDS))
    print(
        json.dumps({"seconds": seconds, "numbers": numbers}, default=lambda array: array.tolist())
    )


def _timed(call):
    """Return the CPU seconds of a call, repeated for at least `LEAST`."""
    start, repeats = time.process_time(), 0
    while time.process_time() - start < LEAST:
        call()
        repeats += 1
    return (time.process_time() - start) / repeats
