"""The small engine's files: MicroPython as npm delivers it, the framework in one file, each calculator in another.

It answers a reader's first change, so its size is what counts: 0.2 MB compressed, against the 5 MB of the full
engine. Nothing is compiled ahead: MicroPython reads the stripped sources of one calculator in about 20 ms.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from hooks.calculator_sources import needed_by, slugs, sources, stripped

RUNTIME_FILES = ("micropython.mjs", "micropython.wasm")
CORE_FILE = "core.json"

_PACKAGE = "@micropython/micropython-webassembly-pyscript"


class EngineError(RuntimeError):
    """The small engine cannot be built; the message is one sentence for an author."""


@dataclass(frozen=True)
class EngineFiles:
    """What goes into the site.

    Attributes:
        files: contents by path in the site.
        runtime: the folder of MicroPython's own files.
        sources: the folder of core.json and SLUG.json, each an object of modules' texts by path.
        version: MicroPython's.
    """

    files: dict[str, bytes]
    runtime: str
    sources: str
    version: str


def build(root: Path) -> EngineFiles:
    """The engine's files.

    Arguments:
        root: the repository, with calculators/, package-lock.json and node_modules/.

    Raises:
        EngineError: with one sentence that says what is missing.
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
    packed = _packed(root)
    runtime_folder = f"assets/micropython/{_hash(*runtime.values())}/"
    sources_folder = f"assets/python/{_hash(*packed.values())}/"
    files = {runtime_folder + name: content for name, content in runtime.items()}
    files |= {sources_folder + name: content for name, content in packed.items()}
    return EngineFiles(files, runtime_folder, sources_folder, installed)


def _packed(root: Path) -> dict[str, bytes]:
    """The framework, and each calculator with the modules beside it that it uses: a reader loads one of them."""
    texts = sources(root)
    parts = {f"{slug}.json": needed_by(slug, texts) for slug in slugs(root)}
    calculators = {path for paths in parts.values() for path in paths}
    parts[CORE_FILE] = [path for path in texts if path not in calculators]
    return {
        name: json.dumps({path: stripped(texts[path]) for path in paths}, ensure_ascii=False).encode()
        for name, paths in sorted(parts.items())
    }


def _hash(*contents: bytes) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()[:16]
