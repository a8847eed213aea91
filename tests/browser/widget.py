"""How the tests read and use a calculator on a page, and what the command line says to the same inputs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from playwright.sync_api import Locator, Page, expect

from calculators import registry
from tests.site_build import ROOT

SLUG = "mortgage-vs-invest"
PATH = f"calculators/{SLUG}/"
SMALL_WORKER = "small-engine-worker.js"
FULL_WORKER = "full-engine-worker.js"
STALE = "This answer is for earlier numbers"

# Everything of an answer that a reader can see, as text. Works the same for the built and the fresh answer.
_READ = """
(element) => {
  const text = (node) => node.textContent.trim();
  const all = (selector, root = element) => [...root.querySelectorAll(selector)];
  const byName = (attribute) => {
    const found = {};
    for (const node of all(`[${attribute}]`)) (found[node.getAttribute(attribute)] ??= []).push(text(node));
    return found;
  };
  return {
    headline: text(element.querySelector("[data-headline]")),
    verdict: element.querySelector("[data-verdict]").getAttribute("data-verdict"),
    verdictLabel: text(element.querySelector("[data-verdict]")),
    metrics: byName("data-metric"),
    ranges: byName("data-range"),
    notes: all("[data-notes] li").map((node) => [node.dataset.kind, text(node)]),
    tables: Object.fromEntries(all("details[data-table]").map((table) => [
      table.dataset.table, all("tbody tr", table).map((row) => all("td", row).map(text)),
    ])),
    sources: all("[data-sources] li").map((node) => text(node).replace(/\\s+/g, " ")),
    filled: all("[data-fills]").map(text),
  };
}
"""


@dataclass(frozen=True)
class Shown:
    """An answer, in the texts that a reader sees."""

    headline: str
    verdict: str
    verdict_label: str
    metrics: dict[str, str]
    ranges: dict[str, str]
    notes: list[tuple[str, str]]
    tables: dict[str, list[list[str]]]
    sources: list[str]
    filled: list[str]


def calculator(page: Page, index: int = 0) -> Locator:
    """A calculator on the page."""
    return page.locator("rk-calculator").nth(index)


def read(page: Page, index: int = 0) -> Shown:
    """What stands on the page now. A figure that stands twice must say the same twice."""
    seen = calculator(page, index).evaluate(_READ)
    for texts in [*seen["metrics"].values(), *seen["ranges"].values()]:
        assert len(set(texts)) == 1, texts
    return Shown(
        seen["headline"],
        seen["verdict"],
        seen["verdictLabel"],
        {name: texts[0] for name, texts in seen["metrics"].items()},
        {name: texts[0] for name, texts in seen["ranges"].items()},
        [(kind, text) for kind, text in seen["notes"]],
        seen["tables"],
        seen["sources"],
        seen["filled"],
    )


def command_line(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -m calculators ...`"""
    return subprocess.run(
        [sys.executable, "-m", "calculators", *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )


@cache
def described(slug: str = SLUG) -> dict[str, Any]:
    """What the command line says about a calculator."""
    data: dict[str, Any] = json.loads(command_line("describe", slug).stdout)
    return data


def first_change(slug: str) -> tuple[str, str]:
    """A change that every calculator allows: its first number, moved within its typical range."""
    for field in described(slug)["inputs"]:
        if field["kind"] == "number" and field["default"] is not None:
            low, high = field["typical"]
            value = round(low + (high - low) / 5, 2)
            if value != field["default"]:
                return field["name"], str(round(value) if field["whole"] else value)
    raise AssertionError(f"{slug} has no number to change")


@cache
def _batch(slug: str) -> subprocess.Popen[str]:
    """`python -m calculators batch SLUG`, which stays and answers line by line; it ends with the tests."""
    return subprocess.Popen(
        [sys.executable, "-m", "calculators", "batch", slug],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


@cache
def _answer(slug: str, inputs: tuple[str, ...]) -> dict[str, Any]:
    process = _batch(slug)
    assert process.stdin and process.stdout
    pairs = [text.partition("=")[::2] for text in inputs]
    assert len(dict(pairs)) == len(pairs), "an input is given twice"
    print(json.dumps(dict(pairs)), file=process.stdin, flush=True)
    answered: dict[str, Any] = json.loads(process.stdout.readline())
    return answered


def reported(slug: str = SLUG, *inputs: str) -> dict[str, Any]:
    """The command line's report on these inputs, each `name=value`."""
    answered = _answer(slug, inputs)
    assert answered["ok"], answered
    report: dict[str, Any] = answered["report"]
    return report


def refusal(*inputs: str) -> str:
    """The command line's first message about these wrong inputs."""
    answered = _answer(SLUG, inputs)
    assert not answered["ok"], answered
    message: str = answered["error"]["message"]
    return message


def end_processes() -> None:
    """Ends the processes that were started to ask."""
    for slug in registry.SLUGS:
        process = _batch(slug)
        process.communicate()
    _batch.cache_clear()


def expected(slug: str = SLUG, *inputs: str, opened: set[str] | None = None) -> Shown:
    """What a page has to show for these inputs.

    Arguments:
        opened: ids of the tables whose rows are on the page; None for all. The others are empty.
    """
    report = reported(slug, *inputs)
    labels = {verdict["id"]: verdict["label"] for verdict in described(slug)["verdicts"]}
    return Shown(
        report["headline"],
        report["verdict"],
        labels[report["verdict"]],
        {id: metric["text"] for id, metric in report["metrics"].items()},
        {id: metric["range_text"] for id, metric in report["metrics"].items()},
        [(note["kind"], note["text"]) for note in report["notes"]],
        {t["id"]: t["text"] if opened is None or t["id"] in opened else [] for t in report["tables"]},
        _source_texts(report["sources"]),
        _filled_texts(report),
    )


def _source_texts(sources: list[dict[str, Any]]) -> list[str]:
    """One text for each fact, with its publications."""
    texts = []
    for _, cited in groupby(sources, key=itemgetter("fact")):
        every = list(cited)
        fact = f"{every[0]['label']}: {every[0]['text']}, as of {every[0]['as_of']} ({every[0]['method']}). "
        texts.append(fact + "; ".join(f"{s['producer']}, {s['title']}, {s['locator']}" for s in every) + ".")
    return texts


def open_tables(page: Page, index: int = 0) -> set[str]:
    """Ids of the tables that are open."""
    ids: list[str] = calculator(page, index).evaluate(
        "(e) => [...e.querySelectorAll('details[data-table][open]')].map((d) => d.dataset.table)"
    )
    return set(ids)


def assert_answer(page: Page, *inputs: str, slug: str = SLUG, index: int = 0, engine: str = "micropython") -> None:
    """The page shows what the command line answers to these inputs, worked out by this engine."""
    element = calculator(page, index)
    expect(element).to_have_attribute("data-engine", engine)
    expect(element).to_have_attribute("data-state", "ready")
    expect(element.locator("details[aria-busy]")).to_have_count(0)
    assert element.get_attribute("data-stale") is None
    assert_shown(read(page, index), expected(slug, *inputs, opened=open_tables(page, index)))


def assert_built(page: Page, *inputs: str, slug: str = SLUG, index: int = 0) -> None:
    """The page shows the whole answer that the build worked out for these inputs, all tables with their rows."""
    assert_shown(read(page, index), expected(slug, *inputs))


def assert_shown(shown: Shown, wanted: Shown) -> None:
    """Field by field, so that a failure says where; and there has to be something to compare."""
    assert len(wanted.metrics) >= 5 and wanted.headline and wanted.notes
    for name in wanted.__dataclass_fields__:
        assert getattr(shown, name) == getattr(wanted, name), name


def control(page: Page, name: str, index: int = 0) -> Locator:
    """The input or select of this name."""
    return calculator(page, index).locator(f"form [name='{name}']")


def uncover(page: Page, name: str, index: int = 0) -> Locator:
    """The control, with the group around it open, as a reader would have it."""
    found = control(page, name, index)
    details = found.locator("xpath=ancestor::details[1]")
    if details.count() and details.get_attribute("open") is None:
        details.locator("summary").first.click()
    return found


def type_in(page: Page, name: str, value: str, index: int = 0) -> None:
    """Types a number the way a reader does and leaves the field; or takes a choice."""
    found = uncover(page, name, index)
    if found.evaluate("(e) => e.tagName") == "SELECT":
        found.select_option(value)
        return
    found.fill(value)
    found.blur()


def open_everything(page: Page) -> None:
    """Opens all groups and tables of the page's calculators."""
    closed = page.locator("rk-calculator details:not([open]) > summary")
    closed.evaluate_all("(all) => all.forEach((summary) => summary.click())")
    expect(page.locator("rk-calculator details:not([open])")).to_have_count(0)


@contextmanager
def answered(page: Page, count: int = 1) -> Iterator[None]:
    """Waits for the answers to what is done within it, and for the rows of open tables behind them."""
    before = page.evaluate("window.rkResults")
    yield
    page.wait_for_function("(wanted) => window.rkResults >= wanted", arg=before + count)
    expect(page.locator("rk-calculator details[aria-busy]")).to_have_count(0)


def change(page: Page, name: str, value: str, index: int = 0) -> None:
    """One change and its answer."""
    with answered(page):
        type_in(page, name, value, index)


def error_at(page: Page, name: str, index: int = 0) -> Locator:
    """The message at a field; "" for the form as a whole."""
    return calculator(page, index).locator(f"[data-error-for='{name}']")


def engine_files(page: Page, index: int = 0) -> dict[str, str]:
    """Addresses of the engine's files, below the site's root."""
    files: dict[str, str] = json.loads(calculator(page, index).get_attribute("data-files") or "{}")
    return files


def _filled_texts(report: dict[str, Any]) -> list[str]:
    """Under each choice that fills other inputs: what it filled in."""
    found = command_line("describe", report["calculator"])
    filling = [field["fills"] for field in json.loads(found.stdout)["inputs"] if field["fills"]]
    inputs = report["inputs"]
    return [
        " · ".join(f"{inputs[name]['label']} {inputs[name]['text']}" for name in names if inputs[name]["fact"])
        for names in filling
    ]
