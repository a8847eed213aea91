"""Measures and prints: builds, first change against peers, later changes, the full engine, the engines' agreement,
what fits where, thousands of files, `mkdocs serve`.

    python -m tests.bench                             everything, about a quarter of an hour
    python -m tests.bench --only first-change         one part: builds, first-change, later, full-engine, engines,
                                                      lighthouse, embed, fit, scale, serve
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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from calculators import registry
from calculators.core.run import run
from tests.bench import browser, embed, engines, lighthouse, peers, scale, serve
from tests.bench.browser import FREE, SLOW, SLOW_QUARTER, Condition, Later, Subject, Times, Visits
from tests.bench.changes import changes
from tests.bench.slow_cpu import CannotHold
from tests.bench.table import Figure, grid, lines, number
from tests.calculators.helpers import bundle
from tests.site_build import ROOT, build_site, source_tree
from tests.site_server import SiteServer, bytes_by_kind

PARTS = ("builds", "first-change", "later", "full-engine", "engines", "lighthouse", "embed", "fit", "scale", "serve")
SLUG = "mortgage-vs-invest"
KINDS = ("html", "css", "js", "json", "wasm", "zip", "facts", "other")

FIRST_CHANGE_S = {FREE: 0.3, SLOW: 0.8, SLOW_QUARTER: 1.5}
FIRST_CHANGE_KB = 300
LATER_MS = {"micropython": 80, "pyodide": 50}
LATER_CHANGES = 60
TASK_MS = 50
FULL_COLD_SLOW_S = 5.0
FULL_WARM_S = 0.8
FULL_MB = 5.2
AT_MOST = 3
"""Runs of what takes long and varies little."""


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
        if {"first-change", "later", "full-engine"} & set(wanted):
            figures += _in_browser(Path(folder), wanted, options.runs)
        if "lighthouse" in wanted:
            figures += lighthouse.measure(Path(folder), _say)
        if "embed" in wanted:
            figures += embed.measure(Path(folder), _say, options.runs)
        if "fit" in wanted:
            figures += scale.fit_matrix()
        if "scale" in wanted:
            figures += scale.measure(Path(folder), _say)
        if "serve" in wanted:
            figures += serve.measure(Path(folder), min(options.runs, AT_MOST), _say)
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
    parser.add_argument("--runs", type=int, default=5, help="first visits of each kind (default 5)")
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


def _in_browser(folder: Path, wanted: list[str], runs: int) -> list[Figure]:
    """What a reader waits for, in Chromium, on the built site and on the peers' pages."""
    figures: list[Figure] = []
    with _served() as site, sync_playwright() as playwright:
        _say("  building the site ...")
        _serve(site, build_site(folder / "site", site.url))
        visits = Visits(playwright)
        if "first-change" in wanted:
            figures += _first_change(folder / "peers", visits, site, runs)
        if "later" in wanted:
            figures += _later(visits, site)
        if "full-engine" in wanted:
            figures += _full_engine(visits, site, runs)
        print(
            f"Chromium {visits.browser_version}; the line is slowed down in the server: one bucket of 10 Mbit/s for all"
        )
        print("connections and 40 ms for each request, so that workers share it (no handshakes, no slow start).")
    return figures


@contextmanager
def _served() -> Iterator[SiteServer]:
    server = SiteServer()
    try:
        yield server
    finally:
        server.close()


def _serve(server: SiteServer, folder: Path) -> None:
    server.folder = folder
    for file in folder.rglob("*"):  # compressed before anything is timed
        if file.is_file() and file.suffix != ".map":
            server.encode(file)


# ---- the first change, against the peers


def _first_change(folder: Path, visits: Visits, site: SiteServer, runs: int) -> list[Figure]:
    """Ours and the peers in turn, under each condition."""
    expected = run(registry.load(SLUG), {"rate_pct": "7"}, bundle(SLUG), [])["metrics"][peers.METRIC]["text"]
    built = run(registry.load(SLUG), {}, bundle(SLUG), [])["metrics"][peers.METRIC]["text"]
    peers.write(folder, SLUG)
    with _served() as other:
        _serve(other, folder)
        ours = Subject(
            "this site",
            site,
            f"calculators/{SLUG}/",
            "rk-calculator form [name='rate_pct']",
            f"rk-calculator [data-metric='{peers.METRIC}']",
            expected,
            "micropython",
        )
        touched = [ours] + [_peer(peer, other, "touch", expected) for peer in peers.PEERS]
        loaded = [_peer(peer, other, "load", expected) for peer in peers.PEERS]
        found: dict[tuple[str, Condition], Times] = {}
        at_load: dict[tuple[str, Condition], Times] = {}
        for condition in FIRST_CHANGE_S:
            _say(f"  {runs} first visits of each page, {condition.name} ...")
            try:
                for round_ in range(runs):
                    for subject in touched:
                        browser.first_change(
                            visits, subject, condition, found.setdefault((subject.name, condition), Times())
                        )
                    # A peer's usual start has no target, and on the slowest device takes half a minute.
                    for subject in loaded if condition.share_of_core is None and round_ < AT_MOST else []:
                        times = at_load.setdefault((subject.name, condition), Times())
                        browser.page_load(visits, subject, built, condition, times)
            except CannotHold as reason:
                print(f"  not measured: {reason}")
    _print_first_change([subject.name for subject in touched], found, at_load, visits)
    return list(_first_change_figures(ours.name, [subject.name for subject in loaded], found))


def _peer(peer: peers.Peer, server: SiteServer, start: str, expected: str) -> Subject:
    return Subject(peer.name, server, f"{peer.tag}-{start}.html", "#rate_pct", f"#{peers.METRIC}", expected)


