"""Fences that place a calculator into a page."""

from __future__ import annotations

import html
import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from hooks.widget import FenceError, WidgetContext, fence_line, parse_fence
from tests.calculators.helpers import evaluate
from tests.hooks.conftest import ROOT, Build, BuildFailed

PAGE = "calculators/mortgage-vs-invest.md"
SLUG = "mortgage-vs-invest"


def text_of(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup)).strip()


def metrics_in(page: str) -> dict[str, set[str]]:
    """Text of every element with data-metric, by metric."""
    found: dict[str, set[str]] = {}
    for id, inner in re.findall(r'data-metric="([a-z_]+)">([^<]*)<', page):
        found.setdefault(id, set()).add(html.unescape(inner))
    return found


def test_fence_is_read() -> None:
    fence = parse_fence('\n# comment\nmortgage-vs-invest\nrate_pct: 5.5\n\ncompounding:  "annual"\nterm_months:\n')
    assert fence.slug == SLUG
    assert fence.inputs == {"rate_pct": "5.5", "compounding": "annual", "term_months": ""}
    assert fence.lines == {"": 3, "rate_pct": 4, "compounding": 6, "term_months": 7}


@pytest.mark.parametrize(
    ("source", "line", "problem"),
    [
        ("", 0, "the fence is empty"),
        ("# only a comment\n", 0, "the fence is empty"),
        ("mortgage-vs-invest\nrate_pct 5\n", 2, "is not an input"),
        ("mortgage-vs-invest\nrate_pct: 5\nrate_pct: 6\n", 3, "given twice"),
    ],
)
def test_wrong_fence_is_refused_at_its_line(source: str, line: int, problem: str) -> None:
    with pytest.raises(FenceError, match=problem) as caught:
        parse_fence(source)
    assert caught.value.line == line


def test_fence_line_counts_in_the_file() -> None:
    page = "---\ntitle: x\n---\n```calculator\na\n```\n\n~~~ calculator\n\nb\nrate: 1\n~~~\n"
    assert fence_line(page, "a\n") == 4
    assert fence_line(page, "\nb\nrate: 1", after=4) == 8
    assert fence_line(page, "c") == 0


def test_template_uses_every_field_of_its_context_and_no_other() -> None:
    template = (ROOT / "hooks/templates/calculator.html.jinja").read_text()
    names = {field.name for field in fields(WidgetContext)}
    unused = {name for name in names if not re.search(rf"\b{name}\b", template)}
    assert not unused


def test_page_holds_the_answer_of_the_command_line(build_site: Build) -> None:
    site = build_site()
    page = (site / "calculators/mortgage-vs-invest/index.html").read_text()
    report = evaluate(SLUG, tables=None)
    assert f"data-headline>{html.escape(report['headline'], quote=False)}<" in page
    assert metrics_in(page) == {id: {metric["text"]} for id, metric in report["metrics"].items()}
    looked_at = 0
    for table in report["tables"]:
        body = page[page.index(f'data-table="{table["id"]}"') :]
        rows = re.findall(r"<tr>(.*?)</tr>", body[: body.index("</table>")], flags=re.S)[1:]
        assert [[text_of(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in rows] == table["text"]
        looked_at += len(rows)
    assert looked_at > 500
    for source in report["sources"]:
        assert f'href="../../sources/#{source["id"]}"' in page
    for name, entry in report["inputs"].items():
        assert f'name="{name}"' in page
        assert entry["raw"] == "" or f'value="{entry["raw"]}"' in page


def test_preset_reaches_the_answer_and_the_browser(build_site: Build) -> None:
    fence = "# Home\n\n```calculator\nmortgage-vs-invest\nrate_pct: 5.5\nhorizon_months: 120\n```\n"
    page = (build_site({"index.md": fence}) / "index.html").read_text()
    report = evaluate(SLUG, rate_pct="5.5", horizon_months="120")
    assert f"data-headline>{html.escape(report['headline'], quote=False)}<" in page
    presets = re.search(r'data-inputs="([^"]*)"', page)
    assert presets
    assert json.loads(html.unescape(presets[1])) == {"rate_pct": "5.5", "horizon_months": "120"}
    # The group of the preset input is open, so that the reader sees what was preset.
    group = page[: page.index('name="horizon_months"')].rindex('<details class="rk-group"')
    assert page[group:].startswith('<details class="rk-group" open>')


def test_a_fence_within_a_fence_is_an_example(build_site: Build) -> None:
    text = "# Home\n\n````markdown\n```calculator\nno-such-calculator\n```\n````\n"
    page = (build_site({"index.md": text}) / "index.html").read_text()
    assert "rk-calculator" not in page.split("<article", 1)[1].split("</article>")[0]


def test_two_calculators_on_a_page_have_ids_of_their_own(build_site: Build) -> None:
    fence = "```calculator\nmortgage-vs-invest\n```\n\n"
    page = (build_site({"index.md": f"# Home\n\n{fence}{fence}"}) / "index.html").read_text()
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len([id for id in ids if id.startswith("rk-2-")]) > 20
    assert len(ids) == len(set(ids))


def test_all_mistakes_end_the_build_with_file_and_line(build_site: Build) -> None:
    pages = {
        "index.md": "---\ntitle: Home\n---\n# Home\n\n```calculator\nmortgage-vs-invst\n```\n",
        PAGE: "# One\n\n- item\n\n    ```calculator\n    mortgage-vs-invest\n    rate_pct: abc\n    term: 5\n    ```\n",
        "calculators/index.md": "# C\n\n```calculator\n```\n",
    }
    with pytest.raises(BuildFailed) as caught:
        build_site(pages)
    text = str(caught.value)
    lines = text[text.index("these need mending:") :].splitlines()[1:]
    assert [line.split(": ")[0] for line in lines] == [
        "docs/calculators/index.md:3",
        "docs/calculators/mortgage-vs-invest.md:7",
        "docs/calculators/mortgage-vs-invest.md:8",
        "docs/index.md:7",
    ]
    assert 'Mortgage rate is "abc", which is not a number; give a number from 0 to 1,000' in lines[1]
    assert 'There is no input "term"' in lines[2]
    assert 'did you mean "mortgage-vs-invest"?' in lines[3]


def test_building_twice_in_one_process_changes_nothing(build_site: Build) -> None:
    def content(site: Path) -> dict[str, bytes]:
        paths = [path for path in site.rglob("*") if path.is_file() and not path.name.startswith("sitemap")]
        return {path.relative_to(site).as_posix(): path.read_bytes() for path in paths}

    once = content(build_site())
    twice = content(build_site(times=2))
    assert len(once) > 20
    assert once == twice
