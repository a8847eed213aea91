"""Answers of the calculators at build time, from the command line that everybody else uses.

They are worked out in a process of their own because `mkdocs serve` does not reload Python: an edited
calculator shows at the next rebuild. Answers are kept under `.cache/answers/`, in a folder named by everything
that they depend on: the calculator's code, with that of the framework, and the facts that it names. A second build asks
nothing again, and an edited fact or calculator asks anew only the calculators that use it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError

import catalog
from catalog import Catalog
from hooks.calculator_sources import needed_by, sources

_KEPT_CONTENTS = 60
_FRAMEWORK = ("__init__", "__main__", "registry")
"""Modules beside the calculators that all of them need."""


class CalculatorError(Exception):
    """There is no such calculator, or it refused the inputs; the text says why."""


class BrokenCalculatorError(PluginError):
    """A calculator's code failed. Nothing can be built with it; the text says `file:line: what is wrong`."""


def code_key(root: Path, module: str = "") -> str:
    """A name for the present code of the calculators.

    Arguments:
        module: a calculator, or a module beside it: then other calculators' code does not count.
    """
    left_out: set[Path] = set()
    if module:
        try:
            needed = {root / path for path in needed_by(module, sources(root))}
        except SyntaxError:  # whoever runs it will say so
            needed = set()
        own = {path for path in (root / "calculators").glob("*.py") if path.stem not in _FRAMEWORK}
        left_out = own - needed if needed else set()
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted((root / "calculators").rglob("*.py")):
        if path not in left_out:
            digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _forget_old(folder: Path) -> None:
    """Every edit leaves folders of answers behind: keep the newest, which another build may be using."""
    kept = sorted((path for path in folder.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for path in kept[:-_KEPT_CONTENTS]:
        shutil.rmtree(path, ignore_errors=True)


def _facts_in(description: str) -> str:
    return json.dumps(json.loads(description)["facts"])


class Answers:
    """Asks `python -m calculators` and remembers what it said.

    Arguments:
        root: the repository's folder.
        facts: its catalog, where it is loaded already.
    """

    def __init__(self, root: Path, facts: Catalog | None = None) -> None:
        self._root = root
        self._catalog = facts
        self._folder = root / ".cache" / "answers"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._code = code_key(root)
        self._keys: dict[str, str] = {}
        self._described: dict[str, dict[str, Any]] = {}
        _forget_old(self._folder)

    def slugs(self) -> list[str]:
        """Names of the calculators there are."""
        return [line.split()[0] for line in self._remember(self._code, ["list"], "").splitlines()]

    def describe(self, slug: str) -> dict[str, Any]:
        """A calculator's inputs, metrics and facts."""
        if slug not in self._described:
            self._described[slug] = json.loads(self._remember(self._key(slug), ["describe", slug], ""))
        return self._described[slug]

    def report(self, slug: str, inputs: dict[str, str]) -> dict[str, Any]:
        """The full report of a scenario.

        Raises:
            CalculatorError: the calculator or an input is unknown or invalid; one line for each.
        """
        text = self._remember(self._key(slug), ["batch", slug], json.dumps(inputs, sort_keys=True))
        answered: dict[str, Any] = json.loads(text)
        if not answered["ok"]:
            problems = answered["error"]["all"]
            raise CalculatorError("\n".join(f"{p['field']}: {p['message']}" for p in problems))
        report: dict[str, Any] = answered["report"]
        return report

    def prepare(self, slug: str, scenarios: list[dict[str, str]]) -> None:
        """Has one process answer all that `report` will be asked for: starting one takes longer than most answers.

        What goes wrong is left to `report`, which is asked in the place that it concerns.
        """
        key, arguments = self._key(slug), ["batch", slug]
        lines = dict.fromkeys(json.dumps(inputs, sort_keys=True) for inputs in scenarios)
        missing = [line for line in lines if not self._path(key, arguments, line).exists()]
        if len(missing) < 2:
            return
        try:
            answered = self._ask(arguments, "\n".join(missing)).splitlines(keepends=True)
        except CalculatorError:
            return
        for line, text in zip(missing, answered, strict=True):
            _write(self._path(key, arguments, line), text)

    def replies(self, slug: str, scenarios: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What the calculator answers to each scenario, without tables: a report, or what is wrong with the inputs.

        One process answers all, so that many cost little more than one.
        """
        lines = [json.dumps(inputs, sort_keys=True) for inputs in scenarios]
        text = self._remember(self._key(slug), ["batch", slug, "--tables", "none"], "\n".join(lines))
        return [json.loads(line) for line in text.splitlines()]

    def _key(self, slug: str) -> str:
        """A name for the code and for the facts that this calculator names."""
        if slug not in self._keys:
            code = code_key(self._root, slug)
            # Which facts those are follows from the code alone.
            refs = self._remember(code, ["describe", slug], "", lambda text: json.dumps(json.loads(text)["facts"]))
            if self._catalog is None:
                self._catalog = catalog.load(self._root / "catalog")
            bundle = json.dumps(catalog.facts_bundle(self._catalog, json.loads(refs)))
            self._keys[slug] = hashlib.sha256(f"{code}\0{bundle}".encode()).hexdigest()[:16]
        return self._keys[slug]

    def _remember(self, key: str, arguments: list[str], text: str, part: Callable[[str], str] = str) -> str:
        """What was said before, or is said now; of that, the part that is to be kept."""
        path = self._path(key, arguments, text)
        if path.exists():
            os.utime(path.parent)
            return path.read_text(encoding="utf-8")
        answered = part(self._ask(arguments, text))
        _write(path, answered)
        return answered

    def _path(self, key: str, arguments: list[str], text: str) -> Path:
        name = hashlib.sha256(json.dumps([arguments, text]).encode()).hexdigest()[:24]
        return self._folder / key / f"{name}.json"

    def _ask(self, arguments: list[str], text: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "calculators", *arguments],
            cwd=self._root,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            input=text,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            place = _where(done.stderr, self._root)
            if place:
                again = f"run python -m calculators {' '.join(arguments[:2])} for more"
                raise BrokenCalculatorError(f"{place}: {last}; expected code that answers every scenario; {again}")
            raise CalculatorError(last.removeprefix("calculators: "))
        return done.stdout


def _write(path: Path, text: str) -> None:
    """Whole or not at all: another build may read it."""
    path.parent.mkdir(exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def _where(traceback: str, root: Path) -> str:
    """The last place of a calculator in a traceback, as `calculators/name.py:line`; "" where there is none."""
    frames = re.findall(r'^  File "([^"]+)", line (\d+)', traceback, re.MULTILINE)
    folder = root.resolve() / "calculators"
    found = ""
    for name, line in frames:
        path = Path(name)
        if path.resolve().is_relative_to(folder) and path.name != "__main__.py":
            place = f"calculators/{path.resolve().relative_to(folder).as_posix()}:{line}"
            if path.resolve().parent == folder and path.name != "registry.py":
                found = place
            found = found or place
    return found
