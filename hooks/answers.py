"""Answers of the calculators at build time, from the command line that everybody else uses.

They are worked out in a process of their own because `mkdocs serve` does not reload Python: an edited
calculator shows at the next rebuild. Answers are kept under `.cache/answers/`, in a folder named by the
content of everything that they depend on, so that a second build asks nothing again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

_SUFFIXES = {".py", ".yml", ".json"}
_KEPT_CONTENTS = 5


class CalculatorError(Exception):
    """A calculator could not be asked, or refused the inputs; the text says why."""


def content_key(root: Path, folders: tuple[str, ...] = ("calculators", "catalog")) -> str:
    """A name for the present content of the folders that answers depend on."""
    digest = hashlib.sha256(sys.version.encode())
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in _SUFFIXES and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _forget_old(folder: Path) -> None:
    """Every edit leaves a folder of answers behind: keep the newest few, which another build may be using."""
    kept = sorted((path for path in folder.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for path in kept[:-_KEPT_CONTENTS]:
        shutil.rmtree(path, ignore_errors=True)


class Answers:
    """Asks `python -m calculators` and remembers what it said."""

    def __init__(self, root: Path) -> None:
        self._root = root
        folder = root / ".cache" / "answers"
        self._cache = folder / content_key(root)
        self._cache.mkdir(parents=True, exist_ok=True)
        os.utime(self._cache)
        _forget_old(folder)

    def slugs(self) -> list[str]:
        """Names of the calculators there are."""
        return [line.split()[0] for line in self._remember(["list"], "").splitlines()]

    def describe(self, slug: str) -> dict[str, Any]:
        """A calculator's inputs, metrics and facts."""
        described: dict[str, Any] = json.loads(self._remember(["describe", slug], ""))
        return described

    def report(self, slug: str, inputs: dict[str, str]) -> dict[str, Any]:
        """The full report of a scenario.

        Raises:
            CalculatorError: the calculator or an input is unknown or invalid; one line for each.
        """
        text = self._remember(["batch", slug], json.dumps(inputs, sort_keys=True))
        answered: dict[str, Any] = json.loads(text)
        if not answered["ok"]:
            problems = answered["error"]["all"]
            raise CalculatorError("\n".join(f"{p['field']}: {p['message']}" for p in problems))
        report: dict[str, Any] = answered["report"]
        return report

    def replies(self, slug: str, scenarios: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What the calculator answers to each scenario, without tables: a report, or what is wrong with the inputs.

        One process answers all, so that many cost little more than one.
        """
        lines = [json.dumps(inputs, sort_keys=True) for inputs in scenarios]
        text = self._remember(["batch", slug, "--tables", "none"], "\n".join(lines))
        return [json.loads(line) for line in text.splitlines()]

    def _remember(self, arguments: list[str], text: str) -> str:
        name = hashlib.sha256(json.dumps([arguments, text]).encode()).hexdigest()[:24]
        path = self._cache / f"{name}.json"
        if path.exists():
            return path.read_text(encoding="utf-8")
        answered = self._ask(arguments, text)
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_text(answered, encoding="utf-8")
        partial.replace(path)
        return answered

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
            last = done.stderr.strip().splitlines()[-1:] or ["no message"]
            raise CalculatorError(last[0].removeprefix("calculators: "))
        return done.stdout
