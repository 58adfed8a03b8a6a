"""Solidity of the registries, compiled here: protocols whose packages ship sources, no bytecode.

The compiler is npm's own, pinned; what it makes is kept beside the packages, by what it was made
from, so that it runs once on a machine.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from chain.contracts import Artifact
from chain.packages import PATIENCE, Package, UnavailableError, cache_folder

SOLC_7 = Package(
    "solc",
    "0.7.6",
    "sha512-WsR/W7CXwh2VnmZapB4JrsDeLlshoKBz5Pz/zYNulB6LBsOEHI2Zj/GeKLMFcvv57OHiXHvxq5ZOQB+EdqxlxQ==",
    ("soljson.js",),
)
SOLC_8 = Package(
    "solc",
    "0.8.26",
    "sha512-yiPQNVf5rBFHwN6SIf3TUUvVAFKcQqmSUFeq+fb6pNRCo0ZCgpYOZDi3BVoezCPIAcKrVYd/qXlBLUP9wVrZ9g==",
    ("soljson.js",),
)
DOMAINS = "domains/"
SPHERE = Package(  # Aerodrome's sources, BUSL and GPL, and MetaMorpho's, by their commits
    "sphere-mezo-solidity-files",
    "1.2.0",
    "sha512-slDQvcqBgUQKzVLo5uHVKH3E367t07TPXNcHzxuSXaH/1iVWWDPnmXD6Z+BlvcI+QPcOTq/6PSpqS+zu4krT/g==",
    ("domains/aerodrome/", "domains/aerodrome-slipstream/"),
)
OPENZEPPELIN = Package(
    "@openzeppelin/contracts",
    "5.4.0",
    "sha512-eCYgWnLg6WO+X52I16TZt8uEjbtdkgLC0SUX/xnAksjjrQI4Xfn4iBRoI5j55dmlOhDv1Y7BoR3cU7e3WWhC6A==",
    ("access/", "interfaces/", "metatx/", "proxy/", "token/", "utils/"),
)
PINNED = (SOLC_7, SOLC_8, SPHERE, OPENZEPPELIN)
RUN = """
const compiler = require(process.argv[1]);
const compile = compiler.cwrap("solidity_compile", "string", ["string", "number", "number"]);
process.stdout.write(compile(require("fs").readFileSync(0, "utf8"), 0, 0));
"""
IMPORT = re.compile(r"""^\s*import\b[^;"']*["']([^"']+)["']""", re.MULTILINE)


def compiled(
    solc: Package, files: Mapping[str, str], read: Callable[[str], str], runs: int = 200
) -> dict[str, Artifact]:
    """Return contracts by name: `files` are those wanted, each with the file where it stands."""
    asked = {
        "language": "Solidity",
        "sources": {
            name: {"content": text} for name, text in sorted(_sources(files.values(), read).items())
        },
        "settings": {
            "optimizer": {"enabled": True, "runs": runs},
            "outputSelection": {
                file: {name: ["abi", "evm.bytecode.object"]} for name, file in files.items()
            },
        },
    }
    made = _made(solc, json.dumps(asked))
    return {
        name: Artifact(its["abi"], "0x" + its["evm"]["bytecode"]["object"])
        for name, its in ((name, made[file][name]) for name, file in files.items())
    }


def sphere(name: str) -> str:
    """Return a source by its name in Aerodrome's tree, or in OpenZeppelin's."""
    inside = name.removeprefix("@openzeppelin/contracts/")
    folder = SPHERE.folder / "domains" if inside == name else OPENZEPPELIN.folder
    return (folder / inside).read_text("utf-8")


def _sources(files, read: Callable[[str], str]) -> dict[str, str]:
    """Return some sources by name, and all that they import."""
    found, left = dict[str, str](), list(files)
    while left:
        name = left.pop()
        if name not in found:
            found[name] = read(name)
            folder = posixpath.dirname(name)
            left += [
                posixpath.normpath(posixpath.join(folder, its)) if its.startswith(".") else its
                for its in IMPORT.findall(found[name])
            ]
    return found


def _made(solc: Package, asked: str) -> dict:
    """Return what the compiler makes of a request, or made of it before."""
    key = hashlib.sha256(f"{solc.integrity} {asked}".encode()).hexdigest()[:24]
    kept = cache_folder() / f"compiled-{key}.json"
    if not kept.is_file():
        made = json.loads(_run(solc, asked))
        wrong = [
            its["formattedMessage"] for its in made.get("errors", []) if its["severity"] == "error"
        ]
        assert not wrong, wrong[0]
        fresh = kept.with_suffix(f".{id(made):x}")
        fresh.write_text(json.dumps(made["contracts"]), "utf-8")
        fresh.rename(kept)
    return json.loads(kept.read_text("utf-8"))


def _run(solc: Package, asked: str) -> str:
    node = shutil.which("node")
    if node is None:
        raise UnavailableError("the compiler of Solidity runs on node, which is not installed")
    program: Path = solc.folder / "soljson.js"
    done = subprocess.run(  # noqa: S603  the program that was pinned
        [node, "-e", RUN, str(program)],
        input=asked,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=PATIENCE,
    )
    return done.stdout
