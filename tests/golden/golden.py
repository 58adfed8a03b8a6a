"""Golden outputs: what the commands in commands.toml say, recorded once and compared ever after.

    python tests/golden/golden.py record [ID …]      write recorded/ID.json
    python tests/golden/golden.py compare [ID …]     list what differs; exit 1 if anything does

What runs is the hedgecore of the Python that runs this file. See README.md beside it.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RECORDED = HERE / "recorded"
MISSING = "(absent)"
CLOSURE = re.compile(r"to \d+e-1[5-9](?= of the worth)")
PLAIN = {"COLUMNS": "120", "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def table():
    """Return the tables of commands.toml."""
    return tomllib.loads((HERE / "commands.toml").read_text(encoding="utf-8"))


# ---- Run ---------------------------------------------------------------------------------------


def run(command, ignored_keys=()):
    """Return the exit code and all output of one command, without what changes from day to day."""
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.parquet"
        words = [str(rows) if word == "{rows}" else word for word in command["run"]]
        done = subprocess.run(  # noqa: S603 - the commands are this folder's own
            [*program(words[0]), *words[1:]], cwd=ROOT, env=environment(), text=True,
            encoding="utf-8", capture_output=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        errors = done.stderr.replace(str(rows), "{rows}")
        found = {"exit": done.returncode, "stderr": lines(errors), "out": parsed(done.stdout)}
        if rows.exists():
            found["rows"] = columns(rows)
    return without(found, ignored_keys)


def program(name):
    """Return the program that `name` stands for, of the environment that runs this file."""
    python = Path(sys.executable)
    return [str(python)] if name == "python" else [str(python.with_name(name))]


def environment():
    """Return this process's environment, without a terminal's width, colours and endpoints."""
    kept = {name: each for name, each in os.environ.items() if not name.startswith("HEDGECORE_")}
    return {**kept, **PLAIN, **{name: kept.get(name, one) for name, one in ONE_THREAD.items()}}


def parsed(text):
    """Return the JSON document that `text` is, or its lines."""
    return json.loads(text) if text.startswith("{") else lines(text)


def lines(text):
    """Return lines without trailing blanks."""
    return [line.rstrip() for line in text.rstrip().splitlines()]


def columns(path):
    """Return the columns of a Parquet file, by name; moments as texts."""
    from pyarrow import parquet  # noqa: PLC0415 - an extra

    return json.loads(json.dumps(parquet.read_table(path).to_pydict(), default=str))


def without(found, keys):
    """Return `found` without the keys, and the rounding, that say which build or machine it was."""
    if isinstance(found, dict):
        return {name: without(each, keys) for name, each in found.items() if name not in keys}
    if isinstance(found, list):
        return [without(each, keys) for each in found]
    return CLOSURE.sub("to rounding", found) if isinstance(found, str) else found


# ---- Record ------------------------------------------------------------------------------------


def record(commands, settings):
    """Write the output of each command."""
    RECORDED.mkdir(exist_ok=True)
    for name, command in commands.items():
        found = run(command, settings["ignored_keys"])
        text = written(found, "") + "\n"
        (RECORDED / f"{name}.json").write_text(text, encoding="utf-8")
        say(f"{name}: exit {found['exit']}, {len(text)} bytes")


def written(found, indent):
    """Return JSON with a line for each key or item, but one for a list of plain values."""
    inner = indent + " "
    if isinstance(found, dict) and found:
        parts = [f"{json.dumps(name)}: {written(each, inner)}" for name, each in found.items()]
        return "{\n" + ",\n".join(inner + part for part in parts) + f"\n{indent}}}"
    if isinstance(found, list) and not all(isinstance(each, int | float) for each in found):
        parts = [inner + written(each, inner) for each in found]
        return "[\n" + ",\n".join(parts) + f"\n{indent}]"
    return json.dumps(found, ensure_ascii=False)


# ---- Compare -----------------------------------------------------------------------------------


def compare(commands, settings):
    """List what differs; return how many differences have no reason, and reasons no difference."""
    reasons, used, unexplained = settings["differs"], set(), 0
    for name, command in commands.items():
        for path, old, new in differences(name, command, settings):
            reason = explanation(reasons, name, path)
            used.add(reason)
            unexplained += reason is None
            say(f"{name}\t{path}\t{shown(old)}\t{shown(new)}\t{reasons.get(reason, 'NO REASON')}")
    idle = [key for key in reasons if key not in used and key.partition(":")[0] in commands]
    for key in idle:
        say(f"[differs] {key}: nothing differs there any more")
    say(f"{len(commands)} commands, {unexplained} differences without a reason")
    return unexplained + len(idle)


def differences(name, command, settings):
    """Yield path, recorded value and value now, of each value that differs."""
    old = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    renamed = in_new_words(old, settings["renamed_keys"], settings["renamed_values"])
    tolerance = {**settings["tolerance"], **command.get("tolerance", {})}
    yield from unlike(renamed, run(command, settings["ignored_keys"]), tolerance, ())


def in_new_words(found, keys, values, path=()):
    """Return what was recorded, with keys and whole words as they are spelt now."""
    if isinstance(found, dict):
        named = {name: renamed(keys, (*path, name)) for name in found}
        return {
            named[name]: in_new_words(each, keys, values, (*path, name))
            for name, each in found.items()
        }
    if isinstance(found, list):
        return [in_new_words(each, keys, values, path) for each in found]
    return values.get(found, found) if isinstance(found, str) else found


def renamed(keys, path):
    """Return the last name of `path` now: of the longest end of it that has a new name."""
    ends = (".".join(path[start:]) for start in range(len(path)))
    return next((keys[end] for end in ends if end in keys), path[-1])


def unlike(old, new, tolerance, path):
    """Yield what differs between two documents: numbers beyond the tolerance, all else at all."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in {**old, **new}:
            pair = old.get(name, MISSING), new.get(name, MISSING)
            yield from unlike(*pair, tolerance, (*path, name))
    elif isinstance(old, list) and isinstance(new, list):
        for place in range(max(len(old), len(new))):
            pair = (each[place] if place < len(each) else MISSING for each in (old, new))
            yield from unlike(*pair, tolerance, (*path, str(place)))
    elif not same(old, new, tolerance):
        yield ".".join(path), old, new