def _print_first_change(
    names: list[str],
    found: dict[tuple[str, Condition], Times],
    at_load: dict[tuple[str, Condition], Times],
    visits: Visits,
) -> None:
    print(f"\nThe same mortgage calculation here and with PyScript {peers.pyscript_version()}, in turn, each visit")
    print("with a new profile. The peers: on the main thread, with preload hints, without plugins, our own stripped")
    print(
        "sources in one archive, one figure to show. Seconds: median, and from least to most. 1/4 core: every process"
    )
    print(f"of the browser is held to it, by {', '.join(visits.how_held) or 'no means here'}, once the browser has")
    print("started; the touch comes when the page, ours or a peer's, has nothing more to do.")
    for title, times in (
        ("First change to fresh answer, s (the interpreters start at the pointer-down):", found),
        ("Navigation to first answer, s (PyScript as usual, started by the page; ours is built in):", at_load),
    ):
        print(f"\n{title}")
        rows = [["", *names]]
        for condition in dict.fromkeys(condition for _, condition in times):
            cells = [times.get((name, condition)) for name in names]
            rows.append([condition.name, *(_spread(cell.seconds) if cell else "-" for cell in cells)])
        last = [next((cell for (name, _), cell in times.items() if name == wanted), None) for wanted in names]
        rows.append(["bytes as sent for it", *(f"{cell.sent_bytes:,}" if cell else "-" for cell in last)])
        print("\n".join(grid(rows)))
    _print_bytes({name: times for (name, condition), times in found.items() if condition is FREE})


def _first_change_figures(ours: str, others: list[str], found: dict[tuple[str, Condition], Times]) -> Iterator[Figure]:
    for condition, limit in FIRST_CHANGE_S.items():
        if (ours, condition) in found:
            mine = found[ours, condition]
            yield _timed(f"first change to answer, {condition.name}", mine.seconds, limit)
            for name in others:
                ratio = found[name, condition].median / mine.median
                yield Figure(f"{name} takes, {condition.name}", ratio, "times as long", 1, at_least=True)
    most = max(times.sent_bytes for (name, _), times in found.items() if name == ours)
    yield Figure("first change, as sent", most / 1000, "KB", FIRST_CHANGE_KB)


def _timed(name: str, times: list[float], limit: float | None = None) -> Figure:
    note = f"median of {len(times)}, from {number(min(times))} to {number(max(times))}"
    return Figure(name, statistics.median(times), "s", limit, note=note)


def _spread(times: list[float]) -> str:
    return f"{number(statistics.median(times))} ({number(min(times))} to {number(max(times))})"


def _print_bytes(found: dict[str, Times]) -> None:
    print("\nBytes as sent for a first change (brotli; archives as they are)")
    kinds = {name: bytes_by_kind(times.sent) for name, times in found.items()}
    shown = [kind for kind in KINDS if any(counted[kind] for counted in kinds.values())]
    print("\n".join(grid([["", *kinds], *([kind, *(f"{kinds[name][kind]:,}" for name in kinds)] for kind in shown)])))


# ---- later changes


def _later(visits: Visits, site: SiteServer) -> list[Figure]:
    """Every later change, by the small engine and by the full one."""
    figures = []
    for engine, limit in LATER_MS.items():
        measured: list[Later] = []
        for slug in registry.SLUGS:
            _say(f"  {LATER_CHANGES} changes of {slug}, {engine} ...")
            later = browser.later_changes(visits, site, slug, engine, changes(slug, LATER_CHANGES + 1))
            measured.append(later)
            name = f"{slug}: later change, {engine}"
            figures.append(Figure(f"{name}, p50", 1000 * browser.percentile(later.seconds, 0.5), "ms"))
            figures.append(Figure(f"{name}, p95", 1000 * browser.percentile(later.seconds, 0.95), "ms", limit))
            figures.append(Figure(f"{name}, longest wait of a timer", 1000 * later.longest_gap_s, "ms"))
        tasks = [task for later in measured for task in later.tasks]
        loading = [task for later in measured for task in later.loading_tasks]
        figures.append(
            Figure(
                f"tasks over {TASK_MS} ms on the main thread, {engine}",
                len(tasks),
                "",
                0,
                note=f"longest {number(1000 * max(tasks))} ms" if tasks else "in all later changes",
            )
        )
        note = f"{len(loading)} over {TASK_MS} ms; after the first change, while what it needs is loaded"
        figures.append(
            Figure(f"longest task of a first change, {engine}", 1000 * max(loading, default=0), "ms", note=note)
        )
    return figures


# ---- the full engine


def _full_engine(visits: Visits, site: SiteServer, runs: int) -> list[Figure]:
    """Its starts by themselves, with nothing else to load."""
    figures = []
    engine_bytes = 0
    for condition in (FREE, SLOW):
        _say(f"  {min(runs, AT_MOST)} cold and warm starts of the full engine, {condition.name} ...")
        cold, warm = [], []
        for _ in range(min(runs, AT_MOST)):
            first, again, sent = browser.full_engine(visits, site, SLUG, condition)
            cold.append(first)
            warm.append(again)
            engine_bytes = sum(one.body_bytes for one in sent)
        limit = FULL_COLD_SLOW_S if condition is SLOW else None
        figures.append(_timed(f"full engine: start to answer, cold, {condition.name}", cold, limit))
        figures.append(_timed(f"full engine: start to answer, warm, {condition.name}", warm, FULL_WARM_S))
    figures.append(Figure("full engine, as sent", engine_bytes / 1e6, "MB", FULL_MB))
    return figures


if __name__ == "__main__":
    assert (ROOT / "mkdocs.yml").is_file()
    sys.exit(main())
