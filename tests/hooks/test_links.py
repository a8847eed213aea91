"""Links by id, and the graph of which page leads to which."""

from __future__ import annotations

import pytest

import catalog
from hooks.links import Links, Reference, Targets, kind_of, references_of, with_links
from tests.hooks.conftest import ENTRY, Build, BuildFailed

HERE = "research/hardware/subject.md"
TITLES = {
    "research/hardware/dgx-spark.md": "NVIDIA DGX Spark",
    "posts/why-bandwidth.md": "Why [bandwidth]",
    "calculators/hardware-fit.md": "Hardware fit",
}
PAGES = [*TITLES, HERE, "calculators/index.md", "index.md"]


@pytest.fixture(scope="module")
def targets() -> Targets:
    return Targets(catalog.load(), TITLES, PAGES)


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("[the box](entry:hardware/dgx-spark)", "[the box](dgx-spark.md)"),
        ("[so](entry:hardware/dgx-spark#why-it-matters)", "[so](dgx-spark.md#why-it-matters)"),
        ("[](entry:hardware/dgx-spark)", "[NVIDIA DGX Spark](dgx-spark.md)"),
        ("[](post:why-bandwidth)", r"[Why \[bandwidth\]](../../posts/why-bandwidth.md)"),
        ("[](calculator:hardware-fit)", "[Hardware fit](../../calculators/hardware-fit.md)"),
        (
            "[x](calculator:hardware-fit?model=llama-3-8b)",
            "[x](../../calculators/hardware-fit.md?model=llama-3-8b)",
        ),
        ("[r](source:irs-rev-proc-2025-32)", "[r](../../sources.md#irs-rev-proc-2025-32)"),
        ("[](catalog:hardware/dgx-spark)", "[NVIDIA DGX Spark (GB10, 128 GB)](../../catalog/hardware/dgx-spark.md)"),
        (
            "[](catalog:hardware/dgx-spark#memory_gb)",
            "[NVIDIA DGX Spark (GB10, 128 GB): Memory](../../catalog/hardware/dgx-spark.md#memory_gb)",
        ),
        ('[a](entry:hardware/dgx-spark "A title")', '[a](dgx-spark.md "A title")'),
        ("[box]: entry:hardware/dgx-spark", "[box]: dgx-spark.md"),
        (
            "| [](post:why-bandwidth) | [b](entry:hardware/dgx-spark) |",
            r"| [Why \[bandwidth\]](../../posts/why-bandwidth.md) | [b](dgx-spark.md) |",
        ),
        ("text that\nwraps](entry:hardware/dgx-spark).", "text that\nwraps](dgx-spark.md)."),
    ],
)
def test_links_by_id_become_relative(written: str, made: str, targets: Targets) -> None:
    assert with_links(written, HERE, targets) == (made, [])


@pytest.mark.parametrize(
    "text",
    [
        "`[x](entry:hardware/nothing)`",
        "```\n[x](entry:hardware/nothing)\n```",
        "<!-- [x](entry:hardware/nothing) -->",
        "---\ntitle: '[x](entry:hardware/nothing)'\n---\n",
        "[mail](mailto:a@example.com) [web](https://example.com/a:b) [a](other.md) [b](#there)",
        "A ratio of entry:exit, and (source:nothing).",
        "[^1]: entry: a footnote",
    ],
)
def test_all_else_stays(text: str, targets: Targets) -> None:
    assert with_links(text, HERE, targets) == (text, [])


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("[x](entry:hardware/dgx-sparc)", 'unknown entry "hardware/dgx-sparc"; did you mean "hardware/dgx-spark"?'),
        ("[x](entry:zzzz)", 'unknown entry "zzzz"; expected topic/slug; mend the link'),
        ("[x](entry:)", 'unknown entry ""; expected topic/slug; mend the link'),
        ("[](post:why-bandwith)", 'unknown post "why-bandwith"; did you mean "why-bandwidth"?'),
        ("[x](calculator:hardware_fit)", 'unknown calculator "hardware_fit"; did you mean "hardware-fit"?'),
        ("[x](source:irs-rev-proc-2025-23)", 'unknown source "irs-rev-proc-2025-23"; did you mean "irs-rev-proc-2025'),
        ("[x](catalog:hardware/dgx-sparc)", 'unknown subject "hardware/dgx-sparc"; did you mean "hardware/dgx-spark"?'),
        (
            "[x](catalog:hardware/dgx-spark#memory)",
            '"hardware/dgx-spark/memory"; did you mean "hardware/dgx-spark/memory',
        ),
        (
            "[x](entries:hardware/dgx-spark)",
            '"entries:hardware/dgx-spark" leads to no kind of page; did you mean "entry"',
        ),
        ("[x](zzz:y)", '"zzz:y" leads to no kind of page; expected one of entry, post, calculator, source, catalog'),
        ("[x]: entry:zzzz", 'unknown entry "zzzz"'),
    ],
)
def test_a_broken_link_is_told_with_what_was_meant(written: str, message: str, targets: Targets) -> None:
    _, [(line, said)] = with_links(f"One.\n\n{written}\n", HERE, targets)
    assert line == 3
    assert message in said


