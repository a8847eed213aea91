"""Measures and prints: builds, starts of the full engine, bytes, later changes, and the three engines' agreement.

    python -m tests.bench                       everything
    python -m tests.bench --only starts         one part: builds, starts or engines
    python -m tests.bench --runs 9 --scenarios 4000

A target that is missed is said, and the exit status is 0 all the same: a busy machine is no defect. It is 1 where
the engines disagree, because that does not depend on the machine.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from calculators import registry
from calculators.core.run import run
from tests.bench import browser, engines
from tests.bench.table import Figure, lines, number
from tests.calculators.helpers import bundle
from tests.site_build import ROOT, build_site, source_tree
from tests.site_server import SiteServer

PARTS = ("builds", "starts", "engines")
KINDS = ("html", "css", "js", "wasm", "zip", "facts", "other")
COLD_SLOW_S = 5.0
WARM_S = 0.8
ENGINE_MB = 5.2


def main(arguments: list[str] | None = None) -> int:
    """Runs the benchmark."""
    options = _parser().parse_args(arguments)
    wanted = options.only or list(PARTS)
    print(f"{platform.platform()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    _warn_if_busy()
    figures: list[Figure] = []
    disagreements: list[str] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if "builds" in wanted:
            figures += _builds(Path(folder))
        if "starts" in wanted:
            figures += _starts(Path(folder), options.runs)
    if "engines" in wanted:
        for slug in registry.SLUGS:
            figures.append(Figure(f"{slug}: run in CPython, no tables", 1000 * engines.run_seconds(slug, []), "ms"))
            opened = 1000 * engines.run_seconds(slug, engines.open_tables(slug))
            figures.append(Figure(f"{slug}: run in CPython, open tables", opened, "ms", 5))
            figures.append(Figure(f"{slug}: run in CPython, all tables", 1000 * engines.run_seconds(slug, None), "ms"))
            small = 1000 * engines.micropython_run_seconds(slug)
            figures.append(Figure(f"{slug}: run in MicroPython, open tables", small, "ms", 30))
            compared = engines.compare(slug, options.scenarios, _say)
            figures += compared.figures()
            for name, taken in compared.choices.items():
                print(f"  {slug}: {name}: " + ", ".join(f"{choice} {count}" for choice, count in taken.items()))
            for engine, found in compared.different.items():
                disagreements += [f"{slug} in {engine}: {one}" for one in found]
    print()
    print("\n".join(lines(figures)))
    missed = [figure.name for figure in figures if figure.missed]
    print(f"\nTargets missed: {', '.join(missed)}." if missed else "\nEvery target was held.")
    for one in disagreements[:20]:
        print(one)
    return 1 if disagreements else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measures and prints.")
    parser.add_argument("--only", action="append", choices=PARTS, help="only this part; may be given again")
    parser.add_argument("--runs", type=int, default=5, help="cold starts of each kind (default 5)")
    parser.add_argument("--scenarios", type=int, default=2000, help="for each calculator (default 2000)")
    return parser


def _say(text: str) -> None:
    print(text, flush=True)


def _warn_if_busy() -> None:
    if hasattr(os, "getloadavg") and os.getloadavg()[0] > 0.5 * (os.cpu_count() or 1):
        print(f"The machine is busy (load {os.getloadavg()[0]:.1f}): times will be too long.")


def _builds(folder: Path) -> list[Figure]:
    """Seconds of a build that has to make everything, and of the next one."""
    tree = source_tree(folder / "tree", {}, with_cache=False)
    figures = []
    for name in ("build, nothing kept from earlier", "build, again"):
        _say(f"  {name} ...")
        started = time.perf_counter()
        build_site(folder / "built", "http://127.0.0.1:8000/", tree)
        figures.append(Figure(name, time.perf_counter() - started, "s"))
    return figures


def _starts(folder: Path, runs: int) -> list[Figure]:
    """Starts of the full engine in Chromium, with and without a slow line."""
    server = SiteServer()
    try:
        server.folder = build_site(folder / "site", server.url)
        for file in server.folder.rglob("*"):  # compressed before anything is timed
            if file.is_file() and file.suffix != ".map":
                server.encode(file)
        report = run(registry.load(browser.SLUG), {"rate_pct": "7"}, bundle(browser.SLUG), [])
        expected = ("difference_usd", report["metrics"]["difference_usd"]["text"])
        _say(f"  {runs} cold and warm starts on a free line ...")
        free = browser.measure(server, runs, expected, slow=False, later=60)
        _say(f"  {runs} cold and warm starts at 10 Mbit/s and 40 ms ...")
        slow = browser.measure(server, runs, expected, slow=True)
    finally:
        server.close()
    print(f"Chromium {free.browser}; the line is slowed down in the server: one bucket of 10 Mbit/s for all")
    print("connections and 40 ms for each request, so that workers share it (no handshakes, no slow start).")
    _print_bytes(slow.page_bytes, slow.engine_bytes)
    return [
        _start("first change to answer, cold, free", free.cold_s),
        _start("first change to answer, warm, free", free.warm_s, WARM_S),
        _start("first change to answer, cold, 10 Mbit/s + 40 ms", slow.cold_s, COLD_SLOW_S),
        _start("first change to answer, warm, 10 Mbit/s + 40 ms", slow.warm_s, WARM_S),
        Figure("full engine, as sent", sum(slow.engine_bytes.values()) / 1e6, "MB", ENGINE_MB),
        Figure("later change to answer, p50", 1000 * browser.percentile(free.later_s, 0.5), "ms"),
        Figure("later change to answer, p95", 1000 * browser.percentile(free.later_s, 0.95), "ms"),
    ]


def _start(name: str, times: list[float], limit: float | None = None) -> Figure:
    spread = f"median of {len(times)}, from {number(min(times))} to {number(max(times))}"
    return Figure(name, statistics.median(times), "s", limit, note=spread)


def _print_bytes(page: Counter[str], engine: Counter[str]) -> None:
    print("\nBytes as sent (brotli; the .zip is deflated inside) on a first visit")
    print(f"{'kind':<8}{'page':>12}{'first change':>14}")
    for kind in KINDS:
        print(f"{kind:<8}{page[kind]:>12,}{engine[kind]:>14,}")
    print(f"{'all':<8}{sum(page.values()):>12,}{sum(engine.values()):>14,}")


if __name__ == "__main__":
    assert (ROOT / "mkdocs.yml").is_file()
    sys.exit(main())
