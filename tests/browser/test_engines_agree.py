"""Both engines of the page, in their workers, give CPython's answers to the same scenarios."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page

from calculators import registry
from calculators.core.run import answer, describe
from tests.calculators.helpers import bundle
from tests.engines.compare import differences
from tests.scenarios import scenarios
from tests.site_server import SiteServer

SCENARIOS = 50

# The page's own modules, from where the page has them; two workers side by side.
_ASK_BOTH = """
async ([slug, asked, tables]) => {
  const own = [...document.scripts].find(({ src }) => src.endsWith("/rk-calculator-define.js")).src;
  const { small, full } = await import(new URL("./engines.js", own).href);
  const { dataset } = document.querySelector("rk-calculator");
  const base = new URL(dataset.base, document.baseURI).href;
  const files = Object.fromEntries(
    Object.entries(JSON.parse(dataset.files)).map(([name, path]) => [name, new URL(path, base).href]));
  const ask = async (engine) => {
    const answers = [];
    for (const inputs of asked) { // one by one: each has a deadline
      answers.push(await engine.run({ base, files }, slug, { inputs, tables }).then(
        (report) => ({ ok: true, report }), (error) => ({ ok: false, error })));
    }
    return answers;
  };
  const [bySmall, byFull] = await Promise.all([ask(small), ask(full)]);
  // As text: Playwright takes long to hand over large objects.
  return JSON.stringify({ [small.ready.engine]: bySmall, [full.ready.engine]: byFull });
}
"""


def typed(value: Any) -> str:
    """A scenario's value as it stands in a form: blank, or text."""
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_both_engines_answer_as_cpython_does(page: Page, server: SiteServer, slug: str) -> None:
    calculator, facts = registry.load(slug), bundle(slug)
    described = describe(calculator, facts)
    asked = [
        {name: typed(value) for name, value in scenario.items()} for scenario in scenarios(described, SCENARIOS, seed=3)
    ]
    expected = [answer(calculator, {"inputs": inputs}, facts) for inputs in asked]
    tables = [table["id"] for table in next(one for one in expected if one["ok"])["report"]["tables"]]
    page.goto(f"{server.url}calculators/{slug}/")

    found = json.loads(page.evaluate(_ASK_BOTH, [slug, asked, tables]))

    assert list(found) == ["micropython", "pyodide"]
    assert sum(one["ok"] for one in expected) >= 0.8 * SCENARIOS
    for engine, answers in found.items():
        assert len(answers) == SCENARIOS >= 50, engine
        for inputs, mine, theirs in zip(asked, expected, answers, strict=True):
            assert differences(mine, theirs) == [], f"{engine}: {inputs}"
