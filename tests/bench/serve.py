"""How long an author waits: `mkdocs serve` on a copy of the sources, from saving a file to the page over HTTP.

The edits are those of a day's work: a sentence in an entry, an entry's title (which every page's navigation shows), a
fact that a calculator uses, and a calculator. Each is made several times, never twice the same.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.table import Figure
from tests.site_build import source_tree

START_S = 300.0
DEADLINE_S = 120.0
_STEP_S = 0.02


@dataclass(frozen=True)
class Edit:
    """A kind of edit."""

    name: str
    path: str
    page: str
    """Where it shows, below the site's root."""
    change: Callable[[str, int], tuple[str, str]]
    """The file's text after the edit with this number, and what the page must then have."""
    limit_s: float | None


def _sentence(text: str, number: int) -> tuple[str, str]:
    said = f"Somebody measured this {'again and ' * number}again."  # in words: numbers need a source
    return text.replace("## Why it matters\n", f"## Why it matters\n\n{said}\n", 1), said


def _title(text: str, number: int) -> tuple[str, str]:
    title = f"A box on a {'very ' * number}small desk"
    return re.sub(r"(?m)^(title: |# ).*", rf"\g<1>{title}", text, count=2), title


def _fact(text: str, number: int) -> tuple[str, str]:
    value = f"0.06{71 + number}"
    return re.sub(r"(electricity_industrial_usd_per_kwh:\n.*\n +value: )[\d.]+", rf"\g<1>{value}", text), value


def _formula(text: str, number: int) -> tuple[str, str]:
    label = f"Airflow, worked out {'once more and ' * number}anew"
    text = re.sub(r'(Metric\("airflow_cfm", )"[^"]*"', rf'\g<1>"{label}"', text, count=1)
    return re.sub(r"(?m)^(AIR_BTU_PER_HOUR_PER_CFM_F = )[\d.]+", rf"\g<1>1.{10 + number}", text, count=1), label


def _calculators_title(text: str, number: int) -> tuple[str, str]:
    title = f"Power in a {'very ' * number}large colocation"
    return re.sub(r'(?m)^(    title=)".*"', rf'\g<1>"{title}"', text, count=1), title


EDITS = (
    Edit("an edited entry", "docs/research/hardware/dgx-spark.md", "research/hardware/dgx-spark/", _sentence, 3),
    Edit("an entry's new title", "docs/research/hardware/dgx-spark.md", "research/hardware/dgx-spark/", _title, None),
    Edit("an edited fact", "catalog/colo/atlanta.yml", "catalog/colo/atlanta/", _fact, 15),
    Edit("an edited calculator", "calculators/colo_power.py", "calculators/colo-power/", _formula, 15),
    Edit(
        "a calculator's new title", "calculators/colo_power.py", "calculators/colo-power/", _calculators_title, None
    ),  # as that of an entry, it stands in the navigation of every page
)


def measure(folder: Path, runs: int, say: Callable[[str], None]) -> list[Figure]:
    """Seconds from saving to seeing, for each kind of edit."""
    tree = source_tree(folder / "served", {}, with_cache=False)
    for name in ("calculators", "catalog"):  # real ones, since they are edited
        original = (tree / name).resolve()
        (tree / name).unlink()
        shutil.copytree(original, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    figures = []
    say("  mkdocs serve, first build ...")
    with _serving(tree) as site:
        started = time.perf_counter()
        _wait(site, lambda html: True, START_S)
        figures.append(Figure("serve: the first page", time.perf_counter() - started, "s", note="nothing was built"))
        for edit in EDITS:
            say(f"  {edit.name} ...")
            times = [_seconds(tree, site, edit, number) for number in range(runs)]
            note = f"median of {runs}, from {min(times):.2f} to {max(times):.2f}"
            figures.append(Figure(f"serve: {edit.name}", statistics.median(times), "s", edit.limit_s, note=note))
    return figures


def _seconds(tree: Path, site: str, edit: Edit, number: int) -> float:
    path = tree / edit.path
    old = path.read_text(encoding="utf-8")
    text, expected = edit.change(old, number)
    assert text != old, f"{edit.path} is not as this benchmark knows it"
    started = time.perf_counter()
    path.write_text(text, encoding="utf-8")
    _wait(site + edit.page, lambda html: expected in html, DEADLINE_S)
    return time.perf_counter() - started


def _wait(address: str, is_there: Callable[[str], bool], deadline_s: float) -> None:
    until = time.monotonic() + deadline_s
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=deadline_s) as response:
                if is_there(response.read().decode()):
                    return
        except (urllib.error.URLError, http.client.HTTPException, ConnectionError):
            pass
        time.sleep(_STEP_S)
    raise TimeoutError(f"{address} does not show the change after {deadline_s} s")


@contextmanager
def _serving(tree: Path) -> Iterator[str]:
    """`mkdocs serve` in this folder; the address of its site."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    said = tree.parent / "served.txt"
    with said.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{port}"],
            cwd=tree,
            env={**os.environ, "SITE_URL": address, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(tree)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield address
        except TimeoutError:
            print(said.read_text()[-4000:])
            raise
        finally:
            process.terminate()
            process.wait()
