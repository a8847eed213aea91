"""What an embed costs the page around it, and how soon it answers: the example's host page, on another origin.

Lighthouse looks at the page with its calculators and without them, in turn. The first answer is that of a visitor who
has never been here: from the pointer on a field in the frame to the figure that follows from it.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from calculators import registry
from calculators.core.run import run
from tests.bench import lighthouse
from tests.bench.browser import FIRST_CHANGE, SLOW, Visits, load
from tests.bench.table import Figure
from tests.calculators.helpers import bundle
from tests.site_build import ROOT, build_site
from tests.site_server import SiteServer

SLUG, METRIC = "mortgage-vs-invest", "difference_usd"
MOST_POINTS_LOST = 2
FIRST_ANSWER_S = 0.8
FIRST_ANSWER_KB = 350
RUNS = 5
_EXAMPLE = ROOT / "examples" / "host-page" / "index.html"
_PLACEHOLDER = "https://calculators.example/"
_CALCULATOR = re.compile(r'<div(\s+id="\w+")?\s+class="reckoner".*?</div>', re.DOTALL)


def measure(folder: Path, say: Callable[[str], None], runs: int = RUNS) -> list[Figure]:
    """Both, as lines of the table."""
    site, host = SiteServer(), SiteServer(folder / "host")
    host_url = f"http://localhost:{host.origin.rpartition(':')[2]}/"  # another site than 127.0.0.1
    try:
        site.folder = build_site(folder / "embed-site", site.url)
        for file in site.folder.rglob("*"):  # compressed before anything is timed
            if file.is_file() and file.suffix != ".map":
                site.encode(file)
        _write_pages(folder / "host", site.url)
        say(f"  {runs} runs of Lighthouse on the host page, with embeds and without ...")
        figures = _lighthouse(host_url, folder / "embed.json", say, runs)
        say(f"  {runs} first answers in an embed, {SLOW.name} ...")
        with sync_playwright() as playwright:
            figures += _first_answers(playwright, site, host_url, runs)
    finally:
        site.close()
        host.close()
    return figures


def _write_pages(folder: Path, site_url: str) -> None:
    """The example as it is, without its calculators, and with one alone in it as the snippet has it by default."""
    folder.mkdir()
    html = _EXAMPLE.read_text(encoding="utf-8").replace(_PLACEHOLDER, site_url)
    script = f'<script async src="{site_url}embed.js"></script>'
    without, count = re.subn(_CALCULATOR, r"<div\1></div>", html.replace(script, ""))
    assert count == 2 and script in html, "the example has changed"
    element = f'<div class="reckoner" data-calculator="{SLUG}"></div>'
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>One</title><link rel="icon" href="data:,">'
    for name, text in (("with", html), ("without", without), ("one", head + element + script)):
        (folder / f"{name}.html").write_text(text, encoding="utf-8")


def _lighthouse(host_url: str, output: Path, say: Callable[[str], None], runs: int) -> list[Figure]:
    results: dict[str, list[lighthouse.Result]] = {"without": [], "with": []}
    for _ in range(runs):
        for name, found in results.items():  # in turn, so that both meet the same machine
            found.append(lighthouse.run(f"{host_url}{name}.html", output))
    for name, found in results.items():
        say(f"    {name}: {found[-1].times}")
    figures = []
    for category in lighthouse.TARGETS:
        before, after = (statistics.median(one.scores[category] for one in results[name]) for name in results)
        note = f"from {before:.0f} to {after:.0f}, medians of {runs}"
        figures.append(
            Figure(f"embed: host page loses, {category}", before - after, "points", MOST_POINTS_LOST, note=note)
        )
    return figures


def _first_answers(playwright: Playwright, site: SiteServer, host_url: str, runs: int) -> list[Figure]:
    expected = run(registry.load(SLUG), {"rate_pct": "7"}, bundle(SLUG), [])["metrics"][METRIC]["text"]
    visits = Visits(playwright)
    seconds, sent_bytes = [], 0
    for _ in range(runs):
        with visits.page(site, SLOW, also=host_url) as page:
            load(page, host_url, "one.html")
            [frame] = [frame for frame in page.frames if "/embed/" in frame.url]
            control = frame.locator("form [name=rate_pct]")
            control.evaluate("(element) => element.scrollIntoView({ block: 'center' })")
            figure = f"rk-calculator [data-metric='{METRIC}']"
            frame.evaluate(FIRST_CHANGE, ["form [name=rate_pct]", figure, expected, "micropython"])
            box = control.bounding_box()
            assert box
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            page.mouse.down()
            page.mouse.up()
            measured = frame.evaluate("window.rkFirst")
            seconds.append(measured["seconds"])
            sent_bytes = sum(one.body_bytes for one in site.sent if one.at_s <= measured["until"] / 1000)
    note = f"median of {len(seconds)}, from {min(seconds):.2f} to {max(seconds):.2f}"
    return [
        Figure(
            f"embed: first change to answer, {SLOW.name}", statistics.median(seconds), "s", FIRST_ANSWER_S, note=note
        ),
        Figure("embed: all that was sent until then", sent_bytes / 1000, "KB", FIRST_ANSWER_KB),
    ]