def test_all_broken_links_are_told(targets: Targets) -> None:
    _, problems = with_links("[x](entry:a) [y](post:b)\n\n[](source:c)\n", HERE, targets)
    assert [line for line, _ in problems] == [1, 1, 3]


def test_kinds_of_pages() -> None:
    assert [kind_of(uri) for uri in PAGES] == ["entry", "post", "calculator", "entry", "", ""]


TEXT = """# Subject

[a](dgx-spark.md#why) and [b](../../posts/why-bandwidth.md), [c](../../sources.md#some-report),
{{ fact("hardware/box", "power_w") }}
[d](entry:hardware/dgx-spark) [e](catalog:hardware/dgx-spark#memory_gb) [f](entry:broken/one) [g](https://example.com/x.md)

[x]: ../../embedding/index.md

`[no](../../api.md)`

```calculator
# a comment
hardware-fit
model: llama-3-8b
```
"""


def test_what_a_page_refers_to(targets: Targets) -> None:
    found = {(one.target, one.how) for one in references_of(TEXT, HERE, targets)}
    assert found == {
        ("research/hardware/dgx-spark.md", "link"),
        ("posts/why-bandwidth.md", "link"),
        ("sources.md#some-report", "link"),
        ("catalog/hardware/box.md", "fact"),
        ("catalog/hardware/dgx-spark.md", "link"),
        ("embedding/index.md", "link"),
        ("calculators/hardware-fit.md", "calculator"),
    }


def test_the_graph_leads_both_ways() -> None:
    links = Links([Reference("a", "b", "link"), Reference("a", "b", "fact"), Reference("a", "b", "link")])
    assert links.leads_to("a") == {"b": ["link", "fact"]}
    assert links.mentioned_in("b") == {"a": ["link", "fact"]}
    assert links.leads_to("b") == links.mentioned_in("a") == {}
    assert Links([Reference("a", "a", "link")]).leads_to("a") == {}


OTHER = ENTRY.replace("A subject", "Another subject")


def test_links_by_id_in_a_built_site(build_site: Build) -> None:
    linked = "## What it is\n\nSee [](entry:hardware/other) and [](calculator:mortgage-vs-invest)."
    site = build_site(
        {
            "research/hardware/subject.md": ENTRY.replace("## What it is", linked),
            "research/hardware/other.md": OTHER,
            "index.md": "# Home\n\n[](entry:hardware/other), [](source:irs-rev-proc-2025-32)\n",
        }
    )
    page = (site / "research/hardware/subject/index.html").read_text()
    assert 'See <a href="../other/">Another subject</a> and <a href="../../../calculators/mortgage-vs-invest/">' in page
    home = (site / "index.html").read_text()
    assert '<a href="research/hardware/other/">Another subject</a>' in home
    assert '<a href="sources/#irs-rev-proc-2025-32">' in home
    other = (site / "research/hardware/other/index.html").read_text()
    assert '<a href="../../../research/hardware/subject/" title=' in other.partition("Mentioned in")[2]


def test_a_broken_link_by_id_ends_the_build(build_site: Build) -> None:
    line = ENTRY.splitlines().index("## What it is") + 3
    page = ENTRY.replace("## What it is", "## What it is\n\n[x](entry:hardware/subjekt)")
    said = (
        rf'docs/research/hardware/subject\.md:{line}: unknown entry "hardware/subjekt"; did you mean "hardware/subject"'
    )
    with pytest.raises(BuildFailed, match=said):
        build_site({"research/hardware/subject.md": page})