def same(old, new, tolerance):
    """Return whether two plain values are one: to the tolerance if both are numbers."""
    if is_number(old) and is_number(new):
        scale = max(abs(old), abs(new))
        near = abs(old - new) <= max(tolerance["relative"] * scale, tolerance["absolute"])
        return near or (old != old and new != new)  # noqa: PLR0124 - both are not a number
    return type(old) is type(new) and old == new


def is_number(value):
    """Return whether it is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def explanation(reasons, name, path):
    """Return the key of [differs] that speaks of this value: ID, or ID:PATTERN of its path."""
    for key in reasons:
        command, _, pattern = key.partition(":")
        if command in {name, "*"} and (not pattern or fnmatchcase(path, pattern)):
            return key
    return None


def shown(value):
    """Return a value on one line, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else text[:99] + "…"


def say(line):
    """Write a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main():
    """Record or compare, and exit with 1 where something differs without a reason."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=["record", "compare"])
    parser.add_argument("ids", nargs="*", metavar="ID", help="these alone; else all")
    given = parser.parse_args()
    settings = table()
    commands = settings["command"]
    if unknown := set(given.ids) - set(commands):
        parser.error(f"no such id: {', '.join(sorted(unknown))}")
    chosen = {name: commands[name] for name in given.ids or commands}
    act = {"record": record, "compare": compare}[given.action]
    sys.exit(bool(act(chosen, settings)))


if __name__ == "__main__":
    main()
