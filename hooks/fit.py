"""What fits where: every model of the catalog on every device in every quantization.

`python -m calculators fit` works it out, in a process of its own as all answers. Each pair of a device and a model is
kept in .cache/fit.json under a key made of everything that its answer depends on: nothing is asked again that has not
changed, and an edit of one device asks for that device alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from catalog import Catalog, Subject
from hooks.answers import CalculatorError, code_key

Cells = dict[str, tuple[float, int]]
"""By quantization: GB needed, and the longest context that fits (0: it does not fit)."""
_SHARED_KINDS = ("quantizations", "platforms", "engines")
"""Kinds whose facts every answer depends on."""


def fit_code(root: Path) -> str:
    """A name for the code that works out what fits."""
    return code_key(root, "_fit")


class FitMatrix:
    """The answers for all pairs of this catalog."""

    def __init__(self, root: Path, catalog: Catalog) -> None:
        self._root = root
        self._file = root / ".cache" / "fit.json"
        self._keys = _pair_keys(root, catalog)
        self.asked = 0
        """So many pairs were worked out and not found."""
        self._cells = self._load()

    def cells(self, hardware: str, model: str) -> Cells:
        """What the quantizations of a model need on a device; slugs of the catalog."""
        return {name: (needed, longest) for name, (needed, longest) in self._cells[self._keys[hardware, model]].items()}

    def _load(self) -> dict[str, Any]:
        try:
            known: dict[str, Any] = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            known = {}
        wanted = {key: pair for pair, key in self._keys.items()}
        missing = [key for key in wanted if key not in known]
        self.asked = len(missing)
        if not missing and len(known) == len(wanted):
            return known
        known = {key: known[key] for key in wanted if key in known}
        if missing:
            known.update(zip(missing, self._ask([wanted[key] for key in missing]), strict=True))
        self._file.parent.mkdir(parents=True, exist_ok=True)
        partial = self._file.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(known, separators=(",", ":")), encoding="utf-8")
        partial.replace(self._file)
        return known

    def _ask(self, pairs: list[tuple[str, str]]) -> list[Any]:
        done = subprocess.run(
            [sys.executable, "-m", "calculators", "fit"],
            cwd=self._root,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            input="\n".join(json.dumps({"hardware": hardware, "model": model}) for hardware, model in pairs),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode != 0:
            last = done.stderr.strip().splitlines()[-1:] or ["no message"]
            raise CalculatorError(last[0])
        return [json.loads(line)["cells"] for line in done.stdout.splitlines()]


def _pair_keys(root: Path, catalog: Catalog) -> dict[tuple[str, str], str]:
    """Each device with a memory and each model, and the key of everything that decides what fits."""
    shared = hashlib.sha256(fit_code(root).encode())
    of_kind: dict[str, list[Subject]] = {}
    for subject in catalog.subjects.values():
        of_kind.setdefault(subject.kind, []).append(subject)
    for kind in _SHARED_KINDS:
        for subject in of_kind.get(kind, ()):
            shared.update(_facts_of(subject).encode())
    models = [(subject.slug, _facts_of(subject)) for subject in of_kind.get("models", ())]
    start = shared.hexdigest()
    keys = {}
    for device in of_kind.get("hardware", ()):
        facts = f"{start}\0{_facts_of(device, ('hardware_class', 'memory_gb'))}"
        for slug, of_model in models:
            keys[device.slug, slug] = hashlib.sha256(f"{facts}\0{of_model}".encode()).hexdigest()[:20]
    return keys


def _facts_of(subject: Subject, names: Iterable[str] = ()) -> str:
    values = subject.values
    return json.dumps([subject.slug, {name: values[name].value for name in (names or values) if name in values}])
