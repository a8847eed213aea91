"""The full engine's files: Pyodide as npm delivers it, and a small standard library with the calculators in it.

Two thirds of a stock start goes into compiling the standard library from source, and three quarters of that
library are never used. So a build keeps only the modules that a start and a run of every calculator load,
adds the calculators, and compiles it all. full_engine.mjs does that inside the pinned Pyodide itself, because
only that interpreter knows its bytecode, and then tries the result: it must boot and answer the same.

Assertions and docstrings stay: leaving them out would save 0.14 of 4.3 MB and make this engine behave
differently from the others. The archive is deflated (1.3 MB) and not left to the web server, although brotli
would take a stored one to 1.0 MB: many servers send .zip files as they are, and those would send 3.1 MB.
Inflating takes 20 to 40 ms of a start.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from hooks import calculator_sources
from hooks.node import NodeError, node_binary, node_environment

RUNTIME_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
LOCK_FILE = "pyodide-lock.json"
LIBRARY_FILE = "python_stdlib.zip"

# Loaded at a start only because they are there: each import of them is one that may fail.
OPTIONAL_MODULES = ("_ssl", "base64", "bz2", "compression", "lzma", "ssl")

COMPRESSION_LEVEL = 9
NODE_DEADLINE_S = 300
KEPT_BUNDLES = 5

_SCRIPT = Path(__file__).with_suffix(".mjs")


class EngineError(RuntimeError):
    """The full engine cannot be built; the message is one sentence for an author."""


@dataclass(frozen=True)
class EngineFiles:
    """What goes into the site.

    Attributes:
        files: contents by path in the site.
        runtime: the folder of Pyodide's own files, its `indexURL`. The lock file there names no packages.
        python: the standard library and the calculators, its `stdLibURL`.
        versions: of `pyodide` and `python`.
    """

    files: dict[str, bytes]
    runtime: str
    python: str
    versions: dict[str, str]


def build(root: Path, cache: Path) -> EngineFiles:
    """The engine's files, out of the cache where nothing that they depend on has changed.

    Arguments:
        root: the repository, with calculators/, catalog/, package-lock.json and node_modules/.
        cache: a folder that is this function's own.

    Raises:
        EngineError: with one sentence that says what failed.
    """
    pyodide, pyodide_version = _pyodide(root)
    sources = calculator_sources.sources(root)
    stamp = [pyodide_version, _version_of_pyodide_build(), _SCRIPT.read_text("utf-8")]
    stamp.append(Path(__file__).read_text("utf-8"))
    kept = cache / _hash(json.dumps([stamp, sorted(sources.items())]).encode())
    if not kept.is_dir():
        _make(kept, root, pyodide, sources)
    os.utime(kept)

    runtime = {name: (pyodide / name).read_bytes() for name in RUNTIME_FILES}
    runtime[LOCK_FILE] = _empty_lock(pyodide).encode()
    library = (kept / LIBRARY_FILE).read_bytes()
    runtime_folder = f"assets/pyodide/{_hash(*runtime.values())}/"
    library_path = f"assets/python/{_hash(library)}/{LIBRARY_FILE}"
    files = {runtime_folder + name: content for name, content in runtime.items()}
    files[library_path] = library
    versions = json.loads((kept / "versions.json").read_text("utf-8"))
    return EngineFiles(files, runtime_folder, library_path, versions)


def _hash(*contents: bytes) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()[:16]


def _pyodide(root: Path) -> tuple[Path, str]:
    """The npm package's folder and version, which must be the locked one."""
    folder = root / "node_modules" / "pyodide"
    try:
        installed = json.loads((folder / "package.json").read_text("utf-8"))["version"]
    except OSError:
        raise EngineError(f"the npm package pyodide is not installed in {folder}; run: make setup") from None
    lock = json.loads((root / "package-lock.json").read_text("utf-8"))
    locked = lock["packages"]["node_modules/pyodide"]["version"]
    if installed != locked:
        raise EngineError(f"node_modules has pyodide {installed}, package-lock.json asks for {locked}; run: make setup")
    return folder, installed


def _version_of_pyodide_build() -> str:
    if find_spec("pyodide_build") is None:
        raise EngineError("the Python package pyodide-build is not installed; run: make setup")
    return version("pyodide-build")


def _site_packages() -> Path:
    spec = find_spec("pyodide_build")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]).parent


def _empty_lock(pyodide: Path) -> str:
    """Pyodide's own lists hundreds of packages, and it refuses one that is not marked as its own."""
    info = json.loads((pyodide / LOCK_FILE).read_text("utf-8"))["info"]
    return json.dumps({"info": info, "packages": {}}, sort_keys=True)


def _facts(root: Path) -> dict[str, str]:
    """The JSON text of the facts that each calculator declares. In a fresh process: modules may be edited."""
    done = subprocess.run(
        [sys.executable, "-c", _PRINT_FACTS],
        cwd=root,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise EngineError(f"a calculator or the facts for it could not be loaded: {_last_line(done.stderr)}")
    facts: dict[str, str] = json.loads(done.stdout)
    return facts


_PRINT_FACTS = """
import json
from calculators import registry
from catalog import facts_bundle, load
catalog = load()
bundles = {slug: facts_bundle(catalog, registry.load(slug).facts) for slug in registry.SLUGS}
print(json.dumps({slug: json.dumps(bundle, ensure_ascii=False) for slug, bundle in bundles.items()}))
"""


def _make(kept: Path, root: Path, pyodide: Path, sources: Mapping[str, str]) -> None:
    """Write the library and its versions into the folder `kept`, whole or not at all."""
    facts = _facts(root)
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent, prefix="making-") as scratch:
        work = Path(scratch)
        for name, text in sources.items():
            path = work / "sources" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        done = work / "done"
        done.mkdir()
        job = {
            "pyodide": str(pyodide),
            "lock": _empty_lock(pyodide),
            "sitePackages": str(_site_packages()),
            "sources": str(work / "sources"),
            "requests": [[slug, '{"inputs": {}}', text] for slug, text in sorted(facts.items())],
            "optional": OPTIONAL_MODULES,
            "compressionLevel": COMPRESSION_LEVEL,
            "output": str(done / LIBRARY_FILE),
        }
        (work / "job.json").write_text(json.dumps(job), "utf-8")
        (done / "versions.json").write_text(_run_node(work / "job.json"), "utf-8")
        try:
            done.rename(kept)
        except OSError:
            if not kept.is_dir():  # else another build was first
                raise
    _forget_old(kept.parent)


def _run_node(job: Path) -> str:
    try:
        done = subprocess.run(
            [str(node_binary()), str(_SCRIPT), str(job)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=NODE_DEADLINE_S,
            env=node_environment(),
            check=False,
        )
    except NodeError as error:
        raise EngineError(str(error)) from None
    except subprocess.TimeoutExpired:
        raise EngineError(f"the full engine was not ready after {NODE_DEADLINE_S} s in Node") from None
    if done.returncode != 0:
        raise EngineError(f"the full engine could not be built in Node: {_last_line(done.stderr)}")
    return done.stdout.splitlines()[-1]


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:500] if lines else "it gave no reason"


def _forget_old(cache: Path) -> None:
    """Every edit of a calculator leaves a bundle behind: keep the newest few."""
    bundles = [path for path in cache.iterdir() if path.is_dir() and not path.name.startswith("making-")]
    bundles.sort(key=lambda path: path.stat().st_mtime)
    for path in bundles[:-KEPT_BUNDLES]:
        shutil.rmtree(path, ignore_errors=True)
